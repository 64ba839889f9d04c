#include "state/token_chain.h"

#include <bit>
#include <string_view>

namespace alcuin::inference {

namespace {

/// Finaliser of SplitMix64: every bit of the input changes every bit of the output with a probability near 1/2.
/// Source: Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators".
constexpr std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

/// Two lanes, each a bijection of the lane for every word, so that no word is ever lost; the second takes in the
/// first, so that they never run in step.
void absorb(ChainKey& key, std::uint64_t word) {
    key.high = mixed(key.high + 0x9e3779b97f4a7c15U + word);
    key.low = mixed(std::rotl(key.low, 23) + 0xd1b54a32d192ed03U + (word ^ std::rotl(key.high, 41)));
}

void absorb(ChainKey& key, std::string_view text) {
    absorb(key, std::uint64_t{text.size()});
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        word = (word << 8U) | static_cast<unsigned char>(text[i]);
        if (i % 8 == 7 || i + 1 == text.size()) {
            absorb(key, word);
            word = 0;
        }
    }
}

} // namespace

ChainKey chainRoot(const StateIdentity& identity) {
    ChainKey key;
    absorb(key, identity.weights);
    absorb(key, std::uint64_t{identity.adapters.size()});
    for (const std::uint64_t adapter : identity.adapters) {
        absorb(key, adapter);
    }
    absorb(key, identity.layout);
    absorb(key, identity.numerics);
    return key;
}

ChainKey chainNext(ChainKey parent, std::span<const Token> tokens, bool prefilled) {
    absorb(parent, std::uint64_t{tokens.size()} * 2 + (prefilled ? 1 : 0));
    for (const Token token : tokens) {
        absorb(parent, static_cast<std::uint64_t>(token));
    }
    return parent;
}

} // namespace alcuin::inference
