#include "widgets/scrolled_page.h"

#include <QLayout>
#include <QScrollBar>

namespace alcuin::ui {

ScrolledPage::ScrolledPage(QWidget* parent) : QScrollArea(parent), m_content(new QWidget) {
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus); // its buttons have the keyboard, and are scrolled to
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWidgetResizable(true);
    viewport()->setAutoFillBackground(false);
}

QWidget* ScrolledPage::content() const {
    return m_content;
}

void ScrolledPage::showContent() {
    setWidget(m_content);
    m_content->setAutoFillBackground(false);
}

void ScrolledPage::setCovered(int height) {
    if (height != m_covered) {
        m_covered = height;
        keepClear();
    }
}

void ScrolledPage::resizeEvent(QResizeEvent* event) {
    keepClear();
    QScrollArea::resizeEvent(event);
}

/// As much room opposite the scroll bar as the bar takes; below, room for what covers the page where the page needs it.
void ScrolledPage::keepClear() {
    const int bar = verticalScrollBar()->isVisible() ? verticalScrollBar()->width() : 0;
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    QMargins margins(mirrored ? 0 : bar, 0, mirrored ? bar : 0, 0);
    m_content->setContentsMargins(margins);
    const QLayout* layout = m_content->layout();
    if (m_covered <= 0 || layout == nullptr) {
        return;
    }
    const int least = layout->hasHeightForWidth() ? layout->totalMinimumHeightForWidth(viewport()->width())
                                                  : layout->totalMinimumSize().height();
    if (least + m_covered > viewport()->height()) {
        margins.setBottom(m_covered);
        m_content->setContentsMargins(margins);
    }
}

} // namespace alcuin::ui
