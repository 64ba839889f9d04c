#include "sidebar/list_rows.h"

#include <QCoreApplication>
#include <QHash>

namespace alcuin::ui {

const QUuid kArchiveFolder(QStringLiteral("{8b1c6a52-0d52-4be6-9c0f-5a3f5b0c7e11}"));

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(alcuin::ui::ConversationListModel)
};

QString dayOf(const app::ConversationSummary& conversation, const QDate& today) {
    const auto days = conversation.updatedAt.toLocalTime().date().daysTo(today);
    return days <= 0 ? Words::tr("Today") : days == 1 ? Words::tr("Yesterday") : Words::tr("Earlier");
}

ListRow headingRow(const QString& text) {
    ListRow row;
    row.kind = ListRow::Kind::kHeading;
    row.text = text;
    return row;
}

ListRow conversationRow(const app::ConversationSummary& conversation, bool indented) {
    ListRow row;
    row.conversation = conversation;
    row.indented = indented;
    return row;
}

using Summaries = QList<app::ConversationSummary>;

void appendByDay(QList<ListRow>& rows, const Summaries& conversations, const QDate& today) {
    QString day;
    for (const auto& conversation : conversations) {
        if (const QString own = dayOf(conversation, today); own != day) {
            day = own;
            rows.push_back(headingRow(day));
        }
        rows.push_back(conversationRow(conversation, false));
    }
}

void appendFolder(QList<ListRow>& rows, const app::Folder& folder, const Summaries& inside, bool open) {
    ListRow row;
    row.kind = ListRow::Kind::kFolder;
    row.text = folder.name;
    row.folder = folder.id;
    row.count = int(inside.size());
    row.open = open;
    rows.push_back(row);
    if (open) {
        for (const auto& conversation : inside) {
            rows.push_back(conversationRow(conversation, true));
        }
    }
}

} // namespace

QString ListRow::key() const {
    switch (kind) {
    case Kind::kHeading:
        return QLatin1Char('h') + text;
    case Kind::kFolder:
        return QLatin1Char('f') + folder.toString();
    case Kind::kConversation:
        break;
    }
    return conversation.id.toString();
}

bool ListRow::sameAs(const ListRow& other) const {
    return kind == other.kind && folder == other.folder && conversation.id == other.conversation.id &&
           (kind != Kind::kHeading || text == other.text);
}

QList<ListRow> listRows(const ListSource& source) {
    QList<ListRow> rows;
    Summaries pinned;
    Summaries rest;
    Summaries archived;
    QHash<QUuid, Summaries> inFolders;
    for (const auto& folder : source.folders) {
        inFolders.insert(folder.id, {});
    }
    for (const auto& conversation : source.conversations) {
        if (conversation.archived) {
            archived.push_back(conversation);
        } else if (conversation.pinned) {
            pinned.push_back(conversation);
        } else if (const auto folder = inFolders.find(conversation.folder); folder != inFolders.end()) {
            folder->push_back(conversation);
        } else {
            rest.push_back(conversation);
        }
    }
    if (!pinned.isEmpty()) {
        rows.push_back(headingRow(Words::tr("Pinned")));
        for (const auto& conversation : pinned) {
            rows.push_back(conversationRow(conversation, false));
        }
    }
    if (!source.folders.isEmpty()) {
        rows.push_back(headingRow(Words::tr("Folders")));
        for (const auto& folder : source.folders) {
            appendFolder(rows, folder, inFolders.value(folder.id), source.open.contains(folder.id));
        }
    }
    appendByDay(rows, rest, source.today);
    if (!archived.isEmpty()) {
        rows.push_back(headingRow(QString(QChar::Nbsp))); // a gap
        appendFolder(rows, {kArchiveFolder, Words::tr("Archive")}, archived, source.open.contains(kArchiveFolder));
    }
    return rows;
}

} // namespace alcuin::ui
