#pragma once

#include <QWidget>

class QLineEdit;
class QMenu;
class QStackedWidget;

namespace alcuin::app {
class ModelService;
}

namespace alcuin::ui {

class IconButton;
class Label;
class ModelPicker;
class Theme;

/// Over the transcript: what it is called, which model answers, and the menu.
class ChatHeader : public QWidget {
    Q_OBJECT
public:
    ChatHeader(app::ModelService& models, const Theme& theme, QWidget* parent = nullptr);

    /// An empty title stands for a conversation not begun yet, which has nothing to rename.
    void setTitle(const QString& title);
    /// The conversation lies in the archive, which a button beside the title says and takes back.
    void setArchived(bool archived);
    void editTitle();
    /// Ways to begin a conversation while the sidebar, which has them, is away.
    void setNewChatVisible(bool visible);
    void setMenu(QMenu* menu);
    void openModelMenu();
    /// What can't be renamed.
    void setFixedTitle(const QString& title);
    void setPanelShown(bool shown);

signals:
    void sidebarToggled();
    void newChatRequested();
    void newTemporaryChatRequested();
    void unarchiveRequested();
    void openFileRequested();
    /// The settings of this conversation are asked for, or no more.
    void panelToggled();
    void renamed(const QString& title);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void endEdit(bool keep);
    void showNewChat();
    void shareRoom();

    const Theme& m_theme;
    IconButton* m_sidebar;
    IconButton* m_newChat;
    IconButton* m_newTemporary;
    IconButton* m_archived;
    QStackedWidget* m_titleStack;
    Label* m_title;
    QLineEdit* m_editor;
    ModelPicker* m_picker;
    IconButton* m_panel;
    IconButton* m_more;
    bool m_fixed = false;
    bool m_newChatWanted = false;
};

} // namespace alcuin::ui
