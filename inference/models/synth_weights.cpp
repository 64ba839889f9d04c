#include "models/synth_weights.h"

#include <array>
#include <cmath>
#include <cstring>
#include <numbers>
#include <string_view>

#include "models/synth_random.h"
#include "tensor/half.h"
#include "tensor/quant_blocks.h"

namespace alcuin::inference::synth {

namespace {

/// A block's scale is this wide around its mean, so that blocks differ as real ones do.
constexpr float kLeastScale = 0.5F;
constexpr float kMostScale = 1.5F;

/// Root mean square of numbers uniform in [low, high].
double rmsOfUniform(double low, double high) {
    return std::sqrt((low * low + low * high + high * high) / 3);
}

/// Root mean square of the whole numbers low to high.
double rmsOfWhole(int low, int high) {
    double sum = 0;
    for (int i = low; i <= high; ++i) {
        sum += static_cast<double>(i) * i;
    }
    return std::sqrt(sum / (high - low + 1));
}

float scaleFor(float spread, double rms) {
    static const double kWobble = rmsOfUniform(static_cast<double>(kLeastScale), static_cast<double>(kMostScale));
    return static_cast<float>(static_cast<double>(spread) / (rms * kWobble));
}

float wobbled(RandomStream& random, float scale) {
    return scale * (kLeastScale + (kMostScale - kLeastScale) * random.unit());
}

template <typename T, std::size_t N>
void fillBits(RandomStream& random, std::array<T, N>& bytes) {
    static_assert(sizeof(T) == 1);
    for (std::size_t i = 0; i < N; i += sizeof(std::uint64_t)) {
        const std::uint64_t bits = random.next();
        std::memcpy(bytes.data() + i, &bits, N - i < sizeof(bits) ? N - i : sizeof(bits));
    }
}

std::uint16_t anySign(RandomStream& random, float scale) {
    return f32ToF16(random.next() >> 63U != 0 ? -scale : scale);
}

void make(RandomStream& random, float spread, BlockQ8_0& block) {
    static const double kRms = rmsOfWhole(-127, 127);
    fillBits(random, block.quants);
    for (auto& q : block.quants) {
        q = q == -128 ? std::int8_t{-127} : q;
    }
    block.scale = f32ToF16(wobbled(random, scaleFor(spread, kRms)));
}

// The numbers of Q4_0 and Q5_0 lie half a step off zero; scales of either sign cancel that out.
void make(RandomStream& random, float spread, BlockQ4_0& block) {
    static const double kRms = rmsOfWhole(-8, 7);
    fillBits(random, block.quants);
    block.scale = anySign(random, wobbled(random, scaleFor(spread, kRms)));
}

void make(RandomStream& random, float spread, BlockQ5_0& block) {
    static const double kRms = rmsOfWhole(-16, 15);
    fillBits(random, block.quants);
    fillBits(random, block.high);
    block.scale = anySign(random, wobbled(random, scaleFor(spread, kRms)));
}

/// Steps from zero to the middle of `bits` bits.
constexpr double middleOf(int bits) {
    return (static_cast<double>(1 << bits) - 1) / 2;
}

double rmsAroundMiddle(int bits) {
    const double steps = static_cast<double>(1 << bits);
    return std::sqrt((steps * steps - 1) / 12);
}

void make(RandomStream& random, float spread, BlockQ4_1& block) {
    static const double kRms = rmsAroundMiddle(4);
    fillBits(random, block.quants);
    block.scale = f32ToF16(wobbled(random, scaleFor(spread, kRms)));
    block.minimum = f32ToF16(-f16ToF32(block.scale) * static_cast<float>(middleOf(4)));
}

/// Scales of groups from 32 to 63, each minimum what brings its group's mean to zero.
template <int Bits, typename Block>
void makeGroups(RandomStream& random, float spread, Block& block) {
    static const double kRms = rmsAroundMiddle(Bits) * rmsOfWhole(32, 63);
    fillBits(random, block.quants);
    GroupScales groups{};
    fillBits(random, groups.scales);
    for (std::size_t g = 0; g < GroupScales::kGroups; ++g) {
        groups.scales[g] = static_cast<std::uint8_t>(32U | (groups.scales[g] & 31U));
        groups.minima[g] = groups.scales[g];
    }
    block.scales = packScales(groups);
    block.scale = f32ToF16(wobbled(random, scaleFor(spread, kRms)));
    block.minimum = f32ToF16(f16ToF32(block.scale) * static_cast<float>(middleOf(Bits)));
}

void make(RandomStream& random, float spread, BlockQ4_K& block) {
    makeGroups<4>(random, spread, block);
}

void make(RandomStream& random, float spread, BlockQ5_K& block) {
    fillBits(random, block.high);
    makeGroups<5>(random, spread, block);
}

void make(RandomStream& random, float spread, BlockQ6_K& block) {
    static const double kRms = rmsOfWhole(-32, 31) * rmsOfWhole(64, 127);
    fillBits(random, block.low);
    fillBits(random, block.high);
    fillBits(random, block.scales);
    for (auto& scale : block.scales) {
        const int size = 64 | (scale & 63);
        scale = static_cast<std::int8_t>(scale < 0 ? -size : size);
    }
    block.scale = f32ToF16(wobbled(random, scaleFor(spread, kRms)));
}

template <typename Block>
void makeBlocks(RandomStream& random, float spread, std::span<std::byte> bytes) {
    Block block;
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(block)) {
        make(random, spread, block);
        std::memcpy(bytes.data() + at, &block, sizeof(block));
    }
}

/// What Llama 3.1 divides its RoPE frequencies by: nothing for wavelengths below 8192 / 4, 8 above 8192, and smoothly
/// from one to the other between. Source: the model's published configuration.
float ropeFactor(double base, std::size_t pair, std::size_t pairs) {
    constexpr double kFactor = 8;
    constexpr double kLow = 1;
    constexpr double kHigh = 4;
    constexpr double kTrainedFor = 8192;
    const double exponent = static_cast<double>(pair) / static_cast<double>(pairs);
    const double waves = kTrainedFor / (2 * std::numbers::pi * std::pow(base, exponent));
    const double smooth = (waves - kLow) / (kHigh - kLow);
    if (smooth <= 0) {
        return static_cast<float>(kFactor);
    }
    return smooth >= 1 ? 1.0F : static_cast<float>(1 / ((1 - smooth) / kFactor + smooth));
}

/// Output and scores a little sharper than noise; keys and their biases largest, as in real models.
double gainOf(std::string_view name) {
    if (name == "output.weight" || name.find("attn_q.") != std::string_view::npos ||
        name.find("attn_k.") != std::string_view::npos) {
        return 2;
    }
    return 1;
}

bool isBias(std::string_view name) {
    return name.ends_with(".bias");
}

double ropeBaseOf(const DraftEntries& entries) {
    for (const auto& [key, value] : entries) {
        if (const auto* base = std::get_if<float>(&value); base != nullptr && key.ends_with(".rope.freq_base")) {
            return static_cast<double>(*base);
        }
    }
    constexpr double kUsual = 10000;
    return kUsual;
}

} // namespace

RandomTensor::RandomTensor(const DraftTensor& tensor, const DraftEntries& entries, std::uint64_t key)
    : dtype_(tensor.dtype), key_(key) {
    const std::string_view name = tensor.name;
    if (name == "rope_freqs.weight") {
        kind_ = Kind::kRopeFactors;
        ropeBase_ = ropeBaseOf(entries);
    } else if (name.find("norm") != std::string_view::npos && !isBias(name)) {
        kind_ = Kind::kNorm;
    } else if (tensor.dimensions.size() == 1) {
        constexpr double kBias = 0.25;
        spread_ = static_cast<float>(kBias * gainOf(name));
    } else {
        // A head is tied to the embedding in some models, and no row of it may drown the others.
        const bool embedding = name == "token_embd.weight";
        const double gain = embedding ? 4 : gainOf(name);
        spread_ = static_cast<float>(gain / std::sqrt(static_cast<double>(tensor.dimensions[0])));
    }
}

void RandomTensor::fill(std::uint64_t row, std::span<std::byte> bytes) const noexcept {
    RandomStream random(RandomStream::keyOf(key_, row));
    switch (dtype_) {
    case DType::kF32:
    case DType::kF16:
    case DType::kBF16:
        return fillFloats(row, bytes);
    case DType::kQ8_0:
        return makeBlocks<BlockQ8_0>(random, spread_, bytes);
    case DType::kQ4_0:
        return makeBlocks<BlockQ4_0>(random, spread_, bytes);
    case DType::kQ4_1:
        return makeBlocks<BlockQ4_1>(random, spread_, bytes);
    case DType::kQ5_0:
        return makeBlocks<BlockQ5_0>(random, spread_, bytes);
    case DType::kQ4_K:
        return makeBlocks<BlockQ4_K>(random, spread_, bytes);
    case DType::kQ5_K:
        return makeBlocks<BlockQ5_K>(random, spread_, bytes);
    case DType::kQ6_K:
        return makeBlocks<BlockQ6_K>(random, spread_, bytes);
    }
}

void RandomTensor::fillFloats(std::uint64_t row, std::span<std::byte> bytes) const noexcept {
    RandomStream random(RandomStream::keyOf(key_, row));
    const std::size_t size = infoOf(dtype_).blockBytes;
    const std::size_t count = bytes.size() / size;
    // Uniform numbers of this half-width have the spread that is wanted.
    const float halfWidth = spread_ * std::numbers::sqrt3_v<float>;
    for (std::size_t i = 0; i < count; ++i) {
        float number = 0;
        if (kind_ == Kind::kRopeFactors) {
            number = ropeFactor(ropeBase_, i, count);
        } else if (kind_ == Kind::kNorm) {
            number = kLeastScale + (kMostScale - kLeastScale) * random.unit();
        } else {
            number = halfWidth * (2 * random.unit() - 1);
        }
        if (dtype_ == DType::kF32) {
            std::memcpy(bytes.data() + i * size, &number, size);
        } else {
            const std::uint16_t half = dtype_ == DType::kF16 ? f32ToF16(number) : f32ToBf16(number);
            std::memcpy(bytes.data() + i * size, &half, size);
        }
    }
}

} // namespace alcuin::inference::synth
