#pragma once

#include "backends/cpu/kernel_args.h"

/// Kernels for AVX2 with AVX-VNNI, whose byte products are one instruction; the bits are those of AVX2's kernels.
namespace alcuin::inference::cpu::avxvnni {

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

} // namespace alcuin::inference::cpu::avxvnni
