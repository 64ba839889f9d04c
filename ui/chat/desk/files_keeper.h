#pragma once

#include <QHash>
#include <QList>
#include <QObject>
#include <QStringList>
#include <QUuid>

#include <utility>

#include "services.h"
#include "services/chat_values.h"

namespace alcuin::ui {

class AttachmentStrip;
class Composer;

/// Files that go along with the question: chosen, read, put beside it and kept with its draft.
class FilesKeeper : public QObject {
    Q_OBJECT
public:
    FilesKeeper(const Services& services, Composer& composer, QObject* parent = nullptr);

    /// Another conversation is shown: files that stood in the composer stay with the one before, and its own come when
    /// it is opened.
    void setConversation(const QUuid& conversation);
    /// What stands there belongs to this conversation now, which was begun by it.
    void adopt(const QUuid& conversation);
    /// Reads these files and puts them beside the question.
    void attach(const QStringList& paths);
    void choose();
    /// Stores the files beside the question, unless it is one that is edited.
    void keep();

signals:
    void previewRequested(const QString& title, const QString& details, const QString& text);

private:
    void takeDraftFiles(const QUuid& conversation, const QList<app::Attachment>& files);
    void takeRead(quint64 number, const QList<app::Attachment>& attachments, const QList<app::Trouble>& refusals);
    void showReading();
    void refuse(const app::Trouble& trouble);

    Services m_services;
    Composer& m_composer;
    AttachmentStrip& m_strip;
    QUuid m_conversation;
    QHash<quint64, std::pair<QUuid, int>> m_reads; ///< files being read: for which conversation, how many
    bool m_expected = false;                       ///< those of the draft are being read
};

} // namespace alcuin::ui
