#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "models/synth_model.h"

namespace alcuin::inference::synth {

/// Random rows of one tensor, so that a network of such tensors keeps its activations near 1: a matrix's numbers have
/// the standard deviation gain / sqrt(depth) and mean 0, in blocks of unlike scales; norms lie around 1.
/// Blocks are filled with random bits, only their scales are computed: about as fast as memory.
/// Every number is finite, and none is one that no quantiser writes (Q8_0 has no -128).
class RandomTensor {
public:
    RandomTensor(const DraftTensor& tensor, const DraftEntries& entries, std::uint64_t key);

    /// Row r of the tensor; the same bytes for the same row, whoever asks and when. Threads: reentrant.
    void fill(std::uint64_t row, std::span<std::byte> bytes) const noexcept;

private:
    enum class Kind { kMatrix, kNorm, kRopeFactors };
    void fillFloats(std::uint64_t row, std::span<std::byte> bytes) const noexcept;

    DType dtype_;
    std::uint64_t key_;
    Kind kind_ = Kind::kMatrix;
    float spread_ = 0; ///< standard deviation of a matrix's or a bias's numbers
    double ropeBase_ = 0;
};

} // namespace alcuin::inference::synth
