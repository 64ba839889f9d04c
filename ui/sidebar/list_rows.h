#pragma once

#include <QDate>
#include <QList>
#include <QSet>
#include <QString>
#include <QUuid>

#include "services/chat_values.h"
#include "services/library_service.h"

namespace alcuin::ui {

/// One line of the list of conversations.
struct ListRow {
    enum class Kind { kHeading, kFolder, kConversation };

    Kind kind = Kind::kConversation;
    QString text; ///< of a heading or folder
    QUuid folder; ///< a folder's own id; kArchiveFolder: the archive
    int count = 0;
    bool open = false;
    bool indented = false; ///< a conversation inside a folder that is shown open
    app::ConversationSummary conversation;

    /// The same thing in the same place of the list's order, whatever it is called now.
    bool sameAs(const ListRow& other) const;
    QString key() const;
};

/// Stands for the archive among folders.
extern const QUuid kArchiveFolder;

/// What the list is made of.
struct ListSource {
    QList<app::ConversationSummary> conversations; ///< newest first
    QList<app::Folder> folders;                    ///< in the person's order
    QSet<QUuid> open;                              ///< folders that show what is in them
    QDate today;
};

/// Pinned ones first, then folders, then the rest under its days, then the archive.
QList<ListRow> listRows(const ListSource& source);

} // namespace alcuin::ui
