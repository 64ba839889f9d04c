#pragma once

#include <cstddef>
#include <cstdint>

namespace alcuin::inference {

/// Tokens of one page of keys and values.
inline constexpr std::size_t kPageTokens = 64;

/// How keys and values lie in a page, per layer and KV head. D: size of a key, Dv: of a value.
///   kF32   keys [4 blocks of 16 tokens][D][16], values [64][Dv]
///   kBF16  keys [4 blocks of 16 tokens][D / 2][16][2], values [32 pairs of tokens][Dv][2]
/// So one vector holds many tokens' same dimension of the key: scores need no sums across lanes; and pairs lie as the
/// processors' bf16 dot products want them.
enum class KvFormat : std::uint8_t { kF32, kBF16 };

constexpr std::size_t bytesOf(KvFormat format) {
    return format == KvFormat::kF32 ? 4 : 2;
}

} // namespace alcuin::inference
