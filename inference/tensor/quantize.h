#pragma once

#include <cstddef>
#include <span>

#include <alcuin/inference/error.h>

#include "tensor/dtype.h"

namespace alcuin::inference {

/// f32 to any storage type, with the rounding that GGUF files are written with, bit for bit:
///   Q8_0  scale = max|x| / 127, q = x / scale rounded half away from zero
///   Q4_0  scale = (the x of largest magnitude) / -8, q = min(15, floor(x / scale + 8.5))
///   Q4_1  scale = (max - min) / 15, q = min(15, floor((x - min) / scale + 0.5))
///   Q5_0  scale = (the x of largest magnitude) / -16, q = min(31, floor(x / scale + 16.5))
///   F16, BF16  to nearest, ties to even.
/// The K formats are fitted as quantize_k.h says: GGUF settles how they are read, not how they are made.
/// Q8_0, Q4_0, Q4_1 and Q5_0 multiply by the f32 reciprocal of the f32 scale; only then is the scale rounded to f16.
/// Shapes:  destination holds row.size() numbers of `dtype`, in whole blocks; it needs no alignment.
/// Threads: reentrant.
/// Errors:  kInvalidArgument where the sizes don't belong together, and for a block format where a number isn't finite
///          or is too large for an f16 scale; then the destination's content is undefined.
/// Source:  the reference quantisers of the GGUF formats.
Result<void> quantizeRow(DType dtype, std::span<const float> row, std::span<std::byte> destination);

} // namespace alcuin::inference
