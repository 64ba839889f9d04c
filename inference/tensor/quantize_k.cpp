#include "tensor/quantize_k.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "tensor/half.h"

// Compiled without contraction to fused multiply-adds, so that every machine chooses the same block.

namespace alcuin::inference {

namespace {

using Numbers = std::span<const float, kSuperBlock>;

constexpr float kNoError = std::numeric_limits<float>::infinity();

float inverseOf(float scale) {
    const float inverse = 1.0F / scale;
    return std::isfinite(inverse) ? inverse : 0.0F;
}

bool fitsHalf(float value) {
    return (f32ToF16(value) & 0x7fffU) != 0x7c00U;
}

/// To the nearest integer in [least, most].
int nearest(float value, int least, int most) {
    const float kept = std::clamp(value, static_cast<float>(least), static_cast<float>(most));
    return static_cast<int>(std::floor(kept + 0.5F));
}

/// Numbers as x = scale * q - minimum with q in 0..Top and minimum >= 0: the groups of Q4_K and Q5_K.
template <int Top>
struct Affine {
    static constexpr std::size_t kGroups = GroupScales::kGroups;
    static constexpr std::size_t kGroup = kQuantBlock;
    static constexpr int kMost = 63; ///< of a group's scale and minimum
    using Group = std::span<const float, kGroup>;
    using Quants = std::array<std::uint8_t, kGroup>;

    struct Fit {
        float scale = 0;
        float minimum = 0;
    };

    /// The squared error of the nearest q for every number.
    static float assign(Group x, Fit fit, Quants& quants) {
        const float inverse = inverseOf(fit.scale);
        float error = 0;
        for (std::size_t i = 0; i < kGroup; ++i) {
            const float q = std::clamp((x[i] + fit.minimum) * inverse, 0.0F, static_cast<float>(Top));
            quants[i] = static_cast<std::uint8_t>(q + 0.5F);
            const float off = x[i] - (fit.scale * static_cast<float>(quants[i]) - fit.minimum);
            error += off * off;
        }
        return error;
    }

    /// The best scale and minimum for these q.
    static Fit solve(Group x, const Quants& quants) {
        float sumQ = 0;
        float sumQQ = 0;
        float sumX = 0;
        float sumXQ = 0;
        for (std::size_t i = 0; i < kGroup; ++i) {
            const auto q = static_cast<float>(quants[i]);
            sumQ += q;
            sumQQ += q * q;
            sumX += x[i];
            sumXQ += x[i] * q;
        }
        constexpr auto kCount = static_cast<float>(kGroup);
        const float determinant = kCount * sumQQ - sumQ * sumQ;
        Fit fit;
        if (determinant > 0) {
            fit.scale = (kCount * sumXQ - sumX * sumQ) / determinant;
            fit.minimum = (sumQ * sumXQ - sumQQ * sumX) / determinant;
        } else {
            fit.minimum = -sumX / kCount;
        }
        if (fit.minimum < 0 || determinant <= 0) {
            fit.minimum = determinant > 0 ? 0 : std::max(0.0F, fit.minimum);
            fit.scale = determinant > 0 || sumQQ > 0 ? std::max(0.0F, (sumXQ + fit.minimum * sumQ) / sumQQ) : 0;
        }
        return fit;
    }

    static Fit fit(Group x) {
        const auto [least, most] = std::ranges::minmax_element(x);
        const float low = std::min(0.0F, *least);
        const float range = *most - low;
        Fit best{0, -low};
        Quants quants;
        float bestError = assign(x, best, quants);
        // Steps finer than the range needs cut off the largest numbers, coarser ones leave values unused.
        for (int step = -8; step <= 12 && range > 0; ++step) {
            Fit fit{range / (static_cast<float>(Top) + 0.125F * static_cast<float>(step)), -low};
            for (int round = 0; round < 4; ++round) {
                const float error = assign(x, fit, quants);
                if (error < bestError) {
                    bestError = error;
                    best = fit;
                }
                fit = solve(x, quants);
            }
        }
        return best;
    }

    /// Everything a block holds.
    struct Block {
        std::uint16_t scale = 0;   ///< f16
        std::uint16_t minimum = 0; ///< f16
        GroupScales groups{};
        std::array<Quants, kGroups> quants{};
        float error = kNoError;
    };

    static Group group(Numbers x, std::size_t g) {
        return Group(x.subspan(g * kGroup).first<kGroup>());
    }

    /// The best of a group's nine neighbouring pairs of whole scale and minimum.
    static float round(Group x, Fit fit, float scale, float minimum, std::uint8_t& bestScale, std::uint8_t& bestMinimum,
                       Quants& best) {
        const int middleScale = nearest(fit.scale * inverseOf(scale), 0, kMost);
        const int middleMinimum = nearest(fit.minimum * inverseOf(minimum), 0, kMost);
        float bestError = kNoError;
        Quants quants;
        for (int s = std::max(0, middleScale - 1); s <= std::min(kMost, middleScale + 1); ++s) {
            for (int m = std::max(0, middleMinimum - 1); m <= std::min(kMost, middleMinimum + 1); ++m) {
                const float error = assign(x, {scale * static_cast<float>(s), minimum * static_cast<float>(m)}, quants);
                if (error < bestError) {
                    bestError = error;
                    bestScale = static_cast<std::uint8_t>(s);
                    bestMinimum = static_cast<std::uint8_t>(m);
                    best = quants;
                }
            }
        }
        return bestError;
    }

    static Block rounded(Numbers x, const std::array<Fit, kGroups>& fits, float scale, float minimum) {
        Block block;
        block.scale = f32ToF16(scale);
        block.minimum = f32ToF16(minimum);
        block.error = 0;
        for (std::size_t g = 0; g < kGroups; ++g) {
            block.error += round(group(x, g), fits[g], f16ToF32(block.scale), f16ToF32(block.minimum),
                                 block.groups.scales[g], block.groups.minima[g], block.quants[g]);
        }
        return block;
    }

    /// The block's scale and minimum that are best for its groups' whole scales, minima and quants.
    static std::pair<double, double> solve(Numbers x, const Block& block) {
        double ss = 0;
        double sm = 0;
        double mm = 0;
        double xs = 0;
        double xm = 0;
        for (std::size_t g = 0; g < kGroups; ++g) {
            const double m = block.groups.minima[g];
            for (std::size_t i = 0; i < kGroup; ++i) {
                const double s = static_cast<double>(block.groups.scales[g]) * block.quants[g][i];
                const auto number = static_cast<double>(x[g * kGroup + i]);
                ss += s * s;
                sm += s * m;
                mm += m * m;
                xs += number * s;
                xm += number * m;
            }
        }
        const double determinant = ss * mm - sm * sm;
        if (mm > 0 && determinant > 1e-9 * ss * mm) {
            return {(xs * mm - xm * sm) / determinant, (xs * sm - xm * ss) / determinant};
        }
        return {ss > 0 ? xs / ss : 0, 0};
    }

    /// Nothing found: a scale is beyond f16, and the error is infinite.
    static Block search(Numbers x) {
        std::array<Fit, kGroups> fits;
        Fit largest;
        for (std::size_t g = 0; g < kGroups; ++g) {
            fits[g] = fit(group(x, g));
            largest.scale = std::max(largest.scale, fits[g].scale);
            largest.minimum = std::max(largest.minimum, fits[g].minimum);
        }
        const float scale = largest.scale / kMost;
        const float minimum = largest.minimum / kMost;
        if (!fitsHalf(scale) || !fitsHalf(minimum)) {
            return {};
        }
        Block best = rounded(x, fits, scale, minimum);
        for (int round = 0; round < 4; ++round) {
            const auto [betterScale, betterMinimum] = solve(x, best);
            const auto s = static_cast<float>(betterScale);
            const auto m = static_cast<float>(betterMinimum);
            if (!(s > 0) || !(m >= 0) || !fitsHalf(s) || !fitsHalf(m)) {
                break;
            }
            Block better = rounded(x, fits, s, m);
            if (better.error >= best.error) {
                break;
            }
            best = better;
        }
        return best;
    }
};

/// Numbers as x = scale * (q - 32) with q in 0..63 and a scale of either sign: the groups of Q6_K.
struct Symmetric {
    static constexpr std::size_t kGroups = std::tuple_size_v<decltype(BlockQ6_K::scales)>;
    static constexpr std::size_t kGroup = kSuperBlock / kGroups;
    static constexpr int kLeast = -32;
    static constexpr int kTop = 31;
    static constexpr int kMostScale = 127;
    using Group = std::span<const float, kGroup>;
    using Quants = std::array<std::int8_t, kGroup>;

    static float assign(Group x, float scale, Quants& quants) {
        const float inverse = inverseOf(scale);
        float error = 0;
        for (std::size_t i = 0; i < kGroup; ++i) {
            const float q = std::clamp(x[i] * inverse, static_cast<float>(kLeast), static_cast<float>(kTop));
            quants[i] = static_cast<std::int8_t>(static_cast<int>(q + 32.5F) - 32);
            const float off = x[i] - scale * static_cast<float>(quants[i]);
            error += off * off;
        }
        return error;
    }

    static float solve(Group x, const Quants& quants) {
        float sumQQ = 0;
        float sumXQ = 0;
        for (std::size_t i = 0; i < kGroup; ++i) {
            const auto q = static_cast<float>(quants[i]);
            sumQQ += q * q;
            sumXQ += x[i] * q;
        }
        return sumQQ > 0 ? sumXQ / sumQQ : 0;
    }

    static float fit(Group x) {
        const float extreme = *std::ranges::max_element(x, {}, [](float number) { return std::fabs(number); });
        Quants quants;
        float best = 0;
        float bestError = assign(x, best, quants);
        for (int step = -8; step <= 12 && extreme != 0; ++step) {
            // The extreme number becomes -32: the side that has one value more.
            float scale = extreme / (static_cast<float>(kLeast) + 0.25F * static_cast<float>(step));
            for (int round = 0; round < 2; ++round) {
                const float error = assign(x, scale, quants);
                if (error < bestError) {
                    bestError = error;
                    best = scale;
                }
                scale = solve(x, quants);
            }
        }
        return best;
    }

    struct Block {
        std::uint16_t scale = 0; ///< f16
        std::array<std::int8_t, kGroups> scales{};
        std::array<Quants, kGroups> quants{};
        float error = kNoError;
    };

    static Group group(Numbers x, std::size_t g) {
        return Group(x.subspan(g * kGroup).first<kGroup>());
    }

    static Block rounded(Numbers x, const std::array<float, kGroups>& fits, float scale) {
        Block block;
        block.scale = f32ToF16(scale);
        block.error = 0;
        const float held = f16ToF32(block.scale);
        Quants quants;
        for (std::size_t g = 0; g < kGroups; ++g) {
            const int middle = nearest(fits[g] * inverseOf(held), -kMostScale - 1, kMostScale);
            float bestError = kNoError;
            for (int s = std::max(-kMostScale - 1, middle - 1); s <= std::min(kMostScale, middle + 1); ++s) {
                const float error = assign(group(x, g), held * static_cast<float>(s), quants);
                if (error < bestError) {
                    bestError = error;
                    block.scales[g] = static_cast<std::int8_t>(s);
                    block.quants[g] = quants;
                }
            }
            block.error += bestError;
        }
        return block;
    }

    static float solve(Numbers x, const Block& block) {
        double ss = 0;
        double xs = 0;
        for (std::size_t i = 0; i < kSuperBlock; ++i) {
            const double s = static_cast<double>(block.scales[i / kGroup]) * block.quants[i / kGroup][i % kGroup];
            ss += s * s;
            xs += static_cast<double>(x[i]) * s;
        }
        return ss > 0 ? static_cast<float>(xs / ss) : 0.0F;
    }

    static Block search(Numbers x) {
        std::array<float, kGroups> fits;
        float largest = 0;
        for (std::size_t g = 0; g < kGroups; ++g) {
            fits[g] = fit(group(x, g));
            if (std::fabs(fits[g]) > std::fabs(largest)) {
                largest = fits[g];
            }
        }
        // The largest group's scale becomes -128: the side that has one value more.
        const float scale = largest / static_cast<float>(-kMostScale - 1);
        if (!fitsHalf(scale)) {
            return {};
        }
        Block best = rounded(x, fits, scale);
        for (int round = 0; round < 2; ++round) {
            const float better = solve(x, best);
            if (better == 0 || !fitsHalf(better)) {
                break;
            }
            Block block = rounded(x, fits, better);
            if (block.error >= best.error) {
                break;
            }
            best = block;
        }
        return best;
    }
};

template <typename Target, typename Found>
bool putHead(const Found& found, Target& block) {
    if (found.error == kNoError) {
        return false;
    }
    block.scale = found.scale;
    block.minimum = found.minimum;
    block.scales = packScales(found.groups);
    for (std::size_t g = 0; g < GroupScales::kGroups; g += 2) {
        for (std::size_t i = 0; i < kQuantBlock; ++i) {
            block.quants[g / 2 * kQuantBlock + i] =
                static_cast<std::uint8_t>((found.quants[g][i] & 15U) | ((found.quants[g + 1][i] & 15U) << 4U));
        }
    }
    return true;
}

} // namespace

bool toBlock(Numbers numbers, BlockQ4_K& block) {
    return putHead(Affine<15>::search(numbers), block);
}

bool toBlock(Numbers numbers, BlockQ5_K& block) {
    const auto found = Affine<31>::search(numbers);
    block.high.fill(0);
    for (std::size_t g = 0; g < GroupScales::kGroups; ++g) {
        for (std::size_t i = 0; i < kQuantBlock; ++i) {
            block.high[i] |= static_cast<std::uint8_t>((found.quants[g][i] >> 4U) << g);
        }
    }
    return putHead(found, block);
}

bool toBlock(Numbers numbers, BlockQ6_K& block) {
    const auto found = Symmetric::search(numbers);
    if (found.error == kNoError) {
        return false;
    }
    block.scale = found.scale;
    block.scales = found.scales;
    block.low.fill(0);
    block.high.fill(0);
    for (std::size_t i = 0; i < kSuperBlock; ++i) {
        const int signedQuant = found.quants[i / Symmetric::kGroup][i % Symmetric::kGroup];
        const auto q = static_cast<unsigned>(signedQuant - Symmetric::kLeast);
        const std::size_t half = i / 128;
        const std::size_t k = i % 128 / 32;
        const std::size_t column = i % 32;
        block.low[half * 64 + k % 2 * 32 + column] |= static_cast<std::uint8_t>((q & 15U) << (k < 2 ? 0U : 4U));
        block.high[half * 32 + column] |= static_cast<std::uint8_t>((q >> 4U) << (2 * k));
    }
    return true;
}

} // namespace alcuin::inference
