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

struct ReadQ8 {
    using Panel = Q8Panel;
    static int at(const Panel& group, std::size_t k, std::size_t column) {
        return group.values[k / 4][column][k % 4];
    }
    static float minimum(const Panel&, std::size_t) {
        return 0;
    }
};

struct ReadQ4 {
    using Panel = Q4Panel;
    static int at(const Panel& group, std::size_t k, std::size_t column) {
        return nibbleAt(group, k, column) - 8;
    }
    static float minimum(const Panel&, std::size_t) {
        return 0;
    }
};

struct ReadQ4Min {
    using Panel = Q4MinPanel;
    static int at(const Panel& group, std::size_t k, std::size_t column) {
        return nibbleAt(group, k, column);
    }
    static float minimum(const Panel& group, std::size_t column) {
        return f16ToF32(group.minimum[column]);
    }
};

template <typename Read, bool kHasMinimum>
void multiplyInt8(const MatmulArgs& args) {
    const std::size_t groups = args.depth / kGroup;
    for (std::size_t panel = args.panelBegin; panel < args.panelEnd; ++panel) {
        const auto* weights = static_cast<const typename Read::Panel*>(args.weights) + panel * groups;
        const std::size_t first = panel * kPanelColumns;
        const std::size_t columns = std::min(kPanelColumns, args.outputs - first);
        for (std::size_t r = 0; r < args.rows; ++r) {
            float* y = args.y + r * args.yStride + first;
            std::fill_n(y, columns, 0.0F);
        }
        for (std::size_t g = 0; g < groups; ++g) {
            int wide[kGroup][kPanelColumns];
            float scale[kPanelColumns];
            float minimum[kPanelColumns];
            for (std::size_t c = 0; c < kPanelColumns; ++c) {
                for (std::size_t k = 0; k < kGroup; ++k) {
                    wide[k][c] = Read::at(weights[g], k, c);
                }
                scale[c] = f16ToF32(weights[g].scale[c]);
                minimum[c] = Read::minimum(weights[g], c);
            }
            for (std::size_t r = 0; r < args.rows; ++r) {
                const std::int8_t* x = args.quantised.values + r * args.depth + g * kGroup;
                const float scaleX = args.quantised.scale[r * groups + g];
                const float offsetX = args.quantised.offset[r * groups + g];
                int sum[kPanelColumns] = {};
                for (std::size_t k = 0; k < kGroup; ++k) {
                    for (std::size_t c = 0; c < kPanelColumns; ++c) {
                        sum[c] += wide[k][c] * x[k];
                    }
                }
                float* y = args.y + r * args.yStride + first;
                for (std::size_t c = 0; c < columns; ++c) {
                    y[c] += static_cast<float>(sum[c]) * scale[c] * scaleX;
                    if constexpr (kHasMinimum) {
                        y[c] += minimum[c] * offsetX;
                    }
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
    multiplyF32<ExpandQ8>(args, args.depth / kGroup * sizeof(Q8Panel));
}

void matmulF32PanelQ4(const MatmulArgs& args) noexcept {
    multiplyF32<ExpandQ4>(args, args.depth / kGroup * sizeof(Q4Panel));
}

void matmulF32PanelQ4Min(const MatmulArgs& args) noexcept {
    multiplyF32<ExpandQ4Min>(args, args.depth / kGroup * sizeof(Q4MinPanel));
}

void matmulInt8PanelQ8(const MatmulArgs& args) noexcept {
    multiplyInt8<ReadQ8, false>(args);
}

void matmulInt8PanelQ4(const MatmulArgs& args) noexcept {
    multiplyInt8<ReadQ4, false>(args);
}

void matmulInt8PanelQ4Min(const MatmulArgs& args) noexcept {
    multiplyInt8<ReadQ4Min, true>(args);
}

} // namespace alcuin::inference::cpu::reference
