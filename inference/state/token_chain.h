#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <alcuin/inference/generation.h>

namespace alcuin::inference {

/// Everything but the tokens that the bytes of a state depend on: two states of equal identity and equal tokens, all
/// prefilled, hold the same bytes.
struct StateIdentity {
    std::uint64_t weights = 0;
    std::vector<std::uint64_t> adapters{};
    std::string layout{};   ///< where things lie in a page, and their formats
    std::string numerics{}; ///< compute mode and instruction set of the kernels

    bool operator==(const StateIdentity&) const = default;
};

/// Names a page of state by all the tokens up to its end: a chain of hashes, page by page, that begins with the
/// identity. Not for trust: whoever looks something up by it compares the tokens too.
struct ChainKey {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    auto operator<=>(const ChainKey&) const = default;
};

/// Before the first page. The same on every machine and in every run.
ChainKey chainRoot(const StateIdentity& identity);

/// A page's key: those before it, its tokens (fewer than a page's where it is the last one), and whether they and all
/// before them were written by prefill rows.
ChainKey chainNext(ChainKey parent, std::span<const Token> tokens, bool prefilled);

} // namespace alcuin::inference

template <>
struct std::hash<alcuin::inference::ChainKey> {
    std::size_t operator()(const alcuin::inference::ChainKey& key) const noexcept {
        return key.low;
    }
};
