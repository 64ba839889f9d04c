#include "widgets/card.h"

#include <QPainter>

namespace alcuin::ui {

Card::Card(const Theme& theme, QColor Colors::*fill, QWidget* parent) : QWidget(parent), m_theme(theme), m_fill(fill) {
    connect(&theme, &Theme::changed, this, QOverload<>::of(&QWidget::update));
}

void Card::setCorner(int corner) {
    m_corner = corner;
    update();
}

void Card::setOutline(QColor Colors::*outline) {
    m_outline = outline;
    update();
}

void Card::setOutlineStyle(Qt::PenStyle style) {
    m_outlineStyle = style;
    update();
}

void Card::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(m_outline == nullptr ? QPen(Qt::NoPen) : QPen(m_theme.colors().*m_outline, 1, m_outlineStyle));
    painter.setBrush(m_theme.colors().*m_fill);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), m_corner, m_corner);
}

} // namespace alcuin::ui
