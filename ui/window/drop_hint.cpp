#include "window/drop_hint.h"

#include <QPainter>

#include <algorithm>

#include "theme/icons.h"
#include "theme/theme.h"

namespace alcuin::ui {

namespace {
constexpr int kIconSide = 40;
}

DropHint::DropHint(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setPurpose(Purpose::kModel);
}

void DropHint::setPurpose(Purpose purpose) {
    m_purpose = purpose;
    setAccessibleName(words());
    update();
}

QString DropHint::words() const {
    return m_purpose == Purpose::kModel ? tr("Drop a model file to open it")
                                        : tr("Drop files to put them beside your question");
}

void DropHint::paintEvent(QPaintEvent*) {
    const Colors& c = m_theme.colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor veil = c.paper;
    veil.setAlphaF(0.94F);
    painter.fillRect(rect(), veil);
    painter.setPen(QPen(c.accent, 2, Qt::DashLine));
    painter.drawRoundedRect(QRectF(rect()).adjusted(Space::k4, Space::k4, -Space::k4, -Space::k4),
                            Space::kComposerCorner, Space::kComposerCorner);
    // The words stand on a card of their own, clear of the page that shines through.
    const int side = m_theme.grown(kIconSide);
    painter.setFont(m_theme.font(FontRole::kHeading));
    const QSize room = size().shrunkBy(QMargins(Space::k8, Space::k8, Space::k8, Space::k8));
    const QSize text =
        painter.fontMetrics().boundingRect(QRect(QPoint(), room), Qt::AlignCenter | Qt::TextWordWrap, words()).size();
    QRect card(QPoint(),
               QSize(std::max(side, text.width()) + 2 * Space::k8, side + Space::k4 + text.height() + 2 * Space::k6));
    card.moveCenter(rect().center());
    painter.setPen(QPen(c.line, 1));
    painter.setBrush(c.raised);
    painter.drawRoundedRect(QRectF(card).adjusted(0.5, 0.5, -0.5, -0.5), Space::kComposerCorner,
                            Space::kComposerCorner);
    const QRect icon(card.center().x() - side / 2, card.top() + Space::k6, side, side);
    paintIcon(painter, m_purpose == Purpose::kModel ? Icon::kModel : Icon::kAttach, icon, c.accent);
    painter.setPen(c.ink);
    painter.drawText(QRect(card.left(), icon.bottom() + 1 + Space::k4, card.width(), text.height()),
                     Qt::AlignCenter | Qt::TextWordWrap, words());
}

} // namespace alcuin::ui
