#include <QProcess>

#include "support/real_model.h"
#include "support/test_registry.h"

namespace {

struct Ran {
    int code;
    QByteArray output;
    QByteArray errors;
};

Ran chat(const QStringList& arguments, const QString& instructionSet = {}) {
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    if (!instructionSet.isEmpty()) {
        environment.insert(QStringLiteral("ALCUIN_ISA"), instructionSet);
    }
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(ALCUIN_BINARY_DIR "/bin/alcuin"),
                  QStringList{"chat", "-m", alcuin::tests::realModelPath()} + arguments);
    process.waitForFinished(-1); // ctest's limit ends it
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

const QStringList kCapital{"-p", "What is the capital of France?", "--temperature", "0"};

} // namespace

/// The program as a person runs it on a terminal, with the real model.
class TstCommandLine : public QObject {
    Q_OBJECT
private slots:
    void init() {
        if (alcuin::tests::realModelPath().isEmpty()) {
            ALCUIN_SKIP(alcuin::tests::kNoRealModel);
        }
    }

    void theCapitalOfFranceIsParis_data() {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("instructionSet");
        QTest::newRow("as it comes") << QStringList{} << QString();
        QTest::newRow("one thread") << QStringList{"--threads", "1"} << QString();
        QTest::newRow("f32") << QStringList{"--compute", "f32"} << QString();
        QTest::newRow("AVX2") << QStringList{} << QStringLiteral("avx2");
        QTest::newRow("AVX-512") << QStringList{} << QStringLiteral("avx512");
        QTest::newRow("no vectors") << QStringList{} << QStringLiteral("reference");
    }

    void theCapitalOfFranceIsParis() {
        QFETCH(QStringList, options);
        QFETCH(QString, instructionSet);
        const Ran ran = chat(kCapital + options, instructionSet);
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.output, QByteArray("The capital of France is Paris.\n"));
        QVERIFY2(ran.errors.contains("tokens/s"), ran.errors.constData());
    }

    void theSameSeedGivesTheSameText() {
        const QStringList story{"-p", "Tell me a short story.", "--temperature", "0.9", "--max-tokens", "48", "--seed"};
        const Ran one = chat(story + QStringList{"7", "--threads", "1"});
        const Ran two = chat(story + QStringList{"7", "--threads", "2"});
        const Ran other = chat(story + QStringList{"8", "--threads", "2"});
        QCOMPARE(one.code, 0);
        QVERIFY(one.output.size() > 20);
        QCOMPARE(two.output, one.output);
        QVERIFY(other.output != one.output);
    }
};

ALCUIN_TEST(TstCommandLine)
#include "tst_command_line.moc"
