#include "state/prefix_tree.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "tensor/kv_format.h"

namespace alcuin::inference {

namespace {

constexpr std::size_t kFewChildren = 8;

std::size_t commonLength(std::span<const Token> a, std::span<const Token> b) {
    const auto length = static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
    return static_cast<std::size_t>(std::mismatch(a.begin(), a.begin() + length, b.begin()).first - a.begin());
}

bool startsWith(std::span<const Token> tokens, std::span<const Token> start) {
    return commonLength(tokens, start) == start.size();
}

std::span<const Token> pageAt(std::span<const Token> tokens, std::size_t begin) {
    return tokens.subspan(begin, std::min(kPageTokens, tokens.size() - begin));
}

} // namespace

PrefixTree::PrefixTree(ChainKey root) : root_(std::make_unique<PrefixNode>()) {
    root_->key = root;
}

PrefixTree::Match PrefixTree::find(std::span<const Token> tokens, bool prefilledOnly) const {
    // Whole pages that were prefilled come first. From each of them the way may go on through others: from the last
    // one, or from an earlier one if that leads further.
    std::vector<PrefixNode*> path{root_.get()};
    while (tokens.size() - path.back()->end >= kPageTokens) {
        PrefixNode* next = child(*path.back(), pageAt(tokens, path.back()->end), true);
        if (next == nullptr) {
            break;
        }
        path.push_back(next);
    }
    Match best = matchFrom(*path.back(), tokens, prefilledOnly);
    if (prefilledOnly) {
        return best;
    }
    path.pop_back();
    for (; !path.empty(); path.pop_back()) {
        if (path.back()->children.size() == 1) {
            continue; // the next one of the path
        }
        if (const Match other = matchFrom(*path.back(), tokens, false); other.tokens > best.tokens) {
            best = other;
        }
    }
    return best;
}

/// Goes on from a node through whole pages that weren't prefilled, then into the child that has most of the rest.
PrefixTree::Match PrefixTree::matchFrom(PrefixNode& node, std::span<const Token> tokens, bool prefilledOnly) const {
    PrefixNode* last = &node;
    const PrefixNode* first = nullptr; // that wasn't prefilled
    while (!prefilledOnly && !last->children.empty() && tokens.size() - last->end >= kPageTokens) {
        PrefixNode* next = child(*last, pageAt(tokens, last->end), false);
        if (next == nullptr) {
            break;
        }
        last = next;
        first = first == nullptr ? next : first;
    }
    Match best{last, last->end, first == nullptr ? last->end : first->prefilled};
    const auto rest = pageAt(tokens, last->end);
    const std::size_t begin = last->end;
    for (PrefixNode* each : last->children) {
        const std::size_t reached = begin + commonLength(each->tokens, rest);
        const std::size_t prefilled = std::min(reached, first == nullptr ? each->prefilled : first->prefilled);
        const std::size_t usable = prefilledOnly ? prefilled : reached;
        if (usable > best.tokens || (usable > begin && usable == best.tokens && prefilled > best.prefilled)) {
            best = {each, usable, prefilled};
        }
    }
    return best;
}

PrefixNode* PrefixTree::at(ChainKey key) const {
    const auto found = nodes_.find(key);
    return found == nodes_.end() ? nullptr : found->second.get();
}

PrefixNode* PrefixTree::child(const PrefixNode& parent, std::span<const Token> tokens, bool prefilled) const {
    // Hashing a page's tokens takes longer than comparing a few pages, which mostly part with their first tokens.
    if (parent.children.size() <= kFewChildren) {
        const auto found = std::ranges::find_if(parent.children, [&](const PrefixNode* each) {
            return each->isPrefilled() == prefilled && std::ranges::equal(each->tokens, tokens);
        });
        return found == parent.children.end() ? nullptr : *found;
    }
    PrefixNode* node = at(chainNext(parent.key, tokens, prefilled));
    return node != nullptr && node->parent == &parent && std::ranges::equal(node->tokens, tokens) ? node : nullptr;
}

PrefixNode* PrefixTree::covering(const PrefixNode& parent, std::span<const Token> tokens, std::size_t prefilled) {
    const auto found = std::ranges::find_if(parent.children, [&](const PrefixNode* each) {
        return startsWith(each->tokens, tokens) && each->prefilled >= prefilled;
    });
    return found == parent.children.end() ? nullptr : *found;
}

PrefixNode* PrefixTree::covered(const PrefixNode& parent, std::span<const Token> tokens, std::size_t prefilled) {
    PrefixNode* longest = nullptr;
    for (PrefixNode* each : parent.children) {
        const bool less =
            each->tokens.size() < kPageTokens && startsWith(tokens, each->tokens) && each->prefilled <= prefilled;
        if (less && (longest == nullptr || each->end > longest->end)) {
            longest = each;
        }
    }
    return longest;
}

PrefixNode* PrefixTree::insert(PrefixNode& parent, std::span<const Token> tokens, std::size_t prefilled,
                               unsigned char* page) {
    auto node = std::make_unique<PrefixNode>();
    node->parent = &parent;
    node->tokens.assign(tokens.begin(), tokens.end());
    node->end = parent.end + tokens.size();
    node->prefilled = prefilled;
    node->page = page;
    node->key = chainNext(parent.key, tokens, node->isPrefilled());
    // What may lack memory first: after it nothing fails.
    if (parent.children.size() == parent.children.capacity()) {
        parent.children.reserve(2 * parent.children.size() + 1);
    }
    std::list<PrefixNode*> one{node.get()};
    PrefixNode* const made = node.get();
    if (!nodes_.try_emplace(made->key, std::move(node)).second) {
        return nullptr;
    }
    made->place = one.begin();
    byUse_.splice(byUse_.end(), one);
    parent.children.push_back(made);
    return made;
}

bool PrefixTree::grow(PrefixNode& node, std::span<const Token> tokens, std::size_t prefilled, unsigned char* page) {
    assert(node.children.empty() && startsWith(tokens, node.tokens));
    const std::size_t end = node.begin() + tokens.size();
    const ChainKey key = chainNext(node.parent->key, tokens, prefilled == end);
    if (key != node.key && nodes_.contains(key)) {
        return false;
    }
    node.tokens.assign(tokens.begin(), tokens.end());
    auto entry = nodes_.extract(node.key);
    entry.key() = key;
    nodes_.insert(std::move(entry));
    node.key = key;
    node.end = end;
    node.prefilled = prefilled;
    node.page = page;
    return true;
}

void PrefixTree::remove(PrefixNode& node) noexcept {
    assert(node.children.empty());
    const ChainKey key = node.key; // its own goes with it
    auto& siblings = node.parent->children;
    *std::ranges::find(siblings, &node) = siblings.back();
    siblings.pop_back();
    byUse_.erase(node.place);
    nodes_.erase(key);
}

void PrefixTree::touch(PrefixNode& node) noexcept {
    for (PrefixNode* each = &node; each != root_.get(); each = each->parent) {
        byUse_.splice(byUse_.end(), byUse_, each->place);
    }
}

} // namespace alcuin::inference
