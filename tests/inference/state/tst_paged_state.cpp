#include <QtTest/QTest>

#include <set>

#include "state/paged_state.h"
#include "support/test_registry.h"

using namespace alcuin::inference;

namespace {

constexpr std::size_t kPageBytes = 4096;

std::shared_ptr<PagePool> poolOf(std::size_t pages) {
    return std::make_shared<PagePool>(Device{}, kPageBytes, pages);
}

void write(PagedState& state, std::size_t rows) {
    QVERIFY(state.reserve(rows).has_value());
    state.setWritten(rows);
    state.commit(rows);
}

} // namespace

class PagedStateTest : public QObject {
    Q_OBJECT

private slots:
    /// Memory that the system doesn't have isn't taken: whoever touched it would be killed.
    void aPoolTakesNoMoreThanTheSystemHas() {
        std::uint64_t available = 10 * kPageBytes;
        PagePool pool(Device{}, kPageBytes, 100, [&] { return available; });
        QVERIFY(pool.take().has_value());
        available = 0;
        for (int i = 1; i < 8; ++i) {
            QVERIFY(pool.take().has_value()); // of the slab that is there
        }
        const auto refused = pool.take();
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, ErrorCode::kOutOfMemory);
        available = 10 * kPageBytes;
        QVERIFY(pool.take().has_value());
    }

    void aPageServes64Tokens() {
        const auto pool = poolOf(10);
        PagedState state(pool, 1000);
        QCOMPARE(state.bytes(), std::size_t{0});
        write(state, 64);
        QCOMPARE(pool->pagesInUse(), std::size_t{1});
        QVERIFY(state.reserve(1).has_value());
        QCOMPARE(pool->pagesInUse(), std::size_t{2});
        QVERIFY(state.reserve(64).has_value()); // again, and more: only what is missing is taken
        QCOMPARE(pool->pagesInUse(), std::size_t{2});
        QCOMPARE(state.bytes(), 2 * kPageBytes);
        QCOMPARE(state.length(), std::size_t{64});
    }

    void commitKeepsWhatWasAccepted() {
        PagedState state(poolOf(10), 1000);
        QVERIFY(state.reserve(10).has_value());
        state.setWritten(10);
        state.commit(7);
        QCOMPARE(state.length(), std::size_t{7});
        state.setWritten(3);
        state.commit(0);
        QCOMPARE(state.length(), std::size_t{7});
    }

    void truncateGivesPagesBack() {
        const auto pool = poolOf(10);
        PagedState state(pool, 1000);
        write(state, 200);
        QCOMPARE(pool->pagesInUse(), std::size_t{4});
        QVERIFY(!state.truncate(201));
        QVERIFY(state.truncate(128));
        QCOMPARE(state.length(), std::size_t{128});
        QCOMPARE(pool->pagesInUse(), std::size_t{2});
        QVERIFY(state.truncate(0));
        QCOMPARE(pool->pagesInUse(), std::size_t{0});
    }

    void whatIsMissingIsSaidAndNothingIsKept() {
        const auto pool = poolOf(5);
        PagedState first(pool, 10000);
        PagedState second(pool, 10000);
        write(first, 3 * 64);
        write(second, 64);
        const auto refused = second.reserve(2 * 64);
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, ErrorCode::kOutOfMemory);
        QCOMPARE(pool->pagesInUse(), std::size_t{4});
        QVERIFY(second.reserve(64).has_value());
        QVERIFY(first.truncate(0));
        QVERIFY(second.reserve(3 * 64).has_value());
    }

    void aStateEndsWithItsContext() {
        PagedState state(poolOf(100), 100);
        write(state, 99);
        QVERIFY(state.reserve(1).has_value());
        const auto refused = state.reserve(2);
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, ErrorCode::kInvalidArgument);
    }

    void aCopyHasTheBytesInMemoryOfItsOwn() {
        const auto pool = poolOf(8);
        PagedState first(pool, 1000);
        write(first, 150);
        for (std::size_t i = 0; i < 3; ++i) {
            std::fill_n(first.pages()[i], kPageBytes, static_cast<unsigned char>(i + 1));
        }
        PagedState copy(pool, 1000);
        write(copy, 10); // what it was before is gone
        QVERIFY(copy.copyFrom(first, 100).has_value());
        QCOMPARE(copy.length(), std::size_t{100});
        QCOMPARE(pool->pagesInUse(), std::size_t{5});
        for (std::size_t i = 0; i < 2; ++i) {
            QVERIFY(copy.pages()[i] != first.pages()[i]);
            QVERIFY(std::equal(copy.pages()[i], copy.pages()[i] + kPageBytes, first.pages()[i]));
        }
        QCOMPARE(copy.copyFrom(first, 151).error().code, ErrorCode::kInvalidArgument);
        QCOMPARE(copy.copyFrom(copy, 1).error().code, ErrorCode::kInvalidArgument);
        QCOMPARE(copy.length(), std::size_t{100}); // a refusal changes nothing
    }

    void aCopyWithoutMemoryIsEmpty() {
        const auto pool = poolOf(4);
        PagedState first(pool, 1000);
        write(first, 150);
        PagedState copy(pool, 1000);
        QCOMPARE(copy.copyFrom(first, 150).error().code, ErrorCode::kOutOfMemory);
        QCOMPARE(copy.length(), std::size_t{0});
        QCOMPARE(pool->pagesInUse(), std::size_t{3});
        PagedState stranger(poolOf(4), 1000);
        QCOMPARE(stranger.copyFrom(first, 1).error().code, ErrorCode::kInvalidArgument);
    }

    void pagesAreDistinctAndComeBack() {
        const auto pool = poolOf(20);
        std::set<unsigned char*> seen;
        {
            PagedState a(pool, 10000);
            PagedState b(pool, 10000);
            write(a, 600);
            write(b, 600);
            for (std::size_t i = 0; i < 10; ++i) {
                seen.insert(a.pages()[i]);
                seen.insert(b.pages()[i]);
                std::fill_n(a.pages()[i], kPageBytes, static_cast<unsigned char>(i)); // each is its own memory
            }
            QCOMPARE(seen.size(), std::size_t{20});
            QCOMPARE(pool->pagesInUse(), std::size_t{20});
        }
        QCOMPARE(pool->pagesInUse(), std::size_t{0});
        PagedState again(pool, 10000);
        write(again, 64 * 20);
        QVERIFY(
            std::all_of(again.pages(), again.pages() + 20, [&](unsigned char* page) { return seen.contains(page); }));
    }
};

ALCUIN_TEST(PagedStateTest)
#include "tst_paged_state.moc"
