#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <alcuin/inference/percentiles.h>

namespace alcuin::inference {

/// Counts values in buckets that grow with them, so that any quantile is known within 1/128 of itself, in a fixed 16 KB
/// and one increment a value. Values are whole numbers of the caller's unit: up to 127 each has a bucket of its own,
/// above that every power of two is cut in 64 equal ones. What exceeds kLargest counts as kLargest.
/// Threads: none; guard it, or keep one a thread and merge them.
/// Source: the shape is HdrHistogram's (Tene), with a bucket's middle as its value.
class Histogram {
public:
    static constexpr std::uint64_t kLargest = (std::uint64_t{1} << 36U) - 1; ///< 19 hours in microseconds

    void record(std::uint64_t value);
    /// As if all that `other` was told had been told to this one.
    void merge(const Histogram& other);

    std::uint64_t count() const {
        return count_;
    }
    std::uint64_t max() const {
        return max_;
    }
    double mean() const;
    /// The least value that at least `fraction` (0..1) of all values don't exceed; 0 where there are none.
    double quantile(double fraction) const;

    /// Everything times `scale`: 0.001 makes milliseconds of microseconds.
    Percentiles percentiles(double scale) const;

private:
    static constexpr unsigned kSubBits = 6;
    static constexpr std::size_t kSub = std::size_t{1} << kSubBits;
    static constexpr std::size_t kBuckets = kSub * (36 - kSubBits + 1);

    static std::size_t bucketOf(std::uint64_t value);
    static double middleOf(std::size_t bucket);

    std::array<std::uint64_t, kBuckets> buckets_{};
    std::uint64_t count_ = 0;
    std::uint64_t sum_ = 0;
    std::uint64_t max_ = 0;
};

} // namespace alcuin::inference
