#pragma once

#include <string_view>

#include <alcuin/inference/generation.h>

namespace alcuin::inference {

class Metadata;

/// How a model's makers would have its tokens picked: what the file names under general.sampling.*, before what is
/// published for its family, before our own defaults. A value that isn't a number or that no sampler takes counts as
/// not named: it is advice, and no reason to refuse a model. `name` is general.name, which says the family whatever the
/// architecture.
SamplingParameters recommendedSampling(const Metadata& metadata, std::string_view name);

} // namespace alcuin::inference
