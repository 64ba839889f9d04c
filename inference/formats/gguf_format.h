#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace alcuin::inference::gguf {

static_assert(std::endian::native == std::endian::little, "GGUF is read and written as it lies in memory");

// Facts of the GGUF specification, version 3.
inline constexpr std::string_view kMagic = "GGUF";
inline constexpr std::uint32_t kVersion = 3;
inline constexpr std::uint64_t kDefaultAlignment = 32;
inline constexpr std::string_view kAlignmentKey = "general.alignment";

/// The type numbers of metadata values.
enum class ValueType : std::uint32_t {
    kUint8 = 0,
    kInt8 = 1,
    kUint16 = 2,
    kInt16 = 3,
    kUint32 = 4,
    kInt32 = 5,
    kFloat32 = 6,
    kBool = 7,
    kString = 8,
    kArray = 9,
    kUint64 = 10,
    kInt64 = 11,
    kFloat64 = 12,
};

// Limits of this reader, far above every published model (the largest vocabulary has 262,144 tokens, the longest text
// is a tokenizer.json of 33 MB, the most tensors are the 45,000 of a model of 256 experts stored one by one).
inline constexpr std::uint64_t kMaxMetadataEntries = 65'536;
inline constexpr std::uint64_t kMaxTensors = 262'144;
inline constexpr std::uint64_t kMaxArrayLength = std::uint64_t{1} << 24;
inline constexpr std::uint64_t kMaxStringBytes = std::uint64_t{1} << 26;
inline constexpr std::uint64_t kMaxNameBytes = 65'535; ///< of keys and tensors; the specification's limit for keys
inline constexpr std::uint64_t kMaxAlignment = std::uint64_t{1} << 20;
/// What all metadata together may take in memory: eight times the largest real header.
inline constexpr std::uint64_t kMaxMetadataMemory = std::uint64_t{192} << 20;

} // namespace alcuin::inference::gguf
