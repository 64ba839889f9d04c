#include "widgets/shelf.h"

#include <QEvent>
#include <QResizeEvent>

#include <algorithm>

#include "theme/theme.h"

namespace alcuin::ui {

namespace {
constexpr int kLeastHeight = 2 * Space::k8; ///< a line, and that there are more
}

Shelf::Shelf(QWidget* content, QWidget* parent) : QScrollArea(parent) {
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus); // what is in it has the keyboard, and is scrolled to
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWidgetResizable(true);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    setWidget(content);
    content->setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
    content->installEventFilter(this);
}

QSize Shelf::sizeHint() const {
    const QSize wanted = widget()->sizeHint();
    return {wanted.width(), widget()->hasHeightForWidth() ? widget()->heightForWidth(width()) : wanted.height()};
}

QSize Shelf::minimumSizeHint() const {
    return {80, std::min(kLeastHeight, sizeHint().height())};
}

bool Shelf::eventFilter(QObject* watched, QEvent* event) {
    if (watched == widget() && event->type() == QEvent::LayoutRequest) {
        updateGeometry();
    }
    return QScrollArea::eventFilter(watched, event);
}

void Shelf::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    if (event->oldSize().width() != event->size().width()) {
        updateGeometry();
    }
}

} // namespace alcuin::ui
