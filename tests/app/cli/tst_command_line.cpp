#include <QTemporaryDir>

#include "program.h"
#include "support/test_registry.h"

using namespace alcuin::tests;

class TestCommandLine : public QObject {
    Q_OBJECT

private slots:
    void versionAndHelpSucceed() {
        const auto version = runProgram({"--version"});
        QCOMPARE(version.exitCode, 0);
        QVERIFY(version.out.startsWith("alcuin "));
        for (const auto& arguments : {QStringList{"--help"}, QStringList{"chat", "--help"},
                                      QStringList{"tokenize", "--help"}, QStringList{"models", "--help"}}) {
            const auto help = runProgram(arguments);
            QCOMPARE(help.exitCode, 0);
            QVERIFY(help.out.contains("Usage: alcuin"));
            QVERIFY(help.err.isEmpty());
        }
    }

    void wrongUsageIsTwo_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("unknown command") << QStringList{"chatter"};
        QTest::newRow("unknown option") << QStringList{"models", "--frobnicate"};
        QTest::newRow("missing value") << QStringList{"chat", "-m"};
        QTest::newRow("not a number") << QStringList{"chat", "-p", "x", "--seed", "seven"};
        QTest::newRow("out of range") << QStringList{"chat", "-p", "x", "--temperature", "-1"};
        QTest::newRow("zero tokens") << QStringList{"chat", "-p", "x", "--max-tokens", "0"};
        QTest::newRow("unknown mode") << QStringList{"chat", "-p", "x", "--compute", "f8"};
        QTest::newRow("prompt and file") << QStringList{"chat", "-p", "x", "-f", "y"};
        QTest::newRow("json without a question") << QStringList{"chat", "--json"};
        QTest::newRow("tokenize what") << QStringList{"tokenize"};
        QTest::newRow("render what") << QStringList{"render", "--input", "x"};
        QTest::newRow("render from two") << QStringList{"render", "--input", "x", "-m", "a", "--template", "b"};
    }

    void wrongUsageIsTwo() {
        QFETCH(QStringList, arguments);
        const auto run = runProgram(arguments);
        QCOMPARE(run.exitCode, 2);
        QVERIFY(run.err.startsWith("alcuin: "));
        QVERIFY(run.out.isEmpty());
    }

    void theDataDirectoryMayStandBeforeOrBehindTheCommand() {
        QTemporaryDir directory;
        QDir(directory.path()).mkdir("models");
        QVERIFY(writeFile(directory.filePath("models/broken.gguf"), "x"));
        for (const auto& arguments : {QStringList{"--data-dir", directory.path(), "models"},
                                      QStringList{"models", "--data-dir", directory.path()}}) {
            const auto run = runProgram(arguments, QString());
            QCOMPARE(run.exitCode, 0);
            QVERIFY(run.out.contains("broken.gguf"));
        }
    }
};

ALCUIN_TEST(TestCommandLine)
#include "tst_command_line.moc"
