#include <QTemporaryDir>
#include <QtTest/QTest>

#include "base/thread_pool.h"
#include "models/architectures.h"
#include "models/decoder.h"
#include "small_llama.h"
#include "step_runner.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

struct Loaded {
    std::unique_ptr<ThreadPool> pool;
    std::unique_ptr<Decoder> model;
};

double nmse(std::span<const float> got, std::span<const double> want) {
    double error = 0;
    double power = 0;
    for (std::size_t i = 0; i < want.size(); ++i) {
        const double difference = static_cast<double>(got[i]) - want[i];
        error += difference * difference;
        power += want[i] * want[i];
    }
    return error / power;
}

double nmse(std::span<const float> got, std::span<const float> want) {
    return nmse(got, std::vector<double>(want.begin(), want.end()));
}

} // namespace

class DecoderTest : public QObject {
    Q_OBJECT

private slots:
    void everyLayerEqualsADoubleReference_data() {
        QTest::addColumn<int>("variant");
        QTest::newRow("own head, frequency factors") << 0;
        QTest::newRow("tied embeddings") << 1;
        QTest::newRow("half of each head turns, positions stretched") << 2;
        QTest::newRow("all types mixed in one file") << 3;
        QTest::newRow("shapes that fit no vector") << 4;
        QTest::newRow("types of 256 and of five bits mixed in one file") << 5;
    }

    void everyLayerEqualsADoubleReference() {
        QFETCH(int, variant);
        SmallLlama small = variantOf(variant);
        const auto tokens = someTokens(150, small.vocabulary);
        for (const char* isa : {"", "reference"}) {
            const Loaded loaded = load(small, ComputeMode::kF32, 2, isa);
            const ReferenceRun want = runReference(small, tokens, {});
            std::vector<double> worst;
            loaded.model->observeLayers([&](std::size_t layer, std::span<const float> hidden) {
                worst.push_back(nmse(hidden, want.hidden[layer]));
            });
            auto state = expectValue(loaded.model->createState());
            const auto logits = prefill(*loaded.model, *state, tokens, 512);
            QCOMPARE(worst.size(), small.heads.size());
            for (const double each : worst) {
                QVERIFY2(each < 1e-10, qPrintable(QString::number(each)));
            }
            QVERIFY(nmse(logits, want.logits) < 1e-10);
        }
    }

    /// The comparison sees every part: without any one of them it fails by orders of magnitude.
    void everyPartMatters_data() {
        QTest::addColumn<int>("part");
        for (const auto& [name, part] : {std::pair{"rope", 0},
                                         {"frequency factors", 1},
                                         {"causality", 2},
                                         {"grouping", 3},
                                         {"norms", 4},
                                         {"gate", 5},
                                         {"score scaling", 6}}) {
            QTest::newRow(name) << part;
        }
    }

    void everyPartMatters() {
        QFETCH(int, part);
        Without without;
        bool* const flags[] = {
            &without.rope, &without.frequencyFactors, &without.causality, &without.grouping, &without.norms,
            &without.gate, &without.scaling};
        *flags[part] = true;
        SmallLlama small;
        const auto tokens = someTokens(60, small.vocabulary);
        const Loaded loaded = load(small, ComputeMode::kF32, 1);
        auto state = expectValue(loaded.model->createState());
        const auto logits = prefill(*loaded.model, *state, tokens, 512);
        QVERIFY(nmse(logits, runReference(small, tokens, without).logits) > 1e-3);
    }

    void theFastPathIsNear_data() {
        everyLayerEqualsADoubleReference_data();
    }

    void theFastPathIsNear() {
        QFETCH(int, variant);
        SmallLlama small = variantOf(variant);
        const auto tokens = someTokens(150, small.vocabulary);
        const Loaded avx = load(small, ComputeMode::kFast, 2);
        const Loaded plain = load(small, ComputeMode::kFast, 2, "reference");
        auto state = expectValue(avx.model->createState());
        auto other = expectValue(plain.model->createState());
        const auto logits = prefill(*avx.model, *state, tokens, 512);
        // Random weights of this gain amplify a rounding far more than a trained model does.
        QVERIFY(nmse(logits, runReference(small, tokens, {}).logits) < 2e-2);
        QVERIFY(nmse(logits, prefill(*plain.model, *other, tokens, 512)) < 2e-2);
    }

    void bitsDontDependOnTheCompany_data() {
        QTest::addColumn<int>("variant");
        QTest::addColumn<bool>("fast");
        QTest::addColumn<QString>("isa");
        QTest::addColumn<bool>("int8State");
        for (const int variant : {3, 5}) {
            for (const bool fast : {false, true}) {
                for (const char* isa : {"", "avx512", "avx2", "reference"}) {
                    if (variant == 5 && QByteArray(isa) == "reference") {
                        continue; // a minute of plain loops that know no company
                    }
                    QTest::addRow("%d %s %s", variant, fast ? "fast" : "f32", isa)
                        << variant << fast << QString::fromLatin1(isa) << false;
                }
            }
        }
        for (const char* isa : {"", "avx512", "avx2", "reference"}) {
            QTest::addRow("state in int8 %s", isa) << 3 << true << QString::fromLatin1(isa) << true;
        }
    }

    /// Whole or chunked, alone or among others, one thread or three: the same bits.
    void bitsDontDependOnTheCompany() {
        QFETCH(int, variant);
        QFETCH(bool, fast);
        QFETCH(QString, isa);
        QFETCH(bool, int8State);
        SmallLlama small = variantOf(variant);
        const ComputeMode compute = fast ? ComputeMode::kFast : ComputeMode::kF32;
        const KvType kv = int8State ? KvType::kInt8 : KvType::kDefault;
        const Loaded loaded = load(small, compute, 3, isa.toStdString(), 1U << 30U, kv);
        const Loaded single = load(small, compute, 1, isa.toStdString(), 1U << 30U, kv);
        Decoder& model = *loaded.model;
        const auto tokens = someTokens(700, small.vocabulary);
        auto state = expectValue(model.createState());
        const auto whole = prefill(model, *state, tokens, 700);
        for (const std::size_t chunk : {1U, 13U, 64U, 511U}) {
            auto chunked = expectValue(model.createState());
            QVERIFY(sameBits(prefill(model, *chunked, tokens, chunk), whole));
        }
        auto onOneThread = expectValue(single.model->createState());
        QVERIFY(sameBits(prefill(*single.model, *onOneThread, tokens, 700), whole));

        // Three conversations of different lengths, one of them prefilling, in the same steps.
        std::vector<std::unique_ptr<SequenceState>> together;
        std::vector<std::unique_ptr<SequenceState>> alone;
        for (std::size_t s = 0; s < 3; ++s) {
            const auto prompt = someTokens(20 + 500 * s, small.vocabulary, 5);
            for (auto* states : {&together, &alone}) {
                states->push_back(expectValue(model.createState()));
                prefill(model, *states->back(), prompt, 256);
            }
        }
        const auto late = someTokens(70, small.vocabulary, 9);
        auto lateTogether = expectValue(model.createState());
        auto lateAlone = expectValue(model.createState());
        for (std::size_t step = 0; step < 5; ++step) {
            const auto next = someTokens(3, small.vocabulary, 100 + static_cast<unsigned>(step));
            const std::vector<Token> chunk(late.begin() + static_cast<std::ptrdiff_t>(step * 14),
                                           late.begin() + static_cast<std::ptrdiff_t>(step * 14 + 14));
            const auto got = runStep(model, {{together[0].get(), {next[0]}, RowClass::kDecode},
                                             {lateTogether.get(), chunk, RowClass::kPrefill},
                                             {together[1].get(), {next[1], next[2]}, RowClass::kDecode},
                                             {together[2].get(), {next[2]}, RowClass::kDecode}});
            std::vector<float> want;
            const auto append = [&](const std::vector<float>& logits) {
                want.insert(want.end(), logits.begin(), logits.end());
            };
            append(runStep(model, {{alone[0].get(), {next[0]}, RowClass::kDecode}}));
            append(runStep(model, {{lateAlone.get(), chunk, RowClass::kPrefill}}));
            append(runStep(model, {{alone[1].get(), {next[1]}, RowClass::kDecode}}));
            append(runStep(model, {{alone[1].get(), {next[2]}, RowClass::kDecode}}));
            append(runStep(model, {{alone[2].get(), {next[2]}, RowClass::kDecode}}));
            QVERIFY(sameBits(got, want));
        }
    }

    void aDroppedStepLeavesTheStateAsItWas() {
        SmallLlama small;
        const Loaded loaded = load(small, ComputeMode::kFast, 2);
        Decoder& model = *loaded.model;
        const auto tokens = someTokens(100, small.vocabulary);
        auto state = expectValue(model.createState());
        auto untouched = expectValue(model.createState());
        prefill(model, *state, tokens, 100);
        prefill(model, *untouched, tokens, 100);
        for (int pieces = 0; pieces < 12; ++pieces) {
            const Step step({{state.get(), someTokens(40, small.vocabulary, 3), RowClass::kPrefill}});
            const auto cursor = expectValue(model.begin(step.input()));
            for (int i = 0; i < pieces; ++i) {
                QVERIFY(!expectValue(cursor->advance()));
            }
        }
        QCOMPARE(state->length(), std::size_t{100});
        const std::vector<Token> next{5};
        QVERIFY(sameBits(runStep(model, {{state.get(), next, RowClass::kDecode}}),
                         runStep(model, {{untouched.get(), next, RowClass::kDecode}})));
    }

    void rejectedRowsAreForgotten() {
        SmallLlama small;
        const Loaded loaded = load(small, ComputeMode::kFast, 2);
        Decoder& model = *loaded.model;
        const auto tokens = someTokens(60, small.vocabulary);
        auto state = expectValue(model.createState());
        auto plain = expectValue(model.createState());
        prefill(model, *state, tokens, 100);
        prefill(model, *plain, tokens, 100);
        const Step step({{state.get(), {1, 2, 3, 4, 5, 6, 7, 8}, RowClass::kDecode}});
        const auto cursor = expectValue(model.begin(step.input()));
        while (!expectValue(cursor->advance())) {
        }
        state->commit(2, RowClass::kDecode);
        runStep(model, {{plain.get(), {1, 2}, RowClass::kDecode}});
        QCOMPARE(state->length(), plain->length());
        QVERIFY(sameBits(runStep(model, {{state.get(), {9}, RowClass::kDecode}}),
                         runStep(model, {{plain.get(), {9}, RowClass::kDecode}})));
        QVERIFY(state->truncate(10));
        QVERIFY(plain->truncate(10));
        const std::vector<Token> other{7, 7, 7};
        QVERIFY(sameBits(runStep(model, {{state.get(), other}}), runStep(model, {{plain.get(), other}})));
    }

    void logitsComeForTheRowsAsked() {
        SmallLlama small;
        const Loaded loaded = load(small, ComputeMode::kFast, 2);
        auto state = expectValue(loaded.model->createState());
        auto other = expectValue(loaded.model->createState());
        const auto tokens = someTokens(30, small.vocabulary);
        const auto all = prefill(*loaded.model, *state, tokens, 512);
        Step step({{other.get(), tokens}});
        step.logitRows = {0, 17, 29};
        const auto cursor = expectValue(loaded.model->begin(step.input()));
        while (!expectValue(cursor->advance())) {
        }
        QCOMPARE(cursor->logits().size(), 3 * small.vocabulary);
        for (std::size_t i = 0; i < 3; ++i) {
            QVERIFY(sameBits(cursor->logits().subspan(i * small.vocabulary, small.vocabulary),
                             std::span(all).subspan(step.logitRows[i] * small.vocabulary, small.vocabulary)));
        }
        other->commit(0, RowClass::kPrefill);
        step.logitRows = {};
        const auto silent = expectValue(loaded.model->begin(step.input()));
        while (!expectValue(silent->advance())) {
        }
        QVERIFY(silent->logits().empty());
    }

    void nonsenseIsRefused() {
        SmallLlama small;
        const Loaded loaded = load(small, ComputeMode::kFast, 1);
        const Loaded stranger = load(small, ComputeMode::kFast, 1);
        Decoder& model = *loaded.model;
        auto state = expectValue(model.createState());
        auto foreign = expectValue(stranger.model->createState());
        const auto refused = [&](auto change) {
            Step step({{state.get(), {1, 2, 3}}});
            change(step);
            const auto cursor = model.begin(step.input());
            return !cursor && cursor.error().code == ErrorCode::kInvalidArgument && !cursor.error().message.empty();
        };
        QVERIFY(!refused([](Step&) {}));
        QVERIFY(refused([](Step& s) { s.tokens[1] = -1; }));
        QVERIFY(refused([&](Step& s) { s.tokens[2] = static_cast<Token>(small.vocabulary); }));
        QVERIFY(refused([](Step& s) { s.positions[0].t = -1; }));
        QVERIFY(refused([&](Step& s) { s.positions[0].t = static_cast<std::int32_t>(small.context); }));
        QVERIFY(refused([](Step& s) { s.positions.pop_back(); }));
        QVERIFY(refused([](Step& s) { s.rowClass.pop_back(); }));
        QVERIFY(refused([](Step& s) { s.rowClass[1] = RowClass::kDecode; }));
        QVERIFY(refused([](Step& s) { s.rowStart = {0, 2}; }));
        QVERIFY(refused([](Step& s) { s.rowStart = {0, 0, 3}; }));
        QVERIFY(refused([](Step& s) { s.logitRows = {1, 1}; }));
        QVERIFY(refused([](Step& s) { s.logitRows = {3}; }));
        QVERIFY(refused([&](Step& s) { s.state[0] = foreign.get(); }));
        QVERIFY(refused([](Step& s) { s.state[0] = nullptr; }));
        QVERIFY(refused([&](Step& s) {
            s.state.push_back(state.get());
            s.rowStart = {0, 2, 3};
        }));
        QVERIFY(refused([](Step& s) { s = Step({}); }));
        QVERIFY(!model.begin(Step({{state.get(), std::vector<Token>(model.maxRows() + 1, 1)}}).input()).has_value());
        auto full = expectValue(model.createState());
        prefill(model, *full, someTokens(small.context, small.vocabulary), 512);
        QCOMPARE(model.begin(Step({{full.get(), {1}}}).input()).error().code, ErrorCode::kInvalidArgument);
    }

    void pagesRunOutInWords() {
        SmallLlama small;
        const Loaded loaded = load(small, ComputeMode::kFast, 1, "", 16U << 20U);
        std::vector<std::unique_ptr<SequenceState>> states;
        for (;;) {
            states.push_back(expectValue(loaded.model->createState()));
            const auto reserved = states.back()->reserve(loaded.model->contextLength());
            if (!reserved) {
                QCOMPARE(reserved.error().code, ErrorCode::kOutOfMemory);
                break;
            }
            QVERIFY(states.size() < 1000);
        }
        const Step step({{states.back().get(), std::vector<Token>(65, 1)}});
        states.front()->truncate(0); // something is free again
        auto cursor = loaded.model->begin(step.input());
        QVERIFY(cursor.has_value() || cursor.error().code == ErrorCode::kOutOfMemory);
    }

private:
    static SmallLlama variantOf(int variant) {
        SmallLlama small;
        small.ownHead = variant != 1;
        if (variant == 2) {
            small.ropeDimensions = 16;
            small.ropeStretch = 2.5;
            small.frequencyFactors = false;
        }
        if (variant == 3) {
            small.mixture = {DType::kQ4_0, DType::kF16, DType::kQ8_0, DType::kBF16,
                             DType::kQ4_1, DType::kF32, DType::kQ8_0, DType::kQ4_1};
        }
        if (variant == 4) {
            small.embedding = 50;
            small.headSize = 10;
            small.ropeDimensions = 10;
            small.feedForward = {33, 70, 1};
            small.vocabulary = 37;
        }
        if (variant == 5) {
            small.embedding = 256;
            small.headSize = 64;
            small.ropeDimensions = 64;
            small.heads = {4, 8, 4};
            small.kvHeads = {2, 1, 4};
            small.feedForward = {256, 512, 256};
            small.mixture = {DType::kQ6_K, DType::kQ4_K, DType::kQ5_K, DType::kQ5_0, DType::kQ4_K,
                             DType::kQ6_K, DType::kQ5_0, DType::kQ5_K, DType::kQ4_K};
        }
        return small;
    }

    Loaded load(SmallLlama& small, ComputeMode compute, int threads, const std::string& isa = "",
                std::uint64_t available = 1U << 30U, KvType kv = KvType::kDefault) {
        const std::filesystem::path path = directory_.filePath(QStringLiteral("small.gguf")).toStdString();
        expectValue(small.write().write(path));
        const auto file = expectValue(GgufFile::open(path));
        ModelOptions options;
        options.compute = compute;
        options.maxRows = 700;
        options.kv = kv;
        options.availableBytes = available;
        Loaded loaded;
        loaded.pool = std::make_unique<ThreadPool>(threads);
        const auto policy = expectValue(cpu::KernelPolicy::create(CpuFeatures::detect(), isa, ""));
        loaded.model = expectValue(
            Decoder::load(file, expectValue(describeModel(file)), options, policy, *loaded.pool, nullptr, {}));
        return loaded;
    }

    QTemporaryDir directory_;
};

ALCUIN_TEST(DecoderTest)
#include "tst_decoder.moc"
