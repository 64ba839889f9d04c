#include <QTemporaryDir>
#include <QtTest/QTest>

#include <random>

#include "base/thread_pool.h"
#include "models/architectures.h"
#include "models/decoder.h"
#include "small_llama.h"
#include "step_runner.h"
#include "support/real_model.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

constexpr std::size_t kAnswers = 3;
constexpr std::size_t kPromptTokens = 150;

struct Loaded {
    std::unique_ptr<ThreadPool> pool;
    std::unique_ptr<Decoder> model;
};

/// A prompt that is read and answers that are written meanwhile: the same work however it is put in order.
class Work {
public:
    explicit Work(Decoder& model) : model_(model), prompt_(expectValue(model.createState())) {
        prefill(model, *prompt_, someTokens(70, model.vocabularySize(), 1), 512);
        for (unsigned i = 0; i < kAnswers; ++i) {
            answers_.push_back(expectValue(model.createState()));
            prefill(model, *answers_.back(), someTokens(20 + 37 * i, model.vocabularySize(), 2 + i), 512);
        }
        fresh_ = expectValue(model.createState());
    }

    std::unique_ptr<StepCursor> beginPrompt() {
        const Step step({promptPart()}, StepLane::kPrompt);
        return expectValue(model_.begin(step.input()));
    }

    void endPrompt(const StepCursor& cursor) {
        prompt_->commit(kPromptTokens, RowClass::kPrefill);
        promptLogits.assign(cursor.logits().begin(), cursor.logits().end());
    }

    /// Every answer gets a token; with the first a short prompt is read in the same lane.
    std::unique_ptr<StepCursor> beginAnswers() {
        const Step step(answerParts(), StepLane::kAnswer);
        return expectValue(model_.begin(step.input()));
    }

    void endAnswers(const StepCursor& cursor) {
        for (const Part& part : answerParts()) {
            part.state->commit(part.tokens.size(), part.rowClass);
        }
        answerLogits.insert(answerLogits.end(), cursor.logits().begin(), cursor.logits().end());
        ++answerSteps;
    }

    void answer() {
        const auto cursor = beginAnswers();
        while (!expectValue(cursor->advance())) {
        }
        endAnswers(*cursor);
    }

    std::vector<float> promptLogits;
    std::vector<float> answerLogits;
    std::size_t answerSteps = 0;

private:
    Part promptPart() {
        return {prompt_.get(), someTokens(kPromptTokens, model_.vocabularySize(), 9), RowClass::kPrefill, false};
    }

    std::vector<Part> answerParts() {
        std::vector<Part> parts;
        for (const auto& state : answers_) {
            const auto token = static_cast<Token>((state->length() * 7919 + 3) % model_.vocabularySize());
            parts.push_back({state.get(), {token}, RowClass::kDecode, true});
        }
        if (answerSteps == 0) {
            parts.push_back({fresh_.get(), someTokens(21, model_.vocabularySize(), 8), RowClass::kPrefill, true});
        }
        return parts;
    }

    Decoder& model_;
    std::unique_ptr<SequenceState> prompt_;
    std::vector<std::unique_ptr<SequenceState>> answers_;
    std::unique_ptr<SequenceState> fresh_;
};

} // namespace

class StepLanesTest : public QObject {
    Q_OBJECT

private slots:
    void turnsChangeNoBit_data() {
        QTest::addColumn<bool>("real");
        QTest::addColumn<KvType>("kv");
        QTest::addColumn<int>("threads");
        for (const bool real : {false, true}) {
            for (const auto& [name, kv] :
                 {std::pair{"f32", KvType::kF32}, {"bf16", KvType::kBF16}, {"int8", KvType::kInt8}}) {
                for (const int threads : {1, 2}) {
                    QTest::addRow("%s, %s, %d threads", real ? "SmolLM2" : "small", name, threads)
                        << real << kv << threads;
                }
            }
        }
    }

    void turnsChangeNoBit() {
        QFETCH(bool, real);
        QFETCH(KvType, kv);
        QFETCH(int, threads);
        if (real && realModelPath().isEmpty()) {
            ALCUIN_SKIP(kNoRealModel);
        }
        const Loaded loaded = real ? loadReal(kv, threads) : loadSmall(kv, threads);
        Decoder& model = *loaded.model;

        // A whole step of the answers after every piece of the prompt, but for the real model's: after every seventh.
        Work byTurns(model);
        const auto prompt = byTurns.beginPrompt();
        for (std::size_t piece = 1; !expectValue(prompt->advance()); ++piece) {
            if (!real || piece % 7 == 0) {
                byTurns.answer();
            }
        }
        byTurns.answer(); // the prompt's logits are still there
        byTurns.endPrompt(*prompt);
        QVERIFY(byTurns.answerSteps > 10);

        Work apart(model);
        const auto alone = apart.beginPrompt();
        while (!expectValue(alone->advance())) {
        }
        apart.endPrompt(*alone);
        while (apart.answerSteps < byTurns.answerSteps) {
            apart.answer();
        }
        QVERIFY(sameBits(byTurns.promptLogits, apart.promptLogits));
        QVERIFY(sameBits(byTurns.answerLogits, apart.answerLogits));

        // Piece by piece, in an order that chance gives.
        Work mixed(model);
        std::mt19937 chance(5);
        const auto one = mixed.beginPrompt();
        auto other = mixed.beginAnswers();
        bool read = false;
        while (!read || mixed.answerSteps < apart.answerSteps) {
            if (!read && chance() % 3 == 0) {
                read = expectValue(one->advance());
            } else if (mixed.answerSteps < apart.answerSteps && expectValue(other->advance())) {
                mixed.endAnswers(*other);
                other = mixed.answerSteps < apart.answerSteps ? mixed.beginAnswers() : nullptr;
            }
        }
        mixed.endPrompt(*one);
        QVERIFY(sameBits(mixed.promptLogits, apart.promptLogits));
        QVERIFY(sameBits(mixed.answerLogits, apart.answerLogits));
    }

    void aLaneHasOneStepAndASequenceOneLane() {
        const Loaded loaded = loadSmall(KvType::kDefault, 1);
        Decoder& model = *loaded.model;
        const auto state = expectValue(model.createState());
        const auto other = expectValue(model.createState());
        const Step here({{state.get(), {1, 2, 3}}}, StepLane::kPrompt);
        const Step there({{state.get(), {1, 2, 3}}}, StepLane::kAnswer);
        const Step another({{other.get(), {4}}}, StepLane::kPrompt);
        auto first = expectValue(model.begin(here.input()));
        QCOMPARE(model.begin(there.input()).error().code, ErrorCode::kInvalidArgument);
        const auto second = expectValue(model.begin(another.input()));
        QCOMPARE(first->advance().error().code, ErrorCode::kInvalidArgument);
        QVERIFY(expectValue(model.begin(there.input())) != nullptr); // the first step can't go on: the sequence is free
        first.reset();
        while (!expectValue(second->advance())) {
        }
        const std::vector<float> logits(second->logits().begin(), second->logits().end());
        runStep(model, {{state.get(), {1, 2, 3}}}, StepLane::kAnswer);
        QVERIFY(sameBits(second->logits(), logits));
    }

    void answersHaveARowEach() {
        const Loaded loaded = loadSmall(KvType::kDefault, 2);
        std::vector<std::unique_ptr<SequenceState>> states;
        std::vector<Part> parts;
        for (std::size_t i = 0; i <= kAnswerRows; ++i) {
            states.push_back(expectValue(loaded.model->createState()));
            parts.push_back({states.back().get(), {static_cast<Token>(i % 50)}, RowClass::kDecode});
        }
        const Step tooMany(parts, StepLane::kAnswer);
        QCOMPARE(loaded.model->begin(tooMany.input()).error().code, ErrorCode::kInvalidArgument);
        parts.pop_back();
        const auto logits = runStep(*loaded.model, parts, StepLane::kAnswer);
        QCOMPARE(logits.size(), kAnswerRows * loaded.model->vocabularySize());
        // The 51st has the first one's token, and the same bits.
        const std::size_t v = loaded.model->vocabularySize();
        QVERIFY(sameBits(std::span(logits).first(v), std::span(logits).subspan(50 * v, v)));
    }

    /// Counted where kernels are called: each weight is handed out once, however many sequences have a row in the step;
    /// what is computed and read of keys and values grows with them.
    void anyNumberOfSequencesReadsTheWeightsOnce_data() {
        QTest::addColumn<bool>("real");
        QTest::newRow("small") << false;
        QTest::newRow("SmolLM2") << true;
    }

    void anyNumberOfSequencesReadsTheWeightsOnce() {
        QFETCH(bool, real);
        if (real && realModelPath().isEmpty()) {
            ALCUIN_SKIP(kNoRealModel);
        }
        const Loaded loaded = real ? loadReal(KvType::kDefault, 2) : loadSmall(KvType::kDefault, 2);
        Decoder& model = *loaded.model;
        std::vector<std::unique_ptr<SequenceState>> states;
        std::vector<Part> parts;
        StepTraffic one;
        for (std::size_t n = 1; n <= kAnswerRows; ++n) {
            states.push_back(expectValue(model.createState()));
            parts.push_back({states.back().get(), {static_cast<Token>(n % 50)}, RowClass::kDecode});
            if (real && n > 2 && n % 16 > 1) {
                continue; // 1, 2, then a whole number of 16 rows and one more
            }
            const StepTraffic before = model.traffic();
            runStep(model, parts, StepLane::kAnswer);
            StepTraffic step = model.traffic();
            step.weightBytes -= before.weightBytes;
            step.stateBytes -= before.stateBytes;
            step.multiplyAdds -= before.multiplyAdds;
            for (const auto& state : states) {
                QVERIFY(state->truncate(0));
            }
            if (n == 1) {
                one = step;
                const StepCost cost = model.stepCost();
                // The matrices: all but the factors of norms and of frequencies.
                const std::size_t all = cost.blockBytes + cost.headBytes;
                QVERIFY(step.weightBytes < all && step.weightBytes > all * 97 / 100);
                QCOMPARE(step.multiplyAdds,
                         cost.blockMultiplyAdds + cost.headMultiplyAdds + cost.attentionMultiplyAdds);
                QVERIFY(step.stateBytes > 0);
            }
            QCOMPARE(step.weightBytes, one.weightBytes);
            QCOMPARE(step.stateBytes, n * one.stateBytes);
            QCOMPARE(step.multiplyAdds, n * one.multiplyAdds);
        }
    }

private:
    Loaded loadSmall(KvType kv, int threads) {
        SmallLlama small;
        small.matrices = DType::kQ4_0;
        const std::filesystem::path path = directory_.filePath(QStringLiteral("small.gguf")).toStdString();
        expectValue(small.write().write(path));
        return load(path, kv, threads);
    }

    static Loaded loadReal(KvType kv, int threads) {
        return load(realModelPath().toStdString(), kv, threads);
    }

    static Loaded load(const std::filesystem::path& path, KvType kv, int threads) {
        const auto file = expectValue(GgufFile::open(path));
        ModelOptions options;
        options.kv = kv;
        options.contextLength = 1024;
        Loaded loaded;
        loaded.pool = std::make_unique<ThreadPool>(threads);
        const auto policy = expectValue(cpu::KernelPolicy::fromEnvironment());
        loaded.model = expectValue(
            Decoder::load(file, expectValue(describeModel(file)), options, policy, *loaded.pool, nullptr, {}));
        return loaded;
    }

    QTemporaryDir directory_;
};

ALCUIN_TEST(StepLanesTest)
#include "tst_step_lanes.moc"
