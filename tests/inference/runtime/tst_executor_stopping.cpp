#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "support/test_registry.h"
#include "toy_engine.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

/// Requests that are cancelled, paused or closed with the executor.
class TestExecutorStopping : public QObject {
    Q_OBJECT

private slots:
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
};

ALCUIN_TEST(TestExecutorStopping)
#include "tst_executor_stopping.moc"
