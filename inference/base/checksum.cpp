#include "base/checksum.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace alcuin::inference {

namespace {

static_assert(std::endian::native == std::endian::little, "words are read as they lie");

__extension__ using Product = unsigned __int128;

/// 2^64 divided by the golden ratio: its bits look random.
constexpr std::uint64_t kFactor = 0x9e37'79b9'7f4a'7c15ULL;

/// Two words into one state. Both halves of the product: the lower one alone would carry a word's upper bits into one
/// or two bits of the state, which the next word's could take back.
constexpr std::uint64_t mixWords(std::uint64_t state, std::uint64_t first, std::uint64_t second) {
    const Product product = Product{state ^ first} * (second ^ kFactor);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

/// Every bit of the result depends on every bit of `x`.
/// Source: Stafford's mix 13 of the finaliser of MurmurHash3, as in SplitMix64.
constexpr std::uint64_t finish(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xbf58'476d'1ce4'e5b9ULL;
    x = (x ^ (x >> 27U)) * 0x94d0'49bb'1331'11ebULL;
    return x ^ (x >> 31U);
}

} // namespace

Checksum::Checksum(std::uint64_t seed) {
    for (std::uint64_t& lane : lanes_) {
        seed += kFactor;
        lane = finish(seed);
    }
}

void Checksum::mix(Lanes& lanes, const std::byte* blocks, std::size_t count) {
    Lanes state = lanes; // a copy of its own stays in registers
    for (std::size_t i = 0; i < count; ++i, blocks += kBlockBytes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            std::uint64_t words[2];
            std::memcpy(words, blocks + lane * sizeof words, sizeof words);
            state[lane] = mixWords(state[lane], words[0], words[1]);
        }
    }
    lanes = state;
}

void Checksum::update(std::span<const std::byte> bytes) {
    if (bytes.empty()) {
        return;
    }
    const std::size_t waiting = bytes_ % kBlockBytes;
    bytes_ += bytes.size();
    if (waiting != 0) {
        const std::size_t taken = std::min(bytes.size(), kBlockBytes - waiting);
        std::memcpy(rest_.data() + waiting, bytes.data(), taken);
        bytes = bytes.subspan(taken);
        if (waiting + taken < kBlockBytes) {
            return;
        }
        mix(lanes_, rest_.data(), 1);
    }
    const std::size_t blocks = bytes.size() / kBlockBytes;
    mix(lanes_, bytes.data(), blocks);
    bytes = bytes.subspan(blocks * kBlockBytes);
    std::ranges::copy(bytes, rest_.begin());
}

std::uint64_t Checksum::value() const {
    Lanes lanes = lanes_;
    if (const std::size_t waiting = bytes_ % kBlockBytes; waiting != 0) {
        std::array<std::byte, kBlockBytes> last{};
        std::copy_n(rest_.begin(), waiting, last.begin());
        mix(lanes, last.data(), 1);
    }
    std::uint64_t state = finish(bytes_); // so that zeros at the end count
    for (const std::uint64_t lane : lanes) {
        state = mixWords(state, lane, 0);
    }
    return finish(state);
}

std::uint64_t Checksum::of(std::span<const std::byte> bytes, std::uint64_t seed) {
    Checksum checksum(seed);
    checksum.update(bytes);
    return checksum.value();
}

} // namespace alcuin::inference
