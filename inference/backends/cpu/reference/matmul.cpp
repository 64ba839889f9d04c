#include <algorithm>

#include "backends/cpu/reference/expand.h"
#include "backends/cpu/reference/kernels.h"

namespace alcuin::inference::cpu::reference {

namespace {

template <typename Expand>
void expandChunk(const void* panel, std::size_t begin, std::size_t end, float* out) {
    for (std::size_t k = begin; k < end; ++k) {
        for (std::size_t c = 0; c < kPanelColumns; ++c) {
            out[(k - begin) * kPanelColumns + c] = Expand::at(panel, k, c);
        }
    }
}

/// A panel is widened chunk by chunk of the depth into scratch, once for all rows; the sums wait in y in between.
template <typename Expand>
void multiplyF32(const MatmulArgs& args, std::size_t panelBytes) {
    constexpr std::size_t kChunk = kMatmulScratchBytes / sizeof(float) / kPanelColumns;
    auto* wide = static_cast<float*>(args.scratch);
    for (std::size_t panel = args.panelBegin; panel < args.panelEnd; ++panel) {
        const void* weights = panelAt(args.weights, panel, panelBytes);
        const std::size_t first = panel * kPanelColumns;
        const std::size_t columns = std::min(kPanelColumns, args.outputs - first);
        for (std::size_t begin = 0; begin < args.depth; begin += kChunk) {
            const std::size_t end = std::min(args.depth, begin + kChunk);
            expandChunk<Expand>(weights, begin, end, wide);
            for (std::size_t r = 0; r < args.rows; ++r) {
                float* y = args.y + r * args.yStride + first;
                float sum[kPanelColumns] = {};
                if (begin > 0) {
                    std::copy_n(y, columns, sum);
                }
                for (std::size_t k = begin; k < end; ++k) {
                    const float x = args.x[r * args.depth + k];
                    const float* w = wide + (k - begin) * kPanelColumns;
                    for (std::size_t c = 0; c < kPanelColumns; ++c) {
                        sum[c] += x * w[c];
                    }
                }
                std::copy_n(sum, columns, y);
            }
        }
    }
}

/// A group of a panel, widened: [depth][output] with the halves' scales multiplied in, and what is multiplied later.
struct Group {
    int wide[kGroup][kPanelColumns];
    float scale[kPanelColumns];
    float minimum[kPanelColumns];
};

template <typename Read>
void widen(const void* panel, std::size_t g, Group& group) {
    for (std::size_t c = 0; c < kPanelColumns; ++c) {
        for (std::size_t k = 0; k < kGroup; ++k) {
            group.wide[k][c] = Read::value(panel, g, k, c) * Read::halfScale(panel, g, k / (kGroup / 2), c);
        }
        group.scale[c] = Read::scale(panel, g, c);
        group.minimum[c] = Read::minimum(panel, g, c);
    }
}

template <typename Read>
void addGroup(const MatmulArgs& args, const Group& group, std::size_t g, std::size_t first, std::size_t columns) {
    const std::size_t groups = args.depth / kGroup;
    for (std::size_t r = 0; r < args.rows; ++r) {
        const std::int8_t* x = args.quantised.values + r * args.depth + g * kGroup;
        const float scaleX = args.quantised.scale[r * groups + g];
        const float offsetX = args.quantised.offset[r * groups + g];
        int sum[kPanelColumns] = {};
        for (std::size_t k = 0; k < kGroup; ++k) {
            for (std::size_t c = 0; c < kPanelColumns; ++c) {
                sum[c] += group.wide[k][c] * x[k];
            }
        }
        float* y = args.y + r * args.yStride + first;
        for (std::size_t c = 0; c < columns; ++c) {
            y[c] += static_cast<float>(sum[c]) * group.scale[c] * scaleX;
            if constexpr (Read::kMinimum) {
                y[c] += group.minimum[c] * offsetX;
            }
        }
    }
}

template <typename Read>
void multiplyInt8(const MatmulArgs& args) {
    for (std::size_t panel = args.panelBegin; panel < args.panelEnd; ++panel) {
        const void* weights = panelAt(args.weights, panel, Read::panelBytes(args.depth));
        const std::size_t first = panel * kPanelColumns;
        const std::size_t columns = std::min(kPanelColumns, args.outputs - first);
        for (std::size_t r = 0; r < args.rows; ++r) {
            std::fill_n(args.y + r * args.yStride + first, columns, 0.0F);
        }
        for (std::size_t g = 0; g < args.depth / kGroup; ++g) {
            Group group;
            widen<Read>(weights, g, group);
            addGroup<Read>(args, group, g, first, columns);
        }
    }
}

/// Adds one term of a row's group.
template <bool kMinimum>
void addTerm(const Group& group, const SplitGroup& x, std::size_t columns, float* y) {
    int sum[kPanelColumns] = {};
    for (std::size_t k = 0; k < kGroup; ++k) {
        for (std::size_t c = 0; c < kPanelColumns; ++c) {
            sum[c] += group.wide[k][c] * x.values[k];
        }
    }
    for (std::size_t c = 0; c < columns; ++c) {
        y[c] += static_cast<float>(sum[c]) * group.scale[c] * x.scale;
        if constexpr (kMinimum) {
            y[c] += group.minimum[c] * x.offset;
        }
    }
}

template <typename Read>
void multiplySplit(const MatmulArgs& args) {
    const std::size_t groups = args.depth / kGroup;
    for (std::size_t panel = args.panelBegin; panel < args.panelEnd; ++panel) {
        const void* weights = panelAt(args.weights, panel, Read::panelBytes(args.depth));
        const std::size_t first = panel * kPanelColumns;
        const std::size_t columns = std::min(kPanelColumns, args.outputs - first);
        for (std::size_t g = 0; g < groups; ++g) {
            Group group;
            widen<Read>(weights, g, group);
            for (std::size_t r = 0; r < args.rows; ++r) {
                float* y = args.y + r * args.yStride + first;
                if (g == 0) {
                    std::fill_n(y, columns, 0.0F);
                }
                const std::size_t row = args.tileRow + r;
                const std::size_t index = (row / kSplitTile * groups + g) * kSplitTile + row % kSplitTile;
                addTerm<Read::kMinimum>(group, args.split.coarse[index], columns, y);
                if (args.split.fineRows[index] != 0) {
                    addTerm<false>(group, args.split.fine[index], columns, y);
                }
            }
        }
    }
}

} // namespace

void matmulF32PanelF32(const MatmulArgs& args) noexcept {
    multiplyF32<ExpandF32>(args, args.depth * kPanelColumns * sizeof(float));
}

void matmulF32PanelF16(const MatmulArgs& args) noexcept {
    multiplyF32<ExpandF16>(args, args.depth * kPanelColumns * sizeof(std::uint16_t));
}

void matmulF32PanelBF16(const MatmulArgs& args) noexcept {
    multiplyF32<ExpandBF16>(args, args.depth * kPanelColumns * sizeof(std::uint16_t));
}

void matmulF32PanelQ8(const MatmulArgs& args) noexcept {
    multiplyF32<ExpandQuantised<ReadQ8>>(args, ReadQ8::panelBytes(args.depth));
}

void matmulInt8PanelQ8(const MatmulArgs& args) noexcept {
    multiplyInt8<ReadQ8>(args);
}

void matmulSplitPanelQ8(const MatmulArgs& args) noexcept {
    multiplySplit<ReadQ8>(args);
}

void matmulF32PanelQ4(const MatmulArgs& args) noexcept {
    multiplyF32<ExpandQuantised<ReadQ4>>(args, ReadQ4::panelBytes(args.depth));
}

void matmulInt8PanelQ4(const MatmulArgs& args) noexcept {
    multiplyInt8<ReadQ4>(args);
}

void matmulSplitPanelQ4(const MatmulArgs& args) noexcept {
    multiplySplit<ReadQ4>(args);
}

void matmulF32PanelQ4Min(const MatmulArgs& args) noexcept {
    multiplyF32<ExpandQuantised<ReadQ4Min>>(args, ReadQ4Min::panelBytes(args.depth));
}

void matmulInt8PanelQ4Min(const MatmulArgs& args) noexcept {
    multiplyInt8<ReadQ4Min>(args);
}

void matmulSplitPanelQ4Min(const MatmulArgs& args) noexcept {
    multiplySplit<ReadQ4Min>(args);
}

void matmulF32PanelQ5(const MatmulArgs& args) noexcept {
    multiplyF32<ExpandQuantised<ReadQ5>>(args, ReadQ5::panelBytes(args.depth));
}

void matmulInt8PanelQ5(const MatmulArgs& args) noexcept {
    multiplyInt8<ReadQ5>(args);
}

void matmulSplitPanelQ5(const MatmulArgs& args) noexcept {
    multiplySplit<ReadQ5>(args);
}

void matmulF32PanelQ4K(const MatmulArgs& args) noexcept {
    multiplyF32<ExpandQuantised<ReadQ4K>>(args, ReadQ4K::panelBytes(args.depth));
}

void matmulInt8PanelQ4K(const MatmulArgs& args) noexcept {
    multiplyInt8<ReadQ4K>(args);
}

void matmulSplitPanelQ4K(const MatmulArgs& args) noexcept {
    multiplySplit<ReadQ4K>(args);
}

void matmulF32PanelQ5K(const MatmulArgs& args) noexcept {
    multiplyF32<ExpandQuantised<ReadQ5K>>(args, ReadQ5K::panelBytes(args.depth));
}

void matmulInt8PanelQ5K(const MatmulArgs& args) noexcept {
    multiplyInt8<ReadQ5K>(args);
}

void matmulSplitPanelQ5K(const MatmulArgs& args) noexcept {
    multiplySplit<ReadQ5K>(args);
}

void matmulF32PanelQ6K(const MatmulArgs& args) noexcept {
    multiplyF32<ExpandQuantised<ReadQ6K>>(args, ReadQ6K::panelBytes(args.depth));
}

void matmulInt8PanelQ6K(const MatmulArgs& args) noexcept {
    multiplyInt8<ReadQ6K>(args);
}

void matmulSplitPanelQ6K(const MatmulArgs& args) noexcept {
    multiplySplit<ReadQ6K>(args);
}

} // namespace alcuin::inference::cpu::reference
