#pragma once

#include "backends/cpu/kernel_args.h"

/// Plain scalar kernels, for every layout and shape: what the others are compared with, and what runs on a machine
/// that has none of their instructions.
namespace alcuin::inference::cpu::reference {

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
void pack(const PackArgs& args) noexcept;
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

void embeddingPanelF32(const EmbeddingArgs& args) noexcept;
void embeddingPanelF16(const EmbeddingArgs& args) noexcept;
void embeddingPanelBF16(const EmbeddingArgs& args) noexcept;
void embeddingPanelQ8(const EmbeddingArgs& args) noexcept;
void embeddingPanelQ4(const EmbeddingArgs& args) noexcept;
void embeddingPanelQ4Min(const EmbeddingArgs& args) noexcept;
void embeddingPanelQ5(const EmbeddingArgs& args) noexcept;
void embeddingPanelQ4K(const EmbeddingArgs& args) noexcept;
void embeddingPanelQ5K(const EmbeddingArgs& args) noexcept;
void embeddingPanelQ6K(const EmbeddingArgs& args) noexcept;

} // namespace alcuin::inference::cpu::reference
