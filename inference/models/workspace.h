#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <alcuin/inference/error.h>

#include "backends/backend.h"
#include "backends/cpu/kernel_args.h"
#include "models/decoder_description.h"

namespace alcuin::inference {

/// Room for rows in the formats that products read, up to some depth.
class RowFormats {
public:
    /// Errors: kOutOfMemory.
    static Result<RowFormats> allocate(Device device, std::size_t maxRows, std::size_t depth);

    /// Rows of any depth up to that.
    cpu::QuantisedRows quantised();
    cpu::SplitRows split();
    std::uint16_t* tiles();

private:
    Buffer values_; ///< [R, K]
    Buffer scale_;  ///< [R, K / 32]
    Buffer sum_;
    Buffer offset_;
    Buffer lower_;
    Buffer coarse_; ///< [R rounded up to whole tiles, K / 32]
    Buffer fine_;
    Buffer fineRows_;
    Buffer tiles_; ///< [R rounded up to whole tiles, K]
};

/// Activations of one step, for as many rows as a step may have. Taken once, when a model is loaded.
class Workspace {
public:
    /// Errors: kOutOfMemory.
    /// `activated`: whether the last product reads f32.
    static Result<Workspace> allocate(Device device, const DecoderDescription& description, std::size_t maxRows,
                                      bool activated);

    /// Rows of a step that are written in each format.
    struct Use {
        std::size_t rows = 0;      ///< of any kind
        std::size_t plain = 0;     ///< activated rows in f32
        std::size_t quantised = 0; ///< in int8
        std::size_t split = 0;     ///< in int8 of one or two terms
        std::size_t tiles = 0;     ///< in bf16
    };
    /// Physical memory that such a workspace takes once so many rows were written.
    static std::uint64_t residentBytes(const DecoderDescription& description, std::size_t maxRows, bool activated,
                                       const Use& use);

    /// The first rows * width numbers of a buffer.
    static std::span<float> rows(Buffer& buffer, std::size_t rows, std::size_t width) {
        return buffer.as<float>().first(rows * width);
    }

    Buffer residual;            ///< [R, E]
    Buffer delta;               ///< [R, E] what the last product adds to it
    Buffer normed;              ///< [R, E]
    Buffer query;               ///< [R, H D]
    Buffer key;                 ///< [R, Hkv D]
    Buffer value;               ///< [R, Hkv Dv]
    Buffer attention;           ///< [R, H Dv]
    Buffer activated;           ///< [R, F]; or none
    RowFormats inputs;          ///< of what the other products read
    RowFormats activatedInputs; ///< written while those are still being read
    Buffer cosine;              ///< [R, dimensions / 2]
    Buffer sine;
    Buffer logits;  ///< [L, V]; grows with the rows that want logits
    Buffer partial; ///< of attention; grows with the context

    /// Makes a growing buffer large enough. Errors: kOutOfMemory.
    static Result<void> grow(Buffer& buffer, std::size_t floats);
};

} // namespace alcuin::inference
