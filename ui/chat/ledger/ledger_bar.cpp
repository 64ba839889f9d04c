#include "chat/ledger/ledger_bar.h"

#include <QEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

#include "chat/ledger/ledger_words.h"
#include "theme/style.h"
#include "theme/theme.h"

namespace alcuin::ui {

namespace {
constexpr int kBar = 4;
constexpr int kBarHovered = 6;
constexpr double kGap = 1.5;
constexpr double kLeast = 2; ///< of a part that is there at all
constexpr int kInset = 14;   ///< as the composer's words
} // namespace

LedgerBar::LedgerBar(const Theme& theme, QWidget* parent) : QAbstractButton(parent), m_theme(theme) {
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    connect(&theme, &Theme::changed, this, &LedgerBar::applyTheme);
    applyTheme();
    setLedger({});
}

void LedgerBar::setLedger(const app::Ledger& ledger) {
    m_ledger = ledger;
    const QString warning = LedgerWords::warning(ledger);
    QString name = tr("Context: %1").arg(LedgerWords::sum(ledger));
    if (!warning.isEmpty()) {
        name = tr("%1. %2", "sentences").arg(name, warning);
    }
    setAccessibleName(name);
    setAccessibleDescription(tr("Shows what fills the context"));
    setToolTip(LedgerWords::toolTip(ledger));
    update();
}

const app::Ledger& LedgerBar::ledger() const {
    return m_ledger;
}

QSize LedgerBar::sizeHint() const {
    return {200, std::max(Space::kHitTarget, fontMetrics().height() + Space::k2)};
}

bool LedgerBar::event(QEvent* event) {
    if (event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverLeave) {
        update();
    }
    return QAbstractButton::event(event);
}

void LedgerBar::applyTheme() {
    setFont(m_theme.font(FontRole::kSecondary));
    updateGeometry();
    update();
}

void LedgerBar::paintEvent(QPaintEvent*) {
    const Colors& c = m_theme.colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QString words = LedgerWords::warning(m_ledger);
    const QRect inside = rect().adjusted(kInset, 0, -kInset, 0);
    int taken = 0;
    if (!words.isEmpty()) {
        taken = fontMetrics().horizontalAdvance(words) + Space::k3;
        painter.setPen(m_ledger.excess() > 0 ? c.negative : c.caution);
        painter.setLayoutDirection(layoutDirection());
        drawWords(painter, inside, words, Qt::AlignTrailing);
    }
    const int height = underMouse() && isEnabled() ? kBarHovered : kBar;
    QRect bar(inside.left(), (rect().height() - height) / 2, std::max(0, inside.width() - taken), height);
    bar = QStyle::visualRect(layoutDirection(), inside, bar);
    paintSegments(painter, bar);
    if (hasFocus()) {
        paintFocusRing(painter, rect().adjusted(Space::k2, 2, -Space::k2, -2), Space::kCorner, m_theme);
    }
}

void LedgerBar::paintSegments(QPainter& painter, const QRectF& bar) const {
    const Colors& c = m_theme.colors();
    QPainterPath shape;
    shape.addRoundedRect(bar, bar.height() / 2, bar.height() / 2);
    painter.save();
    painter.setClipPath(shape);
    const auto segments = LedgerWords::segments(m_ledger);
    const bool hollow = c.line == c.ink; // high contrast: what is free is told by being empty
    painter.fillRect(bar, segments.isEmpty() && !hollow ? c.line : c.paper);
    qint64 total = 0;
    for (const auto& segment : segments) {
        total += segment.tokens;
    }
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const auto isThere = [](const LedgerSegment& segment) { return segment.tokens > 0; };
    const auto last = std::find_if(segments.rbegin(), segments.rend(), isThere);
    double x = 0;
    for (const auto& segment : segments) {
        if (!isThere(segment)) {
            continue;
        }
        const bool free = segment.kind == LedgerSegment::Kind::kRoom || segment.kind == LedgerSegment::Kind::kReserve;
        const double width = std::max(kLeast, bar.width() * double(segment.tokens) / double(total));
        const double shown = &segment == &*last ? bar.width() - x : std::max(1.0, width - kGap); // to the bar's end
        if (!free || !hollow) {
            const double left = mirrored ? bar.right() - x - shown : bar.left() + x;
            painter.fillRect(QRectF(left, bar.top(), shown, bar.height()), LedgerWords::color(segment.kind, c));
        }
        x += width;
    }
    painter.restore();
    if (hollow) {
        painter.setPen(QPen(c.ink, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(bar.adjusted(-0.5, -1.5, 0.5, 1.5), bar.height() / 2, bar.height() / 2);
    }
}

} // namespace alcuin::ui
