#pragma once

#include <QTimer>
#include <QUuid>
#include <QWidget>

#include <functional>

class QLineEdit;
class QListView;
class QPushButton;

namespace alcuin::app {
class ConversationService;
}

namespace alcuin::ui {

class ConversationListModel;
class Label;
class Theme;

/// The conversations, a way to begin one and a search in their titles.
class Sidebar : public QWidget {
    Q_OBJECT
public:
    Sidebar(app::ConversationService& conversations, const Theme& theme, QWidget* parent = nullptr);

    /// Marks the conversation that is shown; null: none of them.
    void setShown(const QUuid& conversation);
    void focusSearch();
    bool clearSearch();
    void focusList();
    /// Opens the title's editor in the list.
    void editTitle(const QUuid& conversation);
    /// The conversation so many places further down the list (negative: up); null at its ends.
    QUuid neighbour(int places) const;

    QListView* list() const;

signals:
    void newChatRequested();
    void opened(const QUuid& conversation);
    void removeRequested(const QUuid& conversation);
    /// The person is done choosing: the keyboard belongs to the composer.
    void chosen();

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildList();
    void buildLayout();
    void showMenu(const QModelIndex& index, const QPoint& globalPosition);
    void takeConversations();
    void changeList(const std::function<void()>& change);
    void updateEmptyText();
    void waitForMidnight();

    app::ConversationService& m_conversations;
    const Theme& m_theme;
    ConversationListModel* m_model;
    // In the order of the keyboard.
    QPushButton* m_newChat;
    QLineEdit* m_search;
    QListView* m_list;
    Label* m_empty;
    QTimer m_midnight;
    QUuid m_shown;
    bool m_listChanging = false;
};

} // namespace alcuin::ui
