#include "print/print_dialog.h"

#include <QMarginsF>
#include <QPageLayout>
#include <QPrintDialog>
#include <QPrinter>

#include <memory>

namespace alcuin::ui {

bool canPrint() {
    return true;
}

void askForPrinter(QWidget* parent, const QString& documentName, const QMarginsF& margins,
                   const std::function<void(QPagedPaintDevice& device, std::function<void()> release)>& print) {
    auto printer = std::make_shared<QPrinter>(QPrinter::HighResolution);
    printer->setDocName(documentName);
    printer->setCreator(QStringLiteral("Alcuin"));
    printer->setPageMargins(margins, QPageLayout::Millimeter);
    auto* dialog = new QPrintDialog(printer.get(), parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QDialog::finished, dialog, [printer, print](int result) {
        if (result == QDialog::Accepted) {
            print(*printer, [printer]() mutable { printer.reset(); });
        }
    });
    dialog->open();
}

} // namespace alcuin::ui
