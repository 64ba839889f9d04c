#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <alcuin/inference/error.h>

#include "formats/gguf.h"
#include "formats/gguf_writer.h"
#include "tensor/dtype.h"

namespace alcuin::inference {

using DraftEntries = std::map<std::string, GgufWriter::Value>;

struct DraftTensor {
    std::string name;
    DType dtype = DType::kF32;
    std::vector<std::uint64_t> dimensions; ///< dimensions[0] is contiguous
    std::uint64_t elements() const;
};

/// What a model file that is yet to be written shall look like.
struct ModelDraft {
    DraftEntries entries;
    std::vector<DraftTensor> tensors;
};

/// The model that a file's header describes, its vocabulary among the entries.
ModelDraft draftOf(const GgufFile& file);

/// "q4_0", "q4_k_m" and so on: what setTypes knows.
std::span<const std::string_view> fileTypes();

/// Gives every matrix the type that llama.cpp's quantisation of that name gives it ("q4_k_m": Q6_K for the output, and
/// for values and the last product of the layers where it helps most; types whose blocks don't divide a row give way to
/// finer ones), or, where `pure`, the plain type. Errors: kInvalidArgument (no such type).
Result<void> setTypes(ModelDraft& model, std::string_view type, bool pure);

/// A value of a file's metadata as other readers expect it: they insist on the narrow types that files have, and
/// Metadata keeps the widest.
GgufWriter::Value narrowed(const Metadata::Value& value);

} // namespace alcuin::inference
