#include "services/title_words.h"
#include "support/test_registry.h"

using namespace alcuin::app;

class TstTitleWords : public QObject {
    Q_OBJECT
private slots:
    void whatIsWrittenBecomesATitle_data();
    void whatIsWrittenBecomesATitle();
};

void TstTitleWords::whatIsWrittenBecomesATitle_data() {
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("title");
    QTest::newRow("as it is") << "Sourdough bread at home"
                              << "Sourdough bread at home";
    QTest::newRow("quotes and full stop") << "\"Sourdough bread at home.\""
                                          << "Sourdough bread at home";
    QTest::newRow("label") << "Title: Baking sourdough"
                           << "Baking sourdough";
    QTest::newRow("marks") << "**Title:** **Baking `sourdough`**"
                           << "Baking sourdough";
    QTest::newRow("marks within") << "Baking *good* sourdough [bread](https://example.org)"
                                  << "Baking good sourdough bread";
    QTest::newRow("heading") << "\n## Baking sourdough\n\nSure, here it is"
                             << "Baking sourdough";
    QTest::newRow("other ending") << "Breads for beginners"
                                  << "Breads for beginners";
    QTest::newRow("nothing") << ""
                             << "";
    QTest::newRow("marks only") << "\"**\""
                                << "";
    QTest::newRow("a sentence") << "Sourdough bread is bread that is made by the fermentation of dough with yeast"
                                << "";
    QTest::newRow("of something else") << "Quantum physics explained"
                                       << "";
    QTest::newRow("of the task") << "Title of the conversation"
                                 << "";
    QTest::newRow("the task, said again") << "At most six words that name its topic"
                                          << "";
    QTest::newRow("words of the task") << "Six names of bread"
                                       << "Six names of bread";
    QTest::newRow("an excuse") << "Sorry, what would you like?"
                               << "";
    QTest::newRow("another language") << QStringLiteral("天然酵母のパン") << QStringLiteral("天然酵母のパン");
    QTest::newRow("another language, elsewhere") << QStringLiteral("量子力学") << "";
}

void TstTitleWords::whatIsWrittenBecomesATitle() {
    QFETCH(QString, written);
    QFETCH(QString, title);
    QCOMPARE(
        titleFrom(written, QStringLiteral("How do I bake sourdough bread? 天然酵母"),
                  QStringLiteral("Here is what you need for this: flour, water, salt. It is named after its taste.")),
        title);
}

ALCUIN_TEST(TstTitleWords)
#include "tst_title_words.moc"
