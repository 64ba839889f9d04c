#include "widgets/focus_in_view.h"

#include <QApplication>
#include <QScrollArea>

namespace alcuin::ui {

FocusInView::FocusInView(QObject* parent) : QObject(parent) {
    connect(qApp, &QApplication::focusChanged, this, [](const QWidget*, const QWidget* now) {
        // A press would end beside what it began on.
        if (now != nullptr && QGuiApplication::mouseButtons() == Qt::NoButton) {
            bring(*now);
        }
    });
}

void FocusInView::bring(const QWidget& widget) {
    for (QWidget* outer = widget.parentWidget(); outer != nullptr && !outer->isWindow();
         outer = outer->parentWidget()) {
        auto* area = qobject_cast<QScrollArea*>(outer);
        if (area == nullptr || area->widget() == nullptr || !area->widget()->isAncestorOf(&widget)) {
            continue;
        }
        // Of what is larger than the view, its beginning.
        const QSize shown = widget.size().boundedTo(area->viewport()->size());
        const bool mirrored = area->layoutDirection() == Qt::RightToLeft;
        const QPoint corner = widget.mapTo(area->widget(), QPoint(mirrored ? widget.width() - shown.width() : 0, 0));
        const QRect place(corner, shown);
        area->ensureVisible(place.center().x(), place.center().y(), place.width() / 2 + 1, place.height() / 2 + 1);
    }
}

} // namespace alcuin::ui
