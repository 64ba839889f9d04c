#pragma once

#include <QByteArray>
#include <QColor>
#include <QPageSize>
#include <QString>

#include "print/conversation_printer.h"

namespace alcuin::tests {

/// A question, and an answer with every kind of block.
ui::PaperConversation samplePaper();
/// An answer alone.
ui::PaperConversation paperOf(const QString& text);

/// Empty where nothing was printed; `pages`: as the printer counts them.
QByteArray pdfOf(const ui::PaperConversation& paper, QPageSize::PageSizeId size = QPageSize::A4, int* pages = nullptr);

int pagesInPdf(const QByteArray& pdf);
/// Something on the pages is drawn in that colour.
bool pdfDraws(const QByteArray& pdf, const QColor& colour);
/// Whether this machine has the tool that textOfPdf asks.
bool canReadPdf();
QString textOfPdf(const QByteArray& pdf);
/// To be looked at, where ALCUIN_KEEP_PDF names a folder.
void keepPdf(const QByteArray& pdf, const char* name);

} // namespace alcuin::tests
