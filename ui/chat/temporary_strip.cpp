#include "chat/temporary_strip.h"

#include <QPainter>
#include <QStyle>

#include <algorithm>

#include "theme/icons.h"
#include "theme/theme.h"

namespace alcuin::ui {

TemporaryStrip::TemporaryStrip(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setAccessibleName(words());
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

QString TemporaryStrip::words() {
    return tr("Temporary: nothing of this chat is kept");
}

QSize TemporaryStrip::sizeHint() const {
    const QFontMetrics metrics(m_theme.font(FontRole::kSecondary));
    return {200, std::max(m_theme.grown(Space::kHitTarget), metrics.height() + Space::k3)};
}

void TemporaryStrip::paintEvent(QPaintEvent*) {
    const Colors& c = m_theme.colors();
    QPainter painter(this);
    painter.fillRect(rect(), c.surface);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(c.ink3, 1, Qt::DashLine));
    painter.drawLine(QPointF(0, height() - 0.5), QPointF(width(), height() - 0.5));
    painter.setFont(m_theme.font(FontRole::kSecondary));
    const QFontMetrics metrics(painter.font());
    const int icon = m_theme.grown(Space::kIcon);
    const int text = std::min(metrics.horizontalAdvance(words()), width() - icon - 2 * Space::k4);
    const int left = (width() - text - icon - Space::k2) / 2;
    const auto placed = [this](const QRect& r) { return QStyle::visualRect(layoutDirection(), rect(), r); };
    paintIcon(painter, Icon::kTemporary, placed({left, (height() - icon) / 2, icon, icon}), c.ink2);
    painter.setPen(c.ink2);
    painter.drawText(placed({left + icon + Space::k2, 0, text + 1, height()}),
                     Qt::AlignVCenter | Qt::AlignLeading | Qt::TextSingleLine,
                     metrics.elidedText(words(), Qt::ElideRight, text + 1));
}

} // namespace alcuin::ui
