#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "runtime/admission.h"
#include "support/test_registry.h"
#include "toy_engine.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

/// Who is served when there are several.
class TestExecutorTurns : public QObject {
    Q_OBJECT

private slots:
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
};

ALCUIN_TEST(TestExecutorTurns)
#include "tst_executor_turns.moc"
