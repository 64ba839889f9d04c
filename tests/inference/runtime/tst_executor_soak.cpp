#include <QTemporaryDir>

#include <array>
#include <atomic>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "support/test_registry.h"
#include "toy_engine.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

/// Random use, ten thousand times: every request ends once and no page is lost.
class TestExecutorSoak : public QObject {
    Q_OBJECT

private slots:
    void tenThousandRandomThings_data() {
        QTest::addColumn<int>("pages");
        QTest::newRow("room for all") << 4000;
        QTest::newRow("too little memory") << 40;
    }

    void tenThousandRandomThings() {
        QFETCH(int, pages);
        QTemporaryDir temporary;
        const auto store =
            SnapshotStore::open(std::filesystem::path(temporary.path().toStdString()) / "s", 1U << 24U).value();
        Engine engine({.contextLength = 1024, .maxRows = 64, .pages = static_cast<std::size_t>(pages)},
                      {.snapshots = store});
        std::mt19937 random(17);
        const auto below = [&](unsigned count) { return static_cast<unsigned>(random() % count); };
        std::vector<std::unique_ptr<EventReader>> open;
        std::vector<std::shared_ptr<StatePin>> pins(4);
        int ended = 0;
        int submitted = 0;
        const auto close = [&](std::size_t index) {
            open[index]->handle().resume();
            open[index]->readToEnd();
            QCOMPARE(open[index]->answer().endings, 1);
            QCOMPARE(open[index]->answer().afterEnd, 0);
            ++ended;
            open.erase(open.begin() + static_cast<std::ptrdiff_t>(index));
        };
        constexpr int kActions = 10'000;
        for (int action = 0; action < kActions; ++action) {
            const unsigned kind = below(10);
            if (open.size() < 4 || (kind < 4 && open.size() < 40)) {
                open.push_back(std::make_unique<EventReader>(submit(engine, random, pins)));
                ++submitted;
                continue;
            }
            const std::size_t index = below(static_cast<unsigned>(open.size()));
            RequestHandle& handle = open[index]->handle();
            switch (kind) {
            case 4:
                handle.cancel();
                break;
            case 5:
                handle.pause();
                break;
            case 6:
                handle.resume();
                break;
            case 7:
                handle.setPriority(static_cast<Priority>(below(3)));
                break;
            case 8:
                pins[below(4)].reset();
                break;
            default:
                close(index);
            }
        }
        while (!open.empty()) {
            if (below(3) == 0) {
                open.back()->handle().cancel();
            }
            close(open.size() - 1);
        }
        QCOMPARE(ended, submitted);
        QVERIFY(submitted > 2000);
        pins.clear();
        engine.executor.reset();
        QCOMPARE(engine.toy->misuses.load(), 0);
        const auto kept = engine.model->cache->stats();
        QCOMPARE(engine.toy->pagePool()->pagesInUse(), kept.pages);
        QVERIFY(kept.hitTokens > 0);
        engine.model->cache.reset();
        QCOMPARE(engine.toy->pagePool()->pagesInUse(), std::size_t(0));
    }

    /// Alone, so that nothing but the stopped request is in any piece: what begins after the stop is at most the piece
    /// that was just being handed out.
    void aThousandStopsTakeEffectAtOnce() {
        std::atomic<int> pieces{0};
        Engine engine({.onPiece = [&](const StepInput&, int) { ++pieces; }});
        std::mt19937 random(3);
        for (int round = 0; round < 1000; ++round) {
            EventReader reader(engine.submit(std::string(1 + random() % 400, 'x'), options(-1)));
            for (auto spin = random() % 300; spin > 0; --spin) {
                std::this_thread::yield();
            }
            reader.handle().cancel();
            const int atStop = pieces.load();
            QCOMPARE(reader.readToEnd().endings, 1);
            QVERIFY2(pieces.load() - atStop <= 1, qPrintable(QString::number(pieces.load() - atStop)));
        }
    }

private:
    /// Prompts that often begin alike, as turns of a few conversations do.
    static RequestHandle submit(Engine& engine, std::mt19937& random, std::vector<std::shared_ptr<StatePin>>& pins) {
        const auto below = [&](unsigned count) { return static_cast<unsigned>(random() % count); };
        const unsigned conversation = below(6);
        std::string prompt(below(700), static_cast<char>('a' + conversation));
        for (auto rest = below(100); rest > 0; --rest) {
            prompt += static_cast<char>('a' + below(26));
        }
        prompt += 'z';
        auto wanted = options(static_cast<std::int32_t>(below(60)), random(), 1.0F);
        wanted.reproducible = below(4) == 0;
        if (below(3) == 0) {
            wanted.snapshotOwner = "chat " + std::to_string(conversation);
        }
        if (below(8) == 0) {
            auto& pin = pins[below(4)];
            pin = pin ? pin : std::make_shared<StatePin>();
            wanted.pin = pin;
        }
        return engine.submit(prompt, wanted, static_cast<Priority>(below(3)));
    }
};

ALCUIN_TEST(TestExecutorSoak)
#include "tst_executor_soak.moc"
