#pragma once

#include <span>

#include "backends/cpu/kernel_table.h"

namespace alcuin::tests {

/// The kernels on tiles, compiled from the same sources onto the tiles' twin in plain C++: they need no feature.
std::span<const inference::cpu::MatmulKernel> amxTwinKernels();

inference::cpu::AttentionKernel amxTwinAttention(inference::KvFormat format);

} // namespace alcuin::tests
