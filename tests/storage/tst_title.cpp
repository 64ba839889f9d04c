#include "title.h"

#include <QString>

#include "support/test_registry.h"

using alcuin::storage::titleFromQuestion;

class TstTitle : public QObject {
    Q_OBJECT
private slots:
    void titles_data();
    void titles();
    void aLongTitleIsCutBetweenCharacters();
};

void TstTitle::titles_data() {
    QTest::addColumn<QString>("question");
    QTest::addColumn<QString>("title");
    QTest::newRow("nothing") << QString() << QString();
    QTest::newRow("white space") << QStringLiteral(" \n\t\n ") << QString();
    QTest::newRow("one line") << QStringLiteral("  Hello,   world ") << QStringLiteral("Hello, world");
    QTest::newRow("first line with words") << QStringLiteral("\r\n\n First\r\nSecond") << QStringLiteral("First");
    QTest::newRow("exactly sixty") << QString(60, u'x') << QString(60, u'x');
    QTest::newRow("cut at a word")
        << QStringLiteral("Please explain to me how a transformer computes attention over long documents")
        << QStringLiteral("Please explain to me how a transformer computes attention…");
    QTest::newRow("one long word") << QString(80, u'y') << QString(59, u'y') + u'…';
    QTest::newRow("no spaces in this script")
        << QStringLiteral("日").repeated(70) << QStringLiteral("日").repeated(59) + u'…';
    const auto marks = [](const char* question, const char* title) {
        QTest::newRow(question) << QString::fromUtf8(question) << QString::fromUtf8(title);
    };
    marks("## Why is **this** a `cubic`?", "Why is this a cubic?");
    marks("> - [ ] *Buy* __milk__ and _bread_", "Buy milk and bread");
    marks("```python\nprint(1)\n```", "print(1)");
    marks("What does [the manual](https://example.org/a_b) say?", "What does the manual say?");
    marks("![A river](river.png) in ~~May~~ June", "A river in May June");
    marks("***Both*** at **once, *nested*** here", "Both at once, nested here");
    marks("البحث **سريع** في `std::vector`", "البحث سريع في std::vector");
    marks("Is 2**3 * 4**5 right?", "Is 2**3 * 4**5 right?");
    marks("Rename my_file_name.py and __init__.py", "Rename my_file_name.py and __init__.py");
    marks("What does `a*b*c` or `__x__` mean?", "What does a*b*c or __x__ mean?");
    marks("cat notes.txt | head -n 5", "cat notes.txt | head -n 5");
    marks("How do I type ` in [vim]? #help", "How do I type ` in [vim]? #help");
    marks("#include <vector> fails", "#include <vector> fails");
}

void TstTitle::titles() {
    QFETCH(QString, question);
    QFETCH(QString, title);
    QCOMPARE(QString::fromStdString(titleFromQuestion(question.toStdString())), title);
}

void TstTitle::aLongTitleIsCutBetweenCharacters() {
    // A family of four people is one character to its reader: seven code points around the cut.
    const QString family = QString::fromUtf8("👨‍👩‍👧‍👦");
    for (int before = 50; before <= 60; ++before) {
        const QString title = QString::fromStdString(
            titleFromQuestion((QString(before, u'a') + family + QString(30, u'b')).toStdString()));
        QVERIFY(title.endsWith(u'…'));
        QVERIFY2(!title.contains(QChar(0x200D)) || title.contains(family), qPrintable(title));
        QVERIFY(title.toUcs4().size() <= 60);
    }
}

ALCUIN_TEST(TstTitle)
#include "tst_title.moc"
