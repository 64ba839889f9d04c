#include "chat/chat_header.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QStackedWidget>

#include <algorithm>

#include "chat/model_picker.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/icon_button.h"
#include "widgets/label.h"

namespace alcuin::ui {

namespace {
constexpr double kRoomy = 560; ///< wide enough for a title beside every button, at the usual size of text
} // namespace

ChatHeader::ChatHeader(app::ModelService& models, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_sidebar(new IconButton(theme, Icon::kSidebar,
                               tr("Show or hide the list of "
                                  "conversations"),
                               this))
    , m_newChat(new IconButton(theme, Icon::kPlus, tr("New chat"), this))
    , m_newTemporary(new IconButton(theme, Icon::kTemporary, tr("New temporary chat"), this))
    , m_archived(new IconButton(theme, Icon::kArchive, tr("Archived; take it out of the archive"), this))
    , m_titleStack(new QStackedWidget(this))
    , m_title(new Label(theme, FontRole::kBody, &Colors::ink, this))
    , m_editor(new QLineEdit(this))
    , m_picker(new ModelPicker(models, theme, this))
    , m_panel(new IconButton(theme, Icon::kParameters, tr("Settings of this conversation"), this))
    , m_more(new IconButton(theme, Icon::kMore, tr("Menu"), this)) {
    m_title->setElided(true);
    m_title->installEventFilter(this);
    m_editor->setAccessibleName(tr("Title of the conversation"));
    m_editor->installEventFilter(this);
    m_editor->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed); // as wide as the title, which asks for less
    m_titleStack->addWidget(m_title);
    m_titleStack->addWidget(m_editor);
    m_titleStack->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_panel->setCheckable(true);
    m_more->setPopupMode(QToolButton::InstantPopup);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(Space::k2, Space::k2, Space::k2, Space::k2);
    row->setSpacing(Space::k1);
    row->addWidget(m_sidebar);
    row->addWidget(m_newChat);
    row->addWidget(m_newTemporary);
    row->addSpacing(Space::k1);
    row->addWidget(m_archived);
    row->addWidget(m_titleStack, 1);
    row->addWidget(m_picker);
    row->addWidget(m_panel);
    row->addWidget(m_more);

    connect(m_sidebar, &IconButton::clicked, this, &ChatHeader::sidebarToggled);
    connect(m_newChat, &IconButton::clicked, this, &ChatHeader::newChatRequested);
    connect(m_newTemporary, &IconButton::clicked, this, &ChatHeader::newTemporaryChatRequested);
    connect(m_archived, &IconButton::clicked, this, &ChatHeader::unarchiveRequested);
    connect(m_panel, &IconButton::clicked, this, [this] {
        m_panel->setChecked(!m_panel->isChecked()); // its owner says whether it is open
        emit panelToggled();
    });
    connect(m_picker, &ModelPicker::openFileRequested, this, &ChatHeader::openFileRequested);
    connect(&theme, &Theme::changed, this, [this] {
        shareRoom();
        update();
    });
    setTitle({});
    setArchived(false);
}

void ChatHeader::setArchived(bool archived) {
    m_archived->setVisible(archived);
    shareRoom();
}

void ChatHeader::setTitle(const QString& title) {
    if (title == m_title->text() && !title.isEmpty()) {
        return; // an editor that is open stays
    }
    endEdit(false);
    m_fixed = false;
    m_title->setText(title);
    m_title->setAccessibleName(title.isEmpty() ? tr("New chat") : tr("Conversation: %1").arg(title));
    shareRoom();
}

void ChatHeader::setFixedTitle(const QString& title) {
    setTitle(title);
    m_fixed = true;
}

void ChatHeader::setPanelShown(bool shown) {
    m_panel->setChecked(shown);
}

void ChatHeader::editTitle() {
    if (m_title->text().isEmpty() || m_fixed) {
        return;
    }
    m_editor->setText(m_title->text());
    m_titleStack->setCurrentWidget(m_editor);
    m_editor->setFocus(Qt::OtherFocusReason);
    m_editor->selectAll();
}

void ChatHeader::setNewChatVisible(bool visible) {
    m_newChatWanted = visible;
    showNewChat();
}

/// In a narrow window the title needs the room more than a temporary chat does, which is in the menu as well.
void ChatHeader::showNewChat() {
    m_newChat->setVisible(m_newChatWanted);
    m_newTemporary->setVisible(m_newChatWanted && width() >= kRoomy * m_theme.zoom());
}

/// Where there isn't room for all of the title and of the model's name, each has at least half of it.
void ChatHeader::shareRoom() {
    int room = width();
    for (int i = 0; i < layout()->count(); ++i) {
        const QLayoutItem* item = layout()->itemAt(i);
        const bool shares = item->widget() == m_titleStack || item->widget() == m_picker;
        if (!shares && (item->widget() == nullptr || item->widget()->isVisibleTo(this))) {
            room -= item->sizeHint().width() + (item->widget() != nullptr ? layout()->spacing() : 0);
        }
    }
    const QMargins margins = layout()->contentsMargins();
    room -= margins.left() + margins.right() + layout()->spacing(); // between the two that share
    const int title = std::min(m_title->sizeHint().width(), room / 2);
    m_picker->setMaximumWidth(std::max(m_picker->minimumSizeHint().width(), room - title));
}

void ChatHeader::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    showNewChat();
    shareRoom();
}

void ChatHeader::setMenu(QMenu* menu) {
    m_more->setMenu(menu);
}

void ChatHeader::openModelMenu() {
    m_picker->showMenu();
}

void ChatHeader::endEdit(bool keep) {
    if (m_titleStack->currentWidget() != m_editor) {
        return;
    }
    const QString title = m_editor->text().simplified();
    m_titleStack->setCurrentWidget(m_title);
    if (keep && !title.isEmpty() && title != m_title->text()) {
        m_title->setText(title);
        emit renamed(title);
    }
}

bool ChatHeader::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_title && event->type() == QEvent::MouseButtonDblClick) {
        editTitle();
        return true;
    }
    if (watched == m_editor && event->type() == QEvent::FocusOut) {
        endEdit(true);
    }
    if (watched == m_editor && (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride)) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key != Qt::Key_Escape && key != Qt::Key_Return && key != Qt::Key_Enter) {
            return false;
        }
        event->accept();
        if (event->type() == QEvent::KeyPress) {
            endEdit(key != Qt::Key_Escape);
        }
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void ChatHeader::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.colors().paper);
    painter.fillRect(QRect(0, height() - 1, width(), 1), m_theme.colors().line);
}

} // namespace alcuin::ui
