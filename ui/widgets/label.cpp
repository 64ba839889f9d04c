#include "widgets/label.h"

#include <QPainter>

namespace alcuin::ui {

Label::Label(const Theme& theme, FontRole font, QColor Colors::*color, QWidget* parent)
    : QLabel(parent), m_theme(theme), m_font(font), m_color(color) {
    setTextFormat(Qt::PlainText);
    applyTheme();
    connect(&theme, &Theme::changed, this, &Label::applyTheme);
}

void Label::setColor(QColor Colors::*color) {
    m_color = color;
    applyTheme();
}

void Label::setElided(bool elided) {
    m_elided = elided;
    updateGeometry();
    update();
}

QSize Label::minimumSizeHint() const {
    const QSize size = QLabel::minimumSizeHint();
    return m_elided ? QSize(0, size.height()) : size;
}

void Label::paintEvent(QPaintEvent* event) {
    if (!m_elided) {
        QLabel::paintEvent(event);
        return;
    }
    const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width());
    setToolTip(shown == text() ? QString() : text());
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(contentsRect(), Qt::AlignVCenter | Qt::AlignLeading | Qt::TextSingleLine, shown);
}

void Label::applyTheme() {
    setFont(m_theme.font(m_font));
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::WindowText, m_theme.colors().*m_color);
    colors.setColor(QPalette::Text, m_theme.colors().*m_color);
    setPalette(colors);
}

} // namespace alcuin::ui
