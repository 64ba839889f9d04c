#pragma once

#include "backends/cpu/limit_args.h"

/// The loop that finds what the matrix unit can do.
namespace alcuin::inference::cpu::amx {

/// Two tiles from `near` and two from `far` make four products: the reuse that eight tile registers allow.
void peakBF16(const PeakArgs& args) noexcept;

/// Operations of a pass, which is one way through `far`: four products of 16 x 32 and 32 x 16 for every 2 KiB.
inline constexpr size_t kPeakBF16Operations = kFarBytes / 2048 * 4 * (16 * 32 * 16) * 2;

} // namespace alcuin::inference::cpu::amx
