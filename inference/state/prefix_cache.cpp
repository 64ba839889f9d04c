#include "state/prefix_cache.h"

#include <algorithm>
#include <cassert>
#include <unordered_set>
#include <utility>

namespace alcuin::inference {

namespace {

/// PrefixNode::prefilled of a state's page of `tokens` behind a kept one.
std::size_t prefilledWith(const PrefixNode& parent, std::size_t tokens, const PagedState& state) {
    return parent.isPrefilled() ? std::min(parent.end + tokens, state.prefilledLength()) : 0;
}

} // namespace

PrefixCache::PrefixCache(std::shared_ptr<PagePool> pool, ChainKey root, std::size_t maxPages)
    : pool_(std::move(pool)), tree_(root), maxPages_(maxPages) {}

PrefixCache::~PrefixCache() {
    for (const PrefixNode* node : tree_.byUse()) {
        pool_->give(node->page);
    }
}

std::size_t PrefixCache::adopt(PagedState& state, std::span<const Token> tokens, bool prefilledOnly) {
    assert(state.length() == 0 && state.belongsTo(*pool_));
    const PrefixTree::Match match = tree_.find(tokens, prefilledOnly);
    std::vector<unsigned char*> pages;
    PagedState::CacheMark mark;
    for (const PrefixNode* node = match.last; node != tree_.root(); node = node->parent) {
        pages.push_back(node->page);
        if (mark.pages == 0 && node->end <= match.tokens && node->end % kPageTokens == 0) {
            mark = {node->end / kPageTokens, node->end / kPageTokens, node->key};
        }
    }
    std::ranges::reverse(pages);
    if (match.tokens == 0 || !state.append(pages, match.tokens, match.prefilled)) {
        ++stats_.misses;
        return 0;
    }
    state.setCacheMark(mark);
    tree_.touch(*match.last);
    ++stats_.hits;
    stats_.hitTokens += match.tokens;
    return match.tokens;
}

std::size_t PrefixCache::matching(std::span<const Token> tokens, bool prefilledOnly) const {
    return tree_.find(tokens, prefilledOnly).tokens;
}

void PrefixCache::keep(PagedState& state, std::span<const Token> tokens, bool tail) {
    assert(state.belongsTo(*pool_));
    tokens = tokens.first(std::min(tokens.size(), state.length()));
    const std::size_t whole = tokens.size() / kPageTokens * kPageTokens;
    const bool hasTail = tail && tokens.size() > whole;
    PagedState::CacheMark mark = state.cacheMark();
    if (whole == mark.tried * kPageTokens && !hasTail) {
        return;
    }
    mark.tried = whole / kPageTokens;
    state.setCacheMark(mark);
    PrefixNode* last = tree_.root();
    if (keepWholePages(state, tokens.first(whole), last) == whole && hasTail) {
        keepTail(state, tokens.subspan(whole), last);
    }
    tree_.touch(*last);
}

/// Returns the tokens that are kept; `last` is their node.
std::size_t PrefixCache::keepWholePages(PagedState& state, std::span<const Token> tokens, PrefixNode*& last) {
    PagedState::CacheMark mark = state.cacheMark();
    if (mark.pages > 0 && mark.pages * kPageTokens <= tokens.size()) {
        PrefixNode* known = tree_.at(mark.key);
        last = known != nullptr && known->end == mark.pages * kPageTokens ? known : last;
    }
    while (last->end < tokens.size()) {
        const std::size_t index = last->end / kPageTokens;
        const auto page = tokens.subspan(last->end, kPageTokens);
        const std::size_t prefilled = prefilledWith(*last, page.size(), state);
        const bool same = prefilled == last->end + page.size(); // the bytes, whoever prefills these tokens
        PrefixNode* next = tree_.child(*last, page, same);
        if (next == nullptr) {
            next = put(*last, page, prefilled, state.pages()[index]);
        } else if (same && next->page != state.pages()[index]) {
            state.replacePage(index, next->page);
        } else if (next->prefilled < prefilled) {
            pool_->share(state.pages()[index]);
            pool_->give(std::exchange(next->page, state.pages()[index]));
            next->prefilled = prefilled;
        }
        if (next == nullptr) {
            break;
        }
        last = next;
        mark.pages = last->end / kPageTokens;
        mark.key = last->key;
        state.setCacheMark(mark);
    }
    return last->end;
}

void PrefixCache::keepTail(PagedState& state, std::span<const Token> tail, PrefixNode*& last) {
    const std::size_t prefilled = prefilledWith(*last, tail.size(), state);
    PrefixNode* kept = PrefixTree::covering(*last, tail, prefilled);
    if (kept == nullptr) {
        kept = put(*last, tail, prefilled, state.pages()[last->end / kPageTokens]);
    }
    last = kept == nullptr ? last : kept;
}

/// Null: there is no room.
PrefixNode* PrefixCache::put(PrefixNode& parent, std::span<const Token> tokens, std::size_t prefilled,
                             unsigned char* page) {
    if (PrefixNode* shorter = PrefixTree::covered(parent, tokens, prefilled)) {
        unsigned char* const before = shorter->page;
        if (!tree_.grow(*shorter, tokens, prefilled, page)) {
            return nullptr;
        }
        pool_->share(page);
        pool_->give(before);
        return shorter;
    }
    PrefixNode* node = makeRoom(parent) ? tree_.insert(parent, tokens, prefilled, page) : nullptr;
    if (node != nullptr) {
        pool_->share(page);
    }
    return node;
}

/// One page fewer than there may be, `parent` not among those that go.
bool PrefixCache::makeRoom(PrefixNode& parent) {
    if (tree_.size() < maxPages_) {
        return true;
    }
    dropReleasedPins();
    const auto oldest = std::ranges::find_if(tree_.byUse(), [&](const PrefixNode* node) {
        return node->children.empty() && node->pins == 0 && node != &parent;
    });
    if (oldest == tree_.byUse().end()) {
        return false;
    }
    drop(**oldest);
    ++stats_.evictedPages;
    return true;
}

/// Whether the memory of a node without children would be free without it and without so many other references.
bool PrefixCache::isFreedBy(const PrefixNode& node, std::uint32_t othersGiveUp) const {
    return node.pins == 0 && pool_->references(node.page) == 1 + othersGiveUp;
}

std::size_t PrefixCache::evict(std::size_t pages, const PagedState* writing) {
    dropReleasedPins();
    const unsigned char* writtenNext = writing != nullptr ? writing->lastPartPage() : nullptr;
    std::size_t freed = 0;
    // A node comes before its parent, so one pass finds all.
    for (auto next = tree_.byUse().begin(); next != tree_.byUse().end() && freed < pages;) {
        PrefixNode& node = **next++;
        if (node.children.empty() && isFreedBy(node, node.page == writtenNext ? 1 : 0)) {
            drop(node);
            ++freed;
        }
    }
    stats_.evictedPages += freed;
    return freed;
}

std::size_t PrefixCache::evictable() {
    dropReleasedPins();
    if (evictable_.changes == pool_->changes() && evictable_.pinChanges == pinChanges_) {
        return evictable_.pages;
    }
    evictable_ = {pool_->changes(), pinChanges_, evictableWithout({})};
    return evictable_.pages;
}

std::size_t PrefixCache::evictableWithout(const GivenUp& references) {
    dropReleasedPins();
    std::unordered_set<const PrefixNode*> held; // those that stay, and so their parents
    std::size_t pages = 0;
    for (const PrefixNode* node : tree_.byUse()) {
        const auto given = references.find(node->page);
        if (held.contains(node) || !isFreedBy(*node, given == references.end() ? 0 : given->second)) {
            held.insert(node->parent);
        } else {
            ++pages;
        }
    }
    return pages;
}

void PrefixCache::drop(PrefixNode& node) noexcept {
    pool_->give(node.page);
    tree_.remove(node);
}

std::shared_ptr<CachePin> PrefixCache::pin(std::span<const Token> tokens) {
    dropReleasedPins();
    const PrefixTree::Match match = tree_.find(tokens, false);
    auto made = std::make_shared<CachePin>(match.last, match.tokens);
    pins_.push_back(made);
    countPin(match.last, true);
    tree_.touch(*match.last);
    return made;
}

void PrefixCache::dropReleasedPins() noexcept {
    // Nobody but this can make another reference of the last one, so a count of one stays one.
    std::erase_if(pins_, [this](const std::shared_ptr<CachePin>& pin) {
        if (pin.use_count() > 1) {
            return false;
        }
        countPin(pin->last_, false);
        return true;
    });
}

void PrefixCache::countPin(PrefixNode* last, bool held) noexcept {
    ++pinChanges_;
    for (PrefixNode* node = last; node != tree_.root(); node = node->parent) {
        if (held) {
            pinnedPages_ += node->pins++ == 0 ? 1 : 0;
        } else {
            pinnedPages_ -= --node->pins == 0 ? 1 : 0;
        }
    }
}

PrefixCache::Stats PrefixCache::stats() {
    dropReleasedPins();
    Stats now = stats_;
    now.pages = tree_.size();
    now.pinnedPages = pinnedPages_;
    return now;
}

} // namespace alcuin::inference
