#pragma once

#include "backends/cpu/kernel_table.h"

/// What the tables of kernels have in common.
namespace alcuin::inference::cpu {

inline constexpr CpuFeatures kBaseline{};
inline constexpr CpuFeatures kAvx2{CpuFeature::kAvx2, CpuFeature::kFma, CpuFeature::kF16c};
inline constexpr CpuFeatures kAvxVnni = kAvx2 | CpuFeatures{CpuFeature::kAvxVnni};
inline constexpr CpuFeatures kAmx =
    kAvx2 | CpuFeatures{CpuFeature::kAvx512F,    CpuFeature::kAvx512Bw, CpuFeature::kAvx512Dq, CpuFeature::kAvx512Vl,
                        CpuFeature::kAvx512Bf16, CpuFeature::kAmxTile,  CpuFeature::kAmxInt8,  CpuFeature::kAmxBf16};
inline constexpr CpuFeatures kAvx512 =
    kAvx2 | CpuFeatures{CpuFeature::kAvx512F, CpuFeature::kAvx512Bw, CpuFeature::kAvx512Dq, CpuFeature::kAvx512Vl};
inline constexpr CpuFeatures kAvx512Vnni = kAvx512 | CpuFeatures{CpuFeature::kAvx512Vnni};
inline constexpr RowClasses kAnyRow{};
inline constexpr RowClasses kPrefillRow{.decode = false, .prefill = true};
inline constexpr auto kF32 = ActivationFormat::kF32;
inline constexpr auto kInt8 = ActivationFormat::kInt8;
inline constexpr auto kSplit = ActivationFormat::kSplit;
inline constexpr auto kBF16 = ActivationFormat::kBF16;
/// Of products in bf16 tiles: measured beside AVX2.
inline constexpr std::size_t kTileSpeed = 32;

/// Accepts every shape.
template <typename Shape>
Verdict any(const Shape&) {
    return {};
}

} // namespace alcuin::inference::cpu
