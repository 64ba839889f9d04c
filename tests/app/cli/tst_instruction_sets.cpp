#include "program.h"
#include "support/real_model.h"
#include "support/test_registry.h"

using namespace alcuin::tests;

/// The same question on every level of instructions: the reference has only 0.08 between the logits of its first token
/// and the runner-up's, so a level that reads prompts less exactly than it says answers something else.
class TestInstructionSets : public QObject {
    Q_OBJECT

private slots:
    void init() {
        if (realModelPath().isEmpty()) {
            ALCUIN_SKIP(kNoRealModel);
        }
    }

    void theCapitalOfFranceIsParis_data() {
        QTest::addColumn<QByteArray>("cap");
        QTest::addColumn<QStringList>("options");
        QTest::newRow("as it comes") << QByteArray() << QStringList{};
        QTest::newRow("one thread") << QByteArray() << QStringList{"--threads", "1"};
        QTest::newRow("f32") << QByteArray() << QStringList{"--compute", "f32"};
        QTest::newRow("AVX-512") << QByteArray("avx512") << QStringList{};
        QTest::newRow("AVX-VNNI") << QByteArray("avxvnni") << QStringList{};
        QTest::newRow("AVX2") << QByteArray("avx2") << QStringList{};
        QTest::newRow("no vectors") << QByteArray("reference") << QStringList{};
    }

    void theCapitalOfFranceIsParis() {
        QFETCH(QByteArray, cap);
        QFETCH(QStringList, options);
        const QByteArray before = qgetenv("ALCUIN_ISA");
        if (!cap.isEmpty()) {
            qputenv("ALCUIN_ISA", cap);
        }
        const auto run = runProgram(
            QStringList{"chat", "-m", realModelPath(), "-p", "What is the capital of France?", "--temperature", "0"} +
            options);
        qputenv("ALCUIN_ISA", before);
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(run.out, QByteArray("The capital of France is Paris.\n"));
    }
};

ALCUIN_TEST(TestInstructionSets)
#include "tst_instruction_sets.moc"
