#include <QBuffer>
#include <QPageRanges>
#include <QPdfWriter>
#include <QRegularExpression>

#include "print/conversation_printer.h"
#include "support/test_registry.h"
#include "ui/chat/sample.h"
#include "ui/print/printed_pdf.h"

using namespace alcuin;
using namespace alcuin::ui;
using namespace alcuin::tests;

/// What stands on which page.
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
    void onlyPagesThatAreWanted();
    void everyPageSaysWhatItIs();
    void emptyConversation();
    void everyKindOfTurn();
};

void TestConversationPrinter::makesPagesOfText() {
    int pages = 0;
    const QByteArray pdf = pdfOf(samplePaper(), QPageSize::A4, &pages);
    QVERIFY(pdf.startsWith("%PDF-"));
    QVERIFY(pages >= 2);
    QCOMPARE(pagesInPdf(pdf), pages);
    QVERIFY2(pdf.contains("/FontFile"), "text is text, in fonts that come with it");
    QVERIFY(pdf.contains("/ToUnicode"));
    QVERIFY(!pdf.contains("/Subtype /Image"));
    int letter = 0;
    const QByteArray onLetter = pdfOf(samplePaper(), QPageSize::Letter, &letter);
    QCOMPARE(pagesInPdf(onLetter), letter);
    QVERIFY(onLetter.contains("612"));
}

void TestConversationPrinter::textCanBeReadBack() {
    if (!canReadPdf()) {
        ALCUIN_SKIP("pdftotext isn't here");
    }
    const QByteArray pdf = pdfOf(samplePaper());
    keepPdf(pdf, "rich");
    const QString text = textOfPdf(pdf).simplified();
    for (const char* words :
         {"How a binary search works", "20 June 2026", "1 of 2", "You said", "Show it in C++.", "halves the interval",
          "lowerBound", "Binary search", "log2 n", "That is", "Questions?"}) {
        QVERIFY2(text.contains(QString::fromLatin1(words)), words);
    }
}

void TestConversationPrinter::longConversations() {
    PaperConversation paper = samplePaper();
    paper.path = tests::longPath(300);
    int pages = 0;
    const QByteArray pdf = pdfOf(paper, QPageSize::A4, &pages);
    QVERIFY(pages > 20);
    QCOMPARE(pagesInPdf(pdf), pages);
}

/// Every numbered line of a long text stands on exactly one page.
void TestConversationPrinter::nothingIsTwiceOrMissing() {
    if (!canReadPdf()) {
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
    PaperConversation paper = samplePaper();
    paper.path = {tests::answer(text)};
    const QByteArray pdf = pdfOf(paper);
    keepPdf(pdf, "cut");
    const QString read = textOfPdf(pdf);
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
    if (!canReadPdf()) {
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
    PaperConversation paper = samplePaper();
    paper.path = {tests::answer(table + code)};
    const QByteArray pdf = pdfOf(paper);
    keepPdf(pdf, "wide");
    const QString read = textOfPdf(pdf);
    QVERIFY(read.contains(QLatin1String("last"))); // broken into lines, but there
    QVERIFY(read.contains(QLatin1String("endofline")));
}

void TestConversationPrinter::onlyPagesThatAreWanted() {
    PaperConversation paper = samplePaper();
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
    QCOMPARE(pagesInPdf(some), 3);
    if (canReadPdf()) {
        const QString read = textOfPdf(some);
        QVERIFY2(read.contains(QRegularExpression(QStringLiteral("\\b3 of \\d+"))), "each keeps its number");
        QVERIFY(read.contains(QRegularExpression(QStringLiteral("\\b5 of \\d+"))));
        QVERIFY(!read.contains(QRegularExpression(QStringLiteral("\\b1 of \\d+"))));
    }
    QByteArray none;
    QVERIFY(!print(QStringLiteral("900-901"), none));
}

void TestConversationPrinter::everyPageSaysWhatItIs() {
    if (!canReadPdf()) {
        ALCUIN_SKIP("pdftotext isn't here");
    }
    for (const Qt::LayoutDirection direction : {Qt::LeftToRight, Qt::RightToLeft}) {
        PaperConversation paper = samplePaper();
        paper.path = tests::longPath(40);
        paper.direction = direction;
        int pages = 0;
        const QStringList read = textOfPdf(pdfOf(paper, QPageSize::A4, &pages)).split(QChar::FormFeed);
        QVERIFY(pages > 2);
        for (int page = 0; page < pages; ++page) {
            QVERIFY(read.at(page).contains(paper.title));
            QVERIFY(read.at(page).contains(paper.date));
            QVERIFY(read.at(page).contains(QStringLiteral("%1 of %2").arg(page + 1).arg(pages)));
        }
    }
}

void TestConversationPrinter::emptyConversation() {
    int pages = 0;
    QCOMPARE(pagesInPdf(pdfOf({}, QPageSize::A4, &pages)), 1);
}

/// Footnotes, right to left, a broken off answer, what was thought.
void TestConversationPrinter::everyKindOfTurn() {
    PaperConversation paper = samplePaper();
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
    keepPdf(pdf, "turns");
    QCOMPARE(pagesInPdf(pdf), pages);
    paper.direction = Qt::RightToLeft;
    const QByteArray mirrored = pdfOf(paper, QPageSize::A4, &pages);
    keepPdf(mirrored, "mirrored");
    QCOMPARE(pagesInPdf(mirrored), pages);
}

ALCUIN_TEST(TestConversationPrinter)
#include "tst_conversation_printer.moc"
