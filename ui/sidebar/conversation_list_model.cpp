#include "sidebar/conversation_list_model.h"

#include <QMimeData>

#include <algorithm>

namespace alcuin::ui {

namespace {

const QString kMimeType = QStringLiteral("application/x-alcuin-conversation");

/// Whether a row of before has to be painted again.
bool looksOther(const ListRow& before, const ListRow& after) {
    const auto& a = before.conversation;
    const auto& b = after.conversation;
    return before.text != after.text || before.count != after.count || before.open != after.open ||
           before.indented != after.indented || a.title != b.title || a.answering != b.answering ||
           a.pinned != b.pinned || a.archived != b.archived;
}

} // namespace

ConversationListModel::ConversationListModel(QObject* parent) : QAbstractListModel(parent) {
    m_source.today = QDate::currentDate();
}

void ConversationListModel::setConversations(const QList<app::ConversationSummary>& conversations) {
    m_source.conversations = conversations;
    rebuild();
}

void ConversationListModel::setFolders(const QList<app::Folder>& folders) {
    m_source.folders = folders;
    rebuild();
}

void ConversationListModel::setOpen(const QUuid& folder, bool open) {
    if (open) {
        m_source.open.insert(folder);
    } else {
        m_source.open.remove(folder);
    }
    rebuild();
}

const QSet<QUuid>& ConversationListModel::openFolders() const {
    return m_source.open;
}

void ConversationListModel::setToday(const QDate& today) {
    m_source.today = today;
    rebuild();
}

void ConversationListModel::rebuild() {
    apply(listRows(m_source));
}

void ConversationListModel::apply(const QList<ListRow>& wanted) {
    if (m_rows.isEmpty() && !wanted.isEmpty()) {
        beginInsertRows({}, 0, int(wanted.size()) - 1);
        m_rows = wanted;
        endInsertRows();
        return;
    }
    QSet<QString> staying;
    for (const auto& row : wanted) {
        staying.insert(row.key());
    }
    QSet<QString> there;
    for (auto i = m_rows.size() - 1; i >= 0; --i) {
        const QString key = m_rows.at(i).key();
        if (staying.contains(key)) {
            there.insert(key);
            continue;
        }
        beginRemoveRows({}, int(i), int(i));
        m_rows.removeAt(i);
        endRemoveRows();
    }
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        const ListRow& row = wanted.at(i);
        const int to = int(i);
        if (!there.contains(row.key())) {
            beginInsertRows({}, to, to);
            m_rows.insert(i, row);
            endInsertRows();
            continue;
        }
        if (!m_rows.at(i).sameAs(row)) {
            const auto at =
                std::find_if(m_rows.begin() + i, m_rows.end(), [&](const ListRow& r) { return r.sameAs(row); });
            const auto from = at - m_rows.begin();
            beginMoveRows({}, int(from), int(from), {}, to);
            m_rows.move(from, i);
            endMoveRows();
        }
        const bool changed = looksOther(m_rows.at(i), row);
        m_rows[i] = row;
        if (changed) {
            emit dataChanged(index(to), index(to));
        }
    }
}

QModelIndex ConversationListModel::indexOf(const QUuid& conversation) const {
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        if (m_rows.at(i).kind == ListRow::Kind::kConversation && m_rows.at(i).conversation.id == conversation) {
            return index(int(i));
        }
    }
    return {};
}

QModelIndex ConversationListModel::indexOfFolder(const QUuid& folder) const {
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        if (m_rows.at(i).kind == ListRow::Kind::kFolder && m_rows.at(i).folder == folder) {
            return index(int(i));
        }
    }
    return {};
}

QUuid ConversationListModel::idAt(const QModelIndex& index) const {
    return index.data(kIdRole).toUuid();
}

int ConversationListModel::conversationCount() const {
    int count = 0;
    for (const auto& row : m_rows) {
        count += row.kind == ListRow::Kind::kConversation ? 1 : row.open ? 0 : row.count;
    }
    return count;
}

int ConversationListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_rows.size());
}

QString ConversationListModel::spoken(const ListRow& row) const {
    if (row.kind == ListRow::Kind::kHeading) {
        return row.text;
    }
    if (row.kind == ListRow::Kind::kFolder) {
        const QString state = row.open ? tr("open") : tr("closed");
        return tr("%1, folder, %n conversation(s), %2", nullptr, row.count).arg(row.text, state);
    }
    QString words = row.conversation.title;
    if (row.conversation.pinned) {
        words = tr("%1, pinned").arg(words);
    }
    return row.conversation.answering ? tr("%1, answer being written").arg(words) : words;
}

QVariant ConversationListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    const ListRow& row = m_rows.at(index.row());
    const bool conversation = row.kind == ListRow::Kind::kConversation;
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return conversation ? row.conversation.title : row.text;
    case Qt::AccessibleTextRole:
        return spoken(row);
    case kIdRole:
        return conversation ? QVariant(row.conversation.id) : QVariant();
    case kHeadingRole:
        return row.kind == ListRow::Kind::kHeading;
    case kAnsweringRole:
        return row.conversation.answering;
    case kFolderRole:
        return row.kind == ListRow::Kind::kFolder ? QVariant(row.folder) : QVariant();
    case kOpenRole:
        return row.open;
    case kCountRole:
        return row.count;
    case kIndentedRole:
        return row.indented;
    case kPinnedRole:
        return row.conversation.pinned;
    case kArchivedRole:
        return row.conversation.archived;
    default:
        return {};
    }
}

bool ConversationListModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    const QString words = value.toString().simplified();
    if (role != Qt::EditRole || words.isEmpty() || !flags(index).testFlag(Qt::ItemIsEditable)) {
        return false;
    }
    ListRow& row = m_rows[index.row()];
    QString& name = row.kind == ListRow::Kind::kFolder ? row.text : row.conversation.title;
    if (words != name) {
        name = words;
        emit dataChanged(index, index);
        if (row.kind == ListRow::Kind::kFolder) {
            emit folderRenameRequested(row.folder, words);
        } else {
            emit renameRequested(row.conversation.id, words);
        }
    }
    return true;
}

Qt::ItemFlags ConversationListModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) {
        return Qt::ItemIsDropEnabled; // beside all rows: into no folder
    }
    const ListRow& row = m_rows.at(index.row());
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    switch (row.kind) {
    case ListRow::Kind::kHeading:
        return Qt::NoItemFlags;
    case ListRow::Kind::kFolder:
        flags |= Qt::ItemIsDropEnabled;
        flags.setFlag(Qt::ItemIsEditable, row.folder != kArchiveFolder);
        break;
    case ListRow::Kind::kConversation:
        flags |= Qt::ItemIsEditable | Qt::ItemIsDragEnabled;
        break;
    }
    return flags;
}

QStringList ConversationListModel::mimeTypes() const {
    return {kMimeType};
}

QMimeData* ConversationListModel::mimeData(const QModelIndexList& indexes) const {
    auto* data = new QMimeData;
    if (!indexes.isEmpty()) {
        data->setData(kMimeType, idAt(indexes.first()).toByteArray());
    }
    return data;
}

bool ConversationListModel::canDropMimeData(const QMimeData* data, Qt::DropAction action, int, int,
                                            const QModelIndex&) const {
    return action == Qt::MoveAction && data->hasFormat(kMimeType);
}

bool ConversationListModel::dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                                         const QModelIndex& parent) {
    if (!canDropMimeData(data, action, row, column, parent)) {
        return false;
    }
    const QUuid conversation = QUuid::fromString(QString::fromLatin1(data->data(kMimeType)));
    if (!indexOf(conversation).isValid()) {
        return false;
    }
    emit moveRequested(conversation, parent.data(kFolderRole).toUuid());
    return false; // the row moves when the store says so
}

Qt::DropActions ConversationListModel::supportedDropActions() const {
    return Qt::MoveAction;
}

} // namespace alcuin::ui
