#include "widgets/sign.h"

#include <QPainter>

namespace alcuin::ui {

namespace {
constexpr int kHeight = 32; ///< of the button at the other end of the line, so that both have the title's middle
}

Sign::Sign(const Theme& theme, Icon icon, QColor Colors::*color, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_icon(icon), m_color(color) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

QSize Sign::sizeHint() const {
    return {m_theme.grown(Space::kIcon), m_theme.grown(kHeight)};
}

void Sign::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setLayoutDirection(layoutDirection());
    paintIcon(painter, m_icon, rect(), m_theme.colors().*m_color);
}

} // namespace alcuin::ui
