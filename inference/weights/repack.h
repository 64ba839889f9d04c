#pragma once

#include <cstddef>

#include "tensor/weight_layout.h"

namespace alcuin::inference {

/// Turns rows of a file's matrix into panels of a layout.
/// `rows` holds `outputs` rows of `depth` numbers as infoOf(layout).source stores them, at an even address; `panels`
/// receives ceil(outputs / 16) panels and was zero before, so that a last panel's missing outputs are zeros. Threads:
/// reentrant. The depth is a multiple of the layout's step.
void repack(WeightLayout layout, const std::byte* rows, std::size_t outputs, std::size_t depth,
            std::byte* panels) noexcept;

} // namespace alcuin::inference
