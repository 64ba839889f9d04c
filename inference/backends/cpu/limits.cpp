#include "backends/cpu/limits.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstring>
#include <random>
#include <utility>

#include "backends/cpu/amx/limits.h"
#include "backends/cpu/avx2/limits.h"
#include "backends/cpu/avx512/limits.h"
#include "backends/cpu/reference/limits.h"
#include "base/available_memory.h"
#include "base/thread_pool.h"

namespace alcuin::inference::cpu {

namespace {

using F = CpuFeature;

// Best first, what every machine can run last.
constexpr ReadProbe kReadProbes[] = {
    {{F::kAvx512F, F::kAvx512Dq}, avx512::readStreams},
    {{F::kAvx2}, avx2::readStreams},
    {{}, reference::readStreams},
};

constexpr PeakProbe kPeakProbes[] = {
    {"bf16 tiles (AMX)", {F::kAmxTile, F::kAmxBf16}, ActivationFormat::kBF16, amx::kPeakBF16Operations, amx::peakBF16},
    {"bf16 pairs (AVX-512 BF16)",
     {F::kAvx512F, F::kAvx512Bf16},
     ActivationFormat::kBF16,
     avx512::kPeakBF16Operations,
     avx512::peakBF16},
    {"int8 fours (AVX-512 VNNI)",
     {F::kAvx512F, F::kAvx512Vnni},
     ActivationFormat::kInt8,
     avx512::kPeakInt8Operations,
     avx512::peakInt8},
    {"int8 fours (AVX-VNNI)",
     {F::kAvx2, F::kAvxVnni},
     ActivationFormat::kInt8,
     avx2::kPeakInt8Operations,
     avx2::peakInt8Vnni},
    {"int8 fours (AVX2)", {F::kAvx2}, ActivationFormat::kInt8, avx2::kPeakInt8Operations, avx2::peakInt8},
    {"f32 (AVX-512)", {F::kAvx512F}, ActivationFormat::kF32, avx512::kPeakF32Operations, avx512::peakF32},
    {"f32 (FMA)", {F::kAvx2, F::kFma}, ActivationFormat::kF32, avx2::kPeakF32Operations, avx2::peakF32},
    {"f32 (portable)", {}, ActivationFormat::kF32, reference::kPeakF32Operations, reference::peakF32},
};

constexpr std::size_t kReadPiece = std::size_t{16} << 20U;
constexpr std::size_t kReadBytes = std::size_t{1} << 30U;
constexpr std::size_t kReadBytesPerThread = std::size_t{64} << 20U; ///< where there are very many threads
constexpr std::size_t kPiecesPerThread = 32;
constexpr double kPeakPieceSeconds = 2e-3;

double secondsSince(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
    if (values.empty()) {
        return 0;
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// Random numbers between -1 and 1, in the format. With zeros some units run faster than they ever will on weights.
void fill(AlignedBuffer& buffer, ActivationFormat format, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> number(-1.0F, 1.0F);
    for (std::size_t at = 0; at < buffer.size(); at += sizeof(float)) {
        const float first = number(random);
        std::uint32_t word = std::bit_cast<std::uint32_t>(first);
        if (format == ActivationFormat::kBF16) {
            word = (word & 0xffff0000U) | std::bit_cast<std::uint32_t>(number(random)) >> 16U;
        } else if (format == ActivationFormat::kInt8) {
            word = static_cast<std::uint32_t>(random()); // any bits are bytes
        }
        std::memcpy(buffer.data() + at, &word, sizeof word);
    }
}

} // namespace

const ReadProbe& readProbe(CpuFeatures features) {
    return *std::ranges::find_if(kReadProbes, [&](const ReadProbe& probe) { return features.contains(probe.needs); });
}

const PeakProbe& peakProbe(const MatrixUnit& unit) {
    // Split activations are two terms in int8.
    const ActivationFormat format =
        unit.activation == ActivationFormat::kSplit ? ActivationFormat::kInt8 : unit.activation;
    const auto* const found = std::ranges::find_if(kPeakProbes, [&](const PeakProbe& probe) {
        return probe.activation == format && unit.features.contains(probe.needs);
    });
    // Portable kernels of any format are beside the portable loop.
    return found != std::end(kPeakProbes) ? *found : *std::prev(std::end(kPeakProbes));
}

Result<ReadBandwidth> ReadBandwidth::create(ThreadPool& pool) {
    const std::size_t wanted = std::max(kReadBytes, static_cast<std::size_t>(pool.threads()) * kReadBytesPerThread);
    const std::size_t affordable = static_cast<std::size_t>(availableMemory()) / 8;
    const std::size_t pieces = std::max<std::size_t>(1, std::min(wanted, affordable) / kReadPiece);
    auto memory = AlignedBuffer::allocate(pieces * kReadPiece + kMostAhead);
    if (!memory) {
        return tl::unexpected(std::move(memory).error());
    }
    // Pages of their own, not the system's one page of zeros.
    pool.parallelFor(pieces, 1, [&memory](std::size_t first, std::size_t last, int) noexcept {
        std::memset(memory->data() + first * kReadPiece, 1, (last - first) * kReadPiece);
    });
    return ReadBandwidth(pool, std::move(*memory));
}

ReadBandwidth::ReadBandwidth(ThreadPool& pool, AlignedBuffer memory)
    : pool_(&pool), probe_(&readProbe(CpuFeatures::detect())), memory_(std::move(memory)) {}

void ReadBandwidth::measure() {
    for (std::size_t i = 0; i < kPatterns.size(); ++i) {
        rates_.at(i).push_back(round(kPatterns.at(i)));
    }
}

double ReadBandwidth::round(const Pattern& pattern) const {
    const std::size_t pieces = memory_.size() / kReadPiece;
    std::atomic<std::uint64_t> sink{0}; // keeps the reading from being left out
    const auto begin = std::chrono::steady_clock::now();
    pool_->parallelFor(pieces, 1, [&](std::size_t first, std::size_t last, int) noexcept {
        const auto* data = reinterpret_cast<const unsigned char*>(memory_.data()) + first * kReadPiece;
        sink += probe_->run({data, (last - first) * kReadPiece, pattern.streams, pattern.ahead});
    });
    return static_cast<double>(pieces * kReadPiece) / secondsSince(begin);
}

double ReadBandwidth::bytesPerSecond() const {
    double best = 0;
    for (const auto& rates : rates_) {
        best = std::max(best, median(rates));
    }
    return best;
}

Result<MatrixPeak> MatrixPeak::create(ThreadPool& pool, const MatrixUnit& unit) {
    MatrixPeak peak(pool, unit);
    const auto threads = static_cast<std::size_t>(pool.threads());
    for (std::size_t worker = 0; worker < threads; ++worker) {
        auto operands = AlignedBuffer::allocate(kNearBytes + kFarBytes);
        if (!operands) {
            return tl::unexpected(std::move(operands).error());
        }
        fill(*operands, peak.probe_->activation, static_cast<unsigned>(worker + 1));
        peak.operands_.push_back(std::move(*operands));
    }
    // As many passes as make a piece of some milliseconds; the first round wakes the workers and fills the caches.
    double seconds = 0;
    for (peak.round(threads); seconds < kPeakPieceSeconds; peak.passes_ *= 2) {
        const auto operations = static_cast<double>(threads * peak.passes_ * peak.probe_->operationsPerPass);
        seconds = operations / peak.round(threads);
    }
    return peak;
}

MatrixPeak::MatrixPeak(ThreadPool& pool, const MatrixUnit& unit) : pool_(&pool), probe_(&peakProbe(unit)) {}

void MatrixPeak::measure() {
    rates_.push_back(round(static_cast<std::size_t>(pool_->threads()) * kPiecesPerThread));
}

double MatrixPeak::round(std::size_t pieces) const {
    const auto begin = std::chrono::steady_clock::now();
    pool_->parallelFor(pieces, 1, [this](std::size_t first, std::size_t last, int worker) noexcept {
        const auto* data = reinterpret_cast<const unsigned char*>(operands_[static_cast<std::size_t>(worker)].data());
        probe_->run({data, data + kNearBytes, (last - first) * passes_});
    });
    return static_cast<double>(pieces * passes_ * probe_->operationsPerPass) / secondsSince(begin);
}

double MatrixPeak::operationsPerSecond() const {
    return median(rates_);
}

} // namespace alcuin::inference::cpu
