#pragma once

#include "backends/cpu/limit_args.h"

/// Loops that find the machine's limits with 512-bit vectors.
namespace alcuin::inference::cpu::avx512 {

uint64_t readStreams(const ReadArgs& args) noexcept; ///< AVX-512 F, DQ
void peakF32(const PeakArgs& args) noexcept;         ///< AVX-512 F
void peakInt8(const PeakArgs& args) noexcept;        ///< AVX-512 VNNI
void peakBF16(const PeakArgs& args) noexcept;        ///< AVX-512 BF16

/// Operations of a pass.
inline constexpr size_t kPeakF32Operations = kPeakChains * kPeakTurns * 16 * 2;
inline constexpr size_t kPeakInt8Operations = kPeakChains * kPeakTurns * 64 * 2;
inline constexpr size_t kPeakBF16Operations = kPeakChains * kPeakTurns * 32 * 2;

} // namespace alcuin::inference::cpu::avx512
