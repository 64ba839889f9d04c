#include "widgets/slider.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

#include "theme/style.h"
#include "theme/theme.h"

namespace alcuin::ui {

namespace {
constexpr double kGroove = 4;
constexpr int kHandle = 14; ///< with the text at its usual size
} // namespace

Slider::Slider(const Theme& theme, QWidget* parent) : QSlider(Qt::Horizontal, parent), m_theme(theme) {
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

QSize Slider::sizeHint() const {
    return {120, m_theme.grown(Space::kHitTarget)};
}

QSize Slider::minimumSizeHint() const {
    return {60, m_theme.grown(Space::kHitTarget)};
}

/// From the side where reading begins.
double Slider::handleCenter() const {
    const double range = std::max(1, maximum() - minimum());
    const double handle = m_theme.grown(kHandle);
    return handle / 2 + 2 + (width() - handle - 4) * (value() - minimum()) / range;
}

void Slider::moveTo(double x) {
    const double along = layoutDirection() == Qt::RightToLeft ? width() - x : x;
    const double handle = m_theme.grown(kHandle);
    const double share = (along - handle / 2 - 2) / std::max(1.0, width() - handle - 4);
    setValue(minimum() + static_cast<int>(std::lround(share * (maximum() - minimum()))));
}

void Slider::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) {
        moveTo(event->position().x());
    }
}

void Slider::mouseMoveEvent(QMouseEvent* event) {
    if ((event->buttons() & Qt::LeftButton) != 0) {
        moveTo(event->position().x());
    }
}

/// A wheel over it scrolls the panel it stands in.
void Slider::wheelEvent(QWheelEvent* event) {
    event->ignore();
}

void Slider::paintEvent(QPaintEvent*) {
    const Colors& c = m_theme.colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (layoutDirection() == Qt::RightToLeft) {
        painter.translate(width(), 0);
        painter.scale(-1, 1);
    }
    const double handle = m_theme.grown(kHandle);
    const double middle = height() / 2.0;
    const double at = handleCenter();
    const QRectF groove(2, middle - kGroove / 2, width() - 4, kGroove);
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(c.paper, c.ink3, 0.55));
    painter.drawRoundedRect(groove, kGroove / 2, kGroove / 2);
    painter.setBrush(isEnabled() ? c.accent : c.disabled);
    painter.drawRoundedRect(QRectF(groove.topLeft(), QSizeF(at - 2, kGroove)), kGroove / 2, kGroove / 2);
    painter.setPen(QPen(isEnabled() ? c.accent : c.disabled, 2));
    painter.setBrush(underMouse() ? mixed(c.raised, c.ink, kHoverShare) : c.raised);
    painter.drawEllipse(QPointF(at, middle), handle / 2 - 1, handle / 2 - 1);
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(c.ink, 2));
        painter.drawEllipse(QPointF(at, middle), handle / 2 + 3, handle / 2 + 3);
    }
}

} // namespace alcuin::ui
