#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace alcuin::inference {

/// How the numbers of a tensor are stored in a file. Block formats hold `blockElements` numbers in `blockBytes`.
enum class DType : std::uint8_t { kF32, kF16, kBF16, kQ8_0, kQ4_0, kQ4_1, kQ5_0, kQ4_K, kQ5_K, kQ6_K };

inline constexpr std::size_t kDTypeCount = 10;

struct DTypeInfo {
    DType dtype;
    std::string_view name; ///< as GGUF spells it: "Q4_1"
    std::uint32_t ggufType;
    std::uint32_t blockElements;
    std::uint32_t blockBytes;
};

const DTypeInfo& infoOf(DType dtype);

/// Bytes of `elements` numbers stored as `dtype`; nothing where they don't fill whole blocks or the bytes don't fit.
std::optional<std::uint64_t> storedBytes(DType dtype, std::uint64_t elements);

/// The dtype of a GGUF type number, if this version reads it.
std::optional<DType> dtypeOfGguf(std::uint32_t ggufType);

/// What GGUF calls a type number, also one this version doesn't read ("Q6_K"); empty for an unknown number.
std::string_view ggufTypeName(std::uint32_t ggufType);

} // namespace alcuin::inference
