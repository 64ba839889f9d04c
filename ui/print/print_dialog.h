#pragma once

#include <functional>

class QMarginsF;
class QPagedPaintDevice;
class QString;
class QWidget;

namespace alcuin::ui {

/// Whether this build can print: Qt may have been built without.
bool canPrint();

/// Asks for a printer, without holding up the window, and then calls `print` with it. The printer lives as long as the
/// `release` it is given with. `margins`, in millimetres, are what the dialog begins with.
void askForPrinter(QWidget* parent, const QString& documentName, const QMarginsF& margins,
                   const std::function<void(QPagedPaintDevice& device, std::function<void()> release)>& print);

} // namespace alcuin::ui
