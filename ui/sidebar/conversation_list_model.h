#pragma once

#include <QAbstractListModel>
#include <QDate>
#include <QList>
#include <QString>
#include <QUuid>

#include "services/chat_values.h"

namespace alcuin::ui {

/// Conversations under the headings Today, Yesterday and Earlier, newest first. Changes are applied as moves, inserts
/// and removals, so that selection, scrolling and an open editor stay where they are.
class ConversationListModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum DataRole { kIdRole = Qt::UserRole, kHeadingRole, kAnsweringRole };

    explicit ConversationListModel(QObject* parent = nullptr);

    void setConversations(const QList<app::ConversationSummary>& conversations);
    /// Only titles that contain these words, in any order and case, are listed.
    void setFilter(const QString& filter);
    /// The day that is "today"; the caller says when it changes.
    void setToday(const QDate& today);

    QModelIndex indexOf(const QUuid& conversation) const;
    QUuid idAt(const QModelIndex& index) const;
    /// How many conversations are listed, headings not counted.
    int conversationCount() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

signals:
    /// A title was edited in place.
    void renameRequested(const QUuid& conversation, const QString& title);

private:
    struct Row {
        QString heading; ///< empty: a conversation
        app::ConversationSummary conversation;
        bool sameAs(const Row& other) const;
    };
    void rebuild();
    void apply(const QList<Row>& wanted);
    QString headingOf(const app::ConversationSummary& conversation) const;

    QList<app::ConversationSummary> m_conversations;
    QList<Row> m_rows;
    QString m_filter;
    QDate m_today;
};

} // namespace alcuin::ui
