#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include <alcuin/inference/error.h>

#include "backends/cpu/kernel_table.h"
#include "backends/cpu/limit_args.h"
#include "base/aligned_buffer.h"
#include "base/cpu_features.h"

namespace alcuin::inference {
class ThreadPool;
}

namespace alcuin::inference::cpu {

/// What a product runs on: the format of its activations and the instructions of its kernel.
struct MatrixUnit {
    ActivationFormat activation = ActivationFormat::kF32;
    CpuFeatures features;
};

/// A loop that reads memory as fast as one core can.
struct ReadProbe {
    CpuFeatures needs;
    std::uint64_t (*run)(const ReadArgs&) noexcept;
};

/// A loop that multiplies as fast as one core can.
struct PeakProbe {
    std::string_view name;
    CpuFeatures needs;
    ActivationFormat activation;
    std::size_t operationsPerPass; ///< multiplications and additions
    void (*run)(const PeakArgs&) noexcept;
};

/// The fastest that `features` can run.
const ReadProbe& readProbe(CpuFeatures features);
const PeakProbe& peakProbe(const MatrixUnit& unit);

/// How fast all threads of a pool read this machine's memory: what weights can stream at, at most. Measured in rounds,
/// so that what is measured beside it can be measured in between.
class ReadBandwidth {
public:
    /// Takes up to a gibibyte of memory, more than caches hold. Errors: kOutOfMemory.
    static Result<ReadBandwidth> create(ThreadPool& pool);

    /// One round, some tenths of a second.
    void measure();

    /// Of the best pattern of one, two, four or eight streams a thread the median of all rounds.
    double bytesPerSecond() const;

private:
    struct Pattern {
        std::size_t streams;
        std::size_t ahead; ///< bytes
    };
    static constexpr std::array<Pattern, 8> kPatterns{
        {{1, 4096}, {2, 4096}, {4, 4096}, {8, 4096}, {1, 8192}, {2, 2048}, {4, 2048}, {8, 2048}}};
    static constexpr std::size_t kMostAhead = 8192;

    ReadBandwidth(ThreadPool& pool, AlignedBuffer memory);
    double round(const Pattern& pattern) const;

    ThreadPool* pool_;
    const ReadProbe* probe_;
    AlignedBuffer memory_;
    std::array<std::vector<double>, kPatterns.size()> rates_;
};

/// How fast all threads of a pool multiply random numbers on a matrix unit: for tiles with one side in L1 and the other
/// in L2, for vectors with everything in registers. Measured in rounds, as above.
class MatrixPeak {
public:
    /// Errors: kOutOfMemory.
    static Result<MatrixPeak> create(ThreadPool& pool, const MatrixUnit& unit);

    /// One round, some hundredths of a second.
    void measure();

    /// Multiplications and additions; the median of all rounds.
    double operationsPerSecond() const;
    std::string_view unit() const {
        return probe_->name;
    }

private:
    MatrixPeak(ThreadPool& pool, const MatrixUnit& unit);
    double round(std::size_t pieces) const;

    ThreadPool* pool_;
    const PeakProbe* probe_;
    std::vector<AlignedBuffer> operands_; ///< of each worker: what stays in L1, then what stays in L2
    std::size_t passes_ = 1;              ///< of the probe's loop in a piece of work
    std::vector<double> rates_;
};

} // namespace alcuin::inference::cpu
