#include <QProcess>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include "base/aligned_buffer.h"
#include "base/thread_pool.h"
#include "models/memory_plan.h"
#include "models/synth.h"
#include "step_runner.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

/// Differences of the heap and of page sizes, in a model of 100 MB; larger ones come nearer.
constexpr double kTolerance = 0.05;

struct Use {
    double planned = 0;
    double grown = 0;
    double huge = 0;
    double large = 0; ///< planned for weights and state
};

} // namespace

class MemoryPlanTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        if (kSanitized) {
            ALCUIN_SKIP("a sanitizer's memory isn't the program's");
        }
        path_ = directory_.filePath(QStringLiteral("model.gguf"));
        SynthOptions options;
        options.like = "smollm2-135m";
        options.type = "q4_0";
        options.output = path_.toStdString();
        ThreadPool pool(0);
        QVERIFY(synthesise(options, pool, {}, {}).has_value());
    }

    void theReckoningIsTheGrowthOfThePeak() {
        const Use use = measure(path_, 1024, 2);
        QVERIFY2(std::abs(use.planned / use.grown - 1) < kTolerance, describe(use).constData());
        // A sequence more or less shows: the tolerance isn't so wide that anything would pass.
        QVERIFY(planned(path_, 1024, 4) / use.grown > 1 + kTolerance);
    }

    void weightsAndStatesLieInHugePages() {
        if (!hugePagesOnRequest()) {
            ALCUIN_SKIP("this system gives no huge pages: /sys/kernel/mm/transparent_hugepage/enabled");
        }
        const Use use = measure(path_, 1024, 2);
        QVERIFY2(use.huge > 0.95 * use.large, describe(use).constData());
    }

    /// Opt-in: ALCUIN_PLAN_MODELS names files of other sizes, separated by colons.
    void largeModelsToo() {
        const auto names = qEnvironmentVariable("ALCUIN_PLAN_MODELS").split(QLatin1Char(':'), Qt::SkipEmptyParts);
        if (names.isEmpty()) {
            QSKIP("ALCUIN_PLAN_MODELS names no model"); // not noted: the rest of the class has run
        }
        for (const QString& name : names) {
            const Use use = measure(name, 4096, 2);
            QVERIFY2(std::abs(use.planned / use.grown - 1) < kTolerance, describe(use).constData());
        }
    }

    void everyPartGrowsWithWhatItIsFor() {
        const auto file = expectValue(GgufFile::open(path_.toStdString()));
        const auto plan = [&](std::size_t context, std::size_t sequences, int threads, ComputeMode compute) {
            return expectValue(planMemory(file, {compute, context, sequences, 512, threads}));
        };
        const auto one = plan(1024, 1, 1, ComputeMode::kFast);
        const auto more = plan(2048, 3, 4, ComputeMode::kFast);
        QCOMPARE(more.weights, one.weights);
        QCOMPARE(more.scratch, 4 * one.scratch);
        QVERIFY(more.state > 5 * one.state);
        QVERIFY(more.state < 7 * one.state);
        QVERIFY(more.workspace >= one.workspace);
        QVERIFY(plan(1024, 1, 1, ComputeMode::kF32).state > one.state * 19 / 10);
        const auto int8 = expectValue(planMemory(file, {.contextLength = 1024, .kv = KvType::kInt8}));
        QCOMPARE(int8.weights, one.weights);
        // 30 layers of 3 heads, whose keys and values have 64 numbers and a scale; and what fills up the slabs.
        constexpr std::size_t kInt8Bytes = std::size_t{1024} * 30 * 3 * 2 * (64 + sizeof(float));
        QVERIFY(int8.state >= kInt8Bytes);
        QVERIFY(int8.state < kInt8Bytes * 11 / 10);
        QCOMPARE(plan(0, 1, 1, ComputeMode::kFast).contextLength, std::size_t{8192});
        QCOMPARE(planMemory(file, {.contextLength = 8193}).error().code, ErrorCode::kInvalidArgument);
        QCOMPARE(planMemory(file, {.sequences = 0}).error().code, ErrorCode::kInvalidArgument);
    }

    void whatCantFitIsRefusedBeforeAnythingIsTaken() {
        const auto file = expectValue(GgufFile::open(path_.toStdString()));
        ThreadPool pool(2);
        const auto plan = expectValue(planMemory(file, {.contextLength = 2048, .threads = 2}));
        bool read = false;
        const auto progress = [&](const LoadProgress&) { read = true; };
        const auto refused =
            loadModel(file, {.contextLength = 2048, .availableBytes = plan.total() - 1}, pool, progress, {});
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, ErrorCode::kOutOfMemory);
        QVERIFY(!read);
        const QByteArray words(refused.error().message.c_str());
        QVERIFY2(words.contains("MiB of memory") && words.contains("are available"), words.constData());
        QVERIFY(loadModel(file, {.contextLength = 2048, .availableBytes = plan.total()}, pool, progress, {}));
        QVERIFY(read);
    }

private:
    static double planned(const QString& path, std::size_t context, std::size_t sequences) {
        const auto file = expectValue(GgufFile::open(path.toStdString()));
        return static_cast<double>(expectValue(planMemory(file, {.contextLength = context,
                                                                 .sequences = sequences,
                                                                 .threads = ThreadPool::usableCores()}))
                                       .total());
    }

    /// In a process of its own, whose peak is the model's alone.
    static Use measure(const QString& path, int context, int sequences) {
        QProcess process;
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(QStringLiteral(ALCUIN_MEMORY_USE), {path, QString::number(context), QString::number(sequences)});
        if (!process.waitForFinished(500'000) || process.exitCode() != 0) {
            throw std::runtime_error("memory_use failed");
        }
        const auto figures = process.readAllStandardOutput().trimmed().split('\n').last().split(' ');
        if (figures.size() != 4) {
            throw std::runtime_error("memory_use printed something else");
        }
        return {figures[0].toDouble(), figures[1].toDouble(), figures[2].toDouble(), figures[3].toDouble()};
    }

    static QByteArray describe(const Use& use) {
        return QByteArray("planned ") + QByteArray::number(use.planned / 1e6) + " MB, grown by " +
               QByteArray::number(use.grown / 1e6) + " MB, in huge pages " + QByteArray::number(use.huge / 1e6) + " MB";
    }

    QTemporaryDir directory_;
    QString path_;
};

ALCUIN_TEST(MemoryPlanTest)
#include "tst_memory_plan.moc"
