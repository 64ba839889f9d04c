#pragma once

#include <cstddef>
#include <cstdint>

namespace alcuin::inference::synth {

/// SplitMix64: number i of a stream is a hash of (key, i), so any stream may be begun anywhere, by any thread.
/// Source: Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators".
class RandomStream {
public:
    explicit RandomStream(std::uint64_t key) : state_(key) {}

    static constexpr std::uint64_t hash(std::uint64_t value) {
        value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
        return value ^ (value >> 31U);
    }

    /// The key of one of many streams under a key.
    static constexpr std::uint64_t keyOf(std::uint64_t key, std::uint64_t index) {
        return hash(key ^ hash(index + kStep));
    }

    std::uint64_t next() {
        state_ += kStep;
        return hash(state_);
    }

    /// In [0, 1).
    float unit() {
        return static_cast<float>(next() >> 40U) * 0x1p-24F;
    }

    /// In [0, bound).
    std::size_t below(std::size_t bound) {
        return static_cast<std::size_t>(next() % bound);
    }

private:
    static constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15ULL;
    std::uint64_t state_;
};

} // namespace alcuin::inference::synth
