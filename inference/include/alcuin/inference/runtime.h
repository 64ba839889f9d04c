#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include <alcuin/inference/error.h>
#include <alcuin/inference/text_engine.h>

namespace alcuin::inference {

struct RuntimeOptions {
    int threads = 0; ///< worker threads; 0: as many as cores this process may use
    /// The time between two tokens of an interactive answer that steps are cut for, in milliseconds (P99).
    double targetTokenMs = 100;
    /// Where states are kept on disk; empty: nowhere. One runtime at a time can use a directory.
    std::filesystem::path snapshotDirectory{};
    std::uint64_t snapshotBytes = std::uint64_t{4} << 30U; ///< of all states on disk; the oldest go first
};

/// kFast may quantise activations; kF32 computes every product in f32 from the file's own weights.
enum class ComputeMode : std::uint8_t { kFast, kF32 };

/// How keys and values are kept. kDefault: bf16, or f32 where everything is computed in f32. kInt8 takes about half of
/// bf16's memory; layers whose keys are too uneven for it stay in bf16.
enum class KvType : std::uint8_t { kDefault, kF32, kBF16, kInt8 };

struct LoadSpec {
    std::filesystem::path path;
    ComputeMode compute = ComputeMode::kFast;
    std::uint32_t contextLength = 0; ///< 0: the model's own, as far as memory allows
    KvType kv = KvType::kDefault;
    /// Memory for what was read and may be asked for again; nothing: a quarter of what states may take.
    std::optional<std::uint64_t> cacheBytes{};
};

struct LoadProgress {
    std::uint64_t bytesDone = 0;
    std::uint64_t bytesTotal = 0;
};

/// Owns the worker pool and the executor; hands out loaded models. Engines keep what they need of it alive.
/// Threads: `load` blocks its caller and may be called from any thread.
class Runtime {
public:
    virtual ~Runtime() = default;

    /// Errors: kInvalidArgument; kIo (the directory for states is used by another runtime, or can't be private).
    static Result<std::shared_ptr<Runtime>> create(const RuntimeOptions& options);

    /// Loads a model. `progress` is called from the loading thread.
    /// Errors: kNotFound, kIo, kCorrupt, kUnsupported, kOutOfMemory (with needed and available figures), kCancelled.
    virtual Result<std::shared_ptr<TextEngine>>
    load(const LoadSpec& spec, std::function<void(const LoadProgress&)> progress, std::stop_token cancel) = 0;

    /// Deletes what is kept on disk under an owner's name, and what is about to be. Blocks until it is gone.
    /// Errors: kIo.
    virtual Result<void> purgeSnapshots(std::string_view owner) = 0;

    /// The same for every name but these: also what a process that was killed couldn't delete any more.
    virtual Result<void> purgeSnapshotsExcept(std::span<const std::string> owners) = 0;
};

} // namespace alcuin::inference
