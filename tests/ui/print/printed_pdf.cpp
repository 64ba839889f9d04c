#include "ui/print/printed_pdf.h"

#include <QBuffer>
#include <QFile>
#include <QPageLayout>
#include <QPdfWriter>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>

#include <cmath>

#include "ui/chat/sample.h"

namespace alcuin::tests {

namespace {

/// What the pages draw with: their streams, unpacked.
QByteArray drawnIn(const QByteArray& pdf) {
    QByteArray drawn;
    const QByteArray begin = QByteArrayLiteral(">>\nstream\n");
    for (qsizetype at = pdf.indexOf(begin); at >= 0; at = pdf.indexOf(begin, at + 1)) {
        const qsizetype from = at + begin.size();
        const qsizetype to = pdf.indexOf("endstream", from);
        const QByteArray packed = pdf.mid(from, to - from);
        if (!packed.startsWith('x')) {
            continue; // not packed
        }
        const quint32 guess = quint32(packed.size()) * 4;
        QByteArray framed;
        for (const int shift : {24, 16, 8, 0}) {
            framed.append(char(guess >> shift));
        }
        drawn += qUncompress(framed + packed);
    }
    return drawn;
}

} // namespace

ui::PaperConversation samplePaper() {
    ui::PaperConversation paper;
    paper.title = QStringLiteral("How a binary search works");
    paper.date = QStringLiteral("20 June 2026");
    paper.path = {question(QStringLiteral("How does a binary search work? Show it in C++.")), answer(richAnswer())};
    return paper;
}

ui::PaperConversation paperOf(const QString& text) {
    ui::PaperConversation paper = samplePaper();
    paper.path = {answer(text)};
    return paper;
}

QByteArray pdfOf(const ui::PaperConversation& paper, QPageSize::PageSizeId size, int* pages) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setPageLayout(
            QPageLayout(QPageSize(size), QPageLayout::Portrait, QMarginsF(18, 18, 18, 18), QPageLayout::Millimeter));
        ui::ConversationPrinter printer(paper, writer);
        if (!printer.run()) {
            return {};
        }
        if (pages != nullptr) {
            *pages = printer.pageCount();
        }
    }
    return bytes;
}

int pagesInPdf(const QByteArray& pdf) {
    const QRegularExpression page(QStringLiteral("/Type\\s*/Page\\b"));
    return int(QString::fromLatin1(pdf).count(page));
}

bool pdfDraws(const QByteArray& pdf, const QColor& colour) {
    static const QRegularExpression setsColour(QStringLiteral("([\\d.]+) ([\\d.]+) ([\\d.]+) scn"));
    auto found = setsColour.globalMatch(QString::fromLatin1(drawnIn(pdf)));
    while (found.hasNext()) {
        const auto match = found.next();
        const auto is = [&match](int part, int value) {
            return std::abs(match.captured(part).toDouble() * 255 - value) < 1;
        };
        if (is(1, colour.red()) && is(2, colour.green()) && is(3, colour.blue())) {
            return true;
        }
    }
    return false;
}

bool canReadPdf() {
    return !QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty();
}

QString textOfPdf(const QByteArray& pdf) {
    QProcess tool;
    tool.start(QStringLiteral("pdftotext"), {QStringLiteral("-layout"), QStringLiteral("-"), QStringLiteral("-")});
    if (!tool.waitForStarted()) {
        return {};
    }
    tool.write(pdf);
    tool.closeWriteChannel();
    tool.waitForFinished();
    return QString::fromUtf8(tool.readAllStandardOutput());
}

void keepPdf(const QByteArray& pdf, const char* name) {
    const QString folder = qEnvironmentVariable("ALCUIN_KEEP_PDF");
    QFile out(folder + QLatin1Char('/') + QLatin1String(name) + QStringLiteral(".pdf"));
    if (!folder.isEmpty() && out.open(QIODevice::WriteOnly)) {
        out.write(pdf);
    }
}

} // namespace alcuin::tests
