#include "tokenizer/byte_pair_encoder.h"

#include <algorithm>

#include "tokenizer/byte_alphabet.h"

namespace alcuin::inference {

namespace {

/// Longer pieces are rare and seldom come back; more of them than this are a text that doesn't repeat itself.
constexpr std::size_t kMaxRememberedBytes = 48;
constexpr std::size_t kMaxRememberedPieces = 1U << 16U;

} // namespace

BytePairEncoder::BytePairEncoder(const Vocabulary& vocabulary, const MergeTable& merges, bool wholePieces)
    : vocabulary_(vocabulary), merges_(merges), wholePieces_(wholePieces) {}

void BytePairEncoder::encode(std::string_view piece, std::vector<Token>& tokens) {
    if (piece.size() == 1) {
        if (const Token token = vocabulary_.ofByte(static_cast<std::uint8_t>(piece.front())); token != kNoToken) {
            tokens.push_back(token);
        }
        return;
    }
    const bool remembers = piece.size() <= kMaxRememberedBytes;
    if (remembers) {
        if (const auto same = seen_.find(piece); same != seen_.end()) {
            const Span span = same->second;
            for (std::size_t i = 0; i < span.count; ++i) {
                tokens.push_back(tokens[span.begin + i]);
            }
            return;
        }
    }
    const std::size_t begin = tokens.size();
    if (!wholePieces_ || !encodeWhole(piece, tokens)) {
        mergeAll(piece);
        for (std::uint32_t at = symbols_.empty() ? kEnd : 0; at != kEnd; at = symbols_[at].next) {
            tokens.push_back(symbols_[at].token);
        }
    }
    if (remembers && seen_.size() < kMaxRememberedPieces) {
        seen_.emplace(piece, Span{begin, tokens.size() - begin});
    }
}

bool BytePairEncoder::encodeWhole(std::string_view piece, std::vector<Token>& tokens) {
    spelling_.clear();
    for (const char byte : piece) {
        spelling_ += spellByte(static_cast<std::uint8_t>(byte));
    }
    const Token token = vocabulary_.find(spelling_);
    if (token == kNoToken || vocabulary_.type(token) != TokenType::kNormal) {
        return false;
    }
    tokens.push_back(token);
    return true;
}

void BytePairEncoder::mergeAll(std::string_view piece) {
    symbols_.clear();
    heap_.clear();
    for (const char byte : piece) {
        const Token token = vocabulary_.ofByte(static_cast<std::uint8_t>(byte));
        if (token == kNoToken) {
            continue;
        }
        const auto index = static_cast<std::uint32_t>(symbols_.size());
        symbols_.push_back({token, index == 0 ? kEnd : index - 1, kEnd});
        if (index != 0) {
            symbols_[index - 1].next = index;
            consider(index - 1);
        }
    }
    const auto later = [](const Candidate& a, const Candidate& b) {
        return a.rank != b.rank ? a.rank > b.rank : a.left > b.left;
    };
    std::make_heap(heap_.begin(), heap_.end(), later);
    while (!heap_.empty()) {
        std::pop_heap(heap_.begin(), heap_.end(), later);
        const Candidate candidate = heap_.back();
        heap_.pop_back();
        const std::size_t before = heap_.size();
        apply(candidate);
        for (std::size_t size = before + 1; size <= heap_.size(); ++size) {
            std::push_heap(heap_.begin(), heap_.begin() + static_cast<std::ptrdiff_t>(size), later);
        }
    }
}

void BytePairEncoder::apply(const Candidate& candidate) {
    Symbol& left = symbols_[candidate.left];
    if (left.token != candidate.leftToken || left.next == kEnd || symbols_[left.next].token != candidate.rightToken) {
        return;
    }
    Symbol& right = symbols_[left.next];
    left.token = candidate.result;
    left.next = right.next;
    right.token = kNoToken;
    if (left.next != kEnd) {
        symbols_[left.next].previous = candidate.left;
        consider(candidate.left);
    }
    if (left.previous != kEnd) {
        consider(left.previous);
    }
}

/// Adds the merge of a symbol and its next one, if there is such a merge, at the end of heap_.
void BytePairEncoder::consider(std::uint32_t left) {
    const Symbol& symbol = symbols_[left];
    const Token right = symbols_[symbol.next].token;
    if (const auto merge = merges_.find(symbol.token, right)) {
        heap_.push_back({merge->rank, left, symbol.token, right, merge->result});
    }
}

} // namespace alcuin::inference
