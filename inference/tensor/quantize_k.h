#pragma once

#include <span>

#include "tensor/quant_blocks.h"

namespace alcuin::inference {

/// 256 finite numbers to one block of a K format, by search for the least squared error: each group's scale (and
/// minimum) is fitted from several starting points, then all are rounded to what the block can hold together, chosen
/// anew among their neighbours, and the block's own scale (and minimum) are solved for by least squares.
/// Returns false where a scale is beyond f16; the block's content is undefined then.
/// Threads: reentrant. Deterministic on every machine.
bool toBlock(std::span<const float, kSuperBlock> numbers, BlockQ4_K& block);
bool toBlock(std::span<const float, kSuperBlock> numbers, BlockQ5_K& block);
bool toBlock(std::span<const float, kSuperBlock> numbers, BlockQ6_K& block);

} // namespace alcuin::inference
