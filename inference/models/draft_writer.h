#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>

#include <alcuin/inference/error.h>

#include "models/model_draft.h"

namespace alcuin::inference {

class ThreadPool;

/// Fills the bytes of row r of the draft's tensor of this index. Called from several threads at once.
using DraftRows = std::function<Result<void>(std::size_t tensor, std::uint64_t row, std::span<std::byte> bytes)>;

struct DraftOutput {
    std::filesystem::path path;
    bool overwrite = false;
    std::filesystem::path source; ///< must not be overwritten; may be empty
};

struct WrittenModel {
    std::uint64_t bytes = 0;
    std::uint64_t parameters = 0;
};

/// Writes the file that the draft describes, its rows made by all workers, some megabytes at a time.
/// `progress` is called with bytes done and in all, from this thread.
/// Errors: kInvalidArgument (the file is there and may not be overwritten, or is the source), kIo (also a disk without
/// room, before anything is written), kCancelled, and what `rows` returns; then no file appears.
Result<WrittenModel> writeDraft(ModelDraft draft, const DraftRows& rows, const DraftOutput& output, ThreadPool& pool,
                                const std::function<void(std::uint64_t done, std::uint64_t total)>& progress,
                                const std::stop_token& cancel);

} // namespace alcuin::inference
