#pragma once

#include <cstddef>
#include <span>

#include <alcuin/inference/error.h>

#include "tensor/dtype.h"

namespace alcuin::inference {

/// Numbers as a file stores them to f32, exactly as the format defines them.
/// Shapes:  source holds row.size() numbers of `dtype`, in whole blocks; it needs no alignment.
/// Threads: reentrant.
/// Errors:  kInvalidArgument where the sizes don't belong together.
Result<void> dequantizeRow(DType dtype, std::span<const std::byte> source, std::span<float> row);

} // namespace alcuin::inference
