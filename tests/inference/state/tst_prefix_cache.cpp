#include <QtTest/QTest>

#include <thread>

#include "page_rows.h"
#include "state/prefix_cache.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

const ChainKey kRoot{1, 2};

std::vector<Token> numbers(std::size_t count, Token first = 0) {
    std::vector<Token> tokens(count);
    for (std::size_t i = 0; i < count; ++i) {
        tokens[i] = first + static_cast<Token>(i);
    }
    return tokens;
}

std::vector<Token> joined(std::vector<Token> a, std::span<const Token> b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

} // namespace

class PrefixCacheTest : public QObject {
    Q_OBJECT

private slots:
    void whatWasReadIsGivenAgain() {
        const auto tokens = numbers(200);
        {
            PagedState state(pool(), 1000);
            read(state, tokens, RowClass::kPrefill);
            cache().keep(state, tokens, false);
            QCOMPARE(cache().stats().pages, std::size_t{3}); // the fourth is partly filled
            QCOMPARE(pool()->pagesInUse(), std::size_t{4});
        }
        QCOMPARE(pool()->pagesInUse(), std::size_t{3});
        PagedState again(pool(), 1000);
        QCOMPARE(cache().matching(tokens, true), std::size_t{192});
        QCOMPARE(cache().adopt(again, tokens, true), std::size_t{192});
        QCOMPARE(again.length(), std::size_t{192});
        QCOMPARE(again.prefilledLength(), std::size_t{192});
        QVERIFY(holds(again, tokens));
        QCOMPARE(pool()->pagesInUse(), std::size_t{3});
        QCOMPARE(pool()->copiedBytes(), std::uint64_t{0});
        const auto stats = cache().stats();
        QCOMPARE(stats.hits, std::uint64_t{1});
        QCOMPARE(stats.hitTokens, std::uint64_t{192});
        QCOMPARE(stats.misses, std::uint64_t{0});
    }

    void nothingKeptIsAMiss() {
        PagedState state(pool(), 1000);
        QCOMPARE(cache().adopt(state, numbers(100), false), std::size_t{0});
        QCOMPARE(cache().adopt(state, {}, false), std::size_t{0});
        QCOMPARE(cache().stats().misses, std::uint64_t{2});
        read(state, numbers(10), RowClass::kPrefill);
        cache().keep(state, numbers(10), false);
        cache().keep(state, {}, true);
        QCOMPARE(cache().stats().pages, std::size_t{0});
    }

    /// A page that matches to the 20th of its tokens is used up to there, by whoever asks, and stays as it is.
    void matchesToTheToken() {
        const auto tokens = keepRead(numbers(192));
        const auto other = joined(numbers(148), numbers(100, 5000));
        PagedState state(pool(), 1000);
        QCOMPARE(cache().adopt(state, other, true), std::size_t{148});
        QCOMPARE(state.pageCount(), std::size_t{3});
        QVERIFY(holds(state, other));
        read(state, std::span(other).subspan(148), RowClass::kPrefill);
        QCOMPARE(pool()->copiedBytes(), std::uint64_t{pool()->pageBytes()});
        QVERIFY(holds(state, other));
        PagedState first(pool(), 1000);
        QCOMPARE(cache().adopt(first, tokens, true), std::size_t{192});
        QVERIFY(holds(first, tokens));
        cache().keep(state, other, false); // a branch beside it
        QCOMPARE(cache().stats().pages, std::size_t{4});
        QCOMPARE(cache().matching(other, true), std::size_t{192});
    }

    void theLastTokenCanBeLeftOut() {
        const auto tokens = keepRead(numbers(128));
        QCOMPARE(cache().matching(std::span(tokens).first(127), true), std::size_t{127});
        QCOMPARE(cache().matching(std::span(tokens).first(64), true), std::size_t{64});
        QCOMPARE(cache().matching(std::span(tokens).first(1), true), std::size_t{1});
    }

    void theTailIsKeptAtTheEnd() {
        const auto tokens = keepRead(numbers(150), true);
        QCOMPARE(cache().stats().pages, std::size_t{3});
        QCOMPARE(cache().matching(joined(tokens, numbers(9)), true), std::size_t{150});
        // A longer one takes its place, a shorter one adds nothing.
        const auto longer = keepRead(joined(tokens, numbers(20, 700)), true);
        QCOMPARE(cache().stats().pages, std::size_t{3});
        QCOMPARE(cache().matching(longer, true), std::size_t{170});
        keepRead(numbers(140), true);
        QCOMPARE(cache().stats().pages, std::size_t{3});
        QCOMPARE(pool()->pagesInUse(), std::size_t{3});
        const auto whole = keepRead(joined(longer, numbers(30, 900)), false);
        QCOMPARE(cache().stats().pages, std::size_t{3});
        QCOMPARE(cache().matching(whole, true), std::size_t{192});
        keepRead(joined(numbers(130), numbers(10, 800)), true); // another one from there
        QCOMPARE(cache().stats().pages, std::size_t{4});
        PagedState state(pool(), 1000);
        QCOMPARE(cache().adopt(state, whole, true), std::size_t{192});
        QVERIFY(holds(state, whole));
    }

    void decodedPagesAreKeptApart() {
        const auto prompt = numbers(84);
        const auto all = joined(prompt, numbers(200, 3000));
        {
            PagedState state(pool(), 1000);
            read(state, prompt, RowClass::kPrefill);
            read(state, std::span(all).subspan(84), RowClass::kDecode);
            cache().keep(state, all, true);
        }
        QCOMPARE(cache().matching(all, false), all.size());
        QCOMPARE(cache().matching(all, true), prompt.size()); // in the middle of the page where decoding began
        PagedState mixed(pool(), 1000);
        QCOMPARE(cache().adopt(mixed, all, false), all.size());
        QCOMPARE(mixed.prefilledLength(), prompt.size());
        PagedState exact(pool(), 1000);
        QCOMPARE(cache().adopt(exact, all, true), prompt.size());
        read(exact, std::span(all).subspan(84), RowClass::kPrefill);
        QVERIFY(holds(exact, all));
        cache().keep(exact, all, false);
        QCOMPARE(cache().matching(all, true), std::size_t{256});
        QCOMPARE(cache().stats().pages, std::size_t{1 + 4 + 3});
        // The prefilled ones as far as they go equally far, the others for the rest.
        PagedState preferred(pool(), 1000);
        QCOMPARE(cache().adopt(preferred, std::span(all).first(256), false), std::size_t{256});
        QCOMPARE(preferred.prefilledLength(), std::size_t{256});
        PagedState longest(pool(), 1000);
        QCOMPARE(cache().adopt(longest, all, false), all.size());
        QCOMPARE(longest.prefilledLength(), prompt.size());
    }

    void moreOfAPagePrefilledIsBetter() {
        const auto all = numbers(64);
        for (const std::size_t prompt : {10U, 30U, 20U}) {
            PagedState state(pool(), 1000);
            read(state, std::span(all).first(prompt), RowClass::kPrefill);
            read(state, std::span(all).subspan(prompt), RowClass::kDecode);
            cache().keep(state, all, false);
        }
        QCOMPARE(cache().stats().pages, std::size_t{1});
        QCOMPARE(cache().matching(all, true), std::size_t{30});
        PagedState state(pool(), 1000);
        QCOMPARE(cache().adopt(state, all, true), std::size_t{30});
        QVERIFY(holds(state, all));
    }

    /// Two that read the same at the same time end up with one copy of it.
    void equalPagesAreOne() {
        const auto tokens = numbers(150);
        PagedState a(pool(), 1000);
        PagedState b(pool(), 1000);
        for (PagedState* state : {&a, &b}) {
            read(*state, tokens, RowClass::kPrefill);
        }
        QCOMPARE(pool()->pagesInUse(), std::size_t{6});
        cache().keep(a, tokens, false);
        cache().keep(b, tokens, false);
        QCOMPARE(pool()->pagesInUse(), std::size_t{4});
        QVERIFY(holds(b, tokens));
        // Decoded ones may differ, so each keeps its own.
        PagedState c(pool(), 1000);
        PagedState d(pool(), 1000);
        for (PagedState* state : {&c, &d}) {
            read(*state, tokens, RowClass::kDecode);
            cache().keep(*state, tokens, false);
        }
        QCOMPARE(pool()->pagesInUse(), std::size_t{4 + 6});
    }

    void theLeastRecentlyUsedGoesFirst() {
        const auto a = keepRead(numbers(128, 1000));
        const auto b = keepRead(numbers(128, 2000));
        const auto c = keepRead(joined(numbers(64, 1000), numbers(64, 3000))); // shares a's first page
        QCOMPARE(cache().stats().pages, std::size_t{5});
        QCOMPARE(cache().evictable(), std::size_t{5});
        QCOMPARE(cache().evict(1), std::size_t{1});
        QCOMPARE(cache().matching(a, true), std::size_t{64}); // a's second: used before b and c
        QCOMPARE(cache().matching(b, true), std::size_t{128});
        QCOMPARE(cache().evict(1), std::size_t{1});
        QCOMPARE(cache().matching(b, true), std::size_t{64}); // the end of a chain before its start
        {
            PagedState user(pool(), 1000);
            cache().adopt(user, b, true); // a use
        }
        QCOMPARE(cache().evict(2), std::size_t{2});
        QCOMPARE(cache().matching(c, true), std::size_t{0});
        QCOMPARE(cache().matching(b, true), std::size_t{64});
        QCOMPARE(cache().evict(10), std::size_t{1});
        QCOMPARE(cache().evict(10), std::size_t{0});
        QCOMPARE(pool()->pagesInUse(), std::size_t{0});
        QCOMPARE(cache().stats().evictedPages, std::uint64_t{5});
    }

    void whatASequenceUsesIsNotEvicted() {
        const auto tokens = keepRead(numbers(192));
        PagedState state(pool(), 1000);
        QCOMPARE(cache().adopt(state, std::span(tokens).first(100), true), std::size_t{100});
        QCOMPARE(cache().evictable(), std::size_t{1});
        QCOMPARE(cache().evict(10), std::size_t{1});
        QCOMPARE(cache().matching(tokens, true), std::size_t{128});
        QVERIFY(state.truncate(0));
        QCOMPARE(cache().evict(10), std::size_t{2});
    }

    void aPageThatIsWrittenOnNeedNotBeCopied() {
        const auto tokens = keepRead(numbers(192));
        PagedState state(pool(), 1000);
        QCOMPARE(cache().adopt(state, std::span(tokens).first(100), true), std::size_t{100});
        QCOMPARE(cache().evict(10, &state), std::size_t{2}); // the third page, and the second is the state's alone
        QCOMPARE(cache().matching(tokens, true), std::size_t{64});
        QCOMPARE(pool()->pagesInUse(), std::size_t{2});
        QVERIFY(state.reserve(1));
        QCOMPARE(pool()->copiedBytes(), std::uint64_t{0});
        QCOMPARE(cache().evict(10, &state), std::size_t{0}); // it ends where a page does no more
    }

    void aPageThatOthersAlsoHaveIsCopied() {
        const auto tokens = keepRead(numbers(100), true);
        PagedState one(pool(), 1000);
        PagedState other(pool(), 1000);
        cache().adopt(one, tokens, true);
        cache().adopt(other, tokens, true);
        QCOMPARE(cache().evict(10, &one), std::size_t{0});
        QVERIFY(other.truncate(0));
        const auto pin = cache().pin(tokens);
        QCOMPARE(cache().evict(10, &one), std::size_t{0});
    }

    void whatWouldBecomeFreeIsCountedToThePage() {
        const auto tokens = keepRead(numbers(192));
        PagedState one(pool(), 1000);
        PagedState other(pool(), 1000);
        cache().adopt(one, tokens, true);
        cache().adopt(other, std::span(tokens).first(128), true);
        PrefixCache::GivenUp given;
        const auto give = [&](const PagedState& state) {
            for (std::size_t i = 0; i < state.pageCount(); ++i) {
                ++given[state.pages()[i]];
            }
        };
        QCOMPARE(cache().evictableWithout(given), std::size_t{0});
        give(one);
        QCOMPARE(cache().evictableWithout(given), std::size_t{1}); // the other has two of them
        give(other);
        QCOMPARE(cache().evictableWithout(given), std::size_t{3});
        const auto pin = cache().pin(std::span(tokens).first(64));
        QCOMPARE(cache().evictableWithout(given), std::size_t{2});
    }

    void pinsHold() {
        const auto a = keepRead(numbers(192, 1000));
        const auto b = keepRead(numbers(192, 2000));
        auto pin = cache().pin(std::span(a).first(128));
        auto another = cache().pin(std::span(a).first(70));
        QCOMPARE(pin->tokens(), std::size_t{128});
        QCOMPARE(another->tokens(), std::size_t{70});
        QCOMPARE(cache().stats().pinnedPages, std::size_t{2});
        QCOMPARE(cache().evictable(), std::size_t{4});
        QCOMPARE(cache().evict(100), std::size_t{4});
        QCOMPARE(cache().matching(a, true), std::size_t{128});
        std::thread([pin = std::move(pin)]() mutable { pin.reset(); }).join();
        QCOMPARE(cache().evict(100), std::size_t{0}); // the other one still holds both
        another.reset();
        QCOMPARE(cache().stats().pinnedPages, std::size_t{0});
        QCOMPARE(cache().evict(100), std::size_t{2});
        const auto nothing = cache().pin(a);
        QCOMPARE(nothing->tokens(), std::size_t{0});
        QCOMPARE(cache().stats().pinnedPages, std::size_t{0});
    }

    void aPinnedTailMayGrow() {
        const auto tokens = keepRead(numbers(80), true);
        const auto pin = cache().pin(tokens);
        QCOMPARE(pin->tokens(), std::size_t{80});
        const auto longer = keepRead(numbers(128));
        QCOMPARE(cache().stats().pages, std::size_t{2});
        QCOMPARE(cache().evict(100), std::size_t{0});
        QCOMPARE(cache().matching(longer, true), std::size_t{128});
    }

    void aPinOutlivesItsCache() {
        std::shared_ptr<CachePin> pin;
        {
            PrefixCache other(pool(), kRoot, 100);
            PagedState state(pool(), 1000);
            read(state, numbers(64), RowClass::kPrefill);
            other.keep(state, numbers(64), false);
            pin = other.pin(numbers(64));
        }
        QCOMPARE(pin->tokens(), std::size_t{64});
        QCOMPARE(pool()->pagesInUse(), std::size_t{0});
    }

    void keepsNoMorePagesThanItMay() {
        PrefixCache small(pool(), kRoot, 3);
        const auto keep = [&](const std::vector<Token>& tokens) {
            PagedState state(pool(), 1000);
            read(state, tokens, RowClass::kPrefill);
            small.keep(state, tokens, true);
            return state.length();
        };
        keep(numbers(128, 1000));
        keep(numbers(128, 2000));
        QCOMPARE(small.stats().pages, std::size_t{3});
        QCOMPARE(small.matching(numbers(128, 1000), true), std::size_t{64});
        QCOMPARE(small.matching(numbers(128, 2000), true), std::size_t{128});
        keep(numbers(600, 3000)); // the start of it is worth more than its end
        QCOMPARE(small.stats().pages, std::size_t{3});
        QCOMPARE(small.matching(numbers(600, 3000), true), std::size_t{192});
        const auto pin = small.pin(numbers(600, 3000));
        keep(numbers(64, 4000));
        QCOMPARE(small.matching(numbers(64, 4000), true), std::size_t{0});
        QCOMPARE(pool()->pagesInUse(), std::size_t{3});
        PrefixCache none(pool(), kRoot, 0);
        PagedState state(pool(), 1000);
        read(state, numbers(100), RowClass::kPrefill);
        none.keep(state, numbers(100), true);
        QCOMPARE(none.stats().pages, std::size_t{0});
    }

    /// A turn after the other: only what is new is read, and nothing but the page where a turn ends is copied.
    void aConversationIsReadOnce() {
        std::vector<Token> tokens;
        std::size_t readTokens = 0;
        for (Token turn = 0; turn < 20; ++turn) {
            tokens = joined(tokens, numbers(37, 10'000 * turn));
            PagedState state(pool(), 10'000);
            const auto cached = cache().adopt(state, std::span(tokens).first(tokens.size() - 1), false);
            readTokens += tokens.size() - cached;
            read(state, std::span(tokens).subspan(cached), RowClass::kPrefill);
            const auto answer = numbers(50, 10'000 * turn + 5000);
            for (const Token token : answer) {
                read(state, {&token, 1}, RowClass::kDecode);
                tokens.push_back(token);
                cache().keep(state, tokens, false);
            }
            cache().keep(state, tokens, true);
        }
        QCOMPARE(readTokens, std::size_t{20 * 37});
        QVERIFY(pool()->copiedBytes() <= 20 * pool()->pageBytes());
        QCOMPARE(cache().stats().pages, (tokens.size() + kPageTokens - 1) / kPageTokens);
    }

    /// After its pages were evicted (from under a state that has others of its own) keep() begins at the start again.
    void aStateThatWentOnIsKeptAgain() {
        const auto tokens = numbers(256);
        const auto decoded = [&](PagedState& state) { read(state, std::span(tokens).first(128), RowClass::kDecode); };
        PagedState first(pool(), 1000);
        PagedState second(pool(), 1000);
        decoded(first);
        decoded(second);
        cache().keep(first, tokens, false);
        cache().keep(second, tokens, false); // the same, decoded: keeps its own
        QVERIFY(first.truncate(0));
        QCOMPARE(cache().evict(100), std::size_t{2});
        read(second, std::span(tokens).subspan(128), RowClass::kDecode);
        cache().keep(second, tokens, false);
        QCOMPARE(cache().matching(tokens, false), std::size_t{256});
        QVERIFY(second.truncate(100));
        const auto other = joined(numbers(100), numbers(92, 7000));
        read(second, std::span(other).subspan(100), RowClass::kDecode);
        cache().keep(second, other, false);
        QCOMPARE(cache().matching(other, false), std::size_t{192});
        QCOMPARE(cache().matching(tokens, false), std::size_t{256});
    }

    void init() {
        cache_.reset();
        pool_ = std::make_shared<PagePool>(Device{}, PageRows::kPageBytes, 1000);
        cache_ = std::make_unique<PrefixCache>(pool_, kRoot, 1000);
    }

    void cleanup() {
        cache_.reset();
        QCOMPARE(pool_->pagesInUse(), std::size_t{0});
    }

private:
    std::shared_ptr<PagePool>& pool() {
        return pool_;
    }
    PrefixCache& cache() {
        return *cache_;
    }
    static void read(PagedState& state, std::span<const Token> tokens, RowClass rowClass) {
        QVERIFY(PageRows::step(state, tokens, rowClass, tokens.size()));
    }
    /// The state has these tokens, each row made from all before it; prefilled ones as prefilling makes them.
    static bool holds(const PagedState& state, std::span<const Token> tokens) {
        PageRows::Row before;
        for (std::size_t i = 0; i < state.length(); ++i) {
            const auto rowClass = i < state.prefilledLength() ? RowClass::kPrefill : RowClass::kDecode;
            const auto want = PageRows::after(before, tokens[i], rowClass);
            const auto row = PageRows::at(state, i);
            if (row.token != tokens[i] || (i < state.prefilledLength() && row != want)) {
                return false;
            }
            before = row;
        }
        return true;
    }
    std::vector<Token> keepRead(std::vector<Token> tokens, bool tail = false) {
        PagedState state(pool(), 1000);
        read(state, tokens, RowClass::kPrefill);
        cache().keep(state, tokens, tail);
        return tokens;
    }

    std::shared_ptr<PagePool> pool_;
    std::unique_ptr<PrefixCache> cache_;
};

ALCUIN_TEST(PrefixCacheTest)
#include "tst_prefix_cache.moc"
