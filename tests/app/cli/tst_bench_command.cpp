#include <cmath>

#include <QJsonArray>
#include <QJsonObject>
#include <QMap>

#include "bench_run.h"
#include "program.h"
#include "support/real_model.h"
#include "support/test_registry.h"

using namespace alcuin::tests;

namespace {

bool isRate(const QJsonValue& value) {
    return value.isDouble() && std::isfinite(value.toDouble()) && value.toDouble() > 0;
}

QString inWords(const QJsonObject& row) {
    return QStringLiteral("%1 %2 at %3").arg(row["test"].toString()).arg(row["rows"].toInt()).arg(row["depth"].toInt());
}

} // namespace

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
        const auto json = bench(
            {"--prefill", "8,16", "--sequences", "1,2", "--depths", "0,32", "--steps", "2", "--repetitions", "1"});
        const auto limits = json["limits"].toObject();
        QVERIFY(isRate(limits["read_gbps"]));
        QVERIFY(isRate(limits["matrix_tops"]));
        QVERIFY(!limits["matrix_unit"].toString().isEmpty());
        QStringList tests;
        for (const auto& value : json["results"].toArray()) {
            const auto row = value.toObject();
            tests << inWords(row);
            QCOMPARE(row["sequences"].toInt(),
                     row["test"].toString() == QLatin1String("decode") ? row["rows"].toInt() : 1);
            for (const char* rate : {"tokens_per_second", "gbps", "tflops", "fraction"}) {
                QVERIFY2(isRate(row[QLatin1String(rate)]), rate);
            }
            const bool prefill = row["test"].toString() == QLatin1String("prefill");
            const double reached = row[QLatin1String(prefill ? "tflops" : "gbps")].toDouble();
            const double limit = limits[QLatin1String(prefill ? "matrix_tops" : "read_gbps")].toDouble();
            QVERIFY(qFuzzyCompare(row["fraction"].toDouble(), reached / limit));
        }
        QCOMPARE(tests, QStringList({"prefill 8 at 0", "prefill 16 at 0", "decode 1 at 0", "decode 2 at 0",
                                     "prefill 8 at 32", "prefill 16 at 32", "decode 1 at 32", "decode 2 at 32"}));
        QVERIFY(json["left_out"].toArray().isEmpty());
    }

    /// What a token costs, worked out by hand from SmolLM2's shape: 30 blocks of 9 heads and 3 shared ones of 64
    /// numbers, 576 wide, 1536 in the feed-forward part, 49152 tokens, the embedding being the head too.
    void workIsCountedAsTheModelsShapeSays() {
        const auto json =
            bench({"--prefill", "8", "--sequences", "1,2", "--depths", "0,32", "--steps", "2", "--repetitions", "1"});
        constexpr double kBlocks = 30.0 * (576 * 576 + 2 * 192 * 576 + 576 * 576 + 3 * 576 * 1536);
        constexpr double kHead = 49152.0 * 576;
        constexpr double kPerKey = 30.0 * 9 * (64 + 64);
        constexpr double kStatePerToken = 30.0 * 3 * (64 + 64) * 2; // bf16
        const double weights = json["weight_bytes"].toDouble();
        QMap<QString, QPair<double, double>> perToken; // operations, bytes
        for (const auto& value : json["results"].toArray()) {
            const auto row = value.toObject();
            const double rate = row["tokens_per_second"].toDouble();
            perToken[inWords(row)] = {row["tflops"].toDouble() * 1e12 / rate, row["gbps"].toDouble() * 1e9 / rate};
        }
        // Two steps: one token sees itself, the next two.
        QVERIFY(qFuzzyCompare(perToken["decode 1 at 0"].first, 2 * (kBlocks + kHead + 1.5 * kPerKey)));
        QVERIFY(qFuzzyCompare(perToken["decode 1 at 0"].second, weights + 1.5 * kStatePerToken));
        // Two sequences share a step's weights, each has its own state.
        QVERIFY(qFuzzyCompare(perToken["decode 2 at 32"].first, 2 * (kBlocks + kHead + 33.5 * kPerKey)));
        QVERIFY(qFuzzyCompare(perToken["decode 2 at 32"].second, weights / 2 + 33.5 * kStatePerToken));
        // Eight rows see 36 of their own, and 32 each that stand before; only the last has logits.
        QVERIFY(
            qFuzzyCompare(perToken["prefill 8 at 32"].first, 2 * (kBlocks + kHead / 8 + (32 + 36.0 / 8) * kPerKey)));
        QVERIFY(qFuzzyCompare(perToken["prefill 8 at 32"].second, (weights + 40 * kStatePerToken) / 8));
    }

    void whatDoesNotFitTheContextIsLeftOutWithAWord() {
        const auto json =
            bench({"--prefill", "8", "--sequences", "1", "--depths", "0,8190", "--steps", "3", "--repetitions", "1"});
        QCOMPARE(json["results"].toArray().size(), 2);
        QStringList leftOut;
        for (const auto& value : json["left_out"].toArray()) {
            leftOut << inWords(value.toObject());
            QVERIFY(value.toObject()["why"].toString().contains(QLatin1String("8192")));
        }
        QCOMPARE(leftOut, QStringList({"prefill 8 at 8190", "decode 1 at 8190"}));
    }

    void theTableShowsEveryResultAndTheLimits() {
        const auto run = runProgram({"bench", "-m", realModelPath(), "--prefill", "8", "--sequences", "0", "--depths",
                                     "0,8190", "--repetitions", "1"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        QVERIFY(run.out.contains("limits: memory is read at "));
        QVERIFY(run.out.contains("of the matrix unit\n"));
        QVERIFY(run.out.contains("left out: the context ends at 8192 tokens\n"));
        QVERIFY(!run.out.contains("decode"));
        QVERIFY(run.err.isEmpty()); // no terminal, no line that is drawn over
    }

    void nothingToMeasureIsWrongUsage() {
        const auto run = runProgram({"bench", "-m", realModelPath(), "--prefill", "0", "--sequences", "0"});
        QCOMPARE(run.exitCode, 2);
        QVERIFY(run.out.isEmpty());
    }

    void aModelThatIsNotThereIsAFailure() {
        const auto run = runProgram({"bench", "-m", "/nonexistent.gguf"});
        QCOMPARE(run.exitCode, 1);
        QVERIFY(run.err.contains("/nonexistent.gguf"));
    }
};

ALCUIN_TEST(TestBenchCommand)
#include "tst_bench_command.moc"
