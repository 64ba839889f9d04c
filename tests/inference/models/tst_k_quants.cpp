#include <QTemporaryDir>
#include <QtTest/QTest>

#include <algorithm>
#include <set>

#include "base/thread_pool.h"
#include "models/architectures.h"
#include "models/decoder.h"
#include "models/requantise.h"
#include "step_runner.h"
#include "support/npy.h"
#include "support/real_model.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

std::unique_ptr<Decoder> load(const std::filesystem::path& path, ComputeMode compute, ThreadPool& pool) {
    const auto file = expectValue(GgufFile::open(path));
    ModelOptions options;
    options.compute = compute;
    options.contextLength = 512;
    const auto policy = expectValue(cpu::KernelPolicy::fromEnvironment());
    return expectValue(Decoder::load(file, expectValue(describeModel(file)), options, policy, pool, nullptr, {}));
}

/// How far fast logits are from those in f32, from the same file and text.
struct Distance {
    double nmse = 0;
    double largestFlippedGap = 0; ///< between f32's first and second where fast has another first
};

Distance distanceOf(std::span<const float> fast, std::span<const float> exact, std::size_t vocabulary) {
    double error = 0;
    double power = 0;
    Distance distance;
    for (std::size_t begin = 0; begin < exact.size(); begin += vocabulary) {
        const auto got = fast.subspan(begin, vocabulary);
        const auto want = exact.subspan(begin, vocabulary);
        for (std::size_t i = 0; i < vocabulary; ++i) {
            const double difference = static_cast<double>(got[i]) - static_cast<double>(want[i]);
            error += difference * difference;
            power += static_cast<double>(want[i]) * static_cast<double>(want[i]);
        }
        const Token first = argmax(want);
        if (argmax(got) != first) {
            std::vector<float> top(want.begin(), want.end());
            std::ranges::partial_sort(top, top.begin() + 2, std::ranges::greater());
            distance.largestFlippedGap =
                std::max(distance.largestFlippedGap, static_cast<double>(top[0]) - static_cast<double>(top[1]));
        }
    }
    distance.nmse = error / power;
    return distance;
}

} // namespace

/// The real model in the types that llama.cpp's mixtures are made of.
class KQuantsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        if (realModelPath().isEmpty()) {
            ALCUIN_SKIP(kNoRealModel);
        }
    }

    void fastStaysWithinTheGate_data() {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QSet<int>>("types");
        const auto set = [](std::initializer_list<DType> types) {
            QSet<int> numbers;
            for (const DType type : types) {
                numbers.insert(static_cast<int>(type));
            }
            return numbers;
        };
        // Rows of 576 numbers fit no block of 256, those of 1536 do: so each file has plain types too.
        QTest::newRow("q4_k_m") << QStringLiteral("q4_k_m") << set({DType::kQ4_K, DType::kQ6_K, DType::kQ5_0});
        QTest::newRow("q5_k_m") << QStringLiteral("q5_k_m") << set({DType::kQ5_K, DType::kQ6_K});
    }

    /// NMSE over the text below 2e-3, and the same first choice wherever f32's gap exceeds 0.5.
    void fastStaysWithinTheGate() {
        QFETCH(QString, type);
        QFETCH(QSet<int>, types);
        ThreadPool pool(2);
        RequantiseOptions options;
        options.input = realModelPath().toStdString();
        options.type = type.toStdString();
        options.output = directory_.filePath(type + QStringLiteral(".gguf")).toStdString();
        expectValue(requantise(options, pool, nullptr, {}));
        const auto file = expectValue(GgufFile::open(options.output));
        for (const GgufTensor& tensor : file.tensors()) {
            types.remove(static_cast<int>(tensor.dtype));
        }
        QVERIFY2(types.isEmpty(), "the file lacks a type that this is about");

        const auto text = Npy<std::int32_t>::read(QStringLiteral(ALCUIN_GOLDEN_DIR "/smollm2/tokens.npy")).values;
        const auto exactModel = load(options.output, ComputeMode::kF32, pool);
        const auto fastModel = load(options.output, ComputeMode::kFast, pool);
        auto exactState = expectValue(exactModel->createState());
        const auto exact = prefill(*exactModel, *exactState, text, 512);
        auto fastState = expectValue(fastModel->createState());
        const auto read = prefill(*fastModel, *fastState, text, 512);
        auto decodingState = expectValue(fastModel->createState());
        std::vector<float> decoded;
        for (const Token token : text) {
            const auto row = runStep(*fastModel, {{decodingState.get(), {token}, RowClass::kDecode}});
            decoded.insert(decoded.end(), row.begin(), row.end());
        }
        for (const auto& logits : {read, decoded}) {
            const Distance distance = distanceOf(logits, exact, fastModel->vocabularySize());
            qInfo("NMSE %.3g, flips up to a gap of %.3f", distance.nmse, distance.largestFlippedGap);
            QVERIFY(distance.nmse < 2e-3);
            QVERIFY(distance.nmse > 0); // the fast path is another one
            QVERIFY(distance.largestFlippedGap <= 0.5);
        }
    }

private:
    QTemporaryDir directory_;
};

ALCUIN_TEST(KQuantsTest)
#include "tst_k_quants.moc"
