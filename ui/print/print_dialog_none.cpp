#include "print/print_dialog.h"

#include <QMarginsF>

namespace alcuin::ui {

bool canPrint() {
    return false;
}

void askForPrinter(QWidget*, const QString&, const QMarginsF&,
                   const std::function<void(QPagedPaintDevice& device, std::function<void()> release)>&) {}

} // namespace alcuin::ui
