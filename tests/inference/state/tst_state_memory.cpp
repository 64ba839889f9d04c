#include <QtTest/QTest>

#include <functional>
#include <new>
#include <numeric>
#include <tuple>

#include "failing_new.h"
#include "page_rows.h"
#include "state/prefix_cache.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

struct Sequence {
    std::unique_ptr<PagedState> state;
    std::vector<Token> tokens;

    explicit Sequence(const std::shared_ptr<PagePool>& pool) : state(std::make_unique<PagedState>(pool, 1000)) {
        tokens.reserve(1000); // the test's own memory never fails
    }

    void read(std::size_t rows, Token first, RowClass rowClass) {
        std::vector<Token> added(rows);
        std::iota(added.begin(), added.end(), first);
        if (PageRows::step(*state, added, rowClass, rows)) {
            tokens.insert(tokens.end(), added.begin(), added.end());
        }
    }

    bool holdsItsTokens() const {
        bool holds = state->length() == tokens.size();
        for (std::size_t i = 0; holds && i < tokens.size(); ++i) {
            holds = PageRows::at(*state, i).token == tokens[i];
        }
        return holds;
    }
};

/// States and a cache in use, one action after the other; those that can't for lack of memory are left out.
class Scene {
public:
    Scene() : pool_(std::make_shared<PagePool>(Device{}, PageRows::kPageBytes, 40)) {
        cache_ = std::make_unique<PrefixCache>(pool_, ChainKey{}, 20);
        for (int i = 0; i < 4; ++i) {
            all_.emplace_back(pool_);
        }
    }

    std::vector<std::function<void()>> actions() {
        return {
            [this] { all_[0].read(150, 0, RowClass::kPrefill); },
            [this] { keep(0, false); },
            [this] { all_[0].read(30, 500, RowClass::kDecode); },
            [this] { keep(0, true); },
            [this] { fork(0, 100, 1); },
            [this] { all_[1].read(90, 700, RowClass::kPrefill); },
            [this] { keep(1, true); },
            [this] { pin_ = cache_->pin(all_[1].tokens); },
            [this] { adopt(0, 2); },
            [this] { all_[2].read(80, 800, RowClass::kDecode); },
            [this] { keep(2, false); },
            [this] { std::ignore = cache_->evictable(); },
            [this] { std::ignore = all_[1].state->unshare(); },
            [this] { cache_->evict(2); },
            [this] { adopt(1, 3); },
            [this] { all_[3].read(600, 2000, RowClass::kPrefill); }, // more than the cache may keep
            [this] { keep(3, true); },
        };
    }

    /// Somebody else has so many pages.
    void fill(std::size_t pages) {
        for (std::size_t i = 0; i < pages; ++i) {
            others_.push_back(pool_->take().value());
        }
    }
    void empty() {
        for (unsigned char* page : others_) {
            pool_->give(page);
        }
    }

    bool isWhole() {
        bool whole = true;
        for (const Sequence& each : all_) {
            whole = whole && each.holdsItsTokens();
            Sequence again(pool_); // what is found for its tokens are its tokens
            const std::size_t got = cache_->adopt(*again.state, each.tokens, false);
            again.tokens.assign(each.tokens.begin(), each.tokens.begin() + static_cast<std::ptrdiff_t>(got));
            whole = whole && again.holdsItsTokens();
        }
        all_.clear();
        pin_.reset();
        whole = whole && cache_->stats().pages == pool_->pagesInUse();
        cache_->evict(100);
        return whole && pool_->pagesInUse() == 0;
    }

private:
    void keep(std::size_t index, bool tail) {
        cache_->keep(*all_[index].state, all_[index].tokens, tail);
    }
    void adopt(std::size_t from, std::size_t to) {
        const std::size_t got = cache_->adopt(*all_[to].state, all_[from].tokens, false);
        all_[to].tokens.assign(all_[from].tokens.begin(), all_[from].tokens.begin() + static_cast<std::ptrdiff_t>(got));
    }
    void fork(std::size_t from, std::size_t length, std::size_t to) {
        if (auto forked = all_[from].state->fork(std::min(length, all_[from].state->length()))) {
            all_[to].state.reset(dynamic_cast<PagedState*>(forked->release()));
            all_[to].tokens.assign(all_[from].tokens.begin(),
                                   all_[from].tokens.begin() + static_cast<std::ptrdiff_t>(all_[to].state->length()));
        }
    }

    std::shared_ptr<PagePool> pool_;
    std::unique_ptr<PrefixCache> cache_;
    std::vector<Sequence> all_;
    std::shared_ptr<CachePin> pin_;
    std::vector<unsigned char*> others_;
};

} // namespace

class StateMemoryTest : public QObject {
    Q_OBJECT

private slots:
    /// Whichever allocation fails, no page is lost and what is kept is what was read.
    void anyAllocationMayFail() {
        std::size_t calls = 0;
        for (bool failed = true; failed; ++calls) {
            Scene scene;
            const auto actions = scene.actions();
            failed = false;
            {
                const FailingNew failing(calls);
                for (const auto& action : actions) {
                    try {
                        action();
                    } catch (const std::bad_alloc&) {
                        failed = true;
                    }
                }
                failed = failed || FailingNew::hasFailed();
            }
            QVERIFY2(scene.isWhole(), qPrintable(QStringLiteral("after %1 allocations").arg(calls)));
        }
        QVERIFY(calls > 100);
    }

    void thePoolMayBeEmptyAtAnyTime() {
        for (std::size_t taken = 0; taken <= 40; ++taken) {
            Scene scene;
            scene.fill(taken);
            for (const auto& action : scene.actions()) {
                action();
            }
            scene.empty();
            QVERIFY2(scene.isWhole(), qPrintable(QStringLiteral("with %1 pages taken").arg(taken)));
        }
    }
};

ALCUIN_TEST(StateMemoryTest)
#include "tst_state_memory.moc"
