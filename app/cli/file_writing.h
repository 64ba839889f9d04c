#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

#include "cli/outcome.h"

namespace alcuin::inference {
class ThreadPool;
struct WrittenModel;
} // namespace alcuin::inference

namespace alcuin::cli {

inline constexpr int kMaxThreads = 1024;

/// Called with bytes done and in all.
using WritingProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// What writes a model file.
using ModelWriter = std::function<tl::expected<inference::WrittenModel, inference::Error>(
    inference::ThreadPool& pool, const WritingProgress& progress, const std::stop_token& cancel)>;

/// Runs it with a line of progress where a terminal is there to see it, and so that Ctrl+C leaves no half file behind;
/// then says how large the file is and how long it took. `what`: "random weights".
Outcome<void> writeModel(const ModelWriter& write, const std::string& output, std::string_view what, int threads);

} // namespace alcuin::cli
