#include <QTemporaryDir>

#include <filesystem>
#include <memory>
#include <string>

#include "support/test_registry.h"
#include "toy_engine.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

constexpr std::uint64_t kBudget = std::uint64_t{1} << 30U;

GenerationOptions owned(std::int32_t maxTokens, const std::string& owner = "chat 1") {
    auto result = options(maxTokens);
    result.snapshotOwner = owner;
    return result;
}

} // namespace

/// A conversation that is opened again, by another executor with nothing in memory, isn't read again.
class TestExecutorSnapshots : public QObject {
    Q_OBJECT

private slots:
    void init() {
        temporary_ = std::make_unique<QTemporaryDir>();
        store_ = SnapshotStore::open(directory(), kBudget).value();
    }

    void aReopenedConversationReadsOnlyWhatIsNew() {
        std::string conversation = unlikeText(1000);
        Answer first;
        {
            Engine engine({}, {.snapshots = store_});
            EventReader reader(engine.submit(conversation, owned(100)));
            first = reader.readToEnd();
        }
        conversation += written(first) + "next question";
        Engine engine({}, {.snapshots = store_});
        EventReader reader(engine.submit(conversation, owned(50)));
        const auto usage = reader.readToEnd().finished->usage;
        QCOMPARE(usage.restoredTokens, std::size_t(1088)); // 17 whole pages of the 1099 tokens
        QCOMPARE(usage.cachedTokens, usage.restoredTokens);
        QCOMPARE(engine.model->counters.prefillTokens.load(), std::uint64_t(11 + 1 + 13));

        QCOMPARE(engine.toy->misuses.load(), 0);
    }

    /// As if it had stayed in memory: prompts alone, so that who wrote what doesn't matter.
    void whatComesBackIsWhatWent() {
        {
            Engine engine({}, {.snapshots = store_});
            EventReader reader(engine.submit(unlikeText(1000), owned(1)));
            reader.readToEnd();
        }
        Engine engine({}, {.snapshots = store_});
        EventReader reader(engine.submit(unlikeText(1000) + "?", owned(50)));
        Engine fresh;
        EventReader expected(fresh.submit(unlikeText(1000) + "?", options(50)));
        QCOMPARE(reader.readToEnd().tokens, expected.readToEnd().tokens);
        QCOMPARE(reader.answer().finished->usage.restoredTokens, std::size_t(960));
    }

    void aReproducibleRequestTakesOnlyPromptsFromDisk() {
        Answer first;
        {
            Engine engine({}, {.snapshots = store_});
            EventReader reader(engine.submit(unlikeText(640), owned(200)));
            first = reader.readToEnd();
        }
        const std::string next = unlikeText(640) + written(first) + "more";
        auto reproducible = owned(30);
        reproducible.reproducible = true;
        Engine fresh;
        EventReader expected(fresh.submit(next, reproducible));
        Engine engine({}, {.snapshots = store_});
        EventReader reader(engine.submit(next, reproducible));
        QCOMPARE(reader.readToEnd().tokens, expected.readToEnd().tokens);
        QCOMPARE(reader.answer().finished->usage.restoredTokens, std::size_t(640));
    }

    void whatMemoryHasIsNotReadFromDisk() {
        Engine engine({}, {.snapshots = store_});
        EventReader first(engine.submit(unlikeText(1000), owned(1)));
        first.readToEnd();
        EventReader second(engine.submit(unlikeText(1000) + unlikeText(500, 'A'), owned(1)));
        const auto usage = second.readToEnd().finished->usage;
        QCOMPARE(usage.cachedTokens, std::size_t(1000));
        QCOMPARE(usage.restoredTokens, std::size_t(0));
    }

    void othersDoNotFindIt() {
        {
            Engine engine({}, {.snapshots = store_});
            EventReader reader(engine.submit(unlikeText(1000), owned(1)));
            reader.readToEnd();
        }
        Engine engine({}, {.snapshots = store_});
        EventReader other(engine.submit(unlikeText(1000), owned(1, "chat 2")));
        QCOMPARE(other.readToEnd().finished->usage.restoredTokens, std::size_t(0));
        EventReader nobody(engine.submit(unlikeText(1000, 'A'), options(1)));
        QVERIFY(nobody.readToEnd().finished);
    }

    void anotherModelsStateIsNotTaken() {
        {
            Engine engine({}, {.snapshots = store_});
            EventReader reader(engine.submit(unlikeText(1000), owned(1)));
            reader.readToEnd();
        }
        Engine engine({}, {.snapshots = store_});
        engine.model->stateRoot = chainRoot({.weights = 7});
        EventReader reader(engine.submit(unlikeText(1000), owned(1)));
        QCOMPARE(reader.readToEnd().finished->usage.restoredTokens, std::size_t(0));
    }

    void whatIsPurgedIsGone() {
        Engine engine({}, {.snapshots = store_});
        EventReader reader(engine.submit(unlikeText(1000), owned(1)));
        reader.readToEnd();
        EventReader other(engine.submit(unlikeText(1000, 'A'), owned(1, "chat 2")));
        other.readToEnd();
        QVERIFY(engine.executor->forget("chat 1"));
        engine.executor.reset();
        const auto left = store_->bytes();
        QVERIFY(left > 0);
        QVERIFY(store_->purge("chat 2"));
        QCOMPARE(store_->bytes(), std::uint64_t(0));
    }

    void aRequestUnderWayLeavesNothingOfAPurgedOwner() {
        Gate gate;
        Engine engine({.onPiece = gate.hook()}, {.snapshots = store_});
        EventReader reader(engine.submit(unlikeText(300), owned(5)));
        gate.waitUntilReached();
        auto purged = std::async(std::launch::async, [&] { return engine.executor->forget("chat 1"); });
        gate.open();
        QVERIFY(purged.get());
        QVERIFY(reader.readToEnd().finished);
        engine.executor.reset();
        QCOMPARE(store_->bytes(), std::uint64_t(0));
    }

    void onlyTheNamedAreLeft() {
        Gate gate;
        Engine engine({.onPiece = gate.hook()}, {.snapshots = store_});
        EventReader goes(engine.submit(unlikeText(300), owned(5)));
        EventReader stays(engine.submit(unlikeText(300, 'A'), owned(5, "chat 2")));
        gate.waitUntilReached();
        auto purged = std::async(std::launch::async, [&] { return engine.executor->forgetExcept({"chat 2"}); });
        gate.open();
        QVERIFY(purged.get());
        QVERIFY(goes.readToEnd().finished);
        QVERIFY(stays.readToEnd().finished);
        engine.executor.reset();
        QVERIFY(store_->bytes() > 0);
        QVERIFY(store_->purge("chat 2"));
        QCOMPARE(store_->bytes(), std::uint64_t(0));
    }

    /// Pages that are on their way to the disk come back: who needs them waits a moment.
    void whatGoesToDiskIsWaitedFor() {
        Gate gate;
        Engine engine({.contextLength = 640, .pages = 10, .onPiece = gate.hook()}, {.snapshots = store_});
        EventReader leaves(engine.submit(unlikeText(500), owned(5)));
        EventReader waits(engine.submit(unlikeText(600, 'A'), options(5)));
        gate.open();
        QVERIFY(leaves.readToEnd().finished);
        QVERIFY(waits.readToEnd().finished);
        engine.executor.reset();
        QCOMPARE(engine.model->pagesAtDisk, std::size_t(0));
    }

    void cancellingWhileItIsBroughtBackLeaksNothing() {
        {
            Engine engine({}, {.snapshots = store_});
            EventReader reader(engine.submit(unlikeText(3000), owned(1)));
            reader.readToEnd();
        }
        for (int round = 0; round < 200; ++round) {
            Engine engine({}, {.snapshots = store_});
            EventReader reader(engine.submit(unlikeText(3000) + "?", owned(3)));
            for (int spin = 0; spin < round * 3; ++spin) {
                std::this_thread::yield();
            }
            reader.handle().cancel();
            QCOMPARE(reader.readToEnd().endings, 1);
            engine.executor.reset();
            QCOMPARE(engine.toy->pagePool()->pagesInUse(), engine.model->cache->stats().pages);
        }
    }

    void metricsCountWhatWentAndCame() {
        Engine engine({}, {.snapshots = store_});
        EventReader reader(engine.submit(unlikeText(1000), owned(30)));
        reader.readToEnd();
        engine.executor.reset();
        EngineMetrics metrics;
        engine.model->measurements.fill(metrics);
        QCOMPARE(metrics.snapshots.savedTokens, std::uint64_t(1024)); // whole pages of 1029
        QCOMPARE(metrics.snapshots.restoredTokens, std::uint64_t(0));
    }

private:
    std::filesystem::path directory() const {
        return std::filesystem::path(temporary_->path().toStdString()) / "states";
    }

    std::unique_ptr<QTemporaryDir> temporary_;
    std::shared_ptr<SnapshotStore> store_;
};

ALCUIN_TEST(TestExecutorSnapshots)
#include "tst_executor_snapshots.moc"
