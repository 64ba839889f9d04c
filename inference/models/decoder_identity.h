#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <alcuin/inference/runtime.h>

#include "models/decoder.h"
#include "models/decoder_weights.h"
#include "ops/attention.h"

namespace alcuin::inference {

/// Where things lie in a page and in which format, layer by layer.
std::string describeLayout(std::span<const ops::AttentionGeometry> layers);

/// How states are computed: the mode, and the kernels of every operation and layout of weights. Two machines, or two
/// caps on the instruction set, that choose other kernels differ.
std::string describeNumerics(ComputeMode compute, const DecoderWeights& weights, const DecoderKernels& kernels);

} // namespace alcuin::inference
