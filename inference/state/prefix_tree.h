#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "state/token_chain.h"

namespace alcuin::inference {

/// A kept page: the tokens that it holds, and those that led to it by its parents.
struct PrefixNode {
    PrefixNode* parent = nullptr;
    std::vector<PrefixNode*> children{};
    ChainKey key{};
    std::vector<Token> tokens{}; ///< a page's, or fewer where it has no children
    std::size_t end = 0;         ///< tokens from the start to the last of this page
    std::size_t prefilled = 0; ///< leading ones of these that prefill rows wrote; 0 behind a page that wasn't prefilled
    unsigned char* page = nullptr;
    std::uint32_t pins = 0; ///< pins that hold this page or one behind it
    std::list<PrefixNode*>::iterator place{};

    std::size_t begin() const {
        return end - tokens.size();
    }
    /// Written by prefill rows, and all before it.
    bool isPrefilled() const {
        return prefilled == end;
    }
};

/// Pages by the tokens that led to them, in the order of their last use. Knows nothing of memory: who removes a node
/// gives its page back.
///
/// A page that was prefilled, with all before it, and one of the same tokens that wasn't are different nodes. A
/// prefilled node's parents are prefilled, so a path goes through prefilled nodes first and then through others.
class PrefixTree {
public:
    explicit PrefixTree(ChainKey root);
    PrefixTree(const PrefixTree&) = delete;
    PrefixTree& operator=(const PrefixTree&) = delete;

    PrefixNode* root() {
        return root_.get();
    }
    std::size_t size() const {
        return nodes_.size();
    }
    /// Least recently used first. A node comes before its parent.
    const std::list<PrefixNode*>& byUse() const {
        return byUse_;
    }

    struct Match {
        PrefixNode* last = nullptr; ///< the root: nothing
        std::size_t tokens = 0;     ///< up to where the pages hold the tokens: perhaps within the last page
        std::size_t prefilled = 0;  ///< leading ones of these that prefill rows wrote
    };
    /// The longest way that these tokens lead; among equals the one with more prefilled tokens. Of tokens that prefill
    /// rows wrote only, where that is wanted.
    Match find(std::span<const Token> tokens, bool prefilledOnly) const;

    PrefixNode* at(ChainKey key) const;
    /// The child of exactly these tokens.
    PrefixNode* child(const PrefixNode& parent, std::span<const Token> tokens, bool prefilled) const;
    /// A child that begins with these tokens, of which prefill rows wrote those up to `prefilled`, or more.
    static PrefixNode* covering(const PrefixNode& parent, std::span<const Token> tokens, std::size_t prefilled);
    /// The longest partly filled child that has nothing which a page of these tokens doesn't have.
    static PrefixNode* covered(const PrefixNode& parent, std::span<const Token> tokens, std::size_t prefilled);

    /// Null: another node has that key already.
    PrefixNode* insert(PrefixNode& parent, std::span<const Token> tokens, std::size_t prefilled, unsigned char* page);
    /// Makes a partly filled node one of more tokens. False, and nothing changed: another node has that key already.
    bool grow(PrefixNode& node, std::span<const Token> tokens, std::size_t prefilled, unsigned char* page);
    /// A node without children.
    void remove(PrefixNode& node) noexcept;
    /// Makes a node, and those before it, the most recently used.
    void touch(PrefixNode& node) noexcept;

private:
    Match matchFrom(PrefixNode& node, std::span<const Token> tokens, bool prefilledOnly) const;

    std::unique_ptr<PrefixNode> root_;
    std::unordered_map<ChainKey, std::unique_ptr<PrefixNode>> nodes_;
    std::list<PrefixNode*> byUse_;
};

} // namespace alcuin::inference
