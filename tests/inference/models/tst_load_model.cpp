#include <QFile>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include "base/thread_pool.h"
#include "models/memory_plan.h"
#include "models/model.h"
#include "small_llama.h"
#include "step_runner.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

/// Models that can't be: what is changed, what it must be called, and a word that must be said.
struct Bad {
    const char* name;
    void (*change)(GgufWriter&);
    ErrorCode code;
    const char* word;
};

template <typename T>
void setTo(GgufWriter& writer, const char* key, T value) {
    writer.set(key, value);
}

const Bad kBad[] = {
    {"unknown architecture", [](GgufWriter& w) { setTo(w, "general.architecture", std::string("mamba")); },
     ErrorCode::kUnsupported, "mamba"},
    {"no layers", [](GgufWriter& w) { setTo(w, "llama.block_count", 0U); }, ErrorCode::kCorrupt, "block_count"},
    {"too many layers", [](GgufWriter& w) { setTo(w, "llama.block_count", 4000000000U); }, ErrorCode::kCorrupt,
     "block_count"},
    {"one layer more than the tensors",
     [](GgufWriter& w) {
         setTo(w, "llama.block_count", 4U);
         setTo(w, "llama.attention.head_count", 4U);
         setTo(w, "llama.attention.head_count_kv", 2U);
         setTo(w, "llama.feed_forward_length", 96U);
     },
     ErrorCode::kCorrupt, "attn_"},
    {"one layer less",
     [](GgufWriter& w) {
         setTo(w, "llama.block_count", 2U);
         setTo(w, "llama.attention.head_count", std::vector<std::uint32_t>{4, 4});
         setTo(w, "llama.attention.head_count_kv", std::vector<std::uint32_t>{2, 1});
         setTo(w, "llama.feed_forward_length", std::vector<std::uint32_t>{96, 160});
     },
     ErrorCode::kUnsupported, "blk.2"},
    {"heads for other layers",
     [](GgufWriter& w) {
         setTo(w, "llama.attention.head_count", std::vector<std::uint32_t>{4, 4});
     },
     ErrorCode::kCorrupt, "head_count"},
    {"no heads",
     [](GgufWriter& w) {
         setTo(w, "llama.attention.head_count", std::vector<std::uint32_t>{4, 0, 6});
     },
     ErrorCode::kCorrupt, "head_count"},
    {"heads that don't divide",
     [](GgufWriter& w) {
         setTo(w, "llama.attention.head_count_kv", std::vector<std::uint32_t>{3, 1, 3});
     },
     ErrorCode::kCorrupt, "heads"},
    {"another embedding", [](GgufWriter& w) { setTo(w, "llama.embedding_length", 65U); }, ErrorCode::kCorrupt,
     "token_embd"},
    {"huge embedding", [](GgufWriter& w) { setTo(w, "llama.embedding_length", 4294967295U); }, ErrorCode::kCorrupt,
     "embedding_length"},
    {"another feed-forward", [](GgufWriter& w) { setTo(w, "llama.feed_forward_length", 97U); }, ErrorCode::kCorrupt,
     "ffn_"},
    {"odd head", [](GgufWriter& w) { setTo(w, "llama.attention.key_length", 31U); }, ErrorCode::kCorrupt, "heads"},
    {"more turned than there is", [](GgufWriter& w) { setTo(w, "llama.rope.dimension_count", 64U); },
     ErrorCode::kCorrupt, "position"},
    {"epsilon of nothing", [](GgufWriter& w) { setTo(w, "llama.attention.layer_norm_rms_epsilon", 0.0F); },
     ErrorCode::kCorrupt, "epsilon"},
    {"rope base not a number", [](GgufWriter& w) { setTo(w, "llama.rope.freq_base", std::nanf("")); },
     ErrorCode::kCorrupt, "freq_base"},
    {"context of nothing", [](GgufWriter& w) { setTo(w, "llama.context_length", 0U); }, ErrorCode::kCorrupt,
     "context_length"},
    {"a word for a number", [](GgufWriter& w) { setTo(w, "llama.context_length", std::string("long")); },
     ErrorCode::kCorrupt, "context_length"},
    {"experts", [](GgufWriter& w) { setTo(w, "llama.expert_count", 8U); }, ErrorCode::kUnsupported, "experts"},
    {"yarn", [](GgufWriter& w) { setTo(w, "llama.rope.scaling.type", std::string("yarn")); }, ErrorCode::kUnsupported,
     "yarn"},
    {"a bias that would be ignored",
     [](GgufWriter& w) {
         const std::uint64_t size[] = {128};
         (void)w.addTensor("blk.0.attn_q.bias", DType::kF32, size, std::vector<std::byte>(512));
     },
     ErrorCode::kUnsupported, "attn_q.bias"},
};

} // namespace

class LoadModelTest : public QObject {
    Q_OBJECT

private slots:
    void impossibleModelsAreErrorsInWords_data() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(std::size(kBad)); ++i) {
            QTest::newRow(kBad[i].name) << i;
        }
    }

    void impossibleModelsAreErrorsInWords() {
        QFETCH(int, index);
        const Bad& bad = kBad[index];
        SmallLlama small;
        GgufWriter writer = small.write();
        bad.change(writer);
        const auto model = load(writer);
        QVERIFY(!model.has_value());
        QVERIFY2(model.error().code == bad.code, model.error().message.c_str());
        QVERIFY2(model.error().message.find(bad.word) != std::string::npos, model.error().message.c_str());
    }

    void whatDoesntFitMemoryIsRefusedWithFigures() {
        SmallLlama small;
        const GgufWriter writer = small.write();
        const auto weights = load(writer, {.availableBytes = 100000});
        QVERIFY(!weights.has_value());
        QCOMPARE(weights.error().code, ErrorCode::kOutOfMemory);
        QVERIFY(weights.error().message.find("MiB") != std::string::npos);
        // Enough for the least context, but not for all of the model's.
        const auto file = expectValue(GgufFile::open(write(writer)));
        const std::uint64_t least = expectValue(planMemory(file, {.contextLength = 512, .threads = 2})).total();
        const auto context = load(writer, {.contextLength = 2048, .availableBytes = least + 1000});
        QVERIFY(!context.has_value());
        QCOMPARE(context.error().code, ErrorCode::kOutOfMemory);
        const auto shorter = load(writer, {.availableBytes = least + 1000});
        QVERIFY(shorter.has_value());
        QVERIFY((*shorter)->contextLength() >= 512 && (*shorter)->contextLength() < 2048);
        QCOMPARE(load(writer, {.contextLength = 4096}).error().code, ErrorCode::kInvalidArgument);
    }

    void loadingReportsProgressAndCanBeStopped() {
        SmallLlama small;
        const GgufWriter writer = small.write();
        std::vector<LoadProgress> seen;
        ModelOptions options;
        options.availableBytes = 1U << 30U;
        ThreadPool pool(2);
        const auto path = write(writer);
        const auto file = expectValue(GgufFile::open(path));
        QVERIFY(loadModel(file, options, pool, [&](const LoadProgress& p) { seen.push_back(p); }, {}).has_value());
        QVERIFY(seen.size() >= 2);
        QCOMPARE(seen.front().bytesDone, std::uint64_t{0});
        QCOMPARE(seen.back().bytesDone, seen.back().bytesTotal);
        std::uint64_t bytes = 0;
        for (const GgufTensor& tensor : file.tensors()) {
            bytes += tensor.bytes;
        }
        QCOMPARE(seen.back().bytesTotal, bytes);

        std::stop_source stop;
        const auto stopped = loadModel(
            file, options, pool, [&](const LoadProgress&) { stop.request_stop(); }, stop.get_token());
        QVERIFY(!stopped.has_value());
        QCOMPARE(stopped.error().code, ErrorCode::kCancelled);
    }

    void aFileThatShrinksWhileItIsReadIsAnError() {
        SmallLlama small;
        ThreadPool pool(2);
        const auto path = write(small.write());
        const auto file = expectValue(GgufFile::open(path));
        std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
        const auto cut = loadModel(file, {}, pool, nullptr, {});
        QVERIFY(!cut.has_value());
        QCOMPARE(cut.error().code, ErrorCode::kIo);
        std::filesystem::remove(path);
        QCOMPARE(loadModel(file, {}, pool, nullptr, {}).error().code, ErrorCode::kNotFound);
    }

    void aModelSaysWhatItNeeds() {
        SmallLlama small;
        const auto model = expectValue(load(small.write()));
        QCOMPARE(model->vocabularySize(), small.vocabulary);
        QCOMPARE(model->contextLength(), small.context);
        QCOMPARE(model->stateGroups().size(), std::size_t{1});
        const StateGroup& group = model->stateGroups().front();
        QVERIFY(group.kind == StateKind::kFull);
        QCOMPARE(group.layers.size(), std::size_t{3});
        QCOMPARE(group.bytesPerToken, std::size_t{2 * 2 * (2 + 1 + 3) * 32});
        QVERIFY(model->deviceDescription().starts_with("CPU, 2 threads"));
    }

private:
    std::filesystem::path write(const GgufWriter& writer) {
        const std::filesystem::path path = directory_.filePath(QStringLiteral("model.gguf")).toStdString();
        expectValue(writer.write(path));
        return path;
    }

    Result<std::unique_ptr<Model>> load(const GgufWriter& writer, ModelOptions options = {}) {
        const auto file = GgufFile::open(write(writer));
        if (!file) {
            return tl::unexpected(file.error());
        }
        return loadModel(*file, options, pool_, nullptr, {});
    }

    ThreadPool pool_{2};
    QTemporaryDir directory_;
};

ALCUIN_TEST(LoadModelTest)
#include "tst_load_model.moc"
