#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "program.h"
#include "support/real_model.h"
#include "support/test_registry.h"

using namespace alcuin::tests;

/// `alcuin bench` at a tiny size, so that it can't rot; no figure is judged.
class TestBenchCommand : public QObject {
    Q_OBJECT

private slots:
    void init() {
        if (realModelPath().isEmpty()) {
            ALCUIN_SKIP(kNoRealModel);
        }
    }

    void measuresEveryTestThatWasAskedFor() {
        const auto run = runProgram({"bench", "-m", realModelPath(), "--prefill", "8,16", "--sequences", "1,2",
                                     "--depths", "0,32", "--steps", "2", "--repetitions", "1", "--json"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        const auto json = QJsonDocument::fromJson(run.out).object();
        QVERIFY(json["limits"].toObject()["read_gbps"].toDouble() > 0);
        const auto results = json["results"].toArray();
        QCOMPARE(results.size(), 8);
        QStringList tests;
        for (const auto& value : results) {
            const auto row = value.toObject();
            tests << QStringLiteral("%1 %2 at %3")
                         .arg(row["test"].toString())
                         .arg(row["rows"].toInt())
                         .arg(row["depth"].toInt());
            QVERIFY(row["tokens_per_second"].toDouble() > 0);
            QCOMPARE(row.contains("fraction"), row["test"].toString() == QLatin1String("decode"));
        }
        QCOMPARE(tests, QStringList({"prefill 8 at 0", "prefill 16 at 0", "decode 1 at 0", "decode 2 at 0",
                                     "prefill 8 at 32", "prefill 16 at 32", "decode 1 at 32", "decode 2 at 32"}));
    }

    void aModelThatIsNotThereIsAFailure() {
        const auto run = runProgram({"bench", "-m", "/nonexistent.gguf"});
        QCOMPARE(run.exitCode, 1);
        QVERIFY(run.err.contains("/nonexistent.gguf"));
    }
};

ALCUIN_TEST(TestBenchCommand)
#include "tst_bench_command.moc"
