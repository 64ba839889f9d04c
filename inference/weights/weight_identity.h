#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "formats/gguf.h"

namespace alcuin::inference {

/// What a tensor adds to the identity of a model: which it is, and the checksums of its bytes in the file, piece by
/// piece.
struct TensorIdentity {
    const GgufTensor* tensor = nullptr;
    std::vector<std::uint64_t> pieces;
};

/// A number for everything in a model file that results follow from: the architecture's metadata, and the tensors
/// with their names, types, shapes and bytes. Names, licences, vocabularies and chat templates don't count: the same
/// tokens leave the same state. Not for trust: it tells models apart, not a model from one that was made to look like
/// it.
std::uint64_t identityOf(const Metadata& metadata, std::span<const TensorIdentity> tensors);

} // namespace alcuin::inference
