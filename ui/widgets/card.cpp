#include "widgets/card.h"

#include <QPainter>

#include "theme/style.h"

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
    const Colors& colors = m_theme.colors();
    if (m_outline == nullptr) {
        paintGround(painter, rect(), m_corner, colors.*m_fill, colors);
        return;
    }
    painter.setPen(QPen(colors.*m_outline, 1, m_outlineStyle));
    painter.setBrush(colors.*m_fill);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), m_corner, m_corner);
}

} // namespace alcuin::ui
