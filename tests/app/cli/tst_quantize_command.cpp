#include <QFileInfo>
#include <QTemporaryDir>

#include "program.h"
#include "support/test_registry.h"

using namespace alcuin::tests;

class TestQuantizeCommand : public QObject {
    Q_OBJECT

private slots:
    /// Another type makes a smaller file, which the engine reads as a model; never over another file unasked.
    void writesTheOtherType() {
        const auto input = QStringLiteral(ALCUIN_GOLDEN_DIR "/qwen2/model.gguf");
        const auto out = m_directory.filePath("out.gguf");
        const QStringList arguments{"quantize", input, "--type", "q8_0", "-o", out};
        const auto run = runProgram(arguments);
        QVERIFY2(run.exitCode == 0, run.err.constData());
        QVERIFY(run.err.isEmpty());
        QVERIFY2(run.out.contains("million weights"), run.out.constData());
        QVERIFY(QFileInfo(out).size() < QFileInfo(input).size());

        const auto again = runProgram(arguments);
        QCOMPARE(again.exitCode, 2);
        QVERIFY(again.err.contains("is there already"));
        QCOMPARE(runProgram(arguments + QStringList{"--force"}).exitCode, 0);
        QVERIFY(!QFileInfo::exists(out + ".part"));
        const auto models = runProgram({"models"}, m_directory.path());
        QVERIFY2(models.out.contains("Q8_0"), models.out.constData());
    }

    void wrongUsageIsExplained() {
        const auto out = m_directory.filePath("x.gguf");
        const auto type =
            runProgram({"quantize", QStringLiteral(ALCUIN_GOLDEN_DIR "/qwen2/model.gguf"), "--type", "q3", "-o", out});
        QCOMPARE(type.exitCode, 2);
        QVERIFY2(type.err.contains("q4_k_m"), type.err.constData());
        const auto missing = runProgram({"quantize", m_directory.filePath("no.gguf"), "--type", "q8_0", "-o", out});
        QCOMPARE(missing.exitCode, 1);
        QVERIFY2(missing.err.contains("no.gguf"), missing.err.constData());
        QVERIFY(!QFileInfo::exists(out));
    }

private:
    QTemporaryDir m_directory;
};

ALCUIN_TEST(TestQuantizeCommand)
#include "tst_quantize_command.moc"
