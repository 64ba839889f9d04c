#include <algorithm>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/test_registry.h"
#include "toy_engine.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

/// What an answer is, and what ends it.
class TestExecutor : public QObject {
    Q_OBJECT

private slots:
    void writesUntilTheEndToken() {
        Engine engine({.next = writes(3, "hello")});
        EventReader reader(engine.submit("abc", options(-1)));
        const auto& answer = reader.readToEnd();
        QCOMPARE(answer.text, std::string("hello"));
        QVERIFY(answer.finished);
        QCOMPARE(answer.finished->reason, FinishReason::kStop);
        QCOMPARE(answer.finished->usage.promptTokens, std::size_t(3));
        QCOMPARE(answer.finished->usage.completionTokens, std::size_t(6));
        QCOMPARE(answer.finished->usage.contextLength, std::size_t(4096));
        QCOMPARE(answer.finished->usage.vocabularyHash, std::uint64_t(0xA1C));
        QCOMPARE(answer.tokens.size(), std::size_t(6));
        QCOMPARE(answer.tokens.back(), ToyTokenizer::kEnd);
        QVERIFY(answer.progress);
        QCOMPARE(answer.progress->done, std::size_t(3));
        QCOMPARE(answer.endings, 1);
        QCOMPARE(engine.toy->misuses.load(), 0);
    }

    void longPromptsAreReadInPieces() {
        Engine engine({.maxRows = 16, .next = writes(100, "x")});
        EventReader reader(engine.submit(std::string(100, 'p'), options(-1)));
        QCOMPARE(reader.readToEnd().text, std::string("x"));
        QCOMPARE(engine.toy->misuses.load(), 0);
        QCOMPARE(engine.model->counters.prefillTokens.load(), std::uint64_t(100));
        QCOMPARE(engine.model->counters.steps.load(), std::uint64_t(7 + 1));
    }

    void anAnswerDoesNotDependOnItsCompany() {
        const std::vector<std::string> prompts{"a", "some words", std::string(90, 'q'), "b", std::string(33, 'r'), "c"};
        std::vector<std::vector<Token>> alone;
        for (std::size_t i = 0; i < prompts.size(); ++i) {
            Engine engine;
            EventReader reader(engine.submit(prompts[i], options(40, i, 1.0F)));
            alone.push_back(reader.readToEnd().tokens);
            QCOMPARE(alone.back().size(), std::size_t(40));
        }
        Gate gate;
        Engine engine({.onPiece = gate.hook()});
        std::vector<std::unique_ptr<EventReader>> readers;
        for (std::size_t i = 0; i < prompts.size(); ++i) {
            readers.push_back(std::make_unique<EventReader>(engine.submit(prompts[i], options(40, i, 1.0F))));
        }
        gate.open();
        for (std::size_t i = 0; i < prompts.size(); ++i) {
            QCOMPARE(readers[i]->readToEnd().tokens, alone[i]);
        }
        QVERIFY(engine.toy->largestBatch.load() >= 5);
        QCOMPARE(engine.toy->misuses.load(), 0);
    }

    void theSeedDecides() {
        Engine engine;
        EventReader first(engine.submit("abc", options(60, 7, 2.0F)));
        EventReader same(engine.submit("abc", options(60, 7, 2.0F)));
        EventReader other(engine.submit("abc", options(60, 8, 2.0F)));
        QCOMPARE(same.readToEnd().tokens, first.readToEnd().tokens);
        QVERIFY(other.readToEnd().tokens != first.answer().tokens);
        QCOMPARE(first.answer().finished->usage.seed, std::uint64_t(7));
    }

    void aDrawnSeedIsReported() {
        Engine engine;
        auto drawn = options(3, 0, 1.0F);
        drawn.sampling.seed.reset();
        drawn.freshSeed = 4711;
        EventReader reader(engine.submit("abc", drawn));
        QCOMPARE(reader.readToEnd().finished->usage.seed, std::uint64_t(4711));
    }

    void lengthEndsAnAnswer() {
        Engine engine;
        EventReader reader(engine.submit("abc", options(5)));
        QCOMPARE(reader.readToEnd().finished->reason, FinishReason::kLength);
        QCOMPARE(reader.answer().tokens.size(), std::size_t(5));
    }

    void stopStringsEndAnAnswer() {
        Engine engine({.next = writes(1, "one two\nUser: three")});
        auto withStop = options(-1);
        withStop.stops = {"\nUser:"};
        EventReader reader(engine.submit("q", withStop));
        QCOMPARE(reader.readToEnd().text, std::string("one two"));
        QCOMPARE(reader.answer().finished->reason, FinishReason::kStop);
    }

    void theContextEndsAnAnswer() {
        Engine engine({.contextLength = 20});
        EventReader reader(engine.submit("0123456789", options(-1)));
        QCOMPARE(reader.readToEnd().finished->reason, FinishReason::kContextFull);
        QCOMPARE(reader.answer().tokens.size(), std::size_t(11)); // ten places, and one that needs none
        QCOMPARE(engine.toy->misuses.load(), 0);
    }

    void aPromptThatDoesNotFitIsRefusedWithFigures() {
        Engine engine({.contextLength = 20});
        EventReader fits(engine.submit(std::string(20, 'x'), options(-1)));
        QCOMPARE(fits.readToEnd().finished->reason, FinishReason::kContextFull);
        EventReader reader(engine.submit(std::string(21, 'x'), options(-1)));
        const auto& answer = reader.readToEnd();
        QVERIFY(answer.error);
        QCOMPARE(answer.error->code, ErrorCode::kContextFull);
        QVERIFY(answer.error->message.find("21") != std::string::npos);
        QVERIFY(answer.error->message.find("20") != std::string::npos);
    }

    void anEmptyPromptIsAnError() {
        Engine engine;
        EventReader reader(engine.submit("", options(-1)));
        QCOMPARE(reader.readToEnd().error->code, ErrorCode::kInvalidArgument);
    }

    void aFailedPreparationIsItsRequestsError() {
        Engine engine;
        const auto request = engine.executor->add(engine.model, options(5), Priority::kNormal);
        EventReader other(engine.submit("abc", options(5)));
        EventReader reader(RequestHandle(request, request->mailbox()));
        engine.executor->prepared(request, fail(ErrorCode::kTemplate, "line 1: no"));
        QCOMPARE(reader.readToEnd().error->message, std::string("line 1: no"));
        QVERIFY(other.readToEnd().finished);
    }

    void anErrorConcernsOneRequestOnly_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("code");
        QTest::newRow("begin refuses") << 0 << static_cast<int>(ErrorCode::kOutOfMemory);
        QTest::newRow("advance fails") << 1 << static_cast<int>(ErrorCode::kDevice);
        QTest::newRow("memory runs out") << 2 << static_cast<int>(ErrorCode::kOutOfMemory);
        QTest::newRow("an exception escapes") << 3 << static_cast<int>(ErrorCode::kInternal);
    }

    void anErrorConcernsOneRequestOnly() {
        QFETCH(int, kind);
        QFETCH(int, code);
        const auto poisoned = [](const StepInput& input) {
            return std::find(input.tokens.begin(), input.tokens.end(), Token{'X'}) != input.tokens.end();
        };
        ToyScript script;
        Gate gate;
        auto hold = gate.hook();
        script.onPiece = [&, kind](const StepInput& input, int piece) {
            hold(input, piece);
            if (poisoned(input) && piece == 2 && kind >= 2) {
                if (kind == 2) {
                    throw std::bad_alloc();
                }
                throw std::runtime_error("broken");
            }
        };
        if (kind == 0) {
            script.onBegin = [&](const StepInput& input) {
                return poisoned(input) ? std::optional(Error{ErrorCode::kOutOfMemory, "no"}) : std::nullopt;
            };
        }
        if (kind == 1) {
            script.onAdvance = [&](const StepInput& input, int piece) {
                return poisoned(input) && piece == 3 ? std::optional(Error{ErrorCode::kDevice, "lost"}) : std::nullopt;
            };
        }
        Engine reference;
        EventReader expected(reference.submit("good", options(30)));
        expected.readToEnd();

        Engine engine(script);
        EventReader good(engine.submit("good", options(30)));
        EventReader bad(engine.submit("baXd", options(30)));
        EventReader also(engine.submit("good", options(30)));
        gate.open();
        QCOMPARE(static_cast<int>(bad.readToEnd().error->code), code);
        QCOMPARE(bad.answer().endings, 1);
        QCOMPARE(good.readToEnd().tokens, expected.answer().tokens);
        QCOMPARE(also.readToEnd().tokens, expected.answer().tokens);
        QCOMPARE(engine.toy->misuses.load(), 0);
    }

    void aModelIsFreedWhenItsLastRequestEnded() {
        Engine engine;
        auto model = std::make_shared<LoadedModel>();
        model->model = std::make_unique<ToyModel>(ToyScript{});
        model->tokenizer = std::make_shared<ToyTokenizer>();
        const std::weak_ptr<LoadedModel> watch = model;
        const auto request = engine.executor->add(std::move(model), options(5), Priority::kNormal);
        engine.executor->prepared(request, Engine::promptOf("abc"));
        EventReader reader(RequestHandle(request, request->mailbox()));
        reader.readToEnd();
        EventReader after(engine.submit("abc", options(1))); // the round after this one has begun sweeps
        after.readToEnd();
        engine.executor.reset();
        QVERIFY(watch.expired()); // though its handle is still held
    }

    void countersReturnToNothing() {
        Engine engine;
        EventReader first(engine.submit("abc", options(10)));
        EventReader second(engine.submit("xyz", options(10)));
        first.readToEnd();
        second.readToEnd();
        engine.executor.reset();
        const auto& counters = engine.model->counters;
        QCOMPARE(counters.prefillTokens.load(), std::uint64_t(6));
        QCOMPARE(counters.decodeTokens.load(), std::uint64_t(18)); // the last token of each isn't read any more
        QCOMPARE(counters.active.load(), std::size_t(0));
        QCOMPARE(counters.queued.load(), std::size_t(0));
        QCOMPARE(counters.stateBytes.load(), std::size_t(0));
    }
};

ALCUIN_TEST(TestExecutor)
#include "tst_executor.moc"
