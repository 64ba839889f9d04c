#include <QFile>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include "base/thread_pool.h"
#include "models/architectures.h"
#include "models/decoder.h"
#include "step_runner.h"
#include "support/npy.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

QString golden(const char* name) {
    return QStringLiteral(ALCUIN_GOLDEN_DIR "/qwen2/%1").arg(QLatin1String(name));
}

double nmse(std::span<const float> got, std::span<const float> want) {
    double error = 0;
    double power = 0;
    for (std::size_t i = 0; i < want.size(); ++i) {
        const double off = static_cast<double>(got[i]) - static_cast<double>(want[i]);
        error += off * off;
        power += static_cast<double>(want[i]) * static_cast<double>(want[i]);
    }
    return error / power;
}

/// What the model made of the golden tokens, beside what Transformers did: NMSE.
struct Comparison {
    std::vector<double> layers;
    double logits = 0;
};

} // namespace

/// A small random qwen2 against Transformers; tests/golden/make_qwen2.py says why its weights are as they are.
class Qwen2Test : public QObject {
    Q_OBJECT

private slots:
    void everyLayerEqualsTransformers_data() {
        QTest::addColumn<int>("chunk");
        QTest::newRow("whole") << 512;
        QTest::newRow("in chunks of 7") << 7;
    }

    void everyLayerEqualsTransformers() {
        QFETCH(int, chunk);
        const Comparison got = compare(modelPath(), {}, static_cast<std::size_t>(chunk));
        QCOMPARE(got.layers.size(), std::size_t{3});
        for (const double layer : got.layers) {
            QVERIFY2(layer <= 1e-8, qPrintable(QString::number(layer)));
        }
        QVERIFY2(got.logits <= 1e-8, qPrintable(QString::number(got.logits)));
    }

    void decodingTokenByTokenTooEqualsTransformers() {
        const Loaded loaded(modelPath(), ComputeMode::kF32, {});
        auto state = expectValue(loaded.model->createState());
        std::vector<float> logits;
        for (const Token token : tokens_.values) {
            const auto row = runStep(*loaded.model, {{state.get(), {token}, RowClass::kDecode}});
            logits.insert(logits.end(), row.begin(), row.end());
        }
        QVERIFY(nmse(logits, logits_.values) <= 1e-8);
    }

    /// The comparison sees what makes a qwen2: without it, it fails by orders of magnitude from the first block on.
    void thePairingOfPositionsMatters() {
        const Comparison got = compare(
            modelPath(), [](DecoderDescription& d) { d.rope.pairing = RopePairing::kInterleaved; }, 512);
        QVERIFY2(got.layers.front() > 1e-3, qPrintable(QString::number(got.layers.front())));
        QVERIFY(got.logits > 1e-2);
    }

    void everyBiasMatters_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("query") << "attn_q.bias";
        QTest::newRow("key") << "attn_k.bias";
        QTest::newRow("value") << "attn_v.bias";
    }

    void everyBiasMatters() {
        QFETCH(QString, name);
        QFile whole(golden("model.gguf"));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        QByteArray bytes = whole.readAll();
        const auto file = expectValue(GgufFile::open(modelPath()));
        for (const GgufTensor& tensor : file.tensors()) {
            if (QString::fromStdString(tensor.name).endsWith(name)) {
                const auto size = static_cast<qsizetype>(tensor.bytes);
                bytes.replace(static_cast<qsizetype>(tensor.offset), size, QByteArray(size, '\0'));
            }
        }
        QTemporaryDir directory;
        QFile changed(directory.filePath(QStringLiteral("model.gguf")));
        QVERIFY(changed.open(QIODevice::WriteOnly));
        QCOMPARE(changed.write(bytes), bytes.size());
        changed.close();
        const Comparison got = compare(changed.fileName().toStdString(), {}, 512);
        QVERIFY2(got.layers.front() > 1e-3, qPrintable(QString::number(got.layers.front())));
        QVERIFY(got.logits > 1e-2);
    }

    void theFastPathIsNear() {
        const Loaded loaded(modelPath(), ComputeMode::kFast, {});
        auto state = expectValue(loaded.model->createState());
        const double off = nmse(prefill(*loaded.model, *state, tokens_.values, 512), logits_.values);
        QVERIFY2(off < 1e-3, qPrintable(QString::number(off))); // bf16 keys and values, through three sharp layers
    }

    /// Keys and values in int8, but for the first and the last layer, whose keys' biases would take all of its range.
    void theLayersAtTheEndsStayInBF16() {
        const Loaded bf16(modelPath(), ComputeMode::kF32, {}, KvType::kBF16);
        const Loaded int8(modelPath(), ComputeMode::kF32, {}, KvType::kInt8);
        const auto description = expectValue(describeModel(expectValue(GgufFile::open(modelPath()))));
        const std::size_t numbers = description.headSize + description.valueSize;
        const std::size_t heads = description.layers.at(1).kvHeads;
        QCOMPARE(bf16.model->stateGroups().front().bytesPerToken - int8.model->stateGroups().front().bytesPerToken,
                 heads * (2 * numbers - (numbers + 2 * sizeof(float))));
        auto state = expectValue(int8.model->createState());
        const double off = nmse(prefill(*int8.model, *state, tokens_.values, 512), logits_.values);
        auto chunked = expectValue(int8.model->createState());
        const double inChunks = nmse(prefill(*int8.model, *chunked, tokens_.values, 7), logits_.values);
        qInfo("state in int8 but for its ends: NMSE %.2g", off);
        QVERIFY(off < 5e-3);
        QCOMPARE(inChunks, off);
    }

    void aModelWithoutItsBiasesIsRefused() {
        const auto file = expectValue(GgufFile::open(modelPath()));
        ThreadPool pool(1);
        auto description = expectValue(describeModel(file));
        QVERIFY(description.bias == Bias::kQueryKeyValue);
        description.bias = Bias::kNone;
        const auto policy = expectValue(cpu::KernelPolicy::fromEnvironment());
        const auto model = Decoder::load(file, std::move(description), {}, policy, pool, nullptr, {});
        QVERIFY(!model.has_value());
        QVERIFY2(model.error().message.find("bias") != std::string::npos, model.error().message.c_str());
    }

private:
    using Change = std::function<void(DecoderDescription&)>;

    struct Loaded {
        std::unique_ptr<ThreadPool> pool = std::make_unique<ThreadPool>(2);
        std::unique_ptr<Decoder> model;

        Loaded(const std::filesystem::path& path, ComputeMode compute, const Change& change,
               KvType kv = KvType::kDefault) {
            const auto file = expectValue(GgufFile::open(path));
            auto description = expectValue(describeModel(file));
            if (change) {
                change(description);
            }
            ModelOptions options;
            options.compute = compute;
            options.kv = kv;
            const auto policy = expectValue(cpu::KernelPolicy::fromEnvironment());
            model = expectValue(Decoder::load(file, std::move(description), options, policy, *pool, nullptr, {}));
        }
    };

    static std::filesystem::path modelPath() {
        return golden("model.gguf").toStdString();
    }

    Comparison compare(const std::filesystem::path& path, const Change& change, std::size_t chunk) {
        const Loaded loaded(path, ComputeMode::kF32, change);
        std::vector<std::vector<float>> streams(hidden_.shape.at(0));
        loaded.model->observeLayers([&](std::size_t layer, std::span<const float> rows) {
            streams[layer].insert(streams[layer].end(), rows.begin(), rows.end());
        });
        auto state = expectValue(loaded.model->createState());
        Comparison got;
        got.logits = nmse(prefill(*loaded.model, *state, tokens_.values, chunk), logits_.values);
        for (std::size_t layer = 0; layer < streams.size(); ++layer) {
            got.layers.push_back(nmse(streams[layer], {hidden_.row(layer), hidden_.rowSize()}));
        }
        qInfo("NMSE by layer %.2g %.2g %.2g, logits %.2g", got.layers[0], got.layers[1], got.layers[2], got.logits);
        return got;
    }

    Npy<std::int32_t> tokens_ = Npy<std::int32_t>::read(golden("tokens.npy"));
    Npy<float> hidden_ = Npy<float>::read(golden("hidden.npy"));
    Npy<float> logits_ = Npy<float>::read(golden("logits.npy"));
};

ALCUIN_TEST(Qwen2Test)
#include "tst_qwen2.moc"
