#include "window/drop_hint.h"

#include <QPainter>

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
    const int side = m_theme.grown(kIconSide);
    const QRect middle(rect().center() - QPoint(side / 2, side + Space::k2), QSize(side, side));
    paintIcon(painter, m_purpose == Purpose::kModel ? Icon::kModel : Icon::kAttach, middle, c.accent);
    painter.setFont(m_theme.font(FontRole::kHeading));
    painter.setPen(c.ink);
    painter.drawText(rect().adjusted(0, Space::k8 + Space::k4, 0, 0), Qt::AlignCenter, words());
}

} // namespace alcuin::ui
