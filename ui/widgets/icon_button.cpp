#include "widgets/icon_button.h"

#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QScreen>
#include <QStyleOptionToolButton>

#include <algorithm>

#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/hover.h"

namespace alcuin::ui {

namespace {
constexpr int kPlainSide = 32;
constexpr int kDiscSide = 36;
} // namespace

IconButton::IconButton(const Theme& theme, Icon icon, const QString& name, QWidget* parent)
    : QToolButton(parent), m_theme(theme), m_icon(icon) {
    setPicture(icon, name);
    setAutoRaise(true);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void IconButton::setLook(Look look) {
    m_look = look;
    updateGeometry();
    update();
}

void IconButton::setPicture(Icon icon, const QString& name) {
    m_icon = icon;
    setAccessibleName(name);
    setToolTip(name);
    update();
}

Icon IconButton::picture() const {
    return m_icon;
}

void IconButton::setHint(const QString& hint) {
    setToolTip(hint);
    setAccessibleDescription(hint);
}

QSize IconButton::sizeHint() const {
    const int side = m_theme.grown(m_look == Look::kPlain ? kPlainSide : kDiscSide);
    return {side, side};
}

QSize IconButton::minimumSizeHint() const {
    return sizeHint();
}

void IconButton::openMenu() {
    QMenu* opened = menu();
    if (opened == nullptr) {
        return;
    }
    const QRect room = screen()->availableGeometry();
    const QRect button(mapToGlobal(QPoint()), size());
    const QSize wanted = opened->sizeHint();
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const int left = mirrored ? button.right() + 1 - wanted.width() : button.left();
    const int top = button.bottom() + 1;
    setDown(true);
    connect(
        opened, &QMenu::aboutToHide, this, [this] { setDown(false); }, Qt::SingleShotConnection);
    opened->popup({std::clamp(left, room.left(), std::max(room.left(), room.right() + 1 - wanted.width())),
                   std::clamp(top, room.top(), std::max(room.top(), room.bottom() + 1 - wanted.height()))});
}

void IconButton::mousePressEvent(QMouseEvent* event) {
    if (menu() != nullptr && popupMode() == InstantPopup && event->button() == Qt::LeftButton) {
        openMenu();
        return;
    }
    QToolButton::mousePressEvent(event);
}

void IconButton::keyPressEvent(QKeyEvent* event) {
    const bool presses = event->key() == Qt::Key_Space || event->key() == Qt::Key_Select ||
                         event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter ||
                         event->key() == Qt::Key_Down;
    if (presses && menu() != nullptr && popupMode() == InstantPopup) {
        openMenu();
        return;
    }
    QToolButton::keyPressEvent(event);
}

void IconButton::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setLayoutDirection(layoutDirection());
    if (m_look == Look::kPlain) {
        paintPlain(painter);
    } else {
        paintDisc(painter);
    }
}

void IconButton::paintPlain(QPainter& painter) const {
    QStyleOptionToolButton option;
    initStyleOption(&option);
    option.state.setFlag(QStyle::State_MouseOver, isHovered(*this));
    style()->drawPrimitive(QStyle::PE_PanelButtonTool, &option, &painter, this);
    const Colors& c = m_theme.colors();
    const int side = m_theme.grown(Space::kIcon);
    const QRectF place(rect().center() - QPoint(side / 2 - 1, side / 2 - 1), QSize(side, side));
    paintIcon(painter, m_icon, place, !isEnabled() ? c.disabled : isHovered(*this) || hasFocus() ? c.ink : c.ink2);
    if (hasFocus()) {
        paintFocusRing(painter, rect(), Space::kCorner, m_theme);
    }
}

void IconButton::paintDisc(QPainter& painter) const {
    const Colors& c = m_theme.colors();
    const bool primary = m_look == Look::kPrimary;
    QColor fill = primary ? c.accent : c.raised;
    QColor ink = primary ? c.accentInk : c.ink2;
    const bool isHollow = c.line == c.ink3;
    if (!isEnabled()) {
        fill = isHollow ? c.paper : c.line; // high contrast tells it by its outline and sign
        ink = isHollow ? c.disabled : c.ink3;
    } else if (isDown()) {
        fill = mixed(fill, c.ink, primary ? 2 * kPressedShare : kPressedShare); // a full colour takes more to tell
    } else if (isHovered(*this)) {
        fill = mixed(fill, c.ink, primary ? kPressedShare : kHoverShare);
    }
    const QRectF disc = QRectF(rect()).adjusted(2.5, 2.5, -2.5, -2.5);
    painter.setPen(primary && fill != c.paper ? QPen(Qt::NoPen) : QPen(isEnabled() ? c.ink3 : c.disabled, 1));
    painter.setBrush(fill);
    painter.drawEllipse(disc);
    const double side = m_theme.grown(Space::kSmallIcon);
    paintIcon(painter, m_icon, QRectF(disc.center() - QPointF(side / 2, side / 2), QSizeF(side, side)), ink);
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(c.ink, 2));
        painter.drawEllipse(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

} // namespace alcuin::ui
