#pragma once

#include <cstddef>
#include <cstdint>

namespace alcuin::inference {

/// Tokens of one page of keys and values.
inline constexpr std::size_t kPageTokens = 64;

/// How keys and values lie in a page, per layer and KV head. D: size of a key, Dv: of a value.
///   kF32   keys [4 blocks of 16 tokens][D][16], values [64][Dv]
///   kBF16  keys [4 blocks of 16 tokens][D / 2][16][2], values [32 pairs of tokens][Dv][2]
///   kInt8  keys [4 blocks of 16 tokens][D][16] and their scales [64], values [64][Dv] and their scales [64]; numbers
///          round(x * (127 / m)) and one scale m / 127 for each token and head whose largest magnitude is m, in f32;
///          the scale is 0 where all are (nearly) zero, NaN where a number isn't finite
/// So one vector holds many tokens' same dimension of the key: scores need no sums across lanes; and pairs lie as the
/// processors' bf16 dot products want them.
enum class KvFormat : std::uint8_t { kF32, kBF16, kInt8 };
inline constexpr std::size_t kKvFormats = 3;

/// A head's largest magnitude below this is stored as zeros: its reciprocal would leave the range of f32.
inline constexpr float kLeastKvMagnitude = 1e-35F;

/// Bytes of the keys, or values, of one KV head in a page; `size` numbers each.
constexpr std::size_t pageBytesOf(KvFormat format, std::size_t size) {
    switch (format) {
    case KvFormat::kF32:
        return kPageTokens * size * sizeof(float);
    case KvFormat::kBF16:
        return kPageTokens * size * sizeof(std::uint16_t);
    case KvFormat::kInt8:
        break;
    }
    return kPageTokens * (size + sizeof(float));
}

} // namespace alcuin::inference
