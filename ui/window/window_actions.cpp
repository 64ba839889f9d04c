#include "window/window_actions.h"

#include <QAction>
#include <QActionGroup>
#include <QKeySequence>
#include <QMenu>
#include <QWidget>

#include "print/print_dialog.h"
#include "theme/icons.h"
#include "theme/theme.h"

namespace alcuin::ui {

WindowActions::WindowActions(QWidget& window, Theme& theme)
    : QObject(&window), themeModes(new QActionGroup(this)), m_theme(theme) {
    const auto keys = [](auto... sequences) { return QList<QKeySequence>{QKeySequence(sequences)...}; };
    newChat = make(window, tr("New chat"), keys(QKeySequence::New));
    newChat->setIcon(makeIcon(Icon::kPlus, theme));
    newTemporary = make(window, tr("New temporary chat"), keys(Qt::CTRL | Qt::SHIFT | Qt::Key_N));
    newTemporary->setIcon(makeIcon(Icon::kTemporary, theme));
    search = make(window, tr("Search everything"), keys(Qt::CTRL | Qt::Key_K));
    search->setIcon(makeIcon(Icon::kSearch, theme));
    find = make(window, tr("Find in this conversation"), keys(QKeySequence::Find));
    find->setIcon(makeIcon(Icon::kSearch, theme));
    findNext = make(window, tr("Next match"), keys(Qt::Key_F3));
    findPrevious = make(window, tr("Previous match"), keys(Qt::SHIFT | Qt::Key_F3));
    savePdf = make(window, tr("Save as PDF…"), {});
    savePdf->setIcon(makeIcon(Icon::kFile, theme));
    print = make(window, tr("Print…"), canPrint() ? keys(QKeySequence::Print) : QList<QKeySequence>());
    print->setIcon(makeIcon(Icon::kPrint, theme));
    print->setVisible(canPrint());
    exportChat = make(window, tr("Export this conversation…"), keys(Qt::CTRL | Qt::Key_E));
    exportChat->setIcon(makeIcon(Icon::kExport, theme));
    exportAll = make(window, tr("Export all conversations…"), {});
    exportAll->setIcon(makeIcon(Icon::kExport, theme));
    importChats = make(window, tr("Import conversations…"), {});
    importChats->setIcon(makeIcon(Icon::kImport, theme));
    previous = make(window, tr("Conversation above"), keys(Qt::CTRL | Qt::Key_PageUp));
    next = make(window, tr("Conversation below"), keys(Qt::CTRL | Qt::Key_PageDown));
    toggleSidebar = make(window, tr("Show or hide the list of conversations"), keys(Qt::CTRL | Qt::Key_B));
    toggleSidebar->setIcon(makeIcon(Icon::kSidebar, theme));
    panel = make(window, tr("Settings of this conversation"), keys(Qt::CTRL | Qt::SHIFT | Qt::Key_P));
    panel->setIcon(makeIcon(Icon::kParameters, theme));
    attach = make(window, tr("Attach text or code files"), keys(Qt::CTRL | Qt::SHIFT | Qt::Key_A));
    attach->setIcon(makeIcon(Icon::kAttach, theme));
    focusComposer = make(window, tr("Write a question"), keys(Qt::CTRL | Qt::Key_L));
    escape = make(window, tr("Stop the answer, or put away what is open"), keys(Qt::Key_Escape));
    rename = make(window, tr("Rename this conversation"), keys(Qt::CTRL | Qt::SHIFT | Qt::Key_R));
    rename->setIcon(makeIcon(Icon::kEdit, theme));
    remove = make(window, tr("Delete this conversation"), keys(Qt::CTRL | Qt::SHIFT | Qt::Key_Delete));
    remove->setIcon(makeIcon(Icon::kTrash, theme));
    openModel = make(window, tr("Open a model file…"), keys(QKeySequence::Open));
    openModel->setIcon(makeIcon(Icon::kModel, theme));
    zoomIn = make(window, tr("Larger text"), keys(Qt::CTRL | Qt::Key_Plus, Qt::CTRL | Qt::Key_Equal));
    zoomOut = make(window, tr("Smaller text"), keys(Qt::CTRL | Qt::Key_Minus));
    zoomReset = make(window, tr("Text at its usual size"), keys(Qt::CTRL | Qt::Key_0));
    shortcuts = make(window, tr("Keyboard shortcuts"), keys(Qt::Key_F1, Qt::CTRL | Qt::Key_Slash));
    shortcuts->setIcon(makeIcon(Icon::kKeyboard, theme));
    quit = make(window, tr("Quit"), keys(Qt::CTRL | Qt::Key_Q));
    about = new QAction(tr("About Alcuin"), this);
    about->setIcon(makeIcon(Icon::kDetails, theme));
    makeThemeModes(theme);
    setHasConversation(false);
}

QAction* WindowActions::make(QWidget& window, const QString& text, const QList<QKeySequence>& keys) {
    auto* action = new QAction(text, this);
    action->setShortcuts(keys);
    window.addAction(action);
    return action;
}

void WindowActions::makeThemeModes(Theme& theme) {
    const std::pair<QString, ThemeMode> modes[] = {
        {tr("As the desktop"), ThemeMode::kSystem}, {tr("Light"), ThemeMode::kLight}, {tr("Dark"), ThemeMode::kDark}};
    for (const auto& [name, mode] : modes) {
        QAction* action = themeModes->addAction(name);
        action->setCheckable(true);
        action->setData(static_cast<int>(mode));
        action->setChecked(mode == theme.mode());
    }
    connect(&theme, &Theme::changed, this, [this, &theme] {
        for (QAction* action : themeModes->actions()) {
            action->setChecked(action->data().toInt() == static_cast<int>(theme.mode()));
        }
    });
}

QMenu* WindowActions::makeMenu(QWidget* parent) const {
    auto* menu = new QMenu(parent);
    menu->addActions({newChat, newTemporary, search});
    menu->addSeparator();
    menu->addActions({find, rename, remove});
    menu->addSeparator();
    menu->addActions({panel, attach});
    menu->addSeparator();
    menu->addActions({savePdf, print, exportChat});
    menu->addSeparator();
    menu->addActions({openModel, importChats, exportAll});
    menu->addSeparator();
    menu->addMenu(tr("Appearance"))->addActions(themeModes->actions());
    menu->addMenu(tr("Text size"))->addActions({zoomIn, zoomOut, zoomReset});
    menu->addAction(toggleSidebar);
    menu->addSeparator();
    menu->addActions({shortcuts, about, quit});
    return menu;
}

QList<ActionSection> WindowActions::sections() const {
    QList<ActionSection> sections = {
        {tr("Conversations"), {newChat, newTemporary, search, previous, next, rename, remove, exportChat}},
        {tr("Asking"), {focusComposer, attach, panel, openModel, escape}},
        {tr("Reading"), {find, findNext, findPrevious, print}},
        {tr("Window"), {toggleSidebar, zoomIn, zoomOut, zoomReset, shortcuts, quit}}};
    for (auto& section : sections) {
        erase_if(section.actions, [](const QAction* action) { return action->shortcuts().isEmpty(); });
    }
    return sections;
}

void WindowActions::setHasConversation(bool has) {
    find->setEnabled(has);
    savePdf->setEnabled(has);
    print->setEnabled(has && canPrint());
    rename->setEnabled(has);
    exportChat->setEnabled(has);
    remove->setEnabled(has);
}

} // namespace alcuin::ui
