#pragma once

#include <cstddef>
#include <span>

#include <alcuin/inference/error.h>

#include "backends/backend.h"
#include "backends/cpu/kernel_args.h"
#include "models/decoder_description.h"

namespace alcuin::inference {

/// Activations of one step, for as many rows as a step may have. Taken once, when a model is loaded.
class Workspace {
public:
    /// Errors: kOutOfMemory.
    static Result<Workspace> allocate(Device device, const DecoderDescription& description, std::size_t maxRows);

    /// The first rows * width numbers of a buffer.
    static std::span<float> rows(Buffer& buffer, std::size_t rows, std::size_t width) {
        return buffer.as<float>().first(rows * width);
    }

    /// Room for quantised rows of any depth, and for rows in bf16 tiles.
    cpu::QuantisedRows quantised();
    std::uint16_t* tiles();

    Buffer residual;  ///< [R, E]
    Buffer delta;     ///< [R, E] what the last product adds to it
    Buffer normed;    ///< [R, E]
    Buffer query;     ///< [R, H D]
    Buffer key;       ///< [R, Hkv D]
    Buffer value;     ///< [R, Hkv Dv]
    Buffer attention; ///< [R, H Dv]
    Buffer gate;      ///< [R, F]
    Buffer up;        ///< [R, F]
    Buffer cosine;    ///< [R, dimensions / 2]
    Buffer sine;
    Buffer logits;  ///< [L, V]; grows with the rows that want logits
    Buffer partial; ///< of attention; grows with the context

    /// Makes a growing buffer large enough. Errors: kOutOfMemory.
    static Result<void> grow(Buffer& buffer, std::size_t floats);

private:
    Buffer quantisedValues_; ///< [R, widest K]
    Buffer quantisedScale_;  ///< [R, widest K / 32]
    Buffer quantisedSum_;
    Buffer quantisedOffset_;
    Buffer quantisedLower_;
    Buffer tiles_; ///< [R rounded up to whole tiles, widest K]
};

} // namespace alcuin::inference
