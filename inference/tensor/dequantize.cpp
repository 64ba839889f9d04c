#include "tensor/dequantize.h"

#include <cstring>

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

template <typename Block>
void fromBlocks(const std::byte* source, std::span<float> row) {
    for (std::size_t block = 0; block < row.size() / kQuantBlock; ++block) {
        fromBlock(load<Block>(source, block), row.data() + block * kQuantBlock);
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
    }
    return {};
}

} // namespace alcuin::inference
