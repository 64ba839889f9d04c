#include <QTest>

#include "services/summary_text.h"
#include "support/test_registry.h"

using namespace alcuin::app;

/// Texts that stand for others.
class TstSummaryText : public QObject {
    Q_OBJECT
private slots:
    void aBeginningEndsWithASentence();
    void aLongSentenceEndsWithAWord();
    void codeAndMarksAreLeftOut();
    void whatIsCutEndsWithItsLastWholeSentence_data();
    void whatIsCutEndsWithItsLastWholeSentence();
    void whatGoesRoundInCirclesIsSeen();
    void notesSayWhoseWordsTheyAre();
    void notesFitAndSayWhatIsLeftOut();
    void whatWasNotedBeforeComesFirst();
};

void TstSummaryText::aBeginningEndsWithASentence() {
    const QString text = QStringLiteral("Anna turns 70 on 31.12.1999. She lives in Ulm.  Her knee hurts!");
    QCOMPARE(firstSentences(text, 200),
             QStringLiteral("Anna turns 70 on 31.12.1999. She lives in Ulm. Her knee hurts!"));
    QCOMPARE(firstSentences(text, 60), QStringLiteral("Anna turns 70 on 31.12.1999. She lives in Ulm."));
    QCOMPARE(firstSentences(text, 30), QStringLiteral("Anna turns 70 on 31.12.1999."));
    QCOMPARE(firstSentences(QStringLiteral("我想烤面包。烤箱只有二百二十度。怎么办？"), 8),
             QStringLiteral("我想烤面包。"));
}

void TstSummaryText::aLongSentenceEndsWithAWord() {
    const QString text = QStringLiteral("A sentence that goes on and on and never comes to an end");
    for (qsizetype most = 1; most < text.size(); ++most) {
        const QString begun = firstSentences(text, most);
        QVERIFY2(begun.size() <= std::max<qsizetype>(most, 2), qPrintable(begun));
        QVERIFY(begun.endsWith(QStringLiteral("…")));
        QVERIFY(text.startsWith(begun.chopped(1)));
    }
    QCOMPARE(firstSentences(text, 14), QStringLiteral("A sentence…"));
    QCOMPARE(firstSentences(QString(300, QLatin1Char('a')), 10).size(), 10);
    QCOMPARE(firstSentences(QString(), 10), QString());
}

void TstSummaryText::codeAndMarksAreLeftOut() {
    const QString text =
        QStringLiteral("## How\n\nUse **csv**:\n\n```python\nimport csv\n# a. b. c.\n```\n\n- Then read it.");
    QCOMPARE(firstSentences(text, 200), QStringLiteral("How Use csv: [code] Then read it."));
    QCOMPARE(firstSentences(QStringLiteral("Use this:\n```\nnever closed"), 200), QStringLiteral("Use this: [code]"));
}

void TstSummaryText::whatIsCutEndsWithItsLastWholeSentence_data() {
    QTest::addColumn<QString>("cut");
    QTest::addColumn<QString>("whole");
    QTest::newRow("in a sentence") << "One is said. Two is said. Three is"
                                   << "One is said. Two is said.";
    QTest::newRow("behind one") << "One is said. Two is said."
                                << "One is said. Two is said.";
    QTest::newRow("behind a quotation") << "One. He said “two.”"
                                        << "One. He said “two.”";
    QTest::newRow("in a list") << "- one thing\n- another thing\n- a thi"
                               << "- one thing\n- another thing";
    QTest::newRow("in the first") << "One is sai"
                                  << "";
    QTest::newRow("Chinese") << "一。二。三"
                             << "一。二。";
    QTest::newRow("nothing") << ""
                             << "";
}

void TstSummaryText::whatIsCutEndsWithItsLastWholeSentence() {
    QFETCH(QString, cut);
    QFETCH(QString, whole);
    QCOMPARE(wholeSentences(cut), whole);
}

void TstSummaryText::whatGoesRoundInCirclesIsSeen() {
    QString circles = QStringLiteral("Here is what you want.");
    for (int i = 0; i < 10; ++i) {
        circles += QStringLiteral("\n* I'm ready to ask a question.");
    }
    QVERIFY(repeatsItself(circles));
    QVERIFY(
        !repeatsItself(QStringLiteral("You bake bread. The oven reaches 220 degrees. You feed the starter at eight.")));
    QVERIFY(!repeatsItself(QStringLiteral("Yes. Yes. Yes."))); // too short to mean that
    QVERIFY(!repeatsItself(QString()));
}

void TstSummaryText::notesSayWhoseWordsTheyAre() {
    const QString text = joinNotes({},
                                   {{QStringLiteral("Is it far?"), QStringLiteral("It is near."), false},
                                    {QStringLiteral("And Ulm?"), QStringLiteral("Ulm is said to be near."), true},
                                    {QStringLiteral("Thanks!"), QString(), false}},
                                   2000);
    const auto lines = text.split(QLatin1Char('\n'));
    QCOMPARE(lines.size(), 6);
    QVERIFY(lines.at(0).contains(QStringLiteral("quotation marks")));
    QCOMPARE(lines.at(1), QStringLiteral("Asked: “Is it far?”"));
    QCOMPARE(lines.at(2), QStringLiteral("Answered: “It is near.”"));
    QCOMPARE(lines.at(3), QStringLiteral("Asked: “And Ulm?”"));
    QCOMPARE(lines.at(4), QStringLiteral("Answered: Ulm is said to be near."));
    QCOMPARE(lines.at(5), QStringLiteral("Asked: “Thanks!”"));
}

void TstSummaryText::notesFitAndSayWhatIsLeftOut() {
    for (const int count : {1, 2, 7, 60, 500}) {
        QList<TurnNote> notes;
        for (int i = 0; i < count; ++i) {
            const QString words = QStringLiteral("What comes behind place %1 of all? ").arg(i).repeated(20);
            notes.append({words, words, i % 2 == 0});
        }
        const QString text = joinNotes({}, notes, 2000);
        QVERIFY2(text.size() <= 2100, qPrintable(text));
        QVERIFY2(text.size() >= std::min(count, 5) * 200, qPrintable(text));
        QVERIFY(text.contains(QStringLiteral("“What comes behind place 0 of all")));
        QVERIFY(text.contains(QStringLiteral("place %1 of all").arg(count - 1)));
        const auto kept = text.count(QStringLiteral("Asked:"));
        QCOMPARE(text.contains(QStringLiteral("(… %1 turns between these are left out.)").arg(count - kept)),
                 kept < count);
    }
}

void TstSummaryText::whatWasNotedBeforeComesFirst() {
    const QString first = joinNotes({}, {{QStringLiteral("One?"), QStringLiteral("One."), false}}, 500);
    const QString both = joinNotes(first, {{QStringLiteral("Two?"), QStringLiteral("Two."), false}}, 500);
    QCOMPARE(both.count(QStringLiteral("quotation marks")), 1);
    QVERIFY(both.indexOf(QStringLiteral("One?")) < both.indexOf(QStringLiteral("Two?")));
    QString lines;
    for (int i = 0; i < 100; ++i) {
        lines += QStringLiteral("Line %1 of a long summary.\n").arg(i);
    }
    const QString shortened = joinNotes(lines, {{QStringLiteral("Two?"), QStringLiteral("Two."), false}}, 500);
    QVERIFY(shortened.size() <= 520);
    QVERIFY(shortened.contains(QStringLiteral("Line 0 of a long summary.\n")));
    QVERIFY(shortened.contains(QStringLiteral("\n(…)\n")));
    QVERIFY(shortened.contains(QStringLiteral("“Two?”")));
}

ALCUIN_TEST(TstSummaryText)
#include "tst_summary_text.moc"
