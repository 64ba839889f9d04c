#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <alcuin/inference/error.h>

#include "formats/gguf.h"
#include "formats/gguf_writer.h"
#include "tensor/dtype.h"

namespace alcuin::inference::synth {

using Entries = std::map<std::string, GgufWriter::Value>;

struct Tensor {
    std::string name;
    DType dtype = DType::kF32;
    std::vector<std::uint64_t> dimensions; ///< dimensions[0] is contiguous
    std::uint64_t elements() const;
};

/// What a file with random weights shall look like.
struct Model {
    Entries entries;
    std::vector<Tensor> tensors;
};

/// A model of one of synthPresets(), its matrices F32 yet. Errors: kInvalidArgument (no such name).
Result<Model> presetModel(std::string_view name);

/// The model that a file's header describes, its vocabulary among the entries.
Model modelOf(const GgufFile& file);

/// Gives every matrix the type that llama.cpp's quantisation of that name gives it ("q4_k_m": Q6_K for the output, and
/// for values and the last product of the layers where it helps most; types whose blocks don't divide a row give way to
/// finer ones), or, where `pure`, the plain type. Errors: kInvalidArgument (no such type).
Result<void> setTypes(Model& model, std::string_view type, bool pure);

/// Replaces the vocabulary by a file's, filled up or cut in its unused tokens to the model's size.
/// Errors: kInvalidArgument (more tokens in use than the model has), kCorrupt (the file has none).
Result<void> setVocabulary(Model& model, const GgufFile& file);

} // namespace alcuin::inference::synth
