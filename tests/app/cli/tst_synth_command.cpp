#include <QFileInfo>
#include <QTemporaryDir>

#include "program.h"
#include "support/test_registry.h"

using namespace alcuin::tests;

class TestSynthCommand : public QObject {
    Q_OBJECT

private slots:
    /// The header of a real file in, a whole file out, and never over another one unasked.
    void writesWhatAHeaderDescribes() {
        QFile whole(QStringLiteral(ALCUIN_GOLDEN_DIR "/qwen2/model.gguf"));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const auto head = m_directory.filePath("head.gguf");
        QVERIFY(writeFile(head, whole.readAll().first(8000)));
        const auto out = m_directory.filePath("out.gguf");
        const QStringList arguments{"synth", "--like", head, "-o", out};
        const auto run = runProgram(arguments);
        QVERIFY2(run.exitCode == 0, run.err.constData());
        QVERIFY(run.err.isEmpty());
        QVERIFY2(run.out.contains("0.1 million random weights"), run.out.constData());
        QVERIFY(QFileInfo(out).size() > 280'000);

        const auto again = runProgram(arguments);
        QCOMPARE(again.exitCode, 2);
        QVERIFY(again.err.contains("is there already"));
        QCOMPARE(runProgram(arguments + QStringList{"--force", "--type", "q8_0"}).exitCode, 0);
        QVERIFY(QFileInfo(out).size() < 280'000);
        QVERIFY(!QFileInfo::exists(out + ".part"));

        const auto models = runProgram({"models"}, m_directory.path());
        QVERIFY2(models.out.contains("random weights"), models.out.constData());
        QVERIFY2(models.out.contains("are missing"), models.out.constData());
    }

    void wrongUsageIsExplained() {
        const auto shape =
            runProgram({"synth", "--like", "r1", "--type", "q4_0", "-o", m_directory.filePath("x.gguf")});
        QCOMPARE(shape.exitCode, 2);
        QVERIFY2(shape.err.contains("r1-distill-qwen-1.5b"), shape.err.constData());
        const auto type =
            runProgram({"synth", "--like", "smollm2-135m", "--type", "q3", "-o", m_directory.filePath("x.gguf")});
        QCOMPARE(type.exitCode, 2);
        QVERIFY2(type.err.contains("q4_k_m"), type.err.constData());
        QCOMPARE(runProgram({"synth", "--like", "smollm2-135m", "-o", m_directory.filePath("x.gguf")}).exitCode, 2);
        QVERIFY(!QFileInfo::exists(m_directory.filePath("x.gguf")));
    }

private:
    QTemporaryDir m_directory;
};

ALCUIN_TEST(TestSynthCommand)
#include "tst_synth_command.moc"
