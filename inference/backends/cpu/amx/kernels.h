#pragma once

#include "backends/cpu/amx/tiles.h"
#include "backends/cpu/kernel_args.h"

/// Kernels for AMX with AVX-512; and their portable twins.
namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE {

void matmulBf16PanelQ4(const MatmulArgs& args) noexcept;
void matmulBf16PanelQ4Min(const MatmulArgs& args) noexcept;
void matmulBf16PanelQ5(const MatmulArgs& args) noexcept;
void matmulBf16PanelQ4K(const MatmulArgs& args) noexcept;
void matmulBf16PanelQ5K(const MatmulArgs& args) noexcept;
void matmulBf16PanelQ6K(const MatmulArgs& args) noexcept;
void matmulBf16PanelQ8(const MatmulArgs& args) noexcept;
void matmulBf16PanelBF16(const MatmulArgs& args) noexcept;
void matmulBf16PanelF16(const MatmulArgs& args) noexcept;

void gatedBf16PanelQ4(const GatedMatmulArgs& args) noexcept;
void gatedBf16PanelQ4Min(const GatedMatmulArgs& args) noexcept;
void gatedBf16PanelQ5(const GatedMatmulArgs& args) noexcept;
void gatedBf16PanelQ4K(const GatedMatmulArgs& args) noexcept;
void gatedBf16PanelQ5K(const GatedMatmulArgs& args) noexcept;
void gatedBf16PanelQ6K(const GatedMatmulArgs& args) noexcept;
void gatedBf16PanelQ8(const GatedMatmulArgs& args) noexcept;
void gatedBf16PanelBF16(const GatedMatmulArgs& args) noexcept;
void gatedBf16PanelF16(const GatedMatmulArgs& args) noexcept;

void matmulInt8PanelQ4(const MatmulArgs& args) noexcept;
void matmulInt8PanelQ4Min(const MatmulArgs& args) noexcept;
void matmulInt8PanelQ5(const MatmulArgs& args) noexcept;
void matmulInt8PanelQ4K(const MatmulArgs& args) noexcept;
void matmulInt8PanelQ5K(const MatmulArgs& args) noexcept;
void matmulInt8PanelQ6K(const MatmulArgs& args) noexcept;
void matmulInt8PanelQ8(const MatmulArgs& args) noexcept;

void attentionBF16(const AttentionArgs& args) noexcept;
void attentionInt8(const AttentionArgs& args) noexcept;
void attentionMerge(const AttentionMergeArgs& args) noexcept;

void pack(const PackArgs& args) noexcept;

} // namespace alcuin::inference::cpu::ALCUIN_AMX_NAMESPACE
