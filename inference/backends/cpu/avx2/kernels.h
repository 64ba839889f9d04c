#pragma once

#include "backends/cpu/kernel_args.h"

/// Kernels for AVX2 with FMA and F16C.
namespace alcuin::inference::cpu::avx2 {

void matmulF32PanelF32(const MatmulArgs& args) noexcept;
void matmulF32PanelF16(const MatmulArgs& args) noexcept;
void matmulF32PanelBF16(const MatmulArgs& args) noexcept;
void matmulF32PanelQ8(const MatmulArgs& args) noexcept;
void matmulF32PanelQ4(const MatmulArgs& args) noexcept;
void matmulF32PanelQ4Min(const MatmulArgs& args) noexcept;
void matmulF32PanelQ5(const MatmulArgs& args) noexcept;
void matmulF32PanelQ4K(const MatmulArgs& args) noexcept;
void matmulF32PanelQ5K(const MatmulArgs& args) noexcept;
void matmulF32PanelQ6K(const MatmulArgs& args) noexcept;
void matmulInt8PanelQ8(const MatmulArgs& args) noexcept;
void matmulInt8PanelQ4(const MatmulArgs& args) noexcept;
void matmulInt8PanelQ4Min(const MatmulArgs& args) noexcept;
void matmulInt8PanelQ5(const MatmulArgs& args) noexcept;
void matmulInt8PanelQ4K(const MatmulArgs& args) noexcept;
void matmulInt8PanelQ5K(const MatmulArgs& args) noexcept;
void matmulInt8PanelQ6K(const MatmulArgs& args) noexcept;
void matmulSplitPanelQ8(const MatmulArgs& args) noexcept;
void matmulSplitPanelQ4(const MatmulArgs& args) noexcept;
void matmulSplitPanelQ4Min(const MatmulArgs& args) noexcept;
void matmulSplitPanelQ5(const MatmulArgs& args) noexcept;
void matmulSplitPanelQ4K(const MatmulArgs& args) noexcept;
void matmulSplitPanelQ5K(const MatmulArgs& args) noexcept;
void matmulSplitPanelQ6K(const MatmulArgs& args) noexcept;

void split(const SplitArgs& args) noexcept;
void quantise(const QuantiseArgs& args) noexcept;
void rmsNorm(const RmsNormArgs& args) noexcept;
void rope(const RopeArgs& args) noexcept;
void swiglu(const SwigluArgs& args) noexcept;

void kvStoreF32(const KvStoreArgs& args) noexcept;
void kvStoreBF16(const KvStoreArgs& args) noexcept;
void kvStoreInt8(const KvStoreArgs& args) noexcept;

void attentionF32(const AttentionArgs& args) noexcept;
void attentionBF16(const AttentionArgs& args) noexcept;
void attentionInt8(const AttentionArgs& args) noexcept;
void attentionMerge(const AttentionMergeArgs& args) noexcept;

} // namespace alcuin::inference::cpu::avx2
