#include "services/attachment_reader.h"

#include "services/attachment_file.h"
#include "services/work_thread.h"

namespace alcuin::app {

namespace {

struct Outcomes {
    QList<Attachment> attachments;
    QList<Trouble> refusals;
};

Outcomes readAll(const QStringList& paths) {
    Outcomes outcomes;
    for (const auto& path : paths) {
        auto outcome = readAttachment(path);
        if (auto* attachment = std::get_if<Attachment>(&outcome)) {
            outcomes.attachments.push_back(std::move(*attachment));
        } else {
            outcomes.refusals.push_back(std::get<Trouble>(outcome));
        }
    }
    return outcomes;
}

} // namespace

AttachmentReader::AttachmentReader(QObject* parent)
    : QObject(parent), m_thread(std::make_unique<WorkThread>(QStringLiteral("attachments"))) {}

AttachmentReader::~AttachmentReader() = default;

quint64 AttachmentReader::read(const QStringList& paths) {
    const quint64 number = ++m_number;
    m_thread->run(
        [paths] { return readAll(paths); }, this,
        [this, number](const Outcomes& outcomes) { emit done(number, outcomes.attachments, outcomes.refusals); });
    return number;
}

Trouble AttachmentReader::pictureRefusal(const QString& name) {
    return app::pictureRefusal(name.isEmpty() ? name : sanitisedName(name));
}

} // namespace alcuin::app
