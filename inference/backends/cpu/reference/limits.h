#pragma once

#include "backends/cpu/limit_args.h"

/// Loops that find the limits of machines without any of the vector instructions that kernels are written for.
namespace alcuin::inference::cpu::reference {

uint64_t readStreams(const ReadArgs& args) noexcept;
void peakF32(const PeakArgs& args) noexcept;

/// Operations of a pass.
inline constexpr size_t kPeakF32Operations = kPeakChains * kPeakTurns * 4 * 2;

} // namespace alcuin::inference::cpu::reference
