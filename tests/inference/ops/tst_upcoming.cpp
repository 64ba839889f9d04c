#include <QtTest/QTest>

#include <array>

#include "base/thread_pool.h"
#include "ops/gated_matmul.h"
#include "random_matrix.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

/// What kernels are told to fetch for the call after theirs: a wrong place changes no result, only the time, so that
/// nothing else would notice.
class UpcomingTest : public QObject {
    Q_OBJECT

private slots:
    void panelsAreCountedThroughAllMatrices() {
        const RandomMatrix first(40, 64, 1); // 3 panels, the last of them filled up
        const RandomMatrix second(16, 64, 2);
        const std::array both{ops::MatmulOutput{&first.linear, nullptr}, ops::MatmulOutput{&second.linear, nullptr}};
        const std::size_t panel = *layoutBytes(first.weight.layout, cpu::kPanelColumns, 64);
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(ops::panelsFrom(both, i).first, static_cast<const void*>(first.weight.data + i * panel));
            QCOMPARE(ops::panelsFrom(both, i).bytes, panel);
        }
        QCOMPARE(ops::panelsFrom(both, 3).first, static_cast<const void*>(second.weight.data));
        QVERIFY(ops::panelsFrom(both, 4).first == nullptr);
    }

    void everyWorkerHearsOfItsOwnRun() {
        ThreadPool pool(2);
        const RandomMatrix matrix(1024, 512, 1); // 64 panels
        const std::array one{ops::MatmulOutput{&matrix.linear, nullptr}};
        const std::array rows{ops::RowSpan{0, 1, RowClass::kDecode}};
        const ops::Upcoming upcoming = ops::Upcoming::products(one, rows, pool.threads());
        QCOMPARE(upcoming.panels, std::size_t{64});
        QVERIFY(upcoming.chunk < 64);
        const std::size_t second = pool.runBegin(64, upcoming.chunk, 1);
        QVERIFY(second > 0 && second < 64);
        QCOMPARE(upcoming.of(pool, 0).first, ops::panelsFrom(one, 0).first);
        QCOMPARE(upcoming.of(pool, 1).first, ops::panelsFrom(one, second).first);
        QVERIFY(ops::Upcoming{}.of(pool, 1).first == nullptr);

        // Within a run its next chunk follows, at its end the next operation.
        const auto behind = [&] { return ops::panelsFrom(one, 7); };
        const auto after = [&](std::size_t end, int worker) {
            return ops::afterChunk(pool, 64, upcoming.chunk, end, worker, upcoming, behind).first;
        };
        QCOMPARE(after(upcoming.chunk, 0), ops::panelsFrom(one, 7).first);
        QCOMPARE(after(second, 0), ops::panelsFrom(one, 0).first);
        QCOMPARE(after(64, 1), ops::panelsFrom(one, second).first);
        QCOMPARE(after(second + upcoming.chunk, 1), ops::panelsFrom(one, 7).first);
    }

    void aGatedProductBeginsWithTheGate() {
        ThreadPool pool(2);
        const RandomMatrix gate(2048, 512, 1);
        const RandomMatrix up(2048, 512, 2);
        const std::array both{ops::MatmulOutput{&gate.linear, nullptr}, ops::MatmulOutput{&up.linear, nullptr}};
        const std::array rows{ops::RowSpan{0, 1, RowClass::kDecode}};
        const ops::Upcoming upcoming = ops::upcomingGated(both, rows, pool.threads());
        QCOMPARE(upcoming.panels, gate.linear.panels());
        QCOMPARE(upcoming.of(pool, 0).first, static_cast<const void*>(gate.weight.data));
        const std::size_t second = pool.runBegin(upcoming.panels, upcoming.chunk, 1);
        QVERIFY(second > 0 && second < upcoming.panels);
        QCOMPARE(upcoming.of(pool, 1).first, ops::panelsFrom(both, second).first);
    }
};

ALCUIN_TEST(UpcomingTest)
#include "tst_upcoming.moc"
