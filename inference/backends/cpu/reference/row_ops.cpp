#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "backends/cpu/reference/kernels.h"
#include "tensor/half.h"

namespace alcuin::inference::cpu::reference {

void quantise(const QuantiseArgs& args) noexcept {
    constexpr std::uint32_t kMagnitude = 0x7fffffffU;
    constexpr std::uint32_t kInfinity = 0x7f800000U;
    const std::size_t groups = args.depth / kGroup;
    for (std::size_t index = args.rowBegin * groups; index < args.rowEnd * groups; ++index) {
        const float* x = args.x + index * kGroup;
        std::int8_t* values = args.out.values + index * kGroup;
        std::uint32_t largest = 0; // as bits: ordered like the magnitudes, with NaN above all
        for (std::size_t k = 0; k < kGroup; ++k) {
            largest = std::max(largest, std::bit_cast<std::uint32_t>(x[k]) & kMagnitude);
        }
        const float magnitude = std::bit_cast<float>(largest);
        const bool broken = largest >= kInfinity;
        const float inverse = broken || magnitude < std::numeric_limits<float>::min() * 128 ? 0.0F : 127.0F / magnitude;
        int sum = 0;
        int lower = 0;
        for (std::size_t k = 0; k < kGroup; ++k) {
            const int q = broken ? 0 : static_cast<int>(std::nearbyint(x[k] * inverse));
            values[k] = static_cast<std::int8_t>(q);
            sum += q;
            lower += k < kGroup / 2 ? q : 0;
        }
        args.out.scale[index] = broken            ? std::numeric_limits<float>::quiet_NaN()
                                : inverse == 0.0F ? 0.0F
                                                  : magnitude / 127.0F;
        args.out.sum[index] = sum;
        args.out.lower[index] = lower;
        args.out.offset[index] = args.out.scale[index] * static_cast<float>(sum);
    }
}

namespace {

void follow(SplitGroup& group, float scale) {
    group.scale = scale;
    group.sum = 0;
    group.lower = 0;
    for (std::size_t k = 0; k < kGroup; ++k) {
        group.sum += group.values[k];
        group.lower += k < kGroup / 2 ? group.values[k] : 0;
    }
    group.offset = scale * static_cast<float>(group.sum);
    group.start8 = kSplitStart - 8 * group.sum;
    group.start16 = kSplitStart - 16 * group.sum;
    group.start128 = kSplitStart - 128 * group.sum;
}

void splitCoarse(const float* x, SplitGroup& coarse) {
    float scale = 0;
    std::int32_t sum = 0;
    float offset = 0;
    std::int32_t lower = 0;
    quantise({x, {coarse.values, &scale, &sum, &offset, &lower}, 0, 1, kGroup});
    follow(coarse, scale);
}

void splitFine(const float* x, SplitGroup& coarse, SplitGroup& fine) {
    const float factor = kFineSteps / coarse.scale;
    for (std::size_t k = 0; k < kGroup; ++k) {
        const float left = std::fma(-static_cast<float>(coarse.values[k]), coarse.scale, x[k]);
        fine.values[k] = static_cast<std::int8_t>(std::nearbyint(left * factor));
    }
    follow(fine, coarse.scale / kFineSteps);
    coarse.offset += fine.offset;
}

} // namespace

void split(const SplitArgs& args) noexcept {
    const std::size_t groups = args.depth / kGroup;
    for (std::size_t row = args.rowBegin; row < args.rowEnd; ++row) {
        const float* x = args.x + row * args.depth;
        const std::size_t first = row / kSplitTile * groups * kSplitTile + row % kSplitTile;
        float squares = 0;
        for (std::size_t g = 0; g < groups; ++g) {
            SplitGroup& coarse = args.out.coarse[first + g * kSplitTile];
            splitCoarse(x + g * kGroup, coarse);
            squares += coarse.scale * coarse.scale;
        }
        const float most = kFineShare * squares / static_cast<float>(groups);
        for (std::size_t g = 0; g < groups; ++g) {
            const std::size_t index = first + g * kSplitTile;
            SplitGroup& coarse = args.out.coarse[index];
            const bool fine = coarse.scale * coarse.scale > most;
            args.out.fineRows[index] = fine ? 255 : 0;
            if (fine) {
                splitFine(x + g * kGroup, coarse, args.out.fine[index]);
            }
        }
    }
}

void pack(const PackArgs& args) noexcept {
    constexpr std::size_t kTileRows = 16;
    const std::size_t groups = args.depth / kGroup;
    for (std::size_t row = args.rowBegin; row < args.rowEnd; ++row) {
        for (std::size_t k = 0; k < args.depth; ++k) {
            const std::size_t tile = row / kTileRows * groups + k / kGroup;
            args.tiles[(tile * kTileRows + row % kTileRows) * kGroup + k % kGroup] =
                f32ToBf16(args.x[row * args.depth + k]);
        }
    }
}

void rmsNorm(const RmsNormArgs& args) noexcept {
    for (std::size_t r = args.rowBegin; r < args.rowEnd; ++r) {
        float* x = args.residual + r * args.width;
        if (args.delta != nullptr) {
            const float* delta = args.delta + r * args.width;
            for (std::size_t e = 0; e < args.width; ++e) {
                x[e] += delta[e];
            }
        }
        double squares = 0;
        for (std::size_t e = 0; e < args.width; ++e) {
            squares += static_cast<double>(x[e]) * static_cast<double>(x[e]);
        }
        const double mean = squares / static_cast<double>(args.width);
        const auto factor = static_cast<float>(1.0 / std::sqrt(mean + static_cast<double>(args.epsilon)));
        float* y = args.y + r * args.width;
        for (std::size_t e = 0; e < args.width; ++e) {
            y[e] = x[e] * factor * args.gamma[e];
        }
    }
}

void rope(const RopeArgs& args) noexcept {
    const std::size_t step = args.halfSplit ? 1 : 2;
    const std::size_t second = args.halfSplit ? args.pairs : 1;
    for (std::size_t r = args.rowBegin; r < args.rowEnd; ++r) {
        const float* cosine = args.cosine + r * args.pairs;
        const float* sine = args.sine + r * args.pairs;
        for (std::size_t h = 0; h < args.heads; ++h) {
            float* x = args.x + r * args.stride + h * args.headSize;
            for (std::size_t i = 0; i < args.pairs; ++i) {
                const float a = x[i * step];
                const float b = x[i * step + second];
                x[i * step] = a * cosine[i] - b * sine[i];
                x[i * step + second] = a * sine[i] + b * cosine[i];
            }
        }
    }
}

void swiglu(const SwigluArgs& args) noexcept {
    for (std::size_t i = args.begin; i < args.end; ++i) {
        const float z = args.gate[i];
        args.gate[i] = z / (1.0F + std::exp(-z)) * args.up[i];
    }
}

} // namespace alcuin::inference::cpu::reference
