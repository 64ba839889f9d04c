#include "sidebar/sidebar.h"

#include <QAction>
#include <QApplication>
#include <QDateTime>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QVBoxLayout>

#include "search/search_panel.h"
#include "services/conversation_service.h"
#include "services/library_service.h"
#include "sidebar/conversation_delegate.h"
#include "sidebar/conversation_list_model.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/icon_button.h"
#include "widgets/label.h"

namespace alcuin::ui {

Sidebar::Sidebar(const Services& services, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_services(services)
    , m_theme(theme)
    , m_model(new ConversationListModel(this))
    , m_newChat(new QPushButton(this))
    , m_newTemporary(new IconButton(theme, Icon::kTemporary, tr("New temporary chat"), this))
    , m_search(new QLineEdit(this))
    , m_list(new QListView(this))
    , m_results(new SearchPanel(services.search, theme, this))
    , m_empty(new Label(theme, FontRole::kControl, &Colors::ink3, this)) {
    setAccessibleName(tr("Conversations"));
    m_newChat->setText(tr("New chat"));
    m_newChat->setIcon(makeIcon(Icon::kPlus, theme));
    m_search->setPlaceholderText(tr("Search everything"));
    m_search->setAccessibleName(tr("Search in all conversations"));
    m_search->setClearButtonEnabled(false);
    m_search->addAction(new QAction(makeIcon(Icon::kSearch, theme), tr("Search"), m_search),
                        QLineEdit::LeadingPosition);
    m_search->installEventFilter(this);
    alignSearch();
    m_empty->setWordWrap(true);
    m_empty->setText(tr("Your conversations will be listed here."));
    buildList();
    buildLayout();

    connect(m_newChat, &QPushButton::clicked, this, &Sidebar::newChatRequested);
    connect(m_newTemporary, &IconButton::clicked, this, &Sidebar::newTemporaryChatRequested);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_results->setWords(text);
        showRightList();
    });
    connect(m_results, &SearchPanel::chosen, this, &Sidebar::placeChosen);
    connect(&services.conversations, &app::ConversationService::conversationsChanged, this,
            &Sidebar::takeConversations);
    connect(m_model, &ConversationListModel::renameRequested, &services.conversations,
            &app::ConversationService::rename);
    connectLibrary();
    connect(&theme, &Theme::changed, this, [this] {
        m_list->doItemsLayout();
        update();
    });
    m_midnight.setSingleShot(true);
    connect(&m_midnight, &QTimer::timeout, this, [this] {
        changeList([this] { m_model->setToday(QDate::currentDate()); });
        waitForMidnight();
    });
    waitForMidnight();
    takeConversations();
}

void Sidebar::buildList() {
    m_list->setModel(m_model);
    auto* delegate = new ConversationDelegate(m_theme, m_list);
    m_list->setItemDelegate(delegate);
    m_list->setAccessibleName(tr("Conversations"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->installEventFilter(this);
    m_list->setDragDropMode(QAbstractItemView::DragDrop);
    m_list->setDefaultDropAction(Qt::MoveAction);
    m_list->setDropIndicatorShown(true);
    connect(delegate, &ConversationDelegate::menuRequested, this, &Sidebar::showMenu);
    connect(delegate, &ConversationDelegate::folderToggled, this, &Sidebar::toggleFolder);
    connect(m_list, &QListView::customContextMenuRequested, this, [this](const QPoint& at) {
        const QModelIndex index = m_list->indexAt(at);
        showMenu(index.isValid() ? index : m_list->currentIndex(), m_list->viewport()->mapToGlobal(at));
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this](const QItemSelection& selected) {
                if (m_listChanging) {
                    return;
                }
                const QUuid id = selected.indexes().isEmpty() ? QUuid() : m_model->idAt(selected.indexes().first());
                if (!id.isNull() && id != m_shown) {
                    m_shown = id;
                    emit opened(id);
                }
            });
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) {
        if (!m_model->idAt(index).isNull()) {
            emit chosen();
        }
    });
}

void Sidebar::buildLayout() {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, Space::k2, 0, 0);
    column->setSpacing(Space::k2);
    auto* top = new QVBoxLayout;
    top->setContentsMargins(Space::k2, 0, Space::k2, 0);
    top->setSpacing(Space::k2);
    auto* begin = new QHBoxLayout;
    begin->setSpacing(Space::k1);
    begin->addWidget(m_newChat, 1);
    begin->addWidget(m_newTemporary);
    top->addLayout(begin);
    top->addWidget(m_search);
    column->addLayout(top);
    m_empty->setContentsMargins(Space::k4, Space::k2, Space::k4, 0);
    column->addWidget(m_empty);
    column->addWidget(m_list, 1);
    column->addWidget(m_results, 1);
    setMinimumWidth(180);
}

void Sidebar::setShown(const QUuid& conversation) {
    const QScopedValueRollback guard(m_listChanging, true);
    m_shown = conversation;
    const QModelIndex index = m_model->indexOf(conversation);
    if (index.isValid()) {
        m_list->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect);
    } else {
        m_list->selectionModel()->clear();
    }
}

void Sidebar::focusSearch() {
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

bool Sidebar::clearSearch() {
    if (m_search->text().isEmpty() && !m_search->hasFocus()) {
        return false;
    }
    m_search->clear();
    return true;
}

void Sidebar::focusList() {
    if (m_results->isVisibleTo(this)) {
        m_results->focusList();
    } else {
        m_list->setFocus(Qt::ShortcutFocusReason);
    }
}

void Sidebar::editTitle(const QUuid& conversation) {
    const QModelIndex index = m_model->indexOf(conversation);
    if (index.isValid()) {
        m_list->scrollTo(index);
        m_list->edit(index);
    }
}

QUuid Sidebar::neighbour(int places) const {
    const QModelIndex index = m_model->indexOf(m_shown);
    const int step = places < 0 ? -1 : 1;
    for (int row = index.isValid() ? index.row() + step : 0; row >= 0 && row < m_model->rowCount(); row += step) {
        const QUuid id = m_model->idAt(m_model->index(row));
        if (!id.isNull()) {
            return id;
        }
    }
    return {};
}

QListView* Sidebar::list() const {
    return m_list;
}

SearchPanel& Sidebar::results() const {
    return *m_results;
}

void Sidebar::takeConversations() {
    changeList([this] { m_model->setConversations(m_services.conversations.conversations()); });
}

/// Rows come and go without anything being opened: a view chooses a neighbour when the chosen row leaves, and nobody
/// asked for that. The keyboard stays on the folder that it is on.
void Sidebar::changeList(const std::function<void()>& change) {
    {
        const QScopedValueRollback guard(m_listChanging, true);
        const QVariant folder = m_list->currentIndex().data(ConversationListModel::kFolderRole);
        change();
        setShown(m_shown);
        if (const QModelIndex same = m_model->indexOfFolder(folder.toUuid()); folder.isValid() && same.isValid()) {
            m_list->selectionModel()->setCurrentIndex(same, QItemSelectionModel::ClearAndSelect);
        }
    }
    showRightList();
}

void Sidebar::showRightList() {
    const bool searching = !m_search->text().trimmed().isEmpty();
    const bool none = m_model->conversationCount() == 0;
    m_results->setVisible(searching);
    m_list->setVisible(!searching);
    m_empty->setVisible(!searching && none);
}

/// The hint begins beside the magnifier also where its script runs the other way.
void Sidebar::alignSearch() {
    m_search->setAlignment(Qt::AlignAbsolute |
                           (m_search->layoutDirection() == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft));
}

bool Sidebar::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_search && event->type() == QEvent::LayoutDirectionChange) {
        alignSearch();
    }
    // Keys that an open editor leaves unused come by here too; they aren't meant for the list.
    const bool forWatched = watched == QApplication::focusWidget();
    if (event->type() == QEvent::KeyPress && forWatched) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (watched == m_list && listKey(key->key())) {
            return true;
        }
        if (watched == m_search && key->key() == Qt::Key_Down) {
            focusList();
            return true;
        }
        if (watched == m_search && enter) {
            m_results->chooseFirst();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

bool Sidebar::listKey(int key) {
    const QModelIndex index = m_list->currentIndex();
    const QVariant folder = index.data(ConversationListModel::kFolderRole);
    const QUuid conversation = m_model->idAt(index);
    const bool forward = (key == Qt::Key_Right) == (layoutDirection() == Qt::LeftToRight);
    switch (key) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (folder.isValid()) {
            toggleFolder(folder.toUuid());
        } else {
            emit chosen();
        }
        return true;
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (folder.isValid()) {
            setFolderOpen(folder.toUuid(), forward);
        }
        return folder.isValid();
    case Qt::Key_Delete:
        if (folder.isValid() && folder.toUuid() != kArchiveFolder) {
            m_services.library.remove(app::LibraryService::Kind::kFolder, folder.toUuid());
        } else if (!conversation.isNull()) {
            emit removeRequested(conversation);
        }
        return true;
    default:
        return false;
    }
}

void Sidebar::paintEvent(QPaintEvent*) {
    QPainter(this).fillRect(rect(), m_theme.colors().surface);
}

/// The headings follow the calendar while the window stays open.
void Sidebar::waitForMidnight() {
    const QDateTime now = QDateTime::currentDateTime();
    const QDateTime next = now.date().addDays(1).startOfDay();
    m_midnight.start(static_cast<int>(now.msecsTo(next)) + 1000);
}

} // namespace alcuin::ui
