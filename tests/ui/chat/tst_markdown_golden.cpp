#include "support/test_registry.h"

#include "chat/markdown/parser.h"
#include "ui/chat/golden_cases.h"

using namespace alcuin;
using namespace alcuin::ui;

/// Our blocks are those of GitHub's own parser: tests/golden/make_markdown.py.
class TestMarkdownGolden : public QObject {
    Q_OBJECT
private slots:
    void equalsCmark_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("expected");
        const auto cases = tests::goldenCases(QStringLiteral("cases.txt"));
        const auto expected = tests::goldenCases(QStringLiteral("expected.txt"));
        QVERIFY(cases.size() > 50);
        QCOMPARE(cases.size(), expected.size());
        for (qsizetype i = 0; i < cases.size(); ++i) {
            QCOMPARE(cases.at(i).first, expected.at(i).first);
            QTest::newRow(qPrintable(cases.at(i).first)) << cases.at(i).second << expected.at(i).second.trimmed();
        }
    }
    void equalsCmark() {
        QFETCH(QString, source);
        QFETCH(QString, expected);
        QCOMPARE(markdown::describe(markdown::parse(source.toUtf8())), expected);
    }
};

ALCUIN_TEST(TestMarkdownGolden)
#include "tst_markdown_golden.moc"
