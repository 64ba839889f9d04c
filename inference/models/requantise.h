#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include <alcuin/inference/error.h>

#include "models/draft_writer.h"

namespace alcuin::inference {

class ThreadPool;

struct RequantiseOptions {
    std::filesystem::path input;
    std::string type;  ///< one of fileTypes()
    bool pure = false; ///< every matrix that can be has the type itself, none a finer one
    std::filesystem::path output;
    bool overwrite = false;
};

/// Writes a model file's weights in another type: each matrix is widened to f32 and rounded as quantizeRow does;
/// vectors, vocabulary and all other entries stay. A matrix that has the wanted type already is copied byte for byte.
/// The same input gives the same bytes, whatever the number of threads.
/// Errors: those of GgufFile::open and writeDraft; kInvalidArgument also for an unknown type, and for numbers that the
/// type can't hold.
Result<WrittenModel> requantise(const RequantiseOptions& options, ThreadPool& pool,
                                const std::function<void(std::uint64_t done, std::uint64_t total)>& progress,
                                const std::stop_token& cancel);

} // namespace alcuin::inference
