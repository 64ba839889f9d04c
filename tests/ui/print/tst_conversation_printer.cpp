#include "support/test_registry.h"

#include "chat/transcript_view.h"
#include "math/font/math_font.h"
#include "print/conversation_printer.h"
#include "print/print_commands.h"
#include "print/print_dialog.h"
#include "theme/theme.h"
#include "ui/chat/sample.h"

#include <QBuffer>
#include <QComboBox>
#include <QDialog>
#include <QFile>
#include <QLineEdit>
#include <QPageLayout>
#include <QPageRanges>
#include <QPdfWriter>
#include <QProcess>
#include <QProgressDialog>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>

using namespace alcuin;
using namespace alcuin::ui;

namespace {

PaperConversation sample() {
    PaperConversation paper;
    paper.title = QStringLiteral("How a binary search works");
    paper.date = QStringLiteral("20 June 2026");
    paper.path = {tests::question(QStringLiteral("How does a binary search work? Show it in C++.")),
                  tests::answer(tests::richAnswer())};
    return paper;
}

QByteArray pdfOf(const PaperConversation& paper, QPageSize::PageSizeId size = QPageSize::A4, int* pages = nullptr) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setPageLayout(
            QPageLayout(QPageSize(size), QPageLayout::Portrait, QMarginsF(18, 18, 18, 18), QPageLayout::Millimeter));
        ConversationPrinter printer(paper, writer);
        if (!printer.run()) {
            return {};
        }
        if (pages != nullptr) {
            *pages = printer.pageCount();
        }
    }
    return bytes;
}

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

/// Something on the pages is drawn in that colour.
bool draws(const QByteArray& pdf, const QColor& colour) {
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

PaperConversation paperOf(const QString& answer) {
    PaperConversation paper = sample();
    paper.path = {tests::answer(answer)};
    return paper;
}

/// To be looked at, where ALCUIN_KEEP_PDF names a folder.
void keep(const QByteArray& pdf, const char* name) {
    const QString folder = qEnvironmentVariable("ALCUIN_KEEP_PDF");
    QFile out(folder + QLatin1Char('/') + QLatin1String(name) + QStringLiteral(".pdf"));
    if (!folder.isEmpty() && out.open(QIODevice::WriteOnly)) {
        out.write(pdf);
    }
}

int pagesIn(const QByteArray& pdf) {
    const QRegularExpression page(QStringLiteral("/Type\\s*/Page\\b"));
    return int(QString::fromLatin1(pdf).count(page));
}

QString textOf(const QByteArray& pdf) {
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

} // namespace

class TestConversationPrinter : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale::c());
    }
    void makesPagesOfText();
    void textCanBeReadBack();
    void longConversations();
    void nothingIsTwiceOrMissing();
    void wideTablesAndLongLinesFit();
    void openThinkingIsPrinted();
    void savesInTheBackground();
    void cancelledLeavesNoFile();
    void fileNames();
    void codeIsColoured();
    void coloursCanBeReadOnPaper();
    void tabsKeepTheirStops();
    void formulasAreSet();
    void tallFormulasAreCutBetweenTheirLines();
    void onlyPagesThatAreWanted();
    void everyPageSaysWhatItIs();
    void throughThePrintDialog();
    void emptyConversation();
    void everyKindOfTurn();
};

void TestConversationPrinter::makesPagesOfText() {
    int pages = 0;
    const QByteArray pdf = pdfOf(sample(), QPageSize::A4, &pages);
    QVERIFY(pdf.startsWith("%PDF-"));
    QVERIFY(pages >= 2);
    QCOMPARE(pagesIn(pdf), pages);
    QVERIFY2(pdf.contains("/FontFile"), "text is text, in fonts that come with it");
    QVERIFY(pdf.contains("/ToUnicode"));
    QVERIFY(!pdf.contains("/Subtype /Image"));
    int letter = 0;
    const QByteArray onLetter = pdfOf(sample(), QPageSize::Letter, &letter);
    QCOMPARE(pagesIn(onLetter), letter);
    QVERIFY(onLetter.contains("612"));
}

void TestConversationPrinter::textCanBeReadBack() {
    if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty()) {
        ALCUIN_SKIP("pdftotext isn't here");
    }
    const QByteArray pdf = pdfOf(sample());
    keep(pdf, "rich");
    const QString text = textOf(pdf).simplified();
    for (const char* words :
         {"How a binary search works", "20 June 2026", "1 of 2", "You said", "Show it in C++.", "halves the interval",
          "lowerBound", "Binary search", "log2 n", "That is", "Questions?"}) {
        QVERIFY2(text.contains(QString::fromLatin1(words)), words);
    }
}

void TestConversationPrinter::longConversations() {
    PaperConversation paper = sample();
    paper.path = tests::longPath(300);
    int pages = 0;
    const QByteArray pdf = pdfOf(paper, QPageSize::A4, &pages);
    QVERIFY(pages > 20);
    QCOMPARE(pagesIn(pdf), pages);
}

/// Every numbered line of a long text stands on exactly one page.
void TestConversationPrinter::nothingIsTwiceOrMissing() {
    if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty()) {
        ALCUIN_SKIP("pdftotext isn't here");
    }
    QString text;
    for (int i = 0; i < 120; ++i) {
        text += QStringLiteral("- item number%1x %2\n").arg(i).arg(QStringLiteral("goes on and on ").repeated(12));
    }
    text += QStringLiteral("\n```\n");
    for (int i = 0; i < 150; ++i) {
        text += QStringLiteral("code%1x();\n").arg(i);
    }
    text += QStringLiteral("```\n\n| head1x | b |\n|---|---|\n");
    for (int i = 0; i < 120; ++i) {
        text += QStringLiteral("| row%1x | c |\n").arg(i);
    }
    PaperConversation paper = sample();
    paper.path = {tests::answer(text)};
    const QByteArray pdf = pdfOf(paper);
    keep(pdf, "cut");
    const QString read = textOf(pdf);
    const auto countOf = [&read](const QString& word) {
        return read.count(QRegularExpression(QStringLiteral("\\b%1\\b").arg(word)));
    };
    for (int i = 0; i < 120; ++i) {
        QCOMPARE(countOf(QStringLiteral("number%1x").arg(i)), 1);
        QCOMPARE(countOf(QStringLiteral("code%1x").arg(i)), 1);
        QCOMPARE(countOf(QStringLiteral("row%1x").arg(i)), 1);
    }
    QVERIFY2(countOf(QStringLiteral("head1x")) >= 3, "a table's header is repeated on each of its pages");
}

void TestConversationPrinter::wideTablesAndLongLinesFit() {
    if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty()) {
        ALCUIN_SKIP("pdftotext isn't here");
    }
    QString table = QStringLiteral("|");
    for (int i = 0; i < 20; ++i) {
        table += QStringLiteral("column%1|").arg(i);
    }
    table += QStringLiteral("\n|") + QStringLiteral("---|").repeated(20) + QStringLiteral("\n|") +
             QStringLiteral("somevalue|").repeated(19) + QStringLiteral("lastvalue|\n\n");
    const QString code =
        QStringLiteral("```\n") + QStringLiteral("argument, ").repeated(40) + QStringLiteral("endofline\n```\n");
    PaperConversation paper = sample();
    paper.path = {tests::answer(table + code)};
    const QByteArray pdf = pdfOf(paper);
    keep(pdf, "wide");
    const QString read = textOf(pdf);
    QVERIFY(read.contains(QLatin1String("last"))); // broken into lines, but there
    QVERIFY(read.contains(QLatin1String("endofline")));
}

void TestConversationPrinter::openThinkingIsPrinted() {
    Theme theme;
    TranscriptView view(theme);
    auto reply = tests::answer(QStringLiteral("Yes."));
    reply.reasoning = QStringLiteral("Let me think.");
    reply.createdAt = QDateTime(QDate(2026, 6, 20), QTime(10, 0));
    view.setPath({reply});
    const PaperConversation paper = view.paperConversation(QStringLiteral("T"));
    QVERIFY(paper.openReasoning.isEmpty());
    QVERIFY(!paper.date.isEmpty());
    QCOMPARE(paper.path.size(), 1);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    QVERIFY(view.printTo(writer, QStringLiteral("T")));
    PaperConversation open = paper;
    open.openReasoning.insert(reply.id);
    QVERIFY(pdfOf(open).size() > pdfOf(paper).size());
}

void TestConversationPrinter::savesInTheBackground() {
    QTemporaryDir directory;
    QWidget window;
    PaperConversation paper = sample();
    paper.path = tests::longPath(100);
    PrintCommands commands(window, [&paper] { return paper; });
    QSignalSpy saved(&commands, &PrintCommands::saved);
    QSignalSpy failed(&commands, &PrintCommands::failed);
    const QString path = directory.filePath(QStringLiteral("a.pdf"));
    commands.writePdf(path);
    QVERIFY2(!QFile::exists(path), "it comes under its name when it is whole");
    QTRY_COMPARE_WITH_TIMEOUT(saved.size(), 1, 60000);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(pagesIn(file.readAll()) > 5);
    commands.writePdf(directory.filePath(QStringLiteral("no/such/folder.pdf")));
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(!failed.first().first().value<app::Trouble>().text.isEmpty());
}

void TestConversationPrinter::cancelledLeavesNoFile() {
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    PaperConversation paper = sample();
    paper.path = tests::longPath(400);
    ConversationPrinter printer(paper, writer);
    QSignalSpy finished(&printer, &ConversationPrinter::finished);
    connect(&printer, &ConversationPrinter::progressed, &printer, [&printer](int done) {
        if (done == 5) {
            printer.cancel();
        }
    });
    printer.start();
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(finished.first().first().toBool(), false);
}

void TestConversationPrinter::fileNames() {
    QCOMPARE(fileNameOf(QStringLiteral("What is a/b: \"c\"?")), QStringLiteral("What is a-b- -c--"));
    QCOMPARE(fileNameOf(QStringLiteral("..")), QStringLiteral("Conversation"));
    QCOMPARE(fileNameOf(QString()), QStringLiteral("Conversation"));
    QVERIFY(fileNameOf(QString(500, u'x')).size() <= 80);
}

void TestConversationPrinter::codeIsColoured() {
    const QString code =
        QStringLiteral("/// Halves it.\nint half(int x) { return x / 2; } // \"two\"\nauto s = \"text\";\n");
    const QByteArray pdf = pdfOf(paperOf(QStringLiteral("```cpp\n%1```\n").arg(code)));
    keep(pdf, "code");
    const Syntax syntax = Theme::light().syntax;
    QVERIFY(draws(pdf, syntax.keyword));
    QVERIFY(draws(pdf, syntax.string));
    QVERIFY(draws(pdf, syntax.number));
    QVERIFY(draws(pdf, syntax.comment));
    const QByteArray plain = pdfOf(paperOf(QStringLiteral("```\n%1```\n").arg(code)));
    QVERIFY2(!draws(plain, syntax.keyword), "of no known language");
    QCOMPARE(textOf(pdf), textOf(plain));
}

void TestConversationPrinter::coloursCanBeReadOnPaper() {
    const Colors colors = paperLook(Qt::LeftToRight, 900).colors;
    const Syntax& syntax = colors.syntax;
    for (const QColor& ink : {syntax.keyword, syntax.string, syntax.number, syntax.comment, syntax.type,
                              syntax.function, syntax.meta, colors.positive, colors.negative}) {
        for (const QColor& fill : {colors.code, colors.paper}) {
            QVERIFY2(contrastOf(ink, fill) >= 4.5, qPrintable(ink.name() + QStringLiteral(" on ") + fill.name()));
        }
    }
}

void TestConversationPrinter::tabsKeepTheirStops() {
    if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty()) {
        ALCUIN_SKIP("pdftotext isn't here");
    }
    const auto readOf = [](const char* code) {
        return textOf(pdfOf(paperOf(QStringLiteral("```python\n%1\n```\n").arg(QLatin1String(code)))));
    };
    const QString tabbed = readOf("ab\tx = 1\n\tf(\"quoted\")\t# why");
    QVERIFY(tabbed.contains(QLatin1String("quoted")));
    QCOMPARE(tabbed, readOf("ab  x = 1\n    f(\"quoted\") # why"));
    const QByteArray behindTabs = pdfOf(paperOf(QStringLiteral("```python\n\t\t\t\t\"quoted\"\n```\n")));
    QVERIFY(draws(behindTabs, Theme::light().syntax.string));
}

void TestConversationPrinter::formulasAreSet() {
    if (!math::MathFont::installed()) {
        ALCUIN_SKIP("no font for formulas is installed");
    }
    const QByteArray pdf = pdfOf(paperOf(tests::mathAnswer()));
    keep(pdf, "formulas");
    const QString read = textOf(pdf);
    QVERIFY2(!read.contains(QLatin1String("\\frac")), qPrintable(read));
    QVERIFY(!read.contains(QLatin1String("$$")));
}

/// Forty lines on two pages, each on one of them.
void TestConversationPrinter::tallFormulasAreCutBetweenTheirLines() {
    if (!math::MathFont::installed()) {
        ALCUIN_SKIP("no font for formulas is installed");
    }
    QString lines;
    for (int i = 100; i < 150; ++i) {
        lines += QStringLiteral("x_{a} &= \\text{n%1n} + \\frac{1}{2} \\\\\n").arg(i);
    }
    int pages = 0;
    const QByteArray pdf = pdfOf(paperOf(QStringLiteral("\\[\n\\begin{aligned}\n%1\\end{aligned}\n\\]\n").arg(lines)),
                                 QPageSize::A4, &pages);
    keep(pdf, "tall");
    QVERIFY(pages >= 2);
    if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty()) {
        ALCUIN_SKIP("pdftotext isn't here");
    }
    const QString read = textOf(pdf);
    for (int i = 100; i < 150; ++i) {
        QCOMPARE(read.count(QStringLiteral("n%1n").arg(i)), 1);
    }
    // What has no lines is made to fit: one page, and nothing of it is cut off.
    QString rows;
    for (int i = 0; i < 60; ++i) {
        rows += QStringLiteral("\\text{r%1r} & 2 \\\\ ").arg(i + 100);
    }
    const QByteArray matrix =
        pdfOf(paperOf(QStringLiteral("\\[\\begin{pmatrix} %1 \\end{pmatrix}\\]").arg(rows)), QPageSize::A4, &pages);
    keep(matrix, "matrix");
    QCOMPARE(pages, 1);
    QCOMPARE(textOf(matrix).count(QStringLiteral("r159r")), 1);
}

void TestConversationPrinter::onlyPagesThatAreWanted() {
    PaperConversation paper = sample();
    paper.path = tests::longPath(60);
    const auto print = [&paper](const QString& ranges, QByteArray& bytes) {
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        QPdfWriter writer(&buffer);
        writer.setPageRanges(QPageRanges::fromString(ranges));
        return ConversationPrinter(paper, writer).run();
    };
    QByteArray some;
    QVERIFY(print(QStringLiteral("2-3,5"), some));
    QCOMPARE(pagesIn(some), 3);
    if (!QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty()) {
        const QString read = textOf(some);
        QVERIFY2(read.contains(QRegularExpression(QStringLiteral("\\b3 of \\d+"))), "each keeps its number");
        QVERIFY(read.contains(QRegularExpression(QStringLiteral("\\b5 of \\d+"))));
        QVERIFY(!read.contains(QRegularExpression(QStringLiteral("\\b1 of \\d+"))));
    }
    QByteArray none;
    QVERIFY(!print(QStringLiteral("900-901"), none));
}

void TestConversationPrinter::everyPageSaysWhatItIs() {
    if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty()) {
        ALCUIN_SKIP("pdftotext isn't here");
    }
    for (const Qt::LayoutDirection direction : {Qt::LeftToRight, Qt::RightToLeft}) {
        PaperConversation paper = sample();
        paper.path = tests::longPath(40);
        paper.direction = direction;
        int pages = 0;
        const QStringList read = textOf(pdfOf(paper, QPageSize::A4, &pages)).split(QChar::FormFeed);
        QVERIFY(pages > 2);
        for (int page = 0; page < pages; ++page) {
            QVERIFY(read.at(page).contains(paper.title));
            QVERIFY(read.at(page).contains(paper.date));
            QVERIFY(read.at(page).contains(QStringLiteral("%1 of %2").arg(page + 1).arg(pages)));
        }
    }
}

/// The way a person takes who has no printer: "Print", to a file, some of the pages.
void TestConversationPrinter::throughThePrintDialog() {
    if (!canPrint()) {
        ALCUIN_SKIP("Qt was built without printing");
    }
    QTemporaryDir directory;
    QWidget window;
    PaperConversation paper = sample();
    paper.path = tests::longPath(40);
    PrintCommands commands(window, [&paper] { return paper; });
    QSignalSpy failed(&commands, &PrintCommands::failed);
    commands.print();
    auto* dialog = window.findChild<QDialog*>();
    QVERIFY(dialog != nullptr);
    const QString path = directory.filePath(QStringLiteral("printed.pdf"));
    auto* printers = dialog->findChild<QComboBox*>(QStringLiteral("printers"));
    auto* file = dialog->findChild<QLineEdit*>(QStringLiteral("filename"));
    QVERIFY(printers != nullptr && file != nullptr);
    printers->setCurrentIndex(printers->count() - 1); // to a file
    file->setText(path);
    dialog->accept();
    QTRY_VERIFY_WITH_TIMEOUT(window.findChild<QProgressDialog*>() == nullptr, 60000);
    QCOMPARE(failed.size(), 0);
    QTRY_VERIFY(QFile::exists(path));
    QFile printed(path);
    QVERIFY(printed.open(QIODevice::ReadOnly));
    const QByteArray pdf = printed.readAll();
    keep(pdf, "dialog");
    QVERIFY(pagesIn(pdf) > 2);
    QVERIFY2(textOf(pdf).contains(paper.title), "with the same head");
}

void TestConversationPrinter::emptyConversation() {
    int pages = 0;
    QCOMPARE(pagesIn(pdfOf({}, QPageSize::A4, &pages)), 1);
}

/// Footnotes, right to left, a broken off answer, what was thought.
void TestConversationPrinter::everyKindOfTurn() {
    PaperConversation paper = sample();
    auto thinking = tests::answer(tests::notedAnswer());
    thinking.reasoning = QStringLiteral("They ask about water.\n\n- its formula\n- its boiling point");
    paper.openReasoning.insert(thinking.id);
    auto failed = tests::answer(QStringLiteral("It began"));
    failed.state = app::MessageState::kFailed;
    failed.error = QStringLiteral("The model file is no longer there.");
    paper.path = {tests::question(QStringLiteral("What is water?\nIn two lines.")),
                  thinking,
                  tests::question(tests::rightToLeftAnswer().left(40)),
                  tests::answer(tests::rightToLeftAnswer()),
                  tests::question(QStringLiteral("And?")),
                  failed};
    int pages = 0;
    const QByteArray pdf = pdfOf(paper, QPageSize::A4, &pages);
    keep(pdf, "turns");
    QCOMPARE(pagesIn(pdf), pages);
    paper.direction = Qt::RightToLeft;
    const QByteArray mirrored = pdfOf(paper, QPageSize::A4, &pages);
    keep(mirrored, "mirrored");
    QCOMPARE(pagesIn(mirrored), pages);
}

ALCUIN_TEST(TestConversationPrinter)
#include "tst_conversation_printer.moc"
