#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "state/page_pool.h"
#include "state/paged_state.h"
#include "state/prefix_tree.h"

namespace alcuin::inference {

/// Keeps pages in the cache as long as somebody holds it. May be destroyed on any thread, and after the cache.
class CachePin {
public:
    CachePin(PrefixNode* last, std::size_t tokens) : last_(last), tokens_(tokens) {}

    /// Leading tokens of those it was asked for that it holds.
    std::size_t tokens() const {
        return tokens_;
    }

private:
    friend class PrefixCache;

    PrefixNode* last_; ///< the cache's alone
    std::size_t tokens_;
};

/// What was read once: pages under the chain of tokens that led to them; least recently used first out.
/// For groups of full attention: a page depends on nothing but the tokens up to its end, and stays whole while it is
/// kept. Pages are shared with the states that were read and with those that go on from them, never copied.
/// Threads: one at a time, the pool's.
class PrefixCache {
public:
    /// Keeps at most `maxPages` pages, all of one chain of keys.
    PrefixCache(std::shared_ptr<PagePool> pool, ChainKey root, std::size_t maxPages);
    ~PrefixCache();
    PrefixCache(const PrefixCache&) = delete;
    PrefixCache& operator=(const PrefixCache&) = delete;

    /// Gives an empty state the longest kept prefix of `tokens`, to the token: a page that matches partly is shared
    /// too, and copied when the state writes on in it. Returns its tokens. Who wants logits leaves out the last token.
    /// `prefilledOnly`: what prefill rows wrote and nothing else, which is what the same tokens give when they are
    /// prefilled afresh, bit for bit.
    std::size_t adopt(PagedState& state, std::span<const Token> tokens, bool prefilledOnly);

    /// The tokens that adopt() would give.
    std::size_t matching(std::span<const Token> tokens, bool prefilledOnly) const;

    /// Keeps what a state has committed of `tokens`, its own from the start. Costs next to nothing where no page was
    /// filled since the last call. The last page, partly filled, is kept with `tail` only: at the end of a request,
    /// since a state that goes on must copy it. Where pages of the same bytes are kept already, the state shares
    /// those and gives its own back. May throw std::bad_alloc; what was kept until then is.
    void keep(PagedState& state, std::span<const Token> tokens, bool tail);

    /// Frees so many pages, least recently used first, or fewer where nothing is left that nobody else uses. Returns
    /// how many. `writing`: a state that is to go on in its last page, partly filled, and would have to copy it: where
    /// nobody but this has it too, letting it go counts as a page that was freed.
    std::size_t evict(std::size_t pages, const PagedState* writing = nullptr);

    /// Pages that evict() can free; counted anew only when somebody took or gave a page since.
    std::size_t evictable();

    /// References to pages that their owners would give up.
    using GivenUp = std::unordered_map<const unsigned char*, std::uint32_t>;
    /// Pages that evict() could free then. Looks at every page that is kept.
    std::size_t evictableWithout(const GivenUp& references);

    /// Holds the longest kept prefix of `tokens`, to the page. Never null; of no tokens where nothing is kept.
    std::shared_ptr<CachePin> pin(std::span<const Token> tokens);

    struct Stats {
        std::size_t pages = 0;
        std::size_t pinnedPages = 0;
        std::uint64_t hits = 0;   ///< states that were given tokens
        std::uint64_t misses = 0; ///< that were given none
        std::uint64_t hitTokens = 0;
        std::uint64_t evictedPages = 0; ///< to free memory, or to stay within maxPages
    };
    Stats stats();

private:
    std::size_t keepWholePages(PagedState& state, std::span<const Token> tokens, PrefixNode*& last);
    void keepTail(PagedState& state, std::span<const Token> tail, PrefixNode*& last);
    PrefixNode* put(PrefixNode& parent, std::span<const Token> tokens, std::size_t prefilled, unsigned char* page);
    bool makeRoom(PrefixNode& parent);
    bool isFreedBy(const PrefixNode& node, std::uint32_t othersGiveUp = 0) const;
    void drop(PrefixNode& node) noexcept;
    void dropReleasedPins() noexcept;
    void countPin(PrefixNode* last, bool held) noexcept;

    std::shared_ptr<PagePool> pool_;
    PrefixTree tree_;
    std::size_t maxPages_;
    /// What evictable() counted, and when: changes of the pool, and pins held or released.
    struct Evictable {
        std::uint64_t changes = 0;
        std::uint64_t pinChanges = 0;
        std::size_t pages = 0;
    };
    Evictable evictable_;
    std::uint64_t pinChanges_ = 0;
    std::vector<std::shared_ptr<CachePin>> pins_; ///< those that only this holds were released
    std::size_t pinnedPages_ = 0;
    Stats stats_;
};

} // namespace alcuin::inference
