#include <QtTest/QTest>

#include <list>
#include <random>
#include <set>

#include "page_rows.h"
#include "state/prefix_cache.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

/// One sequence, and what it must hold.
struct Kept {
    std::vector<Token> tokens;
    std::size_t prefilled = 0;
};

struct Sequence {
    std::unique_ptr<PagedState> state;
    std::vector<Token> tokens;
    std::vector<PageRows::Row> rows;
    std::size_t prefilled = 0;
};

struct Limits {
    std::size_t poolPages = 400;
    std::size_t cachePages = 1000;
    bool evicts = false;
    bool pins = false;
};

/// Random forks, steps, truncations and uses of the cache over states whose contents a plain model follows: vectors of
/// rows, and a list of all that was ever kept.
class Soak {
public:
    Soak(unsigned seed, const Limits& limits)
        : limits_(limits)
        , random_(seed)
        , pool_(std::make_shared<PagePool>(Device{}, PageRows::kPageBytes, limits.poolPages))
        , cache_(std::make_unique<PrefixCache>(pool_, ChainKey{7, 7}, limits.cachePages)) {}

    void run(int actions) {
        for (int i = 0; i < actions && good_; ++i) {
            act();
            if (i % 50 == 0) {
                checkAll();
            }
        }
        checkAll();
        if (!limits_.evicts && limits_.cachePages > limits_.poolPages) {
            verify(refused_ == 0, "there was memory for everything");
        }
        sequences_.clear();
        pins_.clear();
        verify(cache_->stats().pages == pool_->pagesInUse(), "only the cache has pages");
        verify(cache_->evictable() == pool_->pagesInUse(), "everything can be freed");
        const std::uint64_t evicted = cache_->stats().evictedPages + cache_->stats().pages;
        cache_->evict(limits_.poolPages);
        verify(cache_->stats().evictedPages == evicted, "evictions are counted");
        verify(pool_->pagesInUse() == 0, "nothing leaks");
        verify(hits_ > 0 && forks_ > 0, "the soak does something");
    }

    bool good() const {
        return good_;
    }
    const std::string& why() const {
        return why_;
    }

private:
    std::size_t below(std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
    }
    void verify(bool holds, const char* what) {
        if (!holds && good_) {
            good_ = false;
            why_ = what;
        }
    }

    /// Few choices, far apart, so that beginnings are shared and partings fall anywhere in a page.
    std::vector<Token> someTokens(std::size_t count, std::size_t from) {
        std::vector<Token> tokens(count);
        const std::size_t parting = below(150);
        const auto choice = static_cast<Token>(below(3));
        for (std::size_t i = 0; i < count; ++i) {
            tokens[i] = static_cast<Token>(from + i) * 4 + (i >= parting ? choice : 0);
        }
        return tokens;
    }

    void act() {
        const std::size_t what = below(100);
        if (sequences_.empty() || (what < 12 && sequences_.size() < 12)) {
            return open();
        }
        auto at = sequences_.begin();
        std::advance(at, static_cast<std::ptrdiff_t>(below(sequences_.size())));
        if (what < 55) {
            step(*at);
        } else if (what < 63) {
            fork(*at);
        } else if (what < 70) {
            truncate(*at, below(at->tokens.size() + 1));
        } else if (what < 90) {
            keep(*at, below(4) == 0);
        } else if (what < 95) {
            sequences_.erase(at);
        } else if (limits_.evicts && what < 97) {
            evict(1 + below(4));
        } else if (limits_.pins) {
            pin(*at);
        }
    }

    void open() {
        Sequence sequence{std::make_unique<PagedState>(pool_, 2000), {}, {}, 0};
        const bool prefilledOnly = below(2) == 0;
        const auto wanted = someTokens(1 + below(400), 0);
        const std::size_t longest = longestKept(wanted, prefilledOnly);
        const std::size_t matching = cache_->matching(wanted, prefilledOnly);
        const std::size_t got = cache_->adopt(*sequence.state, wanted, prefilledOnly);
        verify(got == matching && got == sequence.state->length(), "adopt gives what matching says");
        verify(limits_.evicts || limits_.cachePages < limits_.poolPages ? got <= longest : got == longest,
               "the longest prefix that was kept");
        sequence.prefilled = sequence.state->prefilledLength();
        verify(!prefilledOnly || sequence.prefilled == got, "only what was prefilled");
        sequence.tokens.assign(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(got));
        PageRows::Row before;
        for (std::size_t i = 0; i < got; ++i) {
            const auto row = PageRows::at(*sequence.state, i);
            verify(row.token == wanted[i], "the tokens that were asked for");
            verify(i >= sequence.prefilled || row == PageRows::after(before, wanted[i], RowClass::kPrefill),
                   "what prefilling gives");
            sequence.rows.push_back(row);
            before = row;
        }
        hits_ += got > 0 ? 1 : 0;
        sequences_.push_back(std::move(sequence));
    }

    void step(Sequence& sequence) {
        const auto rowClass = below(3) == 0 ? RowClass::kDecode : RowClass::kPrefill;
        const std::size_t rows = rowClass == RowClass::kDecode ? 1 + below(8) : 1 + below(150);
        if (sequence.tokens.size() + rows > 600) {
            return;
        }
        const auto tokens = someTokens(rows, sequence.tokens.size());
        const std::size_t accepted = below(4) == 0 ? below(rows + 1) : rows;
        const std::size_t before = pool_->pagesInUse();
        if (!PageRows::step(*sequence.state, tokens, rowClass, accepted)) {
            verify(pool_->pagesInUse() == before, "a refusal takes nothing");
            ++refused_;
            evict(3);
            return;
        }
        if (rowClass == RowClass::kPrefill && sequence.prefilled == sequence.tokens.size()) {
            sequence.prefilled += accepted;
        }
        for (std::size_t i = 0; i < accepted; ++i) {
            sequence.rows.push_back(
                PageRows::after(sequence.rows.empty() ? PageRows::Row{} : sequence.rows.back(), tokens[i], rowClass));
            sequence.tokens.push_back(tokens[i]);
        }
    }

    void fork(const Sequence& sequence) {
        if (sequences_.size() >= 12) {
            return;
        }
        const std::size_t length = below(sequence.tokens.size() + 1);
        auto state = sequence.state->fork(length);
        Sequence forked{std::unique_ptr<PagedState>(dynamic_cast<PagedState*>(state->release())), sequence.tokens,
                        sequence.rows, std::min(sequence.prefilled, length)};
        forked.tokens.resize(length);
        forked.rows.resize(length);
        sequences_.push_back(std::move(forked));
        ++forks_;
    }

    void truncate(Sequence& sequence, std::size_t length) {
        verify(sequence.state->truncate(length), "a state goes back");
        sequence.tokens.resize(length);
        sequence.rows.resize(length);
        sequence.prefilled = std::min(sequence.prefilled, length);
    }

    void keep(Sequence& sequence, bool tail) {
        cache_->keep(*sequence.state, sequence.tokens, tail);
        const std::size_t length = tail ? sequence.tokens.size() : sequence.tokens.size() / kPageTokens * kPageTokens;
        Kept kept{sequence.tokens, std::min(sequence.prefilled, length)};
        kept.tokens.resize(length);
        kept_.push_back(std::move(kept));
        verify(cache_->stats().pages <= limits_.cachePages, "no more than it may keep");
    }

    void evict(std::size_t pages) {
        const std::size_t before = pool_->pagesInUse();
        const std::size_t possible = cache_->evictable();
        const std::size_t freed = cache_->evict(pages);
        verify(freed == std::min(pages, possible), "as many as there were");
        verify(pool_->pagesInUse() == before - freed, "evicted pages are free");
        for (const auto& [pin, tokens] : pins_) {
            verify(cache_->matching(tokens, false) >= pin->tokens(), "what is pinned stays");
        }
    }

    void pin(const Sequence& sequence) {
        if (pins_.size() > 3) {
            pins_.pop_front();
        }
        pins_.emplace_back(cache_->pin(sequence.tokens), sequence.tokens);
    }

    std::size_t longestKept(std::span<const Token> tokens, bool prefilledOnly) const {
        std::size_t longest = 0;
        for (const Kept& kept : kept_) {
            const auto end = static_cast<std::ptrdiff_t>(std::min(kept.tokens.size(), tokens.size()));
            const auto parting = std::mismatch(tokens.begin(), tokens.begin() + end, kept.tokens.begin()).first;
            const auto common = static_cast<std::size_t>(parting - tokens.begin());
            longest = std::max(longest, prefilledOnly ? std::min(common, kept.prefilled) : common);
        }
        return longest;
    }

    void checkAll() {
        std::set<unsigned char*> pages;
        for (const Sequence& sequence : sequences_) {
            verify(sequence.state->length() == sequence.tokens.size(), "its length");
            verify(sequence.state->prefilledLength() == sequence.prefilled, "its prefilled length");
            for (std::size_t i = 0; i < sequence.rows.size(); ++i) {
                verify(PageRows::at(*sequence.state, i) == sequence.rows[i], "its rows, whatever others wrote");
            }
            pages.insert(sequence.state->pages(), sequence.state->pages() + sequence.state->pageCount());
        }
        const std::size_t kept = cache_->stats().pages;
        verify(pool_->pagesInUse() >= std::max(pages.size(), kept), "pages in use are there");
        verify(pool_->pagesInUse() <= pages.size() + kept, "every page in use belongs to somebody");
        verify(pool_->pagesInUse() - cache_->evictable() >= pages.size(), "what sequences use can't be evicted");
    }

    Limits limits_;
    std::mt19937 random_;
    std::shared_ptr<PagePool> pool_;
    std::unique_ptr<PrefixCache> cache_;
    std::list<Sequence> sequences_;
    std::vector<Kept> kept_;
    std::list<std::pair<std::shared_ptr<CachePin>, std::vector<Token>>> pins_;
    std::size_t refused_ = 0;
    std::size_t hits_ = 0;
    std::size_t forks_ = 0;
    bool good_ = true;
    std::string why_;
};

} // namespace

class StateSoakTest : public QObject {
    Q_OBJECT

private slots:
    void statesHoldWhatAPlainModelHolds_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("everything that was kept is found") << 0;
        QTest::newRow("little memory") << 1;
        QTest::newRow("little memory, few pages kept, some pinned") << 2;
    }

    void statesHoldWhatAPlainModelHolds() {
        QFETCH(int, kind);
        Limits limits;
        if (kind == 0) {
            limits.poolPages = 20'000;
            limits.cachePages = 20'001;
        } else {
            limits.poolPages = 60;
            limits.evicts = true;
            limits.cachePages = kind == 1 ? 1000 : 20;
            limits.pins = kind == 2;
        }
        for (unsigned seed = 0; seed < 200; ++seed) {
            Soak soak(seed, limits);
            soak.run(600);
            QVERIFY2(soak.good(), qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(soak.why().c_str())));
        }
    }
};

ALCUIN_TEST(StateSoakTest)
#include "tst_state_soak.moc"
