#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "runtime/admission.h"
#include "support/test_registry.h"
#include "toy_engine.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

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

    void cancelTakesEffectBeforeTheNextPiece_data() {
        QTest::addColumn<int>("atLength");
        QTest::newRow("in the prompt") << 0;
        QTest::newRow("while it writes") << 110;
    }

    void cancelTakesEffectBeforeTheNextPiece() {
        QFETCH(int, atLength);
        std::atomic<RequestHandle*> target{nullptr};
        std::atomic<bool> cancelled{false};
        std::atomic<int> piecesAfter{0};
        Gate gate;
        auto hold = gate.hook();
        Engine engine({.onPiece = [&](const StepInput& input, int piece) {
            hold(input, piece);
            if (cancelled.load()) {
                ++piecesAfter;
            } else if (input.positions[0].t >= atLength && piece == 1) {
                target.load()->cancel();
                cancelled = true;
            }
        }});
        EventReader reader(engine.submit(std::string(100, 'p'), options(-1)));
        target = &reader.handle();
        gate.open();
        QCOMPARE(reader.readToEnd().finished->reason, FinishReason::kCancelled);
        QCOMPARE(piecesAfter.load(), 0);
        EventReader next(engine.submit("abc", options(1))); // the engine goes on
        QVERIFY(next.readToEnd().finished);
    }

    void cancellingOneLeavesTheOthersAsTheyWere() {
        Engine alone;
        EventReader expected(alone.submit("steady", options(300)));
        expected.readToEnd();

        Engine engine;
        EventReader steady(engine.submit("steady", options(300)));
        std::mt19937 random(5);
        for (int i = 0; i < 40; ++i) {
            auto dropped = engine.submit(std::string(200, 'd'), options(-1));
            for (auto spin = random() % 200; spin > 0; --spin) {
                std::this_thread::yield();
            }
        }
        QCOMPARE(steady.readToEnd().tokens, expected.answer().tokens);
        QCOMPARE(engine.toy->misuses.load(), 0);
    }

    void everyCancelledRequestEndsOnce() {
        Engine engine({.maxRows = 8});
        std::mt19937 random(20);
        std::vector<std::unique_ptr<EventReader>> readers;
        for (int i = 0; i < 1000; ++i) {
            readers.push_back(std::make_unique<EventReader>(
                engine.submit(std::string(1 + random() % 60, 'x'), options(1 + static_cast<int>(random() % 30)))));
            if (readers.size() > 12) {
                auto& victim = readers[readers.size() - 1 - random() % 12];
                for (auto spin = random() % 20; spin > 0; --spin) {
                    std::this_thread::yield();
                }
                victim->handle().cancel();
            }
        }
        for (auto& reader : readers) {
            reader->handle().cancel();
            const auto& answer = reader->readToEnd();
            QCOMPARE(answer.endings, 1);
            QCOMPARE(answer.afterEnd, 0);
            QVERIFY(answer.finished);
        }
        engine.executor.reset();
        QCOMPARE(engine.toy->pagePool()->pagesInUse(), engine.model->cache->stats().pages);
        QCOMPARE(engine.toy->misuses.load(), 0);
    }

    void cancellingDuringPreparationEndsTheRequest() {
        Engine engine;
        const auto request = engine.executor->add(engine.model, options(5), Priority::kNormal);
        EventReader reader(RequestHandle(request, request->mailbox()));
        reader.handle().cancel();
        QCOMPARE(reader.readToEnd().finished->reason, FinishReason::kCancelled);
        engine.executor->prepared(request, Engine::promptOf("late"));
        EventReader next(engine.submit("abc", options(1)));
        QVERIFY(next.readToEnd().finished);
        reader.take();
        QCOMPARE(reader.answer().endings, 1);
    }

    void aPausedRequestWaitsAndGoesOnAsIfNothingHappened() {
        Engine alone;
        EventReader expected(alone.submit("abc", options(50)));
        expected.readToEnd();

        std::atomic<RequestHandle*> target{nullptr};
        Gate gate;
        auto hold = gate.hook();
        Engine engine({.onPiece = [&](const StepInput& input, int piece) {
            hold(input, piece);
            if (input.tokens.size() == 1 && input.positions[0].t == 20) {
                if (auto* handle = target.exchange(nullptr)) {
                    handle->pause();
                }
            }
        }});
        EventReader paused(engine.submit("abc", options(50)));
        target = &paused.handle();
        gate.open();
        while (paused.answer().tokens.size() < 19) {
            paused.readSome();
        }
        EventReader other(engine.submit("another", options(100)));
        QVERIFY(other.readToEnd().finished);
        paused.take();
        QCOMPARE(paused.answer().tokens.size(), std::size_t(19)); // position 20 was under way
        QCOMPARE(paused.answer().endings, 0);
        paused.handle().resume();
        QCOMPARE(paused.readToEnd().tokens, expected.answer().tokens);
    }

    void aPausedRequestCanBeCancelled() {
        Engine engine;
        const auto request = engine.executor->add(engine.model, options(5), Priority::kNormal);
        EventReader reader(RequestHandle(request, request->mailbox()));
        reader.handle().pause();
        engine.executor->prepared(request, Engine::promptOf("abc"));
        EventReader other(engine.submit("abc", options(5)));
        QVERIFY(other.readToEnd().finished);
        reader.take();
        QVERIFY(reader.answer().tokens.empty());
        reader.handle().cancel();
        QCOMPARE(reader.readToEnd().finished->reason, FinishReason::kCancelled);
    }

    void theMostUrgentPromptIsReadFirst() {
        std::vector<Token> order; // the executor's thread only, read after it ended
        Gate gate;
        auto hold = gate.hook();
        Engine engine({.maxRows = 8, .onPiece = [&](const StepInput& input, int piece) {
                           hold(input, piece);
                           if (piece == 0) {
                               order.push_back(input.tokens[0]);
                           }
                       }});
        EventReader first(engine.submit("0", options(1), Priority::kBackground));
        gate.waitUntilReached();
        EventReader background(engine.submit(std::string(8, 'b'), options(1), Priority::kBackground));
        EventReader normal(engine.submit(std::string(8, 'n'), options(1), Priority::kNormal));
        EventReader raised(engine.submit(std::string(8, 'r'), options(1), Priority::kBackground));
        EventReader urgent(engine.submit(std::string(8, 'i'), options(1), Priority::kInteractive));
        raised.handle().setPriority(Priority::kInteractive);
        gate.open();
        for (auto* reader : {&first, &background, &normal, &raised, &urgent}) {
            reader->readToEnd();
        }
        engine.executor.reset();
        std::erase(order, Token{'0'}); // dropped for the more urgent ones, and read again
        QCOMPARE(order, (std::vector<Token>{'r', 'i', 'n', 'b'}));
    }

    void aLongPromptYieldsToAMoreUrgentOne() {
        std::atomic<int> longRowsBeforeUrgent{0};
        std::atomic<bool> urgentSeen{false};
        Gate gate;
        auto hold = gate.hook();
        Engine engine({.maxRows = 8, .onPiece = [&](const StepInput& input, int piece) {
                           hold(input, piece);
                           urgentSeen = urgentSeen || input.tokens[0] == 'u';
                           if (!urgentSeen && piece == 0) {
                               longRowsBeforeUrgent += static_cast<int>(input.tokens.size());
                           }
                       }});
        EventReader document(engine.submit(std::string(800, 'd'), options(1), Priority::kBackground));
        gate.waitUntilReached();
        EventReader urgent(engine.submit("u", options(1), Priority::kInteractive));
        gate.open();
        QVERIFY(urgent.readToEnd().finished);
        QVERIFY(longRowsBeforeUrgent.load() <= 8);
        QVERIFY(document.readToEnd().finished);
    }

    /// The pieces of prompts between two steps of an answer take what is left of its time, by a clock of our own.
    void promptsAreReadInPiecesBetweenTheTokensOfAnAnswer() {
        std::atomic<int> clockMs{0};
        const auto now = [&] { return std::chrono::steady_clock::time_point(std::chrono::milliseconds(clockMs)); };
        int pieces = 0; // the executor's thread only, read after it ended
        int mostPieces = 0;
        int turns = 0;
        bool written = false;
        Gate gate;
        auto hold = gate.hook();
        Engine engine({.maxRows = 512,
                       .piecesPerStep = 40,
                       .onPiece =
                           [&](const StepInput& input, int piece) {
                               hold(input, piece);
                               if (input.lane == StepLane::kAnswer) {
                                   clockMs += 1; // 40 a step
                                   mostPieces = std::max(mostPieces, written ? pieces : 0);
                                   turns += pieces > 0 ? 1 : 0;
                                   pieces = 0;
                                   written = true;
                               } else {
                                   clockMs += 8;
                                   ++pieces;
                               }
                           }},
                      {.targetTokenMs = 100, .now = now});
        EventReader writer(engine.submit("w", options(200), Priority::kInteractive));
        gate.waitUntilReached();
        EventReader document(engine.submit(std::string(2000, 'd'), options(1)));
        gate.open();
        QVERIFY(document.readToEnd().finished);
        QVERIFY(writer.readToEnd().finished);
        engine.executor.reset();
        QCOMPARE(mostPieces, 5); // 80 of 100 ms are planned for, 40 of them for the answer: five pieces end at its 40th
        QVERIFY(turns >= 4 * 40 / 5 - 1);
        QCOMPARE(engine.toy->misuses.load(), 0);
    }

    void moreRequestsThanPlacesAreAllAnswered() {
        Engine engine;
        std::vector<std::unique_ptr<EventReader>> readers;
        for (int i = 0; i < 200; ++i) {
            readers.push_back(std::make_unique<EventReader>(engine.submit("abc", options(20))));
        }
        for (auto& reader : readers) {
            QCOMPARE(reader->readToEnd().tokens, readers[0]->answer().tokens);
        }
        QVERIFY(engine.toy->largestBatch.load() <= static_cast<int>(kMaxActive));
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

    void closingEndsEveryRequestOnce() {
        for (int round = 0; round < 30; ++round) {
            std::vector<std::unique_ptr<EventReader>> readers;
            Engine engine({.contextLength = 1'000'000, .maxRows = 8});
            for (int i = 0; i < 25; ++i) {
                readers.push_back(std::make_unique<EventReader>(engine.submit(std::string(40, 'x'), options(-1))));
            }
            const auto unprepared = engine.executor->add(engine.model, options(5), Priority::kNormal);
            readers.push_back(std::make_unique<EventReader>(RequestHandle(unprepared, unprepared->mailbox())));
            for (int spin = 0; spin < round * 10; ++spin) {
                std::this_thread::yield();
            }
            engine.executor.reset();
            for (auto& reader : readers) {
                reader->take();
                QCOMPARE(reader->answer().endings, 1);
                QCOMPARE(reader->answer().finished->reason, FinishReason::kCancelled);
                reader->handle().cancel(); // harmless
            }
            QCOMPARE(engine.toy->pagePool()->pagesInUse(), engine.model->cache->stats().pages);
        }
    }

    void severalModelsTakeTurns() {
        Engine engine;
        std::vector<std::shared_ptr<LoadedModel>> models;
        std::vector<std::unique_ptr<EventReader>> readers;
        for (int i = 0; i < 3; ++i) {
            auto model = std::make_shared<LoadedModel>();
            model->model = std::make_unique<ToyModel>(ToyScript{});
            model->tokenizer = std::make_shared<ToyTokenizer>();
            const auto request = engine.executor->add(model, options(200), Priority::kNormal);
            engine.executor->prepared(request, Engine::promptOf("abc"));
            readers.push_back(std::make_unique<EventReader>(RequestHandle(request, request->mailbox())));
            models.push_back(std::move(model));
        }
        for (auto& reader : readers) {
            QCOMPARE(reader->readToEnd().tokens.size(), std::size_t(200));
        }
        for (const auto& model : models) {
            QCOMPARE(model->counters.steps.load(), std::uint64_t(200));
        }
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
