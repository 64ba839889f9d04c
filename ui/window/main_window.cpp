#include "window/main_window.h"

#include <QAccessibleWidget>
#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMimeData>
#include <QPainter>
#include <QScreen>
#include <QSplitter>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

#include "chat/chat_header.h"
#include "chat/chat_page.h"
#include "chat/composer.h"
#include "chat/desk/desk.h"
#include "chat/desk/files_keeper.h"
#include "chat/transcript_view.h"
#include "dialogs/about_dialog.h"
#include "dialogs/exchange_dialogs.h"
#include "dialogs/shortcuts_dialog.h"
#include "print/print_commands.h"
#include "search/place_jump.h"
#include "services/chat_service.h"
#include "services/conversation_service.h"
#include "services/library_service.h"
#include "services/model_service.h"
#include "services/settings_service.h"
#include "sidebar/sidebar.h"
#include "theme/theme.h"
#include "widgets/dialog_room.h"
#include "widgets/focus_in_view.h"
#include "widgets/undo_bar.h"
#include "window/drop_hint.h"
#include "window/hidden_rest.h"
#include "window/window_actions.h"

namespace alcuin::ui {

namespace {
constexpr int kNarrowWidth = 720; ///< below, the list of conversations makes room
constexpr double kZoomStep = 1.1;
const QSize kUsualSize(1080, 740);

const QString kGeometryKey = QStringLiteral("window.geometry");
const QString kSidebarKey = QStringLiteral("window.sidebar");
const QString kSidebarWidthKey = QStringLiteral("window.sidebar.width");
const QString kZoomKey = QStringLiteral("window.zoom");
const QString kThemeKey = QStringLiteral("window.theme");

QStringList filesIn(const QMimeData* data) {
    QStringList paths;
    for (const QUrl& url : data->urls()) {
        if (url.isLocalFile()) {
            paths += url.toLocalFile();
        }
    }
    return paths;
}

bool isModelFile(const QString& path) {
    return path.endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive);
}

/// So that what stands behind a title has room in one line.
QString shortened(const QString& title) {
    constexpr int kLongest = 32;
    return title.size() <= kLongest ? title : title.left(kLongest - 1).trimmed() + QChar(0x2026);
}

/// Qt calls a plain widget "filler", also where it is the window.
QAccessibleInterface* makeWindowInterface(const QString& className, QObject* object) {
    auto* window =
        className == QLatin1String(MainWindow::staticMetaObject.className()) ? qobject_cast<QWidget*>(object) : nullptr;
    return window != nullptr ? new QAccessibleWidget(window, QAccessible::Window) : nullptr;
}
} // namespace

MainWindow::MainWindow(const Services& services, Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_services(services)
    , m_theme(theme)
    , m_actions(new WindowActions(*this, theme))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_sidebar(new Sidebar(services, theme, this))
    , m_page(new ChatPage(services, theme, this))
    , m_exchange(new ExchangeDialogs(services.exchange, theme, *this))
    , m_dropHint(new DropHint(theme, this)) {
    QAccessible::installFactory(makeWindowInterface);
    setWindowTitle(QStringLiteral("Alcuin"));
    setAcceptDrops(true);
    setMinimumSize(400, 360);
    m_splitter->addWidget(m_sidebar);
    m_splitter->addWidget(m_page);
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_splitter);
    m_dropHint->hide();
    m_page->header().setMenu(m_actions->makeMenu(this));
    connectActions();
    connectParts();
    restoreLook();
    qApp->installEventFilter(this);
    new HiddenRest(*this); // the window's own
    new FocusInView(this);
    m_page->composer().focusText();
}

void MainWindow::connectActions() {
    const WindowActions& a = *m_actions;
    connect(a.newChat, &QAction::triggered, m_page, &ChatPage::newChat);
    connect(a.newTemporary, &QAction::triggered, m_page, &ChatPage::newTemporaryChat);
    connect(a.panel, &QAction::triggered, m_page, &ChatPage::togglePanel);
    connect(a.attach, &QAction::triggered, &m_page->desk().files(), &FilesKeeper::choose);
    connect(a.search, &QAction::triggered, this, [this] {
        setSidebarShown(true);
        m_sidebar->focusSearch();
    });
    TranscriptView* transcript = &m_page->transcript();
    connect(a.find, &QAction::triggered, transcript, &TranscriptView::showFind);
    connect(a.findNext, &QAction::triggered, transcript, &TranscriptView::findNext);
    connect(a.findPrevious, &QAction::triggered, transcript, &TranscriptView::findPrevious);
    auto* printing = new PrintCommands(
        *this, [this, transcript] { return transcript->paperConversation(titleOf(m_page->conversation())); });
    connect(a.savePdf, &QAction::triggered, printing, &PrintCommands::savePdf);
    connect(a.print, &QAction::triggered, printing, &PrintCommands::print);
    connect(printing, &PrintCommands::failed, m_page, &ChatPage::showTrouble);
    connect(a.exportChat, &QAction::triggered, this, [this] { exportConversation(m_page->conversation()); });
    connect(a.exportAll, &QAction::triggered, m_exchange, &ExchangeDialogs::exportAll);
    connect(a.importChats, &QAction::triggered, m_exchange, &ExchangeDialogs::importFiles);
    connect(a.previous, &QAction::triggered, this, [this] { m_page->open(m_sidebar->neighbour(-1)); });
    connect(a.next, &QAction::triggered, this, [this] {
        if (const QUuid next = m_sidebar->neighbour(1); !next.isNull()) {
            m_page->open(next);
        }
    });
    connect(a.toggleSidebar, &QAction::triggered, this, [this] { setSidebarShown(!m_sidebar->isVisibleTo(this)); });
    connect(a.focusComposer, &QAction::triggered, this, [this] { m_page->composer().focusText(); });
    connect(a.escape, &QAction::triggered, this, [this] {
        if (!m_page->escape()) {
            m_sidebar->clearSearch();
            m_page->composer().focusText();
        }
    });
    connect(a.rename, &QAction::triggered, m_page, &ChatPage::editTitle);
    connect(a.remove, &QAction::triggered, this, [this] { removeConversation(m_page->conversation()); });
    connect(a.openModel, &QAction::triggered, this, &MainWindow::chooseModelFile);
    connect(a.zoomIn, &QAction::triggered, this, [this] { m_theme.setZoom(m_theme.zoom() * kZoomStep); });
    connect(a.zoomOut, &QAction::triggered, this, [this] { m_theme.setZoom(m_theme.zoom() / kZoomStep); });
    connect(a.zoomReset, &QAction::triggered, this, [this] { m_theme.setZoom(1.0); });
    connect(a.shortcuts, &QAction::triggered, this, &MainWindow::showShortcuts);
    connect(a.quit, &QAction::triggered, this, &QWidget::close);
    connect(a.about, &QAction::triggered, this, [this] {
        auto* about = new AboutDialog(m_theme, this);
        about->setAttribute(Qt::WA_DeleteOnClose);
        about->open();
    });
    connect(a.themeModes, &QActionGroup::triggered, this,
            [this](const QAction* action) { m_theme.setMode(static_cast<ThemeMode>(action->data().toInt())); });
}

void MainWindow::connectParts() {
    connect(m_sidebar, &Sidebar::newChatRequested, m_page, &ChatPage::newChat);
    connect(m_sidebar, &Sidebar::newTemporaryChatRequested, m_page, &ChatPage::newTemporaryChat);
    connect(m_sidebar, &Sidebar::opened, m_page, &ChatPage::open);
    connect(m_sidebar, &Sidebar::chosen, this, [this] { m_page->composer().focusText(); });
    connect(m_sidebar, &Sidebar::removeRequested, this, &MainWindow::removeConversation);
    auto* jump = new PlaceJump(m_services.conversations, *m_page);
    connect(m_sidebar, &Sidebar::placeChosen, jump, &PlaceJump::go);
    connect(m_sidebar, &Sidebar::exportRequested, this, &MainWindow::exportConversation);
    connect(m_exchange, &ExchangeDialogs::imported, this, [this](const QList<QUuid>& grown) {
        m_services.library.refresh();
        m_services.conversations.refresh();
        if (grown.contains(m_page->conversation())) {
            m_services.conversations.open(m_page->conversation());
        }
    });
    connect(m_sidebar, &Sidebar::undoOffered, this,
            [this](const QString& words, const std::function<void()>& undo) { m_page->undoBar().offer(words, undo); });
    connect(m_page, &ChatPage::conversationShown, this, [this](const QUuid& conversation) {
        m_sidebar->setShown(conversation);
        m_actions->setHasConversation(!conversation.isNull());
        if (m_services.conversations.isTemporary(conversation)) {
            m_actions->rename->setEnabled(false); // it has no place in the list
            m_actions->remove->setEnabled(false);
        }
    });
    connect(m_page, &ChatPage::openFileRequested, this, &MainWindow::chooseModelFile);
    connect(m_page, &ChatPage::shortcutsRequested, this, &MainWindow::showShortcuts);
    connect(&m_page->header(), &ChatHeader::sidebarToggled, m_actions->toggleSidebar, &QAction::trigger);
    connect(&m_page->header(), &ChatHeader::newChatRequested, m_page, &ChatPage::newChat);
    connect(&m_page->header(), &ChatHeader::newTemporaryChatRequested, m_page, &ChatPage::newTemporaryChat);
    connect(&m_page->header(), &ChatHeader::unarchiveRequested, this,
            [this] { m_sidebar->setArchived(m_page->conversation(), false); });
    connect(&m_services.conversations, &app::ConversationService::removed, this,
            [this](const QUuid& conversation, const QString& title) {
                const bool wasShown = conversation == m_page->conversation();
                if (wasShown) {
                    m_page->newChat();
                }
                m_page->undoBar().offer(tr("Deleted “%1”. Backups keep it for about a week.").arg(shortened(title)),
                                        [this, conversation, wasShown] {
                                            m_services.conversations.undoRemove(conversation);
                                            if (wasShown) {
                                                m_page->open(conversation);
                                            }
                                        });
            });
    connect(&m_theme, &Theme::changed, this, [this] {
        m_services.settings.setValue(kZoomKey, QString::number(m_theme.zoom()));
        m_services.settings.setValue(kThemeKey, QString::number(static_cast<int>(m_theme.mode())));
        growSidebar();
    });
}

void MainWindow::restoreLook() {
    const auto& settings = m_services.settings;
    const QByteArray geometry = QByteArray::fromBase64(settings.value(kGeometryKey).toLatin1());
    if (geometry.isEmpty() || !restoreGeometry(geometry)) {
        const QSize room = screen() != nullptr ? screen()->availableSize() : kUsualSize;
        resize(kUsualSize.boundedTo(room));
    }
    bool known = false;
    const int width = settings.value(kSidebarWidthKey).toInt(&known);
    m_growth = growth();
    const int usual = m_theme.grown(Space::kSidebarWidth);
    m_splitter->setSizes({known ? std::clamp(width, 180, 600) : usual, kUsualSize.width()});
    m_sidebarWanted = settings.value(kSidebarKey, QStringLiteral("1")) == QLatin1String("1");
    m_narrow = this->width() < kNarrowWidth;
    const bool shown = m_sidebarWanted && !m_narrow;
    m_sidebar->setVisible(shown);
    m_page->header().setNewChatVisible(!shown);
}

double MainWindow::growth() const {
    constexpr int kFine = 1000;
    return m_theme.grown(kFine) / double(kFine);
}

/// As much wider as what stands in it: titles keep their words when the text grows.
void MainWindow::growSidebar() {
    const double before = std::exchange(m_growth, growth());
    if (m_sidebar->isVisible() && m_growth != before) {
        const int wanted = static_cast<int>(std::lround(m_sidebar->width() * m_growth / before));
        m_splitter->setSizes({std::min(wanted, std::max(Space::kSidebarWidth, width() / 3)), width()});
    }
}

void MainWindow::keepLook() {
    auto& settings = m_services.settings;
    settings.setValue(kGeometryKey, QString::fromLatin1(saveGeometry().toBase64()));
    settings.setValue(kSidebarKey, m_sidebarWanted ? QStringLiteral("1") : QStringLiteral("0"));
    if (m_sidebar->isVisibleTo(this)) {
        settings.setValue(kSidebarWidthKey, QString::number(m_sidebar->width()));
    }
}

ChatPage& MainWindow::page() const {
    return *m_page;
}

Sidebar& MainWindow::sidebar() const {
    return *m_sidebar;
}

const WindowActions& MainWindow::actionList() const {
    return *m_actions;
}

void MainWindow::bringForward(const QString& file) {
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
    if (!file.isEmpty()) {
        openModelFile(file);
    }
}

void MainWindow::openModelFile(const QString& path) {
    if (isModelFile(path)) {
        m_services.models.use(path);
        return;
    }
    m_page->showTrouble({tr("%1 isn't a model file").arg(QFileInfo(path).fileName()),
                         tr("Alcuin opens models in the GGUF format; their names end in .gguf."),
                         app::Trouble::Action::kChooseModel});
}

void MainWindow::chooseModelFile() {
    auto* dialog = new QFileDialog(this, tr("Open a model file"), m_services.models.modelDirectory(),
                                   tr("Models (*.gguf);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openModelFile);
    fitToScreen(*dialog);
    dialog->open();
}

void MainWindow::removeConversation(const QUuid& conversation) {
    if (!conversation.isNull()) {
        m_services.chat.stop(conversation);
        m_services.conversations.remove(conversation);
    }
}

QString MainWindow::titleOf(const QUuid& conversation) const {
    for (const auto& one : m_services.conversations.conversations()) {
        if (one.id == conversation) {
            return one.title;
        }
    }
    return {};
}

void MainWindow::exportConversation(const QUuid& conversation) {
    if (!conversation.isNull()) {
        m_exchange->exportConversation(conversation, titleOf(conversation));
    }
}

void MainWindow::showShortcuts() {
    if (m_shortcuts != nullptr) {
        m_shortcuts->close();
        return;
    }
    m_shortcuts = new ShortcutsDialog(m_actions->sections(), m_theme, this);
    m_shortcuts->setAttribute(Qt::WA_DeleteOnClose);
    m_shortcuts->show();
}

void MainWindow::setSidebarShown(bool shown) {
    m_sidebarWanted = shown || m_narrow;
    m_sidebar->setVisible(shown);
    m_page->header().setNewChatVisible(!shown);
    if (!shown) {
        m_page->composer().focusText();
    }
}

void MainWindow::closeEvent(QCloseEvent* event) {
    m_page->keepDraft();
    keepLook();
    event->accept();
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m_dropHint->setGeometry(rect());
    const bool narrow = width() < kNarrowWidth;
    if (narrow != m_narrow) {
        m_narrow = narrow;
        const bool shown = m_sidebarWanted && !narrow;
        m_sidebar->setVisible(shown);
        m_page->header().setNewChatVisible(!shown);
    }
}

void MainWindow::paintEvent(QPaintEvent*) {
    QPainter(this).fillRect(rect(), m_theme.colors().paper);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    const QStringList paths = filesIn(event->mimeData());
    if (!paths.isEmpty()) {
        event->setDropAction(Qt::CopyAction);
        event->accept();
        m_dropHint->setPurpose(isModelFile(paths.first()) ? DropHint::Purpose::kModel : DropHint::Purpose::kAttach);
        setDropHint(true);
    }
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent*) {
    setDropHint(false);
}

void MainWindow::dropEvent(QDropEvent* event) {
    setDropHint(false);
    const QStringList paths = filesIn(event->mimeData());
    if (paths.isEmpty()) {
        return;
    }
    event->setDropAction(Qt::CopyAction);
    event->accept();
    if (isModelFile(paths.first())) {
        openModelFile(paths.first());
    } else {
        m_page->attach(paths);
    }
}

void MainWindow::setDropHint(bool shown) {
    m_dropHint->setVisible(shown);
    m_dropHint->raise();
}

/// Control and the wheel change the size of the text, wherever the pointer is in this window.
bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Wheel) {
        const auto* wheel = static_cast<QWheelEvent*>(event);
        const auto* widget = qobject_cast<QWidget*>(watched);
        if ((wheel->modifiers() & Qt::ControlModifier) != 0 && widget != nullptr && widget->window() == this) {
            const int delta = wheel->angleDelta().y();
            if (delta != 0) {
                m_theme.setZoom(delta > 0 ? m_theme.zoom() * kZoomStep : m_theme.zoom() / kZoomStep);
            }
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace alcuin::ui
