#include <QTemporaryDir>
#include <QtTest/QTest>

#include "base/thread_pool.h"
#include "models/architectures.h"
#include "models/decoder.h"
#include "small_llama.h"
#include "state/paged_state.h"
#include "state/prefix_cache.h"
#include "step_runner.h"
#include "support/real_model.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

constexpr std::size_t kPrompt = 200;
constexpr std::size_t kNew = 90; ///< tokens read behind a prefix: more than a page
constexpr std::size_t kSteps = 6;

struct Loaded {
    std::unique_ptr<ThreadPool> pool;
    std::unique_ptr<Decoder> model;
};

std::vector<Token> joined(std::span<const Token> a, std::span<const Token> b) {
    std::vector<Token> both(a.begin(), a.end());
    both.insert(both.end(), b.begin(), b.end());
    return both;
}

/// Logits of tokens read behind what a state holds, then of some written by decode steps.
std::vector<float> goOn(Decoder& model, SequenceState& state, std::span<const Token> tokens) {
    std::vector<float> all = prefill(model, state, tokens, 60);
    for (std::size_t i = 0; i < kSteps; ++i) {
        const auto token = static_cast<Token>((i * 7919 + 5) % model.vocabularySize());
        const auto logits = runStep(model, {{&state, {token}, RowClass::kDecode}}, StepLane::kAnswer);
        all.insert(all.end(), logits.begin(), logits.end());
    }
    return all;
}

PagedState& paged(SequenceState& state) {
    return dynamic_cast<PagedState&>(state);
}

} // namespace

class SharedStateTest : public QObject {
    Q_OBJECT

private slots:
    void aForkIsAsAFreshOne_data() {
        QTest::addColumn<bool>("real");
        QTest::addColumn<KvType>("kv");
        QTest::addColumn<QString>("isa");
        for (const auto& [name, kv] :
             {std::pair{"f32", KvType::kF32}, {"bf16", KvType::kBF16}, {"int8", KvType::kInt8}}) {
            for (const char* isa : {"", "avx512", "avx2", "reference"}) {
                QTest::addRow("small, %s %s", name, isa) << false << kv << QString::fromLatin1(isa);
            }
            QTest::addRow("SmolLM2, %s", name) << true << kv << QString();
        }
    }

    void aForkIsAsAFreshOne() {
        QFETCH(bool, real);
        if (real && realModelPath().isEmpty()) {
            ALCUIN_SKIP(kNoRealModel);
        }
        const Loaded loaded = load();
        Decoder& model = *loaded.model;
        const auto prompt = someTokens(kPrompt, model.vocabularySize(), 1);
        const auto first = expectValue(model.createState());
        prefill(model, *first, prompt, 512);
        unsigned seed = 10;
        for (const std::size_t length : {64U, 100U, 128U, 199U, 200U}) {
            const auto shared = std::span(prompt).first(length);
            const auto more = someTokens(kNew, model.vocabularySize(), ++seed);
            const auto fork = expectValue(first->fork(length));
            const auto forked = goOn(model, *fork, more);
            const auto fresh = expectValue(model.createState());
            prefill(model, *fresh, shared, 512);
            QVERIFY(sameBits(forked, goOn(model, *fresh, more)));
            // A fork of it, within what was decoded, while it goes on itself in the same steps.
            const auto second = expectValue(fork->fork(length + kNew + 2));
            QVERIFY(fresh->truncate(length + kNew + 2));
            const auto got =
                runStep(model, {{fork.get(), {1, 2}, RowClass::kDecode}, {second.get(), {3, 4}, RowClass::kDecode}});
            QVERIFY(sameBits(std::span(got).last(got.size() / 2),
                             runStep(model, {{fresh.get(), {3, 4}, RowClass::kDecode}})));
        }
        // What they all came from has seen nothing of it.
        const auto alone = expectValue(model.createState());
        prefill(model, *alone, prompt, 512);
        const auto more = someTokens(kNew, model.vocabularySize(), 99);
        QVERIFY(sameBits(goOn(model, *first, more), goOn(model, *alone, more)));
    }

    void aCachedPrefixIsAsACold_data() {
        aForkIsAsAFreshOne_data();
    }

    /// Prefixes that end where a page does and within one, of a prompt and of one with its answer.
    void aCachedPrefixIsAsACold() {
        QFETCH(bool, real);
        if (real && realModelPath().isEmpty()) {
            ALCUIN_SKIP(kNoRealModel);
        }
        const Loaded loaded = load();
        Decoder& model = *loaded.model;
        PrefixCache cache(model.pagePool(), ChainKey{}, 1000);
        const auto prompt = someTokens(kPrompt, model.vocabularySize(), 1);
        const auto answer = someTokens(70, model.vocabularySize(), 2);
        const auto whole = joined(prompt, answer);
        std::unique_ptr<SequenceState> live = expectValue(model.createState());
        prefill(model, *live, prompt, 512);
        for (const Token token : answer) {
            runStep(model, {{live.get(), {token}, RowClass::kDecode}}, StepLane::kAnswer);
        }
        cache.keep(paged(*live), whole, true);
        // Also where it goes on with the answer, as the prompt of the next turn would.
        for (const std::size_t length : {64U, 100U, 192U, 200U, 230U}) {
            const auto tokens = joined(std::span(whole).first(length), someTokens(kNew, model.vocabularySize(), 3));
            const auto warm = expectValue(model.createState());
            const std::size_t cached = cache.adopt(paged(*warm), tokens, true);
            QCOMPARE(cached, std::min(length, kPrompt));
            const auto cold = expectValue(model.createState());
            prefill(model, *cold, std::span(tokens).first(cached), 512);
            const auto rest = std::span(tokens).subspan(cached);
            QVERIFY(sameBits(goOn(model, *warm, rest), goOn(model, *cold, rest)));
        }
        // With what was decoded: as the sequence that goes on itself.
        const auto next = joined(whole, someTokens(kNew, model.vocabularySize(), 4));
        const auto warm = expectValue(model.createState());
        QCOMPARE(cache.adopt(paged(*warm), next, false), whole.size());
        QCOMPARE(warm->prefilledLength(), kPrompt);
        const auto rest = std::span(next).subspan(whole.size());
        QVERIFY(sameBits(goOn(model, *warm, rest), goOn(model, *live, rest)));
    }

    void sharingWhileAStepRuns_data() {
        aForkIsAsAFreshOne_data();
    }

    /// A step that reads a prompt goes on writing into a page that was shared, kept, and read by others meanwhile.
    void sharingWhileAStepRuns() {
        QFETCH(bool, real);
        if (real && realModelPath().isEmpty()) {
            ALCUIN_SKIP(kNoRealModel);
        }
        const Loaded loaded = load();
        Decoder& model = *loaded.model;
        PrefixCache cache(model.pagePool(), ChainKey{}, 1000);
        const auto prompt = someTokens(kPrompt, model.vocabularySize(), 1);
        constexpr std::size_t kRead = 100; // ends within a page
        const std::vector<Token> begun(prompt.begin(), prompt.begin() + kRead);
        const std::vector<Token> rest(prompt.begin() + kRead, prompt.end());
        const auto more = someTokens(kNew, model.vocabularySize(), 2);

        const auto reader = expectValue(model.createState());
        prefill(model, *reader, begun, 512);
        const Step step({{reader.get(), rest, RowClass::kPrefill}}, StepLane::kPrompt);
        auto cursor = expectValue(model.begin(step.input()));
        for (int piece = 0; piece < 20 && !expectValue(cursor->advance()); ++piece) {
        }
        const auto fork = expectValue(reader->fork(kRead));
        cache.keep(paged(*reader), begun, true);
        const auto adopted = expectValue(model.createState());
        QCOMPARE(cache.adopt(paged(*adopted), begun, true), kRead);
        std::vector<float> answers;
        for (SequenceState* state : {fork.get(), adopted.get()}) {
            answers = runStep(model, {{state, more, RowClass::kPrefill}}, StepLane::kAnswer);
            answers = runStep(model, {{state, {7}, RowClass::kDecode}}, StepLane::kAnswer);
        }
        while (!expectValue(cursor->advance())) {
        }
        reader->commit(rest.size(), RowClass::kPrefill);
        const std::vector<float> read(cursor->logits().begin(), cursor->logits().end());
        cursor.reset();
        cache.keep(paged(*reader), prompt, true);

        const auto fresh = expectValue(model.createState());
        prefill(model, *fresh, begun, 512);
        QVERIFY(sameBits(read, runStep(model, {{fresh.get(), rest, RowClass::kPrefill}})));
        QVERIFY(fresh->truncate(kRead));
        runStep(model, {{fresh.get(), more, RowClass::kPrefill}});
        QVERIFY(sameBits(answers, runStep(model, {{fresh.get(), {7}, RowClass::kDecode}})));
        // What was kept of the step's own pages is as when it is read alone.
        const auto again = expectValue(model.createState());
        QCOMPARE(cache.adopt(paged(*again), prompt, true), kPrompt);
        const auto alone = expectValue(model.createState());
        prefill(model, *alone, prompt, 512);
        QVERIFY(sameBits(goOn(model, *again, more), goOn(model, *alone, more)));
    }

    void whatPagesHeldBeforeIsNeverRead_data() {
        aForkIsAsAFreshOne_data();
    }

    /// Pages come from the pool as somebody left them, and a page that is copied brings what lies behind its tokens.
    void whatPagesHeldBeforeIsNeverRead() {
        QFETCH(bool, real);
        if (real && realModelPath().isEmpty()) {
            ALCUIN_SKIP(kNoRealModel);
        }
        const Loaded loaded = load();
        Decoder& model = *loaded.model;
        const auto prompt = someTokens(83, model.vocabularySize(), 1);
        const auto run = [&] {
            const auto state = expectValue(model.createState());
            auto logits = prefill(model, *state, prompt, 37);
            const auto more = goOn(model, *state, someTokens(kNew, model.vocabularySize(), 2));
            logits.insert(logits.end(), more.begin(), more.end());
            return logits;
        };
        const auto clean = run();
        for (const int filling : {0xff, 0x7f, 0x80}) { // not a number, huge, or minus nothing
            PagePool& pool = *model.pagePool();
            std::vector<unsigned char*> pages;
            for (int i = 0; i < 16; ++i) {
                pages.push_back(expectValue(pool.take()));
                std::memset(pages.back(), filling, pool.pageBytes());
            }
            for (unsigned char* page : pages) {
                pool.give(page);
            }
            QVERIFY(sameBits(run(), clean));
        }
    }

private:
    Loaded load() {
        QFETCH(bool, real);
        QFETCH(KvType, kv);
        QFETCH(QString, isa);
        std::filesystem::path path = realModelPath().toStdString();
        if (!real) {
            SmallLlama small;
            small.matrices = DType::kQ4_0;
            path = directory_.filePath(QStringLiteral("small.gguf")).toStdString();
            expectValue(small.write().write(path));
        }
        const auto file = expectValue(GgufFile::open(path));
        ModelOptions options;
        options.kv = kv;
        options.contextLength = 1024;
        Loaded loaded;
        loaded.pool = std::make_unique<ThreadPool>(2);
        const auto policy = real ? expectValue(cpu::KernelPolicy::fromEnvironment())
                                 : expectValue(cpu::KernelPolicy::create(CpuFeatures::detect(), isa.toStdString(), ""));
        loaded.model = expectValue(
            Decoder::load(file, expectValue(describeModel(file)), options, policy, *loaded.pool, nullptr, {}));
        return loaded;
    }

    QTemporaryDir directory_;
};

ALCUIN_TEST(SharedStateTest)
#include "tst_shared_state.moc"
