#include "sidebar/conversation_list_model.h"

#include <algorithm>

namespace alcuin::ui {

namespace {
bool matches(const QString& title, const QStringList& words) {
    return std::all_of(words.begin(), words.end(),
                       [&](const QString& word) { return title.contains(word, Qt::CaseInsensitive); });
}
} // namespace

bool ConversationListModel::Row::sameAs(const Row& other) const {
    return heading == other.heading && conversation.id == other.conversation.id;
}

ConversationListModel::ConversationListModel(QObject* parent)
    : QAbstractListModel(parent), m_today(QDate::currentDate()) {}

void ConversationListModel::setConversations(const QList<app::ConversationSummary>& conversations) {
    m_conversations = conversations;
    rebuild();
}

void ConversationListModel::setFilter(const QString& filter) {
    m_filter = filter;
    rebuild();
}

void ConversationListModel::setToday(const QDate& today) {
    m_today = today;
    rebuild();
}

QString ConversationListModel::headingOf(const app::ConversationSummary& conversation) const {
    const auto days = conversation.updatedAt.toLocalTime().date().daysTo(m_today);
    return days <= 0 ? tr("Today") : days == 1 ? tr("Yesterday") : tr("Earlier");
}

void ConversationListModel::rebuild() {
    const QStringList words = m_filter.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    QList<Row> rows;
    QString heading;
    for (const auto& conversation : m_conversations) {
        if (!matches(conversation.title, words)) {
            continue;
        }
        if (const QString own = headingOf(conversation); own != heading) {
            heading = own;
            rows.push_back({heading, {}});
        }
        rows.push_back({{}, conversation});
    }
    apply(rows);
}

void ConversationListModel::apply(const QList<Row>& wanted) {
    const auto find = [](const QList<Row>& rows, const Row& row, qsizetype from) {
        const auto at = std::find_if(rows.begin() + from, rows.end(), [&](const Row& r) { return r.sameAs(row); });
        return at == rows.end() ? qsizetype(-1) : at - rows.begin();
    };
    for (auto i = m_rows.size() - 1; i >= 0; --i) {
        if (find(wanted, m_rows.at(i), 0) < 0) {
            beginRemoveRows({}, static_cast<int>(i), static_cast<int>(i));
            m_rows.removeAt(i);
            endRemoveRows();
        }
    }
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        const auto from = find(m_rows, wanted.at(i), i);
        const int to = static_cast<int>(i);
        if (from < 0) {
            beginInsertRows({}, to, to);
            m_rows.insert(i, wanted.at(i));
            endInsertRows();
            continue;
        }
        if (from != i) {
            beginMoveRows({}, static_cast<int>(from), static_cast<int>(from), {}, to);
            m_rows.move(from, i);
            endMoveRows();
        }
        const auto& before = m_rows.at(i).conversation;
        const auto& after = wanted.at(i).conversation;
        const bool changed = before.title != after.title || before.answering != after.answering;
        m_rows[i] = wanted.at(i);
        if (changed) {
            emit dataChanged(index(to), index(to));
        }
    }
}

QModelIndex ConversationListModel::indexOf(const QUuid& conversation) const {
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        if (m_rows.at(i).heading.isEmpty() && m_rows.at(i).conversation.id == conversation) {
            return index(static_cast<int>(i));
        }
    }
    return {};
}

QUuid ConversationListModel::idAt(const QModelIndex& index) const {
    return index.data(kIdRole).toUuid();
}

int ConversationListModel::conversationCount() const {
    return static_cast<int>(
        std::count_if(m_rows.begin(), m_rows.end(), [](const Row& row) { return row.heading.isEmpty(); }));
}

int ConversationListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant ConversationListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    const Row& row = m_rows.at(index.row());
    const bool heading = !row.heading.isEmpty();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return heading ? row.heading : row.conversation.title;
    case Qt::AccessibleTextRole:
        return heading                      ? row.heading
               : row.conversation.answering ? tr("%1, answer being written").arg(row.conversation.title)
                                            : row.conversation.title;
    case kIdRole:
        return heading ? QVariant() : QVariant(row.conversation.id);
    case kHeadingRole:
        return heading;
    case kAnsweringRole:
        return row.conversation.answering;
    default:
        return {};
    }
}

bool ConversationListModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    const QString title = value.toString().simplified();
    if (role != Qt::EditRole || !index.isValid() || title.isEmpty() || !m_rows.at(index.row()).heading.isEmpty()) {
        return false;
    }
    auto& conversation = m_rows[index.row()].conversation;
    if (title != conversation.title) {
        conversation.title = title;
        emit dataChanged(index, index);
        emit renameRequested(conversation.id, title);
    }
    return true;
}

Qt::ItemFlags ConversationListModel::flags(const QModelIndex& index) const {
    if (!index.isValid() || !m_rows.at(index.row()).heading.isEmpty()) {
        return Qt::NoItemFlags;
    }
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsEditable | Qt::ItemNeverHasChildren;
}

} // namespace alcuin::ui
