#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <alcuin/inference/generation.h>

#include "state/token_chain.h"
#include "tensor/kv_format.h"

/// How pages of state lie in a file: a block with the header, then slots of one size, each free or holding one page.
/// A slot is a block with the record, then the page. Every part carries a checksum, so a slot is whole or it is free,
/// whatever became of the others: what was being written when the power failed is a free slot.
/// All numbers are little-endian.
namespace alcuin::inference::snapshot {

/// Headers, records and pages begin at multiples of this: pages are copied by whole pages of the file cache.
inline constexpr std::uint64_t kBlockBytes = 4096;
/// Of a file, 4M tokens: more is no file of ours.
inline constexpr std::uint64_t kMaxSlots = 65536;
/// Of a page, far more than any model's.
inline constexpr std::uint64_t kMaxPageBytes = std::uint64_t{1} << 30;

/// What all pages of a file have in common.
struct Header {
    ChainKey root;
    ChainKey owner;
    std::uint64_t pageBytes = 0;
    friend bool operator==(const Header&, const Header&) = default;
};

inline constexpr std::size_t kHeaderBytes = 64;
using HeaderBytes = std::array<std::byte, kHeaderBytes>;
HeaderBytes encode(const Header& header);
/// Nothing for anything that encode didn't make.
std::optional<Header> decodeHeader(std::span<const std::byte, kHeaderBytes> bytes);

/// One page's.
struct Record {
    ChainKey key;
    ChainKey parent;
    bool prefilled = false;
    std::uint32_t tokenCount = 0;
    std::array<Token, kPageTokens> tokens{};
    std::uint64_t turn = 0; ///< grows with every time that something was added to the file
    std::uint64_t pageChecksum = 0;

    std::span<const Token> held() const {
        return std::span(tokens).first(tokenCount);
    }
    friend bool operator==(const Record&, const Record&) = default;
};

inline constexpr std::size_t kRecordBytes = 320;
using RecordBytes = std::array<std::byte, kRecordBytes>;
RecordBytes encode(const Record& record);
/// Nothing for anything that encode didn't make, and for a record whose key isn't that of its tokens.
std::optional<Record> decodeRecord(std::span<const std::byte, kRecordBytes> bytes);

/// Where the checksum of a page begins, so that a page under another record doesn't pass.
constexpr std::uint64_t checksumSeed(const ChainKey& key) {
    return key.high ^ key.low;
}

/// Bytes of a slot.
constexpr std::uint64_t stride(std::uint64_t pageBytes) {
    return kBlockBytes + (pageBytes + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
}
constexpr std::uint64_t slotOffset(std::uint64_t pageBytes, std::size_t slot) {
    return kBlockBytes + slot * stride(pageBytes);
}

} // namespace alcuin::inference::snapshot
