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
constexpr int kArrow = 16;        ///< with the text at its usual size

QRect rowRect(const QStyleOptionViewItem& option) {
    return option.rect.adjusted(kInset, 1, -kInset, -1);
}

QRect menuRect(const QStyleOptionViewItem& option, const Theme& theme) {
    const QRect row = option.rect.adjusted(kInset, 0, -kInset, 0);
    const int side = theme.grown(Space::kHitTarget);
    const QRect button(row.right() - side - 1, row.center().y() - side / 2 + 1, side, side);
    return QStyle::visualRect(option.direction, option.rect, button);
}
} // namespace

ConversationDelegate::ConversationDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme) {}

void ConversationDelegate::setMenuRow(const QModelIndex& index) {
    m_menuRow = index;
}

void ConversationDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setLayoutDirection(option.direction);
    QStyleOptionViewItem shown = option;
    shown.state.setFlag(QStyle::State_MouseOver, (option.state & QStyle::State_MouseOver) != 0 || m_menuRow == index);
    if (index.data(ConversationListModel::kHeadingRole).toBool()) {
        paintHeading(*painter, shown, index);
    } else if (index.data(ConversationListModel::kFolderRole).isValid()) {
        paintFolder(*painter, shown, index);
    } else {
        paintConversation(*painter, shown, index);
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

/// The fill of a row under the pointer or chosen, and its menu's button; returns whether there is one.
bool ConversationDelegate::paintGround(QPainter& painter, const QStyleOptionViewItem& option) const {
    const Colors& c = m_theme.colors();
    const bool chosen = (option.state & QStyle::State_Selected) != 0;
    const bool touched = (option.state & QStyle::State_MouseOver) != 0;
    if (!chosen && !touched) {
        return false;
    }
    const QColor fill = chosen ? mixed(c.surface, c.accent, kChosenShare) : mixed(c.surface, c.ink, kHoverShare);
    ui::paintGround(painter, rowRect(option), Space::kCorner, fill, c);
    const int margin = m_theme.grown(5);
    paintIcon(painter, Icon::kMore, QRectF(menuRect(option, m_theme)).adjusted(margin, margin, -margin, -margin),
              c.ink2);
    return true;
}

void ConversationDelegate::paintFolder(QPainter& painter, const QStyleOptionViewItem& option,
                                       const QModelIndex& index) const {
    const Colors& c = m_theme.colors();
    const QRect row = rowRect(option);
    const bool archive = index.data(ConversationListModel::kFolderRole).toUuid() == kArchiveFolder;
    const bool menu = paintGround(painter, option);
    const auto placed = [&](const QRect& rect) { return QStyle::visualRect(option.direction, row, rect); };

    const int arrowSide = m_theme.grown(kArrow);
    const int iconSide = m_theme.grown(Space::kSmallIcon);
    const QRectF arrow =
        placed(QRect(row.left() + Space::k1, row.center().y() - arrowSide / 2 + 1, arrowSide, arrowSide));
    const bool open = index.data(ConversationListModel::kOpenRole).toBool();
    paintIcon(painter, open ? Icon::kExpand : Icon::kDisclosure, arrow, c.ink3);
    const int iconLeft = row.left() + Space::k1 + arrowSide + Space::k1;
    const QRectF icon = placed(QRect(iconLeft, row.center().y() - iconSide / 2 + 1, iconSide, iconSide));
    paintIcon(painter, archive ? Icon::kArchive : Icon::kFolder, icon, c.ink2);

    const QFont font = m_theme.font(FontRole::kControl);
    const QString count = QString::number(index.data(ConversationListModel::kCountRole).toInt());
    const QFont small = m_theme.font(FontRole::kSecondary);
    const int countWidth =
        menu ? m_theme.grown(Space::kHitTarget) : QFontMetrics(small).horizontalAdvance(count) + Space::k2;
    const int textLeft = iconLeft + iconSide + Space::k2 - row.left();
    const QRect text = placed(row.adjusted(textLeft, 0, -countWidth - Space::k1, 0));
    painter.setFont(font);
    painter.setPen(c.ink2);
    drawWords(painter, text, elided(QFontMetrics(font), index.data().toString(), text.width()));
    if (!menu) {
        painter.setFont(small);
        painter.setPen(c.ink3);
        painter.drawText(placed(row.adjusted(0, 0, -Space::k2, 0)), Qt::AlignVCenter | Qt::AlignTrailing, count);
    }
    if ((option.state & QStyle::State_HasFocus) != 0) {
        paintFocusRing(painter, row, Space::kCorner, m_theme);
    }
}

void ConversationDelegate::paintConversation(QPainter& painter, const QStyleOptionViewItem& option,
                                             const QModelIndex& index) const {
    const Colors& c = m_theme.colors();
    const QRect row = rowRect(option);
    const bool menu = paintGround(painter, option);
    const bool answering = index.data(ConversationListModel::kAnsweringRole).toBool();
    // What is in a folder has its words under the folder's icon.
    const bool indented = index.data(ConversationListModel::kIndentedRole).toBool();
    const int indent = indented ? Space::k1 + m_theme.grown(kArrow) : 0;
    const int end = (menu ? m_theme.grown(Space::kHitTarget) : Space::k2) + (answering ? kDot + 2 * Space::k1 : 0);
    const QRect text = QStyle::visualRect(option.direction, row, row.adjusted(Space::k2 + indent, 0, -end, 0));
    const QFont font = m_theme.font(FontRole::kControl);
    painter.setFont(font);
    painter.setPen((option.state & QStyle::State_Selected) != 0 ? c.ink : c.ink2);
    drawWords(painter, text, elided(QFontMetrics(font), index.data().toString(), text.width()));
    if (answering) {
        QRect dot(row.right() - end + 2 * Space::k1 + 1, row.center().y() - kDot / 2 + 1, kDot, kDot);
        painter.setPen(Qt::NoPen);
        painter.setBrush(c.accent);
        painter.drawEllipse(QStyle::visualRect(option.direction, row, dot));
    }
    if ((option.state & QStyle::State_HasFocus) != 0) {
        paintFocusRing(painter, row, Space::kCorner, m_theme);
    }
}

QSize ConversationDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
    const bool heading = index.data(ConversationListModel::kHeadingRole).toBool();
    const QFontMetrics metrics(m_theme.font(heading ? FontRole::kSecondary : FontRole::kControl));
    if (heading && index.data().toString() == QChar(QChar::Nbsp)) { // only a gap
        return {0, Space::k4};
    }
    if (heading) {
        return {0, metrics.height() + (index.row() == 0 ? Space::k2 : Space::k4) + Space::k1};
    }
    return {0, std::max(kRowHeight, metrics.height() + Space::k4)};
}

QWidget* ConversationDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&,
                                            const QModelIndex& index) const {
    auto* editor = new QLineEdit(parent);
    editor->setTextMargins(Space::k1, 0, Space::k1, 0);
    const bool folder = index.data(ConversationListModel::kFolderRole).isValid();
    editor->setAccessibleName(folder ? tr("Name of the folder") : tr("Title of the conversation"));
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
        const bool heading = index.data(ConversationListModel::kHeadingRole).toBool();
        if (!heading && mouse->button() == Qt::LeftButton &&
            menuRect(option, m_theme).contains(mouse->position().toPoint())) {
            if (type == QEvent::MouseButtonRelease) {
                emit menuRequested(index, mouse->globalPosition().toPoint());
            }
            return true;
        }
        const QVariant folder = index.data(ConversationListModel::kFolderRole);
        if (folder.isValid() && mouse->button() == Qt::LeftButton) {
            if (type == QEvent::MouseButtonRelease) {
                emit folderToggled(folder.toUuid());
            }
            return true;
        }
    }
    return QStyledItemDelegate::editorEvent(event, model, option, index);
}

} // namespace alcuin::ui
