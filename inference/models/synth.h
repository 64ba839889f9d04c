#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include <alcuin/inference/error.h>

#include "models/draft_writer.h"

namespace alcuin::inference {

class ThreadPool;

/// A model file with random weights: the true shapes, types and metadata of a real one, for measuring and testing
/// where the real weights are too large to fetch. What it writes is noise, and its name says so.
struct SynthOptions {
    std::string like;                                ///< one of synthPresets(), or a GGUF file; its header is enough
    std::optional<std::string> type;                 ///< one of fileTypes(); nothing: as the file has them
    bool pure = false;                               ///< every matrix that can be has the type itself, none a finer one
    std::optional<std::filesystem::path> vocabulary; ///< a GGUF file whose tokenizer and template are taken
    std::filesystem::path output;
    bool overwrite = false;
    std::uint64_t seed = 1;
};

/// "r1-distill-qwen-1.5b" and so on.
std::span<const std::string_view> synthPresets();

/// Writes the file. The same options give the same bytes, whatever the number of threads. Takes a few dozen megabytes
/// of memory, however large the file. `progress` is called with bytes done and in all, from this thread.
/// Errors: kInvalidArgument (an unknown name; a preset without a type; the file is there already; a vocabulary larger
/// than the model's), kIo (also a disk without room, before anything is written), kCancelled, and those of
/// GgufFile::openHeader.
Result<WrittenModel> synthesise(const SynthOptions& options, ThreadPool& pool,
                                const std::function<void(std::uint64_t done, std::uint64_t total)>& progress,
                                const std::stop_token& cancel);

} // namespace alcuin::inference
