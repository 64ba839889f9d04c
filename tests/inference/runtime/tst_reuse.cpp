#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/test_registry.h"
#include "toy_engine.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

std::uint64_t prefilled(const Engine& engine) {
    return engine.model->counters.prefillTokens.load();
}

} // namespace

/// Pauses a request when it has come to a place in its text; other requests are left alone.
class PausedThere {
public:
    explicit PausedThere(std::int32_t position) : position_(position) {}

    /// The executor waits at its first piece until start() was called.
    std::function<void(const StepInput&, int)> hook() {
        return [this, hold = gate_.hook()](const StepInput& input, int piece) {
            hold(input, piece);
            if (input.positions[0].t == position_) {
                if (auto* handle = target_.exchange(nullptr)) {
                    handle->pause();
                }
            }
        };
    }
    /// Reads until at least so many tokens are there: fewer than there are before the pause.
    void start(EventReader& request, std::size_t tokens) {
        target_ = &request.handle();
        gate_.open();
        while (request.answer().tokens.size() < tokens) {
            request.readSome();
        }
    }

private:
    std::int32_t position_;
    std::atomic<RequestHandle*> target_{nullptr};
    Gate gate_;
};

/// What was read once isn't read again, nobody waits for memory that others can do without, and nothing of that changes
/// an answer.
class TestReuse : public QObject {
    Q_OBJECT

private slots:
    void theNextTurnReadsOnlyWhatIsNew() {
        Engine engine;
        const std::string question = unlikeText(300);
        EventReader first(engine.submit(question, options(50)));
        first.readToEnd();
        QCOMPARE(first.answer().finished->usage.cachedTokens, std::size_t(0));
        const auto before = prefilled(engine);

        // The last token of the answer was never read: it is new too.
        const std::string next = question + written(first.answer()) + unlikeText(40, 'A');
        EventReader second(engine.submit(next, options(5)));
        second.readToEnd();
        QCOMPARE(second.answer().finished->usage.cachedTokens, std::size_t(300 + 49));
        QCOMPARE(prefilled(engine) - before, std::uint64_t(1 + 40));
        QCOMPARE(engine.toy->misuses.load(), 0);
    }

    void askingAgainReadsOneToken() {
        Engine engine;
        EventReader first(engine.submit(unlikeText(200), options(30)));
        first.readToEnd();
        EventReader second(engine.submit(unlikeText(200), options(30)));
        second.readToEnd();
        QCOMPARE(second.answer().tokens, first.answer().tokens);
        QCOMPARE(second.answer().finished->usage.cachedTokens, std::size_t(199));
    }

    /// Toy answers depend on which rows wrote what they follow. An answer that was kept was written by decode rows, so
    /// only who asks to be reproducible gets what a fresh engine gives.
    void aReproducibleAnswerIsThatOfAFreshEngine() {
        Engine engine;
        EventReader first(engine.submit(unlikeText(100), options(40)));
        first.readToEnd();
        const std::string next = unlikeText(100) + written(first.answer()) + "and then";

        Engine fresh;
        auto reproducible = options(30, 5, 1.5F);
        reproducible.reproducible = true;
        EventReader expected(fresh.submit(next, reproducible));
        expected.readToEnd();
        EventReader usual(engine.submit(next, options(30, 5, 1.5F)));
        QVERIFY(usual.readToEnd().tokens != expected.answer().tokens);
        EventReader same(engine.submit(next, reproducible));
        QCOMPARE(same.readToEnd().tokens, expected.answer().tokens);
        QCOMPARE(same.answer().finished->usage.cachedTokens, std::size_t(100));
        EventReader again(engine.submit(next, reproducible));
        QCOMPARE(again.readToEnd().tokens, expected.answer().tokens);
        QCOMPARE(again.answer().finished->usage.cachedTokens, next.size() - 1); // it was all prefilled this time
    }

    void twoThatComeTogetherReadTheirCommonPartOnce() {
        Gate gate;
        Engine engine({.onPiece = gate.hook()});
        const std::string document = unlikeText(1000);
        EventReader one(engine.submit(document + "first question", options(5)));
        EventReader other(engine.submit(document + "second question", options(5)));
        gate.open();
        one.readToEnd();
        other.readToEnd();
        QVERIFY(prefilled(engine) <= 1000 + 64 + 30);
        QVERIFY(other.answer().finished->usage.cachedTokens >= 960);
    }

    void aCancelledPromptIsNotReadInVain() {
        std::atomic<RequestHandle*> target{nullptr};
        Gate gate;
        auto hold = gate.hook();
        Engine engine({.onPiece = [&](const StepInput& input, int piece) {
            hold(input, piece);
            if (input.positions[0].t >= 500) {
                if (auto* handle = target.exchange(nullptr)) {
                    handle->cancel();
                }
            }
        }});
        EventReader first(engine.submit(unlikeText(1000), options(5)));
        target = &first.handle();
        gate.open();
        QCOMPARE(first.readToEnd().finished->reason, FinishReason::kCancelled);
        EventReader second(engine.submit(unlikeText(1000), options(5)));
        QVERIFY(second.readToEnd().finished->usage.cachedTokens >= 480);
    }

    void nothingIsWrittenWhereNothingIsAskedFor() {
        Engine engine;
        EventReader reader(engine.submit(unlikeText(100), options(0)));
        QCOMPARE(reader.readToEnd().finished->reason, FinishReason::kLength);
        QVERIFY(reader.answer().tokens.empty());
        EventReader next(engine.submit(unlikeText(100), options(1)));
        QCOMPARE(next.readToEnd().finished->usage.cachedTokens, std::size_t(99));
    }

    void whatIsPinnedStaysWhenRoomIsNeeded() {
        Engine engine({.contextLength = 640, .pages = 20}); // the cache may keep ten of them
        const auto pin = std::make_shared<StatePin>();
        auto pinned = options(1);
        pinned.pin = pin;
        EventReader document(engine.submit(unlikeText(256), pinned));
        document.readToEnd();
        for (int i = 0; i < 20; ++i) {
            EventReader other(engine.submit(unlikeText(300, static_cast<char>('B' + i)), options(1)));
            other.readToEnd();
        }
        EventReader again(engine.submit(unlikeText(256) + "?", options(1)));
        QCOMPARE(again.readToEnd().finished->usage.cachedTokens, std::size_t(256));
        QVERIFY(engine.model->cache != nullptr);
    }

    void whatIsKeptGivesWayToWhatIsNeeded() {
        Engine engine({.contextLength = 1280, .pages = 20});
        EventReader small(engine.submit(unlikeText(500), options(1)));
        small.readToEnd();
        EventReader large(engine.submit(unlikeText(1279, 'A'), options(-1))); // needs every page there is
        QCOMPARE(large.readToEnd().finished->reason, FinishReason::kContextFull);
        QCOMPARE(engine.toy->misuses.load(), 0);
    }

    /// More conversations than there is memory for: those that came first go on, the others wait and are read again,
    /// and every answer is the one that it would have been alone.
    void whoHasNoRoomWaitsAndAnswersTheSame() {
        std::vector<std::vector<Token>> alone;
        constexpr int kCount = 6;
        for (int i = 0; i < kCount; ++i) {
            Engine engine;
            EventReader reader(engine.submit(unlikeText(150, static_cast<char>('a' + i)), options(400, 3, 1.0F)));
            alone.push_back(reader.readToEnd().tokens);
            QCOMPARE(alone.back().size(), std::size_t(400));
        }
        Gate gate;
        Engine engine({.contextLength = 1280, .pages = 22, .onPiece = gate.hook()}); // 9 pages each at the end
        std::vector<std::unique_ptr<EventReader>> readers;
        for (int i = 0; i < kCount; ++i) {
            auto reproducible = options(400, 3, 1.0F);
            reproducible.reproducible = true;
            readers.push_back(std::make_unique<EventReader>(
                engine.submit(unlikeText(150, static_cast<char>('a' + i)), reproducible)));
        }
        gate.open();
        for (int i = 0; i < kCount; ++i) {
            QCOMPARE(readers[static_cast<std::size_t>(i)]->readToEnd().tokens, alone[static_cast<std::size_t>(i)]);
        }
        QCOMPARE(engine.toy->misuses.load(), 0);
        engine.executor.reset();
        QCOMPARE(engine.toy->pagePool()->pagesInUse(), engine.model->cache->stats().pages);
    }

    /// While a reproducible answer waits for memory, somebody else reads the same text as a prompt. It must not be
    /// taken for the answer's own: other rows wrote it.
    void aPromptIsNotTakenForAnAnswersOwnState() {
        auto reproducible = options(200, 9, 1.0F);
        reproducible.reproducible = true;
        Engine fresh;
        EventReader alone(fresh.submit(unlikeText(100), reproducible));
        const auto expected = alone.readToEnd().tokens;

        PausedThere pause(250);
        Engine engine({.contextLength = 640, .pages = 10, .onPiece = pause.hook()});
        EventReader paused(engine.submit(unlikeText(100), reproducible));
        pause.start(paused, 150);
        // Reproducible too, or they would go on from what the paused one wrote instead of reading it.
        auto alsoReproducible = options(5);
        alsoReproducible.reproducible = true;
        EventReader reader(
            engine.submit(unlikeText(100) + written(paused.answer()) + unlikeText(350, 'A'), alsoReproducible));
        QVERIFY(reader.readToEnd().finished); // took all the memory, and read what the paused one had written
        EventReader again(engine.submit(unlikeText(100) + written(paused.answer()), alsoReproducible));
        QVERIFY(again.readToEnd().finished);
        paused.handle().resume();
        QCOMPARE(paused.readToEnd().tokens, expected);
    }

    /// It begins like the paused one: the page in which their texts part is kept for others, but not at the price of
    /// the last page that it needs.
    void whoNeedsAllMemoryWritesOnInASharedPage() {
        PausedThere pause(150);
        Engine engine({.contextLength = 640, .pages = 10, .onPiece = pause.hook()});
        EventReader paused(engine.submit(unlikeText(100), options(200)));
        pause.start(paused, 50);
        EventReader other(engine.submit(unlikeText(100) + unlikeText(530, 'A'), options(10)));
        QVERIFY(other.readToEnd().finished);
        QCOMPARE(other.answer().finished->usage.cachedTokens, std::size_t(100));
        QCOMPARE(other.answer().tokens.size(), std::size_t(10));
        paused.handle().resume();
        QCOMPARE(paused.readToEnd().tokens.size(), std::size_t(200));
        QCOMPARE(engine.toy->misuses.load(), 0);
    }

    /// What is pinned leaves too little for the second request, and a paused one gives nothing back by itself.
    void whoCannotHaveEnoughIsToldSo() {
        PausedThere pause(150);
        Engine engine({.contextLength = 640, .pages = 10, .onPiece = pause.hook()});
        const auto pin = std::make_shared<StatePin>();
        auto pinned = options(200);
        pinned.pin = pin;
        EventReader paused(engine.submit(unlikeText(100), pinned));
        pause.start(paused, 50);
        EventReader other(engine.submit(unlikeText(600, 'A'), options(10)));
        QVERIFY(other.readToEnd().error);
        QCOMPARE(other.answer().error->code, ErrorCode::kOutOfMemory);
        paused.handle().resume();
        QCOMPARE(paused.readToEnd().tokens.size(), std::size_t(200));
    }

    /// Two that share a document have it once: who needs more than would become free doesn't take it from them.
    void nobodyGivesWayInVain() {
        Gate gate;
        Engine engine({.contextLength = 640, .pages = 15, .onPiece = gate.hook()});
        std::size_t reads = 0;
        EventReader urgent(engine.submit(unlikeText(300, 'A'), options(200), Priority::kInteractive)); // 8 pages
        EventReader one(engine.submit(unlikeText(200), options(60), Priority::kBackground));
        EventReader two(
            engine.submit(unlikeText(200), options(60), Priority::kBackground)); // 3 of its 5 pages are one's
        gate.waitUntilReached();
        EventReader large(engine.submit(unlikeText(500, 'B'), options(100))); // 10
        gate.open();
        for (EventReader* each : {&urgent, &one, &two, &large}) {
            QVERIFY(each->readToEnd().finished);
            reads += each->answer().finished->usage.promptTokens - each->answer().finished->usage.cachedTokens;
        }
        QCOMPARE(prefilled(engine), static_cast<std::uint64_t>(reads)); // nobody read anything twice
        QCOMPARE(engine.toy->misuses.load(), 0);
    }

    void aMoreUrgentRequestTakesMemoryFromOneThatCanWait() {
        Gate gate;
        std::vector<Token> order; // the executor's thread only, read after it ended
        auto hold = gate.hook();
        Engine engine({.contextLength = 640, .pages = 10, .onPiece = [&](const StepInput& input, int piece) {
                           hold(input, piece);
                           order.push_back(input.tokens[0]);
                       }});
        EventReader background(engine.submit(unlikeText(500, 'A'), options(100), Priority::kBackground));
        gate.waitUntilReached();
        EventReader urgent(engine.submit(unlikeText(500, 'a'), options(20), Priority::kInteractive));
        gate.open();
        QVERIFY(urgent.readToEnd().finished);
        QVERIFY(background.readToEnd().finished);
        QCOMPARE(background.answer().tokens.size(), std::size_t(100));
        QVERIFY(urgent.answer().finished->timings.timeToFirstTokenMs <
                background.answer().finished->timings.timeToFirstTokenMs);
        QCOMPARE(engine.toy->misuses.load(), 0);
    }

    void aPausedRequestsMemoryGoesToOthers() {
        PausedThere pause(320);
        Engine engine({.contextLength = 640, .pages = 10, .onPiece = pause.hook()});
        EventReader paused(engine.submit(unlikeText(300), options(100)));
        pause.start(paused, 20);
        EventReader other(engine.submit(unlikeText(600, 'A'), options(20)));
        QCOMPARE(other.readToEnd().finished->reason, FinishReason::kLength);
        paused.handle().resume();
        QCOMPARE(paused.readToEnd().tokens.size(), std::size_t(100));
    }

    void metricsSayWhatWasReused() {
        Engine engine;
        EventReader first(engine.submit(unlikeText(200), options(3)));
        first.readToEnd();
        EventReader second(engine.submit(unlikeText(200), options(3)));
        second.readToEnd();
        engine.executor.reset();
        EngineMetrics metrics;
        engine.model->measurements.fill(metrics);
        QCOMPARE(metrics.cache.promptTokens, std::uint64_t(400));
        QCOMPARE(metrics.cache.hitTokens, std::uint64_t(199));
        QCOMPARE(metrics.cache.lookups, std::uint64_t(2));
        QVERIFY(metrics.cache.pages >= 4);
        QCOMPARE(metrics.batch.max, std::size_t(1));
    }
};

ALCUIN_TEST(TestReuse)
#include "tst_reuse.moc"
