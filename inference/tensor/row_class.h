#pragma once

#include <cstdint>

namespace alcuin::inference {

/// Fixes a row's numerics, not its speed: each class has one activation quantisation and one order of accumulation,
/// whatever rows share the step. Verification rows are decode rows.
enum class RowClass : std::uint8_t { kDecode, kPrefill };

} // namespace alcuin::inference
