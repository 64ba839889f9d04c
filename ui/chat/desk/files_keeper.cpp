#include "chat/desk/files_keeper.h"

#include <QFileDialog>

#include "chat/composer.h"
#include "chat/composer_edit.h"
#include "chat/desk/attachment_strip.h"
#include "chat/desk/file_chip.h"
#include "services/attachment_reader.h"
#include "services/conversation_service.h"
#include "widgets/dialog_room.h"

namespace alcuin::ui {

FilesKeeper::FilesKeeper(const Services& services, Composer& composer, QObject* parent)
    : QObject(parent), m_services(services), m_composer(composer), m_strip(composer.attachments()) {
    connect(&composer, &Composer::attachRequested, this, &FilesKeeper::choose);
    connect(&composer.field(), &ComposerEdit::filesPasted, this, &FilesKeeper::attach);
    connect(&composer.field(), &ComposerEdit::picturePasted, this,
            [this] { refuse(app::AttachmentReader::pictureRefusal()); });
    connect(&m_strip, &AttachmentStrip::previewRequested, this, [this](const app::Attachment& file) {
        emit previewRequested(file.name, FileChip::sizeWords(file.bytes), file.text);
    });
    connect(&m_strip, &AttachmentStrip::changed, this, &FilesKeeper::keep);
    connect(&services.conversations, &app::ConversationService::draftFilesRead, this, &FilesKeeper::takeDraftFiles);
    connect(&services.attachments, &app::AttachmentReader::done, this, &FilesKeeper::takeRead);
}

void FilesKeeper::setConversation(const QUuid& conversation) {
    m_strip.clearRefusals();
    m_expected = true; // until then nothing is stored
    m_conversation = conversation;
    m_strip.setAttachments({});
    showReading();
}

void FilesKeeper::adopt(const QUuid& conversation) {
    m_conversation = conversation;
    m_expected = false;
}

void FilesKeeper::choose() {
    auto* dialog = new QFileDialog(&m_composer, tr("Attach text or code files"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &FilesKeeper::attach);
    connect(dialog, &QFileDialog::finished, &m_composer, &Composer::focusText);
    fitToScreen(*dialog);
    dialog->open();
}

void FilesKeeper::attach(const QStringList& paths) {
    if (paths.isEmpty()) {
        return;
    }
    m_strip.clearRefusals();
    m_reads.insert(m_services.attachments.read(paths), {m_conversation, static_cast<int>(paths.size())});
    showReading();
    m_composer.focusText();
}

void FilesKeeper::keep() {
    if (!m_expected && !m_composer.isEditing()) {
        m_services.conversations.saveDraftFiles(m_conversation, m_strip.attachments());
    }
}

void FilesKeeper::takeDraftFiles(const QUuid& conversation, const QList<app::Attachment>& files) {
    if (conversation != m_conversation || !m_expected) {
        return;
    }
    const auto added = m_strip.attachments(); // meanwhile
    m_strip.setAttachments(files);            // not to be stored again
    m_expected = false;
    m_strip.add(added);
}

void FilesKeeper::takeRead(quint64 number, const QList<app::Attachment>& attachments,
                           const QList<app::Trouble>& refusals) {
    if (!m_reads.contains(number)) {
        return;
    }
    const QUuid conversation = m_reads.take(number).first;
    if (conversation != m_conversation) {
        m_services.conversations.addDraftFiles(conversation, attachments);
        return;
    }
    showReading();
    if (m_expected) { // whatever happens until they are there
        m_services.conversations.addDraftFiles(m_conversation, attachments);
    }
    m_strip.add(attachments);
    m_strip.refuse(refusals);
}

void FilesKeeper::showReading() {
    int reading = 0;
    for (const auto& [to, count] : std::as_const(m_reads)) {
        reading += to == m_conversation ? count : 0;
    }
    m_strip.setReading(reading);
}

void FilesKeeper::refuse(const app::Trouble& trouble) {
    m_strip.clearRefusals();
    m_strip.refuse({trouble});
}

} // namespace alcuin::ui
