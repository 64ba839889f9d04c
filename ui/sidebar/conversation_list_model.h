#pragma once

#include <QAbstractListModel>
#include <QDate>
#include <QList>
#include <QString>
#include <QUuid>

#include "services/chat_values.h"
#include "sidebar/list_rows.h"

namespace alcuin::ui {

/// Conversations: pinned ones, folders with what is in them, the others under the headings Today, Yesterday and
/// Earlier, newest first, and the archive. Changes are applied as moves, inserts and removals, so that selection,
/// scrolling and an open editor stay where they are. A conversation is dragged onto a folder, or out of one onto
/// anything else.
class ConversationListModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum DataRole {
        kIdRole = Qt::UserRole, ///< of a conversation
        kHeadingRole,
        kAnsweringRole,
        kFolderRole, ///< of a folder's own row: its id
        kOpenRole,
        kCountRole,
        kIndentedRole,
        kPinnedRole,
        kArchivedRole
    };

    explicit ConversationListModel(QObject* parent = nullptr);

    void setConversations(const QList<app::ConversationSummary>& conversations);
    void setFolders(const QList<app::Folder>& folders);
    /// Shows or hides what is in a folder, or in kArchiveFolder.
    void setOpen(const QUuid& folder, bool open);
    const QSet<QUuid>& openFolders() const;
    /// The day that is "today"; the caller says when it changes.
    void setToday(const QDate& today);

    QModelIndex indexOf(const QUuid& conversation) const;
    QModelIndex indexOfFolder(const QUuid& folder) const;
    QUuid idAt(const QModelIndex& index) const;
    /// How many conversations there are behind all rows, headings not counted.
    int conversationCount() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    bool canDropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                         const QModelIndex& parent) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                      const QModelIndex& parent) override;
    Qt::DropActions supportedDropActions() const override;

signals:
    /// A title was edited in place.
    void renameRequested(const QUuid& conversation, const QString& title);
    void folderRenameRequested(const QUuid& folder, const QString& name);
    /// A conversation was dropped on a folder (kArchiveFolder: the archive), or outside of all (null).
    void moveRequested(const QUuid& conversation, const QUuid& folder);

private:
    void rebuild();
    void apply(const QList<ListRow>& wanted);
    QString spoken(const ListRow& row) const;

    ListSource m_source;
    QList<ListRow> m_rows;
};

} // namespace alcuin::ui
