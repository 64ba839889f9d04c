#include "widgets/label.h"

#include <QEvent>
#include <QPainter>

#include "theme/style.h"

namespace alcuin::ui {

Label::Label(const Theme& theme, FontRole font, QColor Colors::*color, QWidget* parent)
    : QLabel(parent), m_theme(theme), m_font(font), m_color(color) {
    setTextFormat(Qt::PlainText);
    align();
    applyTheme();
    connect(&theme, &Theme::changed, this, &Label::applyTheme);
}

void Label::setColor(QColor Colors::*color) {
    m_color = color;
    applyTheme();
}

void Label::setStrong(bool strong) {
    m_strong = strong;
    applyTheme();
}

void Label::setTrailing() {
    m_trailing = true;
    align();
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
    const QString shown = elided(fontMetrics(), text(), contentsRect().width());
    setToolTip(shown == text() ? QString() : text());
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::WindowText));
    painter.setLayoutDirection(layoutDirection());
    drawWords(painter, contentsRect(), shown);
}

void Label::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LayoutDirectionChange) {
        align();
    }
    QLabel::changeEvent(event);
}

/// The program's words begin where the window's lines begin, also those of another script: QLabel goes by the script.
void Label::align() {
    if ((alignment() & (Qt::AlignHCenter | Qt::AlignTrailing)) == 0 || (alignment() & Qt::AlignAbsolute) != 0) {
        const bool right = (layoutDirection() == Qt::RightToLeft) != m_trailing;
        const auto side = right ? Qt::AlignRight : Qt::AlignLeft;
        setAlignment((alignment() & Qt::AlignVertical_Mask) | Qt::AlignAbsolute | side);
    }
}

void Label::applyTheme() {
    QFont font = m_theme.font(m_font);
    if (m_strong) {
        font.setWeight(QFont::DemiBold);
    }
    setFont(font);
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::WindowText, m_theme.colors().*m_color);
    colors.setColor(QPalette::Text, m_theme.colors().*m_color);
    setPalette(colors);
}

} // namespace alcuin::ui
