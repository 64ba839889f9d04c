#pragma once

#include "backends/cpu/limit_args.h"

/// Loops that find the machine's limits with 256-bit vectors.
namespace alcuin::inference::cpu::avx2 {

uint64_t readStreams(const ReadArgs& args) noexcept; ///< AVX2
void peakF32(const PeakArgs& args) noexcept;         ///< FMA
void peakInt8(const PeakArgs& args) noexcept;        ///< AVX2: bytes to pairs to fours, three instructions
void peakInt8Vnni(const PeakArgs& args) noexcept;    ///< AVX-VNNI

/// Operations of a pass.
inline constexpr size_t kPeakF32Operations = kPeakChains * kPeakTurns * 8 * 2;
inline constexpr size_t kPeakInt8Operations = kPeakChains * kPeakTurns * 32 * 2;

} // namespace alcuin::inference::cpu::avx2
