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

void write(PagedState& state, std::size_t rows, RowClass rowClass = RowClass::kPrefill) {
    QVERIFY(state.reserve(rows).has_value());
    state.setWritten(rows);
    state.commit(rows, rowClass);
}

std::unique_ptr<PagedState> forked(const PagedState& state, std::size_t length) {
    auto fork = state.fork(length);
    return std::unique_ptr<PagedState>(dynamic_cast<PagedState*>(fork.value().release()));
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
        state.commit(7, RowClass::kDecode);
        QCOMPARE(state.length(), std::size_t{7});
        state.setWritten(3);
        state.commit(0, RowClass::kDecode);
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

    void aForkSharesItsPages() {
        const auto pool = poolOf(8);
        PagedState first(pool, 1000);
        write(first, 150);
        const auto fork = forked(first, 100);
        QCOMPARE(fork->length(), std::size_t{100});
        QCOMPARE(fork->pageCount(), std::size_t{2});
        QCOMPARE(pool->pagesInUse(), std::size_t{3});
        QCOMPARE(pool->copiedBytes(), std::uint64_t{0});
        QVERIFY(std::equal(fork->pages(), fork->pages() + 2, first.pages()));
        QCOMPARE(first.fork(151).error().code, ErrorCode::kInvalidArgument);
        QVERIFY(first.truncate(0)); // what others have stays
        QCOMPARE(pool->pagesInUse(), std::size_t{2});
        QCOMPARE(forked(*fork, 0)->pageCount(), std::size_t{0});
    }

    /// Whoever writes next, the fork or the one it came from, copies the page that it writes into, once.
    void theSharedPageThatIsWrittenIsCopied_data() {
        QTest::addColumn<bool>("forkWrites");
        QTest::newRow("the fork writes") << true;
        QTest::newRow("the first writes") << false;
    }

    void theSharedPageThatIsWrittenIsCopied() {
        QFETCH(bool, forkWrites);
        const auto pool = poolOf(8);
        PagedState first(pool, 1000);
        write(first, 100);
        std::fill_n(first.pages()[1], kPageBytes, static_cast<unsigned char>(7));
        const auto fork = forked(first, 100);
        PagedState& writer = forkWrites ? *fork : first;
        PagedState& other = forkWrites ? first : *fork;
        unsigned char* const shared = other.pages()[1];
        QVERIFY(writer.reserve(1).has_value());
        QCOMPARE(writer.pages()[0], other.pages()[0]);
        QVERIFY(writer.pages()[1] != shared);
        QCOMPARE(other.pages()[1], shared);
        QVERIFY(std::equal(shared, shared + kPageBytes, writer.pages()[1]));
        QCOMPARE(pool->copiedBytes(), std::uint64_t{kPageBytes});
        QVERIFY(writer.reserve(20).has_value());
        QVERIFY(other.reserve(20).has_value()); // its own by now
        QCOMPARE(pool->copiedBytes(), std::uint64_t{kPageBytes});
        QCOMPARE(pool->pagesInUse(), std::size_t{3});
    }

    void wholePagesAreNeverCopied() {
        const auto pool = poolOf(8);
        PagedState first(pool, 1000);
        write(first, 128);
        const auto fork = forked(first, 128);
        write(*fork, 10);
        write(first, 10);
        QCOMPARE(pool->copiedBytes(), std::uint64_t{0});
        QCOMPARE(pool->pagesInUse(), std::size_t{4});
        QVERIFY(fork->truncate(100)); // now it ends within a page that it shares
        write(*fork, 1);
        QCOMPARE(pool->copiedBytes(), std::uint64_t{kPageBytes});
    }

    void aCopyThatFindsNoMemoryChangesNothing() {
        const auto pool = poolOf(3);
        PagedState first(pool, 1000);
        write(first, 100);
        const auto fork = forked(first, 100);
        QVERIFY(!fork->reserve(60).has_value()); // a copy and a page more
        QCOMPARE(pool->pagesInUse(), std::size_t{2});
        QVERIFY(std::equal(fork->pages(), fork->pages() + 2, first.pages()));
        QCOMPARE(fork->pageCount(), std::size_t{2});
        QVERIFY(fork->reserve(10).has_value());
        QCOMPARE(pool->pagesInUse(), std::size_t{3});
    }

    void unshareTakesMemoryOfItsOwn() {
        const auto pool = poolOf(5);
        PagedState first(pool, 1000);
        write(first, 150);
        const auto fork = forked(first, 128);
        std::fill_n(first.pages()[0], kPageBytes, static_cast<unsigned char>(1));
        std::fill_n(first.pages()[1], kPageBytes, static_cast<unsigned char>(2));
        QVERIFY(fork->unshare().has_value());
        QCOMPARE(pool->pagesInUse(), std::size_t{5});
        for (std::size_t i = 0; i < 2; ++i) {
            QVERIFY(fork->pages()[i] != first.pages()[i]);
            QVERIFY(std::equal(first.pages()[i], first.pages()[i] + kPageBytes, fork->pages()[i]));
        }
        QVERIFY(fork->unshare().has_value()); // nothing left to do
        QCOMPARE(pool->copiedBytes(), std::uint64_t{2 * kPageBytes});
        QCOMPARE(forked(first, 150)->unshare().error().code, ErrorCode::kOutOfMemory);
        QCOMPARE(pool->pagesInUse(), std::size_t{5});
    }

    void prefilledIsWhatPrefillRowsWroteFromTheStart() {
        const auto pool = poolOf(20);
        PagedState state(pool, 1000);
        write(state, 100);
        write(state, 20);
        QCOMPARE(state.prefilledLength(), std::size_t{120});
        write(state, 5, RowClass::kDecode);
        write(state, 70); // behind what was decoded: depends on it
        QCOMPARE(state.length(), std::size_t{195});
        QCOMPARE(state.prefilledLength(), std::size_t{120});
        QCOMPARE(forked(state, 110)->prefilledLength(), std::size_t{110});
        const auto fork = forked(state, 130);
        QCOMPARE(fork->prefilledLength(), std::size_t{120});
        QVERIFY(fork->truncate(120));
        write(*fork, 10);
        QCOMPARE(fork->prefilledLength(), std::size_t{130});
        QVERIFY(fork->truncate(50));
        QCOMPARE(fork->prefilledLength(), std::size_t{50});
        QVERIFY(fork->reserve(3).has_value());
        fork->setWritten(3);
        fork->commit(0, RowClass::kDecode); // nothing of it stays
        write(*fork, 1);
        QCOMPARE(fork->prefilledLength(), std::size_t{51});
    }

    void appendGoesOnWithPagesOfOthers() {
        const auto pool = poolOf(20);
        PagedState source(pool, 1000);
        write(source, 150);
        PagedState state(pool, 200);
        QVERIFY(state.reserve(30).has_value()); // memory that isn't needed now
        QVERIFY(state.append({source.pages(), 2}, 128, 128).has_value());
        QCOMPARE(pool->pagesInUse(), std::size_t{3});
        QVERIFY(state.append({source.pages() + 2, 1}, 22, 10).has_value());
        QCOMPARE(state.length(), std::size_t{150});
        QCOMPARE(state.prefilledLength(), std::size_t{138});
        QVERIFY(std::equal(state.pages(), state.pages() + 3, source.pages()));
        const auto refuses = [&](std::size_t pages, std::size_t tokens, std::size_t prefilled) {
            const auto appended = state.append({source.pages(), pages}, tokens, prefilled);
            return !appended && appended.error().code == ErrorCode::kInvalidArgument;
        };
        QVERIFY(refuses(1, 10, 10)); // within a page
        QVERIFY(state.truncate(128));
        QVERIFY(refuses(1, 65, 65));
        QVERIFY(refuses(2, 64, 64));
        QVERIFY(refuses(1, 20, 21));
        QVERIFY(refuses(2, 73, 73)); // past the context
        QCOMPARE(state.length(), std::size_t{128});
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
