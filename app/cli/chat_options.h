#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <alcuin/inference/generation.h>
#include <alcuin/inference/runtime.h>

namespace CLI {
class App;
}

namespace alcuin::cli {

/// How tokens are to be picked, where it was said; what wasn't is as the model's makers advise.
struct SamplingWishes {
    std::optional<float> temperature, topP, minP, repetitionPenalty;
    std::optional<std::int32_t> topK;
    std::optional<std::uint64_t> seed;

    inference::SamplingParameters over(inference::SamplingParameters advised) const;
};

/// What `alcuin chat` was asked for.
struct ChatOptions {
    std::string model;
    std::optional<std::string> prompt;     ///< "-": standard input
    std::optional<std::string> promptFile; ///< neither: a conversation
    std::string system;
    SamplingWishes sampling;
    std::int32_t maxTokens = -1;
    std::vector<std::string> stop;
    int threads = 0;
    std::uint32_t contextLength = 0;
    inference::ComputeMode compute = inference::ComputeMode::kFast;
    inference::KvType kv = inference::KvType::kDefault;
    std::string keep; ///< the name under which what is read stays on disk; empty: nothing stays
    bool json = false;
    bool showReasoning = false;
};

/// Declares the options of `alcuin chat`; parsing fills `options`, which must live as long as `command`.
void declareChatOptions(CLI::App& command, ChatOptions& options);

} // namespace alcuin::cli
