#pragma once

#include <QList>
#include <QObject>
#include <QStringList>

#include <memory>

#include "services/chat_values.h"

namespace alcuin::app {

class WorkThread;

/// Reads files that are to go along with a question, on a thread of its own.
class AttachmentReader : public QObject {
    Q_OBJECT
public:
    explicit AttachmentReader(QObject* parent = nullptr);
    ~AttachmentReader() override;

    /// Reads these files in their order. Returns a number that `done` tells.
    quint64 read(const QStringList& paths);
    /// What is said where a picture is pasted or dropped: a model that sees isn't there yet.
    static Trouble pictureRefusal(const QString& name = {});

signals:
    /// What can go along, and in words why the others can't.
    void done(quint64 number, const QList<alcuin::app::Attachment>& attachments,
              const QList<alcuin::app::Trouble>& refusals);

private:
    std::unique_ptr<WorkThread> m_thread;
    quint64 m_number = 0;
};

} // namespace alcuin::app
