#include "tensor/quantize.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "tensor/half.h"
#include "tensor/quant_blocks.h"
#include "tensor/quantize_k.h"

// Compiled without contraction to fused multiply-adds: the formats' reference rounds after each operation.

namespace alcuin::inference {

namespace {

using Numbers = std::span<const float, kQuantBlock>;

/// What to multiply by instead of dividing by `scale`. A scale so small that this is infinite is 0 in f16 anyway.
float reciprocal(float scale) {
    const float inverse = 1.0F / scale;
    return std::isfinite(inverse) ? inverse : 0.0F;
}

bool isInfinite(std::uint16_t half) {
    return (half & 0x7fffU) == 0x7c00U;
}

int upTo15(float value) {
    return std::min(15, static_cast<int>(value));
}

float largest(Numbers numbers) {
    return *std::ranges::max_element(numbers, {}, [](float x) { return std::fabs(x); });
}

// Each returns false where a scale is beyond f16; all numbers are finite.
bool toBlock(Numbers numbers, BlockQ8_0& block) {
    const float scale = std::fabs(largest(numbers)) / 127.0F;
    const float inverse = reciprocal(scale);
    block.scale = f32ToF16(scale);
    if (isInfinite(block.scale)) {
        return false;
    }
    for (std::size_t i = 0; i < kQuantBlock; ++i) {
        block.quants[i] = static_cast<std::int8_t>(std::round(numbers[i] * inverse));
    }
    return true;
}

bool toBlock(Numbers numbers, BlockQ4_0& block) {
    const float scale = largest(numbers) / -8.0F;
    const float inverse = reciprocal(scale);
    block.scale = f32ToF16(scale);
    if (isInfinite(block.scale)) {
        return false;
    }
    for (std::size_t i = 0; i < kQuantBlock / 2; ++i) {
        const int low = upTo15(numbers[i] * inverse + 8.5F);
        const int high = upTo15(numbers[i + kQuantBlock / 2] * inverse + 8.5F);
        block.quants[i] = static_cast<std::uint8_t>(low | (high << 4));
    }
    return true;
}

bool toBlock(Numbers numbers, BlockQ4_1& block) {
    const auto [least, most] = std::ranges::minmax_element(numbers);
    const float minimum = *least;
    const float scale = (*most - minimum) / 15.0F;
    const float inverse = reciprocal(scale);
    block.scale = f32ToF16(scale);
    block.minimum = f32ToF16(minimum);
    if (isInfinite(block.scale) || isInfinite(block.minimum)) {
        return false;
    }
    for (std::size_t i = 0; i < kQuantBlock / 2; ++i) {
        const int low = upTo15((numbers[i] - minimum) * inverse + 0.5F);
        const int high = upTo15((numbers[i + kQuantBlock / 2] - minimum) * inverse + 0.5F);
        block.quants[i] = static_cast<std::uint8_t>(low | (high << 4));
    }
    return true;
}

bool toBlock(Numbers numbers, BlockQ5_0& block) {
    const float scale = largest(numbers) / -16.0F;
    const float inverse = reciprocal(scale);
    block.scale = f32ToF16(scale);
    if (isInfinite(block.scale)) {
        return false;
    }
    std::uint32_t high = 0;
    block.quants.fill(0);
    for (std::size_t i = 0; i < kQuantBlock; ++i) {
        const auto q = static_cast<unsigned>(std::min(31, static_cast<int>(numbers[i] * inverse + 16.5F)));
        const unsigned shift = i < kQuantBlock / 2 ? 0 : 4;
        block.quants[i % (kQuantBlock / 2)] |= static_cast<std::uint8_t>((q & 15U) << shift);
        high |= (q >> 4U) << i;
    }
    block.high = std::bit_cast<decltype(block.high)>(high);
    return true;
}

template <typename Block>
Result<void> toBlocks(DType dtype, std::span<const float> row, std::byte* destination) {
    for (std::size_t i = 0; i < row.size() / Block::kElements; ++i) {
        const auto numbers = row.subspan(i * Block::kElements).template first<Block::kElements>();
        Block block;
        if (!std::ranges::all_of(numbers, [](float x) { return std::isfinite(x); }) || !toBlock(numbers, block)) {
            return fail(ErrorCode::kInvalidArgument,
                        fmt::format("The numbers {} to {} of a row can't be stored as {}: one is too large or isn't a "
                                    "number at all; store this tensor as F32.",
                                    i * Block::kElements, (i + 1) * Block::kElements - 1, infoOf(dtype).name));
        }
        std::memcpy(destination + i * sizeof(Block), &block, sizeof(Block));
    }
    return {};
}

void toHalves(std::span<const float> row, std::byte* destination, std::uint16_t (*convert)(float)) {
    for (std::size_t i = 0; i < row.size(); ++i) {
        const std::uint16_t half = convert(row[i]);
        std::memcpy(destination + i * sizeof(half), &half, sizeof(half));
    }
}

} // namespace

Result<void> quantizeRow(DType dtype, std::span<const float> row, std::span<std::byte> destination) {
    const auto bytes = storedBytes(dtype, row.size());
    if (!bytes || *bytes != destination.size()) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("{} numbers of type {} don't fill {} bytes; give whole rows of the tensor.", row.size(),
                                infoOf(dtype).name, destination.size()));
    }
    switch (dtype) {
    case DType::kF32:
        if (!row.empty()) {
            std::memcpy(destination.data(), row.data(), destination.size());
        }
        return {};
    case DType::kF16:
        toHalves(row, destination.data(), f32ToF16);
        return {};
    case DType::kBF16:
        toHalves(row, destination.data(), f32ToBf16);
        return {};
    case DType::kQ8_0:
        return toBlocks<BlockQ8_0>(dtype, row, destination.data());
    case DType::kQ4_0:
        return toBlocks<BlockQ4_0>(dtype, row, destination.data());
    case DType::kQ4_1:
        return toBlocks<BlockQ4_1>(dtype, row, destination.data());
    case DType::kQ5_0:
        return toBlocks<BlockQ5_0>(dtype, row, destination.data());
    case DType::kQ4_K:
        return toBlocks<BlockQ4_K>(dtype, row, destination.data());
    case DType::kQ5_K:
        return toBlocks<BlockQ5_K>(dtype, row, destination.data());
    case DType::kQ6_K:
        return toBlocks<BlockQ6_K>(dtype, row, destination.data());
    }
    return {};
}

} // namespace alcuin::inference
