#pragma once

#include <QList>
#include <QObject>
#include <QString>

class QAction;
class QActionGroup;
class QMenu;
class QWidget;

namespace alcuin::ui {

class Theme;

/// Actions that belong together, under a heading.
struct ActionSection {
    QString heading;
    QList<QAction*> actions;
};

/// Everything the window can be told to do by key or menu, in one place, so that the list of shortcuts is never wrong.
class WindowActions : public QObject {
    Q_OBJECT
public:
    /// The actions are added to `window`, which makes their shortcuts work.
    WindowActions(QWidget& window, Theme& theme);

    /// The menu behind the header's button.
    QMenu* makeMenu(QWidget* parent) const;
    /// Every action that has a key, by what it is about.
    QList<ActionSection> sections() const;
    /// Whether a conversation is shown that has a title and can be deleted.
    void setHasConversation(bool has);

    QAction* newChat;
    QAction* newTemporary;
    QAction* panel;
    QAction* attach;
    QAction* rename;
    QAction* remove;
    QAction* search;
    QAction* find;
    QAction* savePdf;
    QAction* exportChat;
    QAction* exportAll;
    QAction* importChats;
    QAction* print; ///< not in the menu where this build can't print
    QAction* findNext;
    QAction* findPrevious;
    QAction* previous;
    QAction* next;
    QAction* toggleSidebar;
    QAction* focusComposer;
    QAction* escape;
    QAction* openModel;
    QAction* zoomIn;
    QAction* zoomOut;
    QAction* zoomReset;
    QAction* shortcuts;
    QAction* about;
    QAction* quit;
    QActionGroup* themeModes; ///< each action's data is a ThemeMode

private:
    QAction* make(QWidget& window, const QString& text, const QList<QKeySequence>& keys);
    void makeThemeModes(Theme& theme);

    Theme& m_theme;
};

} // namespace alcuin::ui
