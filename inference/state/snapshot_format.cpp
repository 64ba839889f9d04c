#include "state/snapshot_format.h"

#include <algorithm>
#include <bit>

#include "base/checksum.h"

namespace alcuin::inference::snapshot {

namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::uint64_t kFileMagic = 0x315f'564b'4e55'434cULL; // "LCUNKV_1": the last is the format's version
constexpr std::uint32_t kRecordMagic = 0x4547'4150U;           // "PAGE"

/// As it lies in the file.
struct StoredHeader {
    std::uint64_t magic = kFileMagic;
    ChainKey root;
    ChainKey owner;
    std::uint64_t pageBytes = 0;
    std::uint64_t checksum = 0; ///< of all before
};
static_assert(sizeof(StoredHeader) + 8 == kHeaderBytes);

struct StoredRecord {
    std::uint32_t magic = kRecordMagic;
    std::uint16_t tokenCount = 0;
    std::uint16_t prefilled = 0;
    ChainKey key;
    ChainKey parent;
    std::uint64_t turn = 0;
    std::uint64_t pageChecksum = 0;
    std::array<Token, kPageTokens> tokens{}; ///< zeros behind the last
    std::uint64_t checksum = 0;              ///< of all before
};
static_assert(sizeof(StoredRecord) == kRecordBytes && sizeof(Token) == 4);

template <typename Stored>
std::uint64_t checksumOf(const Stored& stored) {
    return Checksum::of(std::as_bytes(std::span(&stored, 1)).first(offsetof(Stored, checksum)));
}

} // namespace

HeaderBytes encode(const Header& header) {
    StoredHeader stored;
    stored.root = header.root;
    stored.owner = header.owner;
    stored.pageBytes = header.pageBytes;
    stored.checksum = checksumOf(stored);
    HeaderBytes bytes{};
    std::ranges::copy(std::as_bytes(std::span(&stored, 1)), bytes.begin());
    return bytes;
}

std::optional<Header> decodeHeader(std::span<const std::byte, kHeaderBytes> bytes) {
    StoredHeader stored;
    std::ranges::copy(bytes.first<sizeof stored>(), std::as_writable_bytes(std::span(&stored, 1)).begin());
    const Header header{stored.root, stored.owner, stored.pageBytes};
    if (stored.magic != kFileMagic || stored.checksum != checksumOf(stored) || header.pageBytes == 0 ||
        header.pageBytes > kMaxPageBytes || !std::ranges::equal(bytes, encode(header))) {
        return std::nullopt;
    }
    return header;
}

RecordBytes encode(const Record& record) {
    StoredRecord stored;
    stored.tokenCount = static_cast<std::uint16_t>(record.tokenCount);
    stored.prefilled = record.prefilled ? 1 : 0;
    stored.key = record.key;
    stored.parent = record.parent;
    stored.turn = record.turn;
    stored.pageChecksum = record.pageChecksum;
    std::ranges::copy(record.held(), stored.tokens.begin());
    stored.checksum = checksumOf(stored);
    return std::bit_cast<RecordBytes>(stored);
}

std::optional<Record> decodeRecord(std::span<const std::byte, kRecordBytes> bytes) {
    RecordBytes copy{};
    std::ranges::copy(bytes, copy.begin());
    const auto stored = std::bit_cast<StoredRecord>(copy);
    if (stored.magic != kRecordMagic || stored.checksum != checksumOf(stored) || stored.tokenCount == 0 ||
        stored.tokenCount > kPageTokens || stored.prefilled > 1) {
        return std::nullopt;
    }
    Record record{stored.key,    stored.parent, stored.prefilled == 1, stored.tokenCount,
                  stored.tokens, stored.turn,   stored.pageChecksum};
    const auto behind = std::span(stored.tokens).subspan(stored.tokenCount);
    if (std::ranges::any_of(behind, [](Token token) { return token != 0; }) ||
        chainNext(record.parent, record.held(), record.prefilled) != record.key) {
        return std::nullopt;
    }
    return record;
}

} // namespace alcuin::inference::snapshot
