#pragma once

#include <stddef.h>
#include <stdint.h>

/// What the loops that measure a machine's limits are given. Plain data: they are compiled for instructions that not
/// every machine has.
namespace alcuin::inference::cpu {

/// Reads all of data, line by line in turn from so many streams side by side, and prefetches `ahead` bytes in front of
/// each. `bytes` is a multiple of streams * kLine. What lies behind the end is prefetched, never read.
/// Measured on Sapphire Rapids: a line of each stream in turn 38 GB/s, four lines of each 32.
struct ReadArgs {
    const unsigned char* data;
    size_t bytes;
    size_t streams;
    size_t ahead;
};
inline constexpr size_t kLine = 64;

/// Multiplies two blocks of random numbers of the probe's format again and again.
struct PeakArgs {
    const unsigned char* near; ///< kNearBytes
    const unsigned char* far;  ///< kFarBytes
    size_t passes;
};
inline constexpr size_t kNearBytes = size_t{16} << 10U; ///< a third of L1
inline constexpr size_t kFarBytes = size_t{1} << 20U;   ///< half of the L2 of machines with tiles

/// Vectors side by side, and turns of a pass: enough of them to hide every instruction's latency.
inline constexpr size_t kPeakChains = 12;
inline constexpr size_t kPeakTurns = 1024;

} // namespace alcuin::inference::cpu
