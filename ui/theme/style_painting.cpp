#include "theme/style_painting.h"

#include <QApplication>
#include <QPainter>
#include <QStyle>

#include <algorithm>

#include "theme/icons.h"
#include "theme/style.h"
#include "theme/theme.h"

namespace alcuin::ui {

namespace {
constexpr int kMenuCorner = 6;
constexpr int kArrow = 16; ///< with the text at its usual size
constexpr int kSliderWidth = 6;
constexpr int kSliderWidthHovered = 8;

QRectF insideOutline(const QRect& rect) {
    return QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5);
}

/// Under the pointer and when pressed it takes on some ink, `times` as much as usual.
QColor withState(const QStyleOption& option, const QColor& plain, const QColor& ink, int times = 1) {
    if ((option.state & QStyle::State_Enabled) == 0) {
        return plain;
    }
    if ((option.state & QStyle::State_Sunken) != 0) {
        return mixed(plain, ink, times * kPressedShare);
    }
    return (option.state & QStyle::State_MouseOver) != 0 ? mixed(plain, ink, times * kHoverShare) : plain;
}
/// A control that can't be used steps back; where every line is as strong as text, so far as it may.
QColor outlineOf(bool enabled, const Colors& colors) {
    return enabled ? colors.ink3 : colors.frame.alpha() > 0 ? colors.disabled : colors.line;
}
} // namespace

void paintGround(QPainter& painter, const QRectF& rect, double radius, const QColor& fill, const Colors& colors) {
    const bool framed = colors.frame.alpha() > 0;
    painter.setPen(framed ? QPen(colors.frame, 1) : QPen(Qt::NoPen));
    painter.setBrush(fill);
    painter.drawRoundedRect(framed ? rect.adjusted(0.5, 0.5, -0.5, -0.5) : rect, radius, radius);
}

void paintFocusRing(QPainter& painter, const QRectF& rect, double radius, const Theme& theme) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.colors().accent, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius);
    painter.restore();
}

void paintPushButton(QPainter& painter, const QStyleOption& option, const Theme& theme) {
    const Colors& c = theme.colors();
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(&option);
    const bool primary = button != nullptr && (button->features & QStyleOptionButton::DefaultButton) != 0;
    const bool enabled = (option.state & QStyle::State_Enabled) != 0;
    const bool flat = button != nullptr && (button->features & QStyleOptionButton::Flat) != 0;
    painter.setRenderHint(QPainter::Antialiasing);
    const bool touched = (option.state & (QStyle::State_MouseOver | QStyle::State_Sunken)) != 0;
    if (primary && enabled) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(withState(option, c.accent, c.ink, 2)); // a full colour takes more to tell
        painter.drawRoundedRect(QRectF(option.rect), Space::kCorner, Space::kCorner);
    } else if (!flat || (touched && enabled)) {
        painter.setPen(flat ? QPen(Qt::NoPen) : QPen(outlineOf(enabled, c), 1));
        painter.setBrush(withState(option, flat ? c.surface : c.raised, c.ink));
        painter.drawRoundedRect(insideOutline(option.rect), Space::kCorner, Space::kCorner);
    }
    if ((option.state & QStyle::State_HasFocus) != 0) { // on the accent a ring of the accent wouldn't show
        painter.setPen(QPen(primary && enabled ? c.ink : c.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), Space::kCorner, Space::kCorner);
    }
}

void paintPushButtonLabel(QPainter& painter, const QStyleOptionButton& option, const Theme& theme) {
    const Colors& c = theme.colors();
    const bool enabled = (option.state & QStyle::State_Enabled) != 0;
    const bool primary = (option.features & QStyleOptionButton::DefaultButton) != 0;
    constexpr int flags = Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine | Qt::TextHideMnemonic;
    const int words = option.fontMetrics.size(flags, option.text).width();
    const int icon = option.icon.isNull() ? 0 : option.iconSize.width();
    const int gap = icon != 0 && !option.text.isEmpty() ? Space::k2 : 0;
    const int start = option.rect.center().x() - (icon + gap + words) / 2;
    const auto placed = [&](const QRect& rect) { return QStyle::visualRect(option.direction, option.rect, rect); };
    painter.setLayoutDirection(option.direction);
    if (icon != 0) {
        const QRect place(start, option.rect.center().y() - icon / 2 + 1, icon, icon);
        option.icon.paint(&painter, placed(place), Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
    }
    painter.setPen(!enabled ? c.disabled : primary ? c.accentInk : c.ink);
    drawWords(painter, placed(QRect(start + icon + gap, option.rect.top(), words, option.rect.height())), option.text,
              Qt::AlignHCenter, Qt::TextHideMnemonic);
}

void paintToolButton(QPainter& painter, const QStyleOption& option, const Theme& theme) {
    const Colors& c = theme.colors();
    const bool touched = (option.state & (QStyle::State_MouseOver | QStyle::State_Sunken)) != 0;
    const bool enabled = (option.state & QStyle::State_Enabled) != 0;
    painter.setRenderHint(QPainter::Antialiasing);
    if ((option.state & QStyle::State_On) != 0) {
        paintGround(painter, option.rect, Space::kCorner, mixed(c.surface, c.accent, kChosenShare), c);
    } else if (touched && enabled) {
        paintGround(painter, option.rect, Space::kCorner, withState(option, c.surface, c.ink), c);
    }
}

void paintLineEdit(QPainter& painter, const QStyleOption& option, const Theme& theme) {
    const Colors& c = theme.colors();
    const bool focused = (option.state & QStyle::State_HasFocus) != 0;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(c.ink3, 1));
    painter.setBrush(c.paper);
    painter.drawRoundedRect(insideOutline(option.rect), Space::kCorner, Space::kCorner);
    if (focused) {
        paintFocusRing(painter, option.rect, Space::kCorner, theme);
    }
}

void paintComboBox(QPainter& painter, const QStyleOptionComboBox& option, const Theme& theme) {
    const Colors& c = theme.colors();
    const bool enabled = (option.state & QStyle::State_Enabled) != 0;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(outlineOf(enabled, c), 1));
    painter.setBrush(withState(option, c.raised, c.ink));
    painter.drawRoundedRect(insideOutline(option.rect), Space::kCorner, Space::kCorner);
    const int side = comboArrowSide(theme);
    const QRect arrow(option.rect.right() - Space::k2 - side + 1, option.rect.center().y() - side / 2 + 1, side, side);
    paintIcon(painter, Icon::kExpand, QStyle::visualRect(option.direction, option.rect, arrow),
              enabled ? c.ink2 : c.disabled);
    if ((option.state & QStyle::State_HasFocus) != 0) {
        paintFocusRing(painter, option.rect, Space::kCorner, theme);
    }
}

int comboArrowSide(const Theme& theme) {
    return theme.grown(kArrow);
}

void paintListItem(QPainter& painter, const QStyleOption& option, const Theme& theme) {
    const Colors& c = theme.colors();
    const bool chosen = (option.state & QStyle::State_Selected) != 0;
    if (!chosen && (option.state & QStyle::State_MouseOver) == 0) {
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor fill = chosen ? mixed(c.paper, c.accent, kChosenShare) : mixed(c.paper, c.ink, kHoverShare);
    paintGround(painter, option.rect, Space::kCorner - 2, fill, c);
}

void paintRaisedPanel(QPainter& painter, const QRect& rect, const Theme& theme) {
    painter.fillRect(rect, theme.colors().raised);
    painter.setPen(QPen(mixed(theme.colors().line, theme.colors().ink, 0.15), 1));
    painter.drawRect(rect.adjusted(0, 0, -1, -1));
}

int menuMarkWidth(const Theme& theme) {
    return theme.grown(Space::kSmallIcon) + Space::k3 + 2;
}

void paintMenuItem(QPainter& painter, const QStyleOptionMenuItem& option, const Theme& theme) {
    const Colors& c = theme.colors();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(option.rect, c.raised);
    if (option.menuItemType == QStyleOptionMenuItem::Separator) {
        painter.fillRect(QRect(option.rect.left() + 8, option.rect.center().y(), option.rect.width() - 16, 1), c.line);
        return;
    }
    const bool enabled = (option.state & QStyle::State_Enabled) != 0;
    if (enabled && (option.state & QStyle::State_Selected) != 0) {
        paintGround(painter, option.rect, kMenuCorner, mixed(c.raised, c.accent, kChosenShare), c);
    }
    const auto placed = [&](const QRect& rect) { return QStyle::visualRect(option.direction, option.rect, rect); };
    painter.setLayoutDirection(option.direction); // icons that point go by it, and words
    const int side = theme.grown(Space::kSmallIcon);
    const QRect mark(option.rect.left() + 8, option.rect.center().y() - side / 2 + 1, side, side);
    if (option.checked) {
        paintIcon(painter, Icon::kCheck, placed(mark), c.accent);
    } else if (!option.icon.isNull()) {
        option.icon.paint(&painter, placed(mark), Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
    }
    const bool submenu = option.menuItemType == QStyleOptionMenuItem::SubMenu;
    const QRect text =
        option.rect.adjusted(menuMarkWidth(theme), 0, submenu ? -theme.grown(kArrow) - Space::k3 : -Space::k3, 0);
    const auto tab = option.text.indexOf(QLatin1Char('\t'));
    painter.setFont(option.font);
    painter.setPen(enabled ? c.ink : c.disabled);
    drawWords(painter, placed(text), tab < 0 ? option.text : option.text.left(tab), Qt::AlignLeading,
              Qt::TextHideMnemonic);
    if (tab >= 0) {
        painter.setPen(enabled ? c.ink3 : c.disabled);
        drawWords(painter, placed(text), option.text.mid(tab + 1), Qt::AlignTrailing);
    }
    if (submenu) {
        const int arrowSide = theme.grown(kArrow);
        const QRect arrow(option.rect.right() - arrowSide - Space::k2, option.rect.center().y() - arrowSide / 2 + 1,
                          arrowSide, arrowSide);
        paintIcon(painter, Icon::kDisclosure, placed(arrow), c.ink2);
    }
}

void paintScrollBarSlider(QPainter& painter, const QRect& slider, const QStyleOptionSlider& option,
                          const Theme& theme) {
    if (option.maximum <= option.minimum) {
        return;
    }
    const Colors& c = theme.colors();
    const bool grabbed = (option.state & QStyle::State_Sunken) != 0;
    const bool hovered = grabbed || (option.state & QStyle::State_MouseOver) != 0;
    const int width = theme.grown(hovered ? kSliderWidthHovered : kSliderWidth);
    QRectF handle(slider);
    if (option.orientation == Qt::Vertical) {
        handle = QRectF(handle.center().x() - width / 2.0, handle.top() + 2, width, handle.height() - 4);
    } else {
        handle = QRectF(handle.left() + 2, handle.center().y() - width / 2.0, handle.width() - 4, width);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(grabbed ? c.ink2 : hovered ? c.ink3 : mixed(c.paper, c.ink3, 0.75));
    painter.drawRoundedRect(handle, width / 2.0, width / 2.0);
}

void paintProgressBar(QPainter& painter, const QStyleOptionProgressBar& option, const Theme& theme) {
    const Colors& c = theme.colors();
    const QRectF groove(option.rect);
    const double radius = groove.height() / 2;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(c.line);
    painter.drawRoundedRect(groove, radius, radius);
    const double range = option.maximum - option.minimum;
    if (range <= 0) {
        return;
    }
    const double share = std::clamp((option.progress - option.minimum) / range, 0.0, 1.0);
    QRectF done(groove.left(), groove.top(), std::max(groove.width() * share, groove.height()), groove.height());
    if (option.direction == Qt::RightToLeft) {
        done.moveRight(groove.right());
    }
    painter.setBrush(c.accent);
    painter.drawRoundedRect(done, radius, radius);
}

} // namespace alcuin::ui
