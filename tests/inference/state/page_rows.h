#pragma once

#include <cstdint>
#include <span>

#include "state/paged_state.h"

namespace alcuin::tests {

/// A stand-in for keys and values: each row is made from its token, its class and the row before it, read in place, so
/// that a wrong page anywhere changes everything behind it.
struct PageRows {
    struct Row {
        std::uint64_t history = 0;
        inference::Token token = 0;

        bool operator==(const Row&) const = default;
    };
    static constexpr std::size_t kPageBytes = inference::kPageTokens * sizeof(Row);

    static Row& at(const inference::PagedState& state, std::size_t position) {
        auto* page = state.pages()[position / inference::kPageTokens];
        return reinterpret_cast<Row*>(page)[position % inference::kPageTokens];
    }

    static Row after(const Row& before, inference::Token token, inference::RowClass rowClass) {
        const auto own = static_cast<std::uint64_t>(token) * 2 + static_cast<std::uint64_t>(rowClass) + 1;
        std::uint64_t history = (before.history ^ own) * 0x9e3779b97f4a7c15U;
        history ^= history >> 29U;
        return {history, token};
    }

    /// Writes tokens as a step does and commits the first `accepted` of them. False: there is no memory.
    static bool step(inference::PagedState& state, std::span<const inference::Token> tokens,
                     inference::RowClass rowClass, std::size_t accepted) {
        if (!state.reserve(tokens.size())) {
            return false;
        }
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const std::size_t position = state.length() + i;
            at(state, position) = after(position == 0 ? Row{} : at(state, position - 1), tokens[i], rowClass);
        }
        state.setWritten(tokens.size());
        state.commit(accepted, rowClass);
        return true;
    }
};

} // namespace alcuin::tests
