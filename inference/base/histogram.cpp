#include "base/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace alcuin::inference {

void Histogram::record(std::uint64_t value) {
    value = std::min(value, kLargest);
    ++buckets_[bucketOf(value)];
    ++count_;
    sum_ += value;
    max_ = std::max(max_, value);
}

void Histogram::merge(const Histogram& other) {
    for (std::size_t i = 0; i < kBuckets; ++i) {
        buckets_[i] += other.buckets_[i];
    }
    count_ += other.count_;
    sum_ += other.sum_;
    max_ = std::max(max_, other.max_);
}

double Histogram::mean() const {
    return count_ == 0 ? 0.0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

double Histogram::quantile(double fraction) const {
    if (count_ == 0) {
        return 0;
    }
    const auto wanted =
        static_cast<std::uint64_t>(std::ceil(std::clamp(fraction, 0.0, 1.0) * static_cast<double>(count_)));
    const std::uint64_t rank = std::clamp<std::uint64_t>(wanted, 1, count_);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < kBuckets; ++i) {
        seen += buckets_[i];
        if (seen >= rank) {
            // A bucket's middle may lie above all that fell into it.
            return std::min(middleOf(i), static_cast<double>(max_));
        }
    }
    return static_cast<double>(max_);
}

Percentiles Histogram::percentiles(double scale) const {
    return {.p50 = quantile(0.50) * scale,
            .p90 = quantile(0.90) * scale,
            .p99 = quantile(0.99) * scale,
            .max = static_cast<double>(max_) * scale,
            .mean = mean() * scale,
            .count = count_};
}

/// Values below 2 * kSub are their own bucket. Above, a value of e bits is told by its highest kSubBits + 1 bits; each
/// further power of two adds kSub buckets.
std::size_t Histogram::bucketOf(std::uint64_t value) {
    const auto bits = static_cast<unsigned>(std::bit_width(value));
    if (bits <= kSubBits + 1) {
        return static_cast<std::size_t>(value);
    }
    const unsigned dropped = bits - kSubBits - 1;
    return dropped * kSub + static_cast<std::size_t>(value >> dropped);
}

double Histogram::middleOf(std::size_t bucket) {
    if (bucket < 2 * kSub) {
        return static_cast<double>(bucket);
    }
    const std::size_t dropped = bucket / kSub - 1;
    const std::uint64_t first = static_cast<std::uint64_t>(bucket - dropped * kSub) << dropped;
    const std::uint64_t last = first + (std::uint64_t{1} << dropped) - 1;
    return (static_cast<double>(first) + static_cast<double>(last)) / 2;
}

} // namespace alcuin::inference
