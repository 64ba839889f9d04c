#include "widgets/popover.h"

#include <QApplication>
#include <QPainter>
#include <QScreen>
#include <QScrollArea>
#include <QStyleOption>
#include <QVBoxLayout>

#include <algorithm>

#include "theme/theme.h"

namespace alcuin::ui {

namespace {
constexpr int kFrame = 1;
}

Popover::Popover(const Theme& panelTheme, QWidget* parent)
    : QWidget(parent, Qt::Popup | Qt::FramelessWindowHint)
    , m_theme(panelTheme)
    , m_scroll(new QScrollArea(this))
    , m_column(nullptr) {
    auto* content = new QWidget;
    m_column = new QVBoxLayout(content);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_scroll->setWidget(content);
    content->setAutoFillBackground(false);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(kFrame, kFrame, kFrame, kFrame);
    whole->addWidget(m_scroll);
    m_column->setContentsMargins(Space::k4, Space::k3, Space::k4, Space::k4);
    m_column->setSpacing(Space::k2);
    content->installEventFilter(this);
    connect(&panelTheme, &Theme::changed, this, QOverload<>::of(&QWidget::update));
}

QVBoxLayout& Popover::column() const {
    return *m_column;
}

const Theme& Popover::theme() const {
    return m_theme;
}

QSize Popover::sizeHint() const {
    const QSize content = m_scroll->widget()->sizeHint();
    const int width = std::clamp(content.width() + 2 * kFrame, minimumWidth(), maximumWidth());
    const int height = m_column->hasHeightForWidth() ? m_column->heightForWidth(width - 2 * kFrame) : content.height();
    return {width, height + 2 * kFrame};
}

void Popover::openAt(QWidget& anchor, const QRect& area) {
    m_before = QApplication::focusWidget();
    m_anchor = &anchor;
    m_area = area;
    setLayoutDirection(anchor.layoutDirection());
    place();
    show();
    setFocus(Qt::PopupFocusReason);
    focusNextChild();
}

/// Where it stands, and how large, by what it holds now.
void Popover::place() {
    m_column->activate();
    const QRect screen = m_anchor->screen()->availableGeometry();
    QSize size = sizeHint();
    if (size.height() > screen.height() && minimumWidth() != maximumWidth()) {
        size.rwidth() += style()->pixelMetric(QStyle::PM_ScrollBarExtent);
    }
    size = size.boundedTo(screen.size());
    const QRect asked(m_anchor->mapToGlobal(m_area.topLeft()), m_area.size());
    int left = layoutDirection() == Qt::RightToLeft ? asked.right() + 1 - size.width() : asked.left();
    int top = asked.top() - Space::k1 - size.height();
    if (top < screen.top()) {
        top = asked.bottom() + Space::k1;
    }
    left = std::clamp(left, screen.left(), std::max(screen.left(), screen.right() + 1 - size.width()));
    top = std::clamp(top, screen.top(), std::max(screen.top(), screen.bottom() + 1 - size.height()));
    setGeometry(QRect(QPoint(left, top), size));
}

/// What it holds may come or change while it is open.
bool Popover::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::LayoutRequest && isVisible() && m_anchor) {
        place();
    }
    return QWidget::eventFilter(watched, event);
}

void Popover::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    QStyleOption option;
    option.initFrom(this);
    style()->drawPrimitive(QStyle::PE_FrameMenu, &option, &painter, this);
}

void Popover::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    if (m_before) {
        m_before->setFocus(Qt::PopupFocusReason);
    }
}

} // namespace alcuin::ui
