#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include <alcuin/inference/error.h>
#include <alcuin/inference/generation.h>

namespace alcuin::inference {

/// What a model file says about itself; read from its header alone.
struct ModelInfo {
    std::filesystem::path path;
    std::string name;         ///< general.name, or the file's name without its ending
    std::string architecture; ///< "llama", "qwen2", ...
    std::string quantization; ///< the type most of the weights' bytes have: "Q4_1"
    std::uint64_t fileBytes = 0;
    std::uint64_t parameterCount = 0;
    std::uint64_t contextLength = 0; ///< the one the model was trained for
    std::uint64_t vocabularySize = 0;
    std::uint64_t vocabularyHash = 0; ///< identifies token ids across files; 0 until a tokenizer was built
    std::uint64_t layerCount = 0;
    bool hasChatTemplate = false;
    SamplingParameters sampling; ///< how its makers would have its tokens picked; ours where they don't say
    std::string problem; ///< why its weights can't be loaded though its header is whole: the file is cut off; or empty
};

struct Capabilities {
    bool chat = false; ///< the model brings a chat template
    bool embeddings = false;
    bool reasoning = false; ///< writes <think> ... </think> before its answer
    bool tools = false;     ///< the template knows tools
    bool vision = false;
};

/// Reads a model file's header; the weights behind it may be missing (ModelInfo::problem says so).
/// Errors: kNotFound, kIo, kCorrupt, kUnsupported.
Result<ModelInfo> readModelInfo(const std::filesystem::path& path);

} // namespace alcuin::inference
