#include "sidebar/conversation_delegate.h"

#include <QLineEdit>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>
#include <QWidget>

#include <algorithm>

#include "sidebar/conversation_list_model.h"
#include "theme/icons.h"
#include "theme/style.h"
#include "theme/theme.h"

namespace alcuin::ui {

namespace {
constexpr int kRowHeight = 34;
constexpr int kDot = 8;
constexpr int kInset = Space::k2; ///< from the edge of the list to the row's rounded fill

QRect menuRect(const QStyleOptionViewItem& option) {
    const QRect row = option.rect.adjusted(kInset, 0, -kInset, 0);
    const QRect button(row.right() - Space::kHitTarget - 1, row.center().y() - Space::kHitTarget / 2 + 1,
                       Space::kHitTarget, Space::kHitTarget);
    return QStyle::visualRect(option.direction, option.rect, button);
}
} // namespace

ConversationDelegate::ConversationDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme) {}

void ConversationDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setLayoutDirection(option.direction);
    if (index.data(ConversationListModel::kHeadingRole).toBool()) {
        paintHeading(*painter, option, index);
    } else {
        paintConversation(*painter, option, index);
    }
    painter->restore();
}

void ConversationDelegate::paintHeading(QPainter& painter, const QStyleOptionViewItem& option,
                                        const QModelIndex& index) const {
    painter.setFont(m_theme.font(FontRole::kSecondary));
    painter.setPen(m_theme.colors().ink3);
    painter.drawText(option.rect.adjusted(Space::k4, 0, -Space::k4, -Space::k1), Qt::AlignBottom | Qt::AlignLeading,
                     index.data().toString());
}

void ConversationDelegate::paintConversation(QPainter& painter, const QStyleOptionViewItem& option,
                                             const QModelIndex& index) const {
    const Colors& c = m_theme.colors();
    const QRect row = option.rect.adjusted(kInset, 1, -kInset, -1);
    const bool chosen = (option.state & QStyle::State_Selected) != 0;
    const bool touched = (option.state & QStyle::State_MouseOver) != 0;
    if (chosen || touched) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(chosen ? mixed(c.surface, c.accent, kChosenShare) : mixed(c.surface, c.ink, kHoverShare));
        painter.drawRoundedRect(QRectF(row), Space::kCorner, Space::kCorner);
    }
    const bool answering = index.data(ConversationListModel::kAnsweringRole).toBool();
    const int end = (chosen || touched ? Space::kHitTarget : Space::k2) + (answering ? kDot + Space::k2 : 0);
    const QRect text = QStyle::visualRect(option.direction, row, row.adjusted(Space::k2, 0, -end, 0));
    const QFont font = m_theme.font(FontRole::kControl);
    painter.setFont(font);
    painter.setPen(chosen ? c.ink : c.ink2);
    painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeading | Qt::TextSingleLine,
                     QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, text.width()));
    if (answering) {
        QRect dot(row.right() - end + Space::k1, row.center().y() - kDot / 2 + 1, kDot, kDot);
        painter.setPen(Qt::NoPen);
        painter.setBrush(c.accent);
        painter.drawEllipse(QStyle::visualRect(option.direction, row, dot));
    }
    if (chosen || touched) {
        const QRect button = menuRect(option);
        paintIcon(painter, Icon::kMore, QRectF(button).adjusted(5, 5, -5, -5), c.ink2);
    }
    const bool focused = (option.state & QStyle::State_HasFocus) != 0;
    if (focused) {
        paintFocusRing(painter, row, Space::kCorner, m_theme);
    }
}

QSize ConversationDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
    const bool heading = index.data(ConversationListModel::kHeadingRole).toBool();
    const QFontMetrics metrics(m_theme.font(heading ? FontRole::kSecondary : FontRole::kControl));
    if (heading) {
        return {0, metrics.height() + (index.row() == 0 ? Space::k2 : Space::k4) + Space::k1};
    }
    return {0, std::max(kRowHeight, metrics.height() + Space::k4)};
}

QWidget* ConversationDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex&) const {
    auto* editor = new QLineEdit(parent);
    editor->setTextMargins(Space::k1, 0, Space::k1, 0);
    editor->setAccessibleName(tr("Title of the conversation"));
    return editor;
}

void ConversationDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                                                const QModelIndex&) const {
    editor->setGeometry(option.rect.adjusted(kInset, 0, -kInset, 0));
}

bool ConversationDelegate::editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                                       const QModelIndex& index) {
    const auto type = event->type();
    if (type == QEvent::MouseButtonPress || type == QEvent::MouseButtonRelease || type == QEvent::MouseButtonDblClick) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const bool conversation = !index.data(ConversationListModel::kHeadingRole).toBool();
        if (conversation && mouse->button() == Qt::LeftButton &&
            menuRect(option).contains(mouse->position().toPoint())) {
            if (type == QEvent::MouseButtonRelease) {
                emit menuRequested(index, mouse->globalPosition().toPoint());
            }
            return true;
        }
    }
    return QStyledItemDelegate::editorEvent(event, model, option, index);
}

} // namespace alcuin::ui
