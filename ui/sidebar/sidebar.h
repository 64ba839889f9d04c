#pragma once

#include <QTimer>
#include <QUuid>
#include <QWidget>

#include <functional>

#include "services.h"

class QLineEdit;
class QListView;
class QMenu;
class QPushButton;

namespace alcuin::app {
struct ConversationSummary;
}

namespace alcuin::ui {

class ConversationListModel;
class IconButton;
class Label;
class SearchPanel;
class Theme;

/// The conversations in their folders, a way to begin one and a search in all of them. What is done here can be
/// undone.
class Sidebar : public QWidget {
    Q_OBJECT
public:
    Sidebar(const Services& services, const Theme& theme, QWidget* parent = nullptr);

    /// Marks the conversation that is shown; null: none of them.
    void setShown(const QUuid& conversation);
    void focusSearch();
    bool clearSearch();
    void focusList();
    /// Opens the title's editor in the list.
    void editTitle(const QUuid& conversation);
    /// The conversation so many places further down the list (negative: up); null at its ends.
    QUuid neighbour(int places) const;

    /// Makes a folder and opens its name's editor; a conversation moves into it.
    void makeFolder(const QUuid& conversation = {});
    void setPinned(const QUuid& conversation, bool pinned);
    void setArchived(const QUuid& conversation, bool archived);
    void moveToFolder(const QUuid& conversation, const QUuid& folder);

    QListView* list() const;
    SearchPanel& results() const;

signals:
    void newChatRequested();
    void newTemporaryChatRequested();
    void opened(const QUuid& conversation);
    /// Something was found: a message, or with a null one the conversation itself.
    void placeChosen(const QUuid& conversation, const QUuid& message, const QString& words);
    void removeRequested(const QUuid& conversation);
    void exportRequested(const QUuid& conversation);
    /// Something was done that `undo` takes back.
    void undoOffered(const QString& words, const std::function<void()>& undo);
    /// The person is done choosing: the keyboard belongs to the composer.
    void chosen();

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void alignSearch();
    void buildList();
    void buildLayout();
    void connectLibrary();
    bool listKey(int key);
    void toggleFolder(const QUuid& folder);
    void setFolderOpen(const QUuid& folder, bool open);
    void showMenu(const QModelIndex& index, const QPoint& globalPosition);
    void fillConversationMenu(QMenu& menu, const QUuid& conversation);
    void fillFolderMenu(QMenu& menu, const QUuid& folder);
    const app::ConversationSummary* summaryOf(const QUuid& conversation) const;
    void takeConversations();
    void changeList(const std::function<void()>& change);
    void showRightList();
    void waitForMidnight();

    Services m_services;
    const Theme& m_theme;
    ConversationListModel* m_model;
    // In the order of the keyboard.
    QPushButton* m_newChat;
    IconButton* m_newTemporary;
    QLineEdit* m_search;
    QListView* m_list;
    SearchPanel* m_results;
    Label* m_empty;
    QTimer m_midnight;
    QUuid m_shown;
    QUuid m_forNewFolder; ///< moves into the folder that is being made
    bool m_makingFolder = false;
    bool m_listChanging = false;
};

} // namespace alcuin::ui
