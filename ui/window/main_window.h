#pragma once

#include <QPointer>
#include <QWidget>

#include "services.h"

class QSplitter;

namespace alcuin::ui {

class ChatPage;
class DropHint;
class ExchangeDialogs;
class Sidebar;
class Theme;
class WindowActions;

/// The window: the list of conversations beside the one that is shown. Reads and writes its own look (place, sidebar,
/// zoom, theme) in the settings.
class MainWindow : public QWidget {
    Q_OBJECT
public:
    MainWindow(const Services& services, Theme& theme, QWidget* parent = nullptr);

    ChatPage& page() const;
    Sidebar& sidebar() const;
    const WindowActions& actionList() const;

    /// Comes to the front; with a file, opens it as a model.
    void bringForward(const QString& file = {});
    /// Loads a model file; anything else is refused in words.
    void openModelFile(const QString& path);

protected:
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void connectActions();
    void connectParts();
    void restoreLook();
    double growth() const;
    void growSidebar();
    void keepLook();
    void setSidebarShown(bool shown);
    void chooseModelFile();
    void removeConversation(const QUuid& conversation);
    QString titleOf(const QUuid& conversation) const;
    void exportConversation(const QUuid& conversation);
    void showShortcuts();
    void setDropHint(bool shown);

    Services m_services;
    Theme& m_theme;
    WindowActions* m_actions;
    QSplitter* m_splitter;
    Sidebar* m_sidebar;
    ChatPage* m_page;
    ExchangeDialogs* m_exchange;
    DropHint* m_dropHint;
    QPointer<QWidget> m_shortcuts;
    double m_growth = 1;         ///< of what isn't text, as the sidebar was laid out last
    bool m_sidebarWanted = true; ///< what the person chose; a narrow window hides it all the same
    bool m_narrow = false;
};

} // namespace alcuin::ui
