#include "tensor/dequantize.h"

#include <bit>
#include <cstring>
#include <tuple>

#include <fmt/format.h>

#include "tensor/half.h"
#include "tensor/quant_blocks.h"

namespace alcuin::inference {

namespace {

template <typename T>
T load(const std::byte* source, std::size_t index) {
    T value;
    std::memcpy(&value, source + index * sizeof(T), sizeof(T));
    return value;
}

void fromBlock(const BlockQ8_0& block, float* out) {
    const float scale = f16ToF32(block.scale);
    for (std::size_t i = 0; i < kQuantBlock; ++i) {
        out[i] = scale * static_cast<float>(block.quants[i]);
    }
}

void fromBlock(const BlockQ4_0& block, float* out) {
    const float scale = f16ToF32(block.scale);
    for (std::size_t i = 0; i < kQuantBlock / 2; ++i) {
        const int low = block.quants[i] & 0x0f;
        const int high = block.quants[i] >> 4;
        out[i] = scale * static_cast<float>(low - 8);
        out[i + kQuantBlock / 2] = scale * static_cast<float>(high - 8);
    }
}

void fromBlock(const BlockQ4_1& block, float* out) {
    // scale * q has at most 15 significant bits and is exact, so fusing it with the addition changes nothing.
    const float scale = f16ToF32(block.scale);
    const float minimum = f16ToF32(block.minimum);
    for (std::size_t i = 0; i < kQuantBlock / 2; ++i) {
        const int low = block.quants[i] & 0x0f;
        const int high = block.quants[i] >> 4;
        out[i] = scale * static_cast<float>(low) + minimum;
        out[i + kQuantBlock / 2] = scale * static_cast<float>(high) + minimum;
    }
}

void fromBlock(const BlockQ5_0& block, float* out) {
    const float scale = f16ToF32(block.scale);
    const auto high = std::bit_cast<std::uint32_t>(block.high);
    for (std::size_t i = 0; i < kQuantBlock; ++i) {
        const unsigned pair = block.quants[i % (kQuantBlock / 2)];
        const unsigned low = i < kQuantBlock / 2 ? pair & 15U : pair >> 4U;
        out[i] = scale * static_cast<float>(static_cast<int>(low | ((high >> i & 1U) << 4U)) - 16);
    }
}

/// A group's numbers: scale * q has at most 11 + 6 + 5 significant bits and is exact.
void fromGroup(float scale, float minimum, std::size_t group, const std::uint8_t* pairs, const std::uint8_t* high,
               float* out) {
    for (std::size_t i = 0; i < kQuantBlock; ++i) {
        const unsigned low = group % 2 == 0 ? pairs[i] & 15U : pairs[i] >> 4U;
        const unsigned fifth = high != nullptr ? (high[i] >> group & 1U) << 4U : 0U;
        out[i] = scale * static_cast<float>(low | fifth) - minimum;
    }
}

template <typename Block>
void fromGroups(const Block& block, const std::uint8_t* high, float* out) {
    const float scale = f16ToF32(block.scale);
    const float minimum = f16ToF32(block.minimum);
    const GroupScales groups = scalesOf(block.scales);
    for (std::size_t g = 0; g < GroupScales::kGroups; ++g) {
        fromGroup(scale * static_cast<float>(groups.scales[g]), minimum * static_cast<float>(groups.minima[g]), g,
                  block.quants.data() + g / 2 * kQuantBlock, high, out + g * kQuantBlock);
    }
}

void fromBlock(const BlockQ4_K& block, float* out) {
    fromGroups(block, nullptr, out);
}

void fromBlock(const BlockQ5_K& block, float* out) {
    fromGroups(block, block.high.data(), out);
}

void fromBlock(const BlockQ6_K& block, float* out) {
    constexpr std::size_t kGroup = kSuperBlock / std::tuple_size_v<decltype(block.scales)>;
    const float scale = f16ToF32(block.scale);
    for (std::size_t i = 0; i < kSuperBlock; ++i) {
        const std::size_t half = i / 128;
        const std::size_t k = i % 128 / 32;
        const std::size_t column = i % 32;
        const unsigned pair = block.low[half * 64 + k % 2 * 32 + column];
        const unsigned low = k < 2 ? pair & 15U : pair >> 4U;
        const unsigned high = block.high[half * 32 + column] >> (2 * k) & 3U;
        out[i] = scale * static_cast<float>(block.scales[i / kGroup]) *
                 static_cast<float>(static_cast<int>(low | high << 4U) - 32);
    }
}

template <typename Block>
void fromBlocks(const std::byte* source, std::span<float> row) {
    for (std::size_t block = 0; block < row.size() / Block::kElements; ++block) {
        fromBlock(load<Block>(source, block), row.data() + block * Block::kElements);
    }
}

} // namespace

Result<void> dequantizeRow(DType dtype, std::span<const std::byte> source, std::span<float> row) {
    const auto bytes = storedBytes(dtype, row.size());
    if (!bytes || *bytes != source.size()) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("{} numbers of type {} aren't stored in {} bytes; give whole rows of the tensor.",
                                row.size(), infoOf(dtype).name, source.size()));
    }
    switch (dtype) {
    case DType::kF32:
        if (!row.empty()) {
            std::memcpy(row.data(), source.data(), source.size());
        }
        break;
    case DType::kF16:
        for (std::size_t i = 0; i < row.size(); ++i) {
            row[i] = f16ToF32(load<std::uint16_t>(source.data(), i));
        }
        break;
    case DType::kBF16:
        for (std::size_t i = 0; i < row.size(); ++i) {
            row[i] = bf16ToF32(load<std::uint16_t>(source.data(), i));
        }
        break;
    case DType::kQ8_0:
        fromBlocks<BlockQ8_0>(source.data(), row);
        break;
    case DType::kQ4_0:
        fromBlocks<BlockQ4_0>(source.data(), row);
        break;
    case DType::kQ4_1:
        fromBlocks<BlockQ4_1>(source.data(), row);
        break;
    case DType::kQ5_0:
        fromBlocks<BlockQ5_0>(source.data(), row);
        break;
    case DType::kQ4_K:
        fromBlocks<BlockQ4_K>(source.data(), row);
        break;
    case DType::kQ5_K:
        fromBlocks<BlockQ5_K>(source.data(), row);
        break;
    case DType::kQ6_K:
        fromBlocks<BlockQ6_K>(source.data(), row);
        break;
    }
    return {};
}

} // namespace alcuin::inference
