#include <cmath>

#include <QJsonArray>
#include <QJsonObject>

#include "bench_run.h"
#include "program.h"
#include "support/real_model.h"
#include "support/test_registry.h"

using namespace alcuin::tests;

namespace {

bool isPositive(const QJsonValue& value) {
    return value.isDouble() && std::isfinite(value.toDouble()) && value.toDouble() > 0;
}

/// Quantiles in order, of so many cases or more.
bool arePercentiles(const QJsonValue& value, int least) {
    const auto times = value.toObject();
    const double p50 = times["p50"].toDouble(-1);
    const double p90 = times["p90"].toDouble(-1);
    const double p99 = times["p99"].toDouble(-1);
    return p50 >= 0 && p50 <= p90 && p90 <= p99 && p99 <= times["max"].toDouble(-1) && times["count"].toInt() >= least;
}

const QStringList kTinyServing{"--serve-like", "--clients",       "1,3",  "--requests", "2", "--prompt-tokens",
                               "8,24",         "--output-tokens", "4,12", "--seed",     "7"};

} // namespace

/// The kinds of `alcuin bench` that measure what users wait for, at a tiny size, so that they can't rot; no figure is
/// judged.
class TestBenchServing : public QObject {
    Q_OBJECT

private slots:
    void init() {
        if (realModelPath().isEmpty()) {
            ALCUIN_SKIP(kNoRealModel);
        }
    }

    void everyNumberOfClientsIsServed() {
        const auto json = bench(kTinyServing);
        QVERIFY(isPositive(json["vocabulary"]));
        const auto results = json["results"].toArray();
        QCOMPARE(results.size(), 2);
        const int clients[] = {1, 3};
        for (int i = 0; i < 2; ++i) {
            const auto row = results[i].toObject();
            QCOMPARE(row["clients"].toInt(), clients[i]);
            QCOMPARE(row["requests_finished"].toInt(), 2 * clients[i]);
            QVERIFY(arePercentiles(row["ttft_ms"], 2 * clients[i]));
            QVERIFY(arePercentiles(row["token_ms"], 1));
            // All of every answer was counted, so the parts make whole requests.
            const double requests = row["requests_per_second"].toDouble() * row["seconds"].toDouble();
            QVERIFY2(std::abs(requests - 2 * clients[i]) < 1e-6, qPrintable(QString::number(requests)));
            const auto batch = row["batch"].toObject();
            QVERIFY(batch["mean"].toDouble() >= 1);
            QVERIFY(batch["mean"].toDouble() <= batch["max"].toInt());
            QVERIFY(batch["max"].toInt() >= 1 && batch["max"].toInt() <= clients[i]);
        }
    }

    void theSeedFixesWhatIsAskedAndWritten() {
        const auto tokensOf = [](const QJsonObject& json) {
            QList<int> tokens;
            for (const auto& value : json["results"].toArray()) {
                const auto row = value.toObject();
                tokens << qRound(row["tokens_per_second"].toDouble() * row["seconds"].toDouble());
            }
            return tokens;
        };
        const auto one = bench(kTinyServing);
        const auto again = bench(kTinyServing);
        QVERIFY(!one.isEmpty());
        QCOMPARE(again["first_request"], one["first_request"]);
        QCOMPARE(tokensOf(again), tokensOf(one));
        auto other = kTinyServing;
        other.last() = "8";
        QVERIFY(bench(other)["first_request"] != one["first_request"]);
    }

    void aSteadyWindowIsAsLongAsWasAsked() {
        const auto json = bench({"--serve-like", "--clients", "2", "--seconds", "0.5", "--prompt-tokens", "8,16",
                                 "--output-tokens", "8,16"});
        const auto row = json["results"].toArray()[0].toObject();
        QVERIFY(row["seconds"].toDouble() >= 0.5);
        QVERIFY(isPositive(row["tokens_per_second"]));
        QVERIFY(isPositive(row["requests_per_second"]));
    }

    void aDocumentIsReadBesideAnswers() {
        const auto json = bench({"--document", "900", "--chats", "2"});
        QVERIFY(std::abs(json["document_tokens"].toInt() - 900) <= 9);
        for (const char* time : {"alone_ms", "beside_ms", "beside_to_alone"}) {
            QVERIFY2(isPositive(json[QLatin1String(time)]), time);
        }
        QVERIFY(isPositive(json["answer_tokens"]));
        QVERIFY(arePercentiles(json["token_ms"], 1));
    }

    void aConversationIsReopenedFromItsSnapshot() {
        const auto json = bench({"--reopen", "600", "--rounds", "2"});
        const auto rounds = json["rounds"].toArray();
        QCOMPARE(rounds.size(), 2);
        for (const auto& value : rounds) {
            const auto round = value.toObject();
            const int prompt = round["prompt_tokens"].toInt();
            QVERIFY(prompt >= 590);
            // All but the new question and what stands after it.
            QVERIFY(round["cached_tokens"].toInt() >= 590 && round["cached_tokens"].toInt() < prompt);
            // Of the last page only what was read of it is the same.
            constexpr int kPageTokens = 64;
            QVERIFY(round["restored_tokens"].toInt() >= 590 - kPageTokens);
            QVERIFY(isPositive(round["snapshot_bytes"]));
        }
        for (const char* figure : {"cold_ms", "cached_ms", "snapshot_ms", "cached_ratio", "snapshot_ratio"}) {
            QVERIFY2(isPositive(json[QLatin1String(figure)]), figure);
        }
    }

    void aDocumentThatDoesNotFitIsAFailureThatSaysSo() {
        const auto run = runProgram({"bench", "-m", realModelPath(), "--document", "9000", "--quick"});
        QCOMPARE(run.exitCode, 1);
        QVERIFY(run.out.isEmpty());
        QVERIFY2(run.err.contains("8192"), run.err.constData());
    }

    void theTablesNameWhatWasMeasured() {
        const auto serving = runProgram(QStringList{"bench", "-m", realModelPath()} + kTinyServing);
        QVERIFY2(serving.exitCode == 0, serving.err.constData());
        QVERIFY(serving.out.contains("requests/s"));
        QVERIFY(serving.err.isEmpty());
        const auto document = runProgram({"bench", "-m", realModelPath(), "--document", "300", "--quick"});
        QVERIFY2(document.exitCode == 0, document.err.constData());
        QVERIFY(document.out.contains("a document of "));
        QVERIFY(!document.out.contains("alone"));
    }

    void wrongUsageIsSaid_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("two kinds") << QStringList{"--serve-like", "--document", "100"};
        QTest::newRow("a range the wrong way round") << QStringList{"--serve-like", "--prompt-tokens", "9,8"};
        QTest::newRow("no clients") << QStringList{"--serve-like", "--clients", "0"};
        QTest::newRow("quick, but of what") << QStringList{"--quick"};
    }

    void wrongUsageIsSaid() {
        QFETCH(QStringList, arguments);
        const auto run = runProgram(QStringList{"bench", "-m", realModelPath()} + arguments);
        QCOMPARE(run.exitCode, 2);
        QVERIFY(run.out.isEmpty());
        QVERIFY(!run.err.isEmpty());
    }
};

ALCUIN_TEST(TestBenchServing)
#include "tst_bench_serving.moc"
