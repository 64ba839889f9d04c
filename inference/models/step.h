#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <alcuin/inference/generation.h>

#include "state/sequence_state.h"
#include "tensor/row_class.h"

namespace alcuin::inference {

/// Three numbers, for pictures; text has the same in each.
struct Position {
    std::int32_t t = 0;
    std::int32_t h = 0;
    std::int32_t w = 0;
};

/// Index of a loaded adapter; -1: none.
using AdapterId = std::int32_t;

/// A model may have one step under way in each lane at a time: prompts are read in one while answers are written in
/// the other, advanced by turns in any order. Either takes rows of both classes, and a row's bits are the same in each.
enum class StepLane : std::uint8_t {
    kPrompt, ///< up to Model::maxRows() rows
    kAnswer, ///< up to kAnswerRows rows
};
inline constexpr std::size_t kStepLanes = 2;
/// Rows that a step of the answers' lane may have.
inline constexpr std::size_t kAnswerRows = 128;

/// Rows of S sequences laid end to end. R rows; rows of sequence s are rowStart[s] .. rowStart[s + 1].
/// All rows of one sequence have one class.
struct StepInput {
    std::span<const Token> tokens;            // [R]
    std::span<const Position> positions;      // [R]
    std::span<const RowClass> rowClass;       // [R]
    std::span<const std::uint32_t> rowStart;  // [S + 1]
    std::span<const std::uint32_t> logitRows; // rows that want logits, ascending [L <= R]
    std::span<const StateRef> state;          // [S]
    std::span<const AdapterId> adapter;       // [S]; or empty: none anywhere
    StepLane lane = StepLane::kPrompt;        // no sequence has rows in both lanes at a time
};

} // namespace alcuin::inference
