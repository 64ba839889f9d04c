#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include <alcuin/inference/error.h>
#include <alcuin/inference/runtime.h>

#include "backends/backend.h"
#include "backends/cpu/limits.h"
#include "formats/gguf.h"
#include "models/step.h"
#include "state/sequence_state.h"
#include "state/state_group.h"
#include "state/token_chain.h"

namespace alcuin::inference {

class PagePool;
class ThreadPool;

/// A step under way, cut into short pieces so that it can be interrupted or dropped between any two of them.
class StepCursor {
public:
    virtual ~StepCursor() = default;

    /// Runs the next piece (at most one layer's operation over one chunk of rows). True: the step is complete.
    /// Errors: kInvalidArgument (another step has begun in the same lane since).
    virtual Result<bool> advance() = 0;

    /// Logits of the rows asked for, [L, V] row-major; valid once advance() has returned true and until the next
    /// step in the same lane of the model begins.
    virtual std::span<const float> logits() const = 0;
};

/// What a step of a model costs at least, whatever computes it: for measuring beside a machine's limits.
struct StepCost {
    std::size_t blockBytes = 0;            ///< of weights, that every step reads
    std::size_t headBytes = 0;             ///< of weights, that a step reads which computes logits
    std::size_t blockMultiplyAdds = 0;     ///< of the blocks' products, per row
    std::size_t headMultiplyAdds = 0;      ///< per row of logits
    std::size_t attentionMultiplyAdds = 0; ///< of scores and values, per row and token that it sees, itself included
};

/// One loaded network. Weights are shared and const; all that a sequence leaves behind is in its SequenceState.
/// Threads: the executor's only; one cursor in each lane at a time, advanced by turns in any order.
class Model {
public:
    virtual ~Model() = default;

    virtual std::size_t vocabularySize() const = 0;
    virtual std::size_t contextLength() const = 0;
    virtual std::span<const StateGroup> stateGroups() const = 0;
    virtual std::size_t weightBytes() const = 0;
    virtual StepCost stepCost() const = 0;
    /// What all steps so far handed to kernels, as it was counted there: a step's is the difference of two calls.
    virtual StepTraffic traffic() const {
        return {};
    }
    /// What the products of most prefill rows run on.
    virtual cpu::MatrixUnit prefillUnit() const = 0;
    virtual std::size_t maxRows() const = 0; ///< rows a step in the prompts' lane may have

    virtual Result<std::unique_ptr<SequenceState>> createState() = 0;
    /// Where the states' pages come from.
    virtual const std::shared_ptr<PagePool>& pagePool() const = 0;

    /// Errors: kInvalidArgument (shapes, tokens out of range, positions past the context, a sequence that has rows in
    /// the other lane's unfinished step), kOutOfMemory.
    /// A cursor that is destroyed early leaves every state as it was.
    virtual Result<std::unique_ptr<StepCursor>> begin(const StepInput& input) = 0;

    /// What a state's bytes depend on besides its tokens: states of equal identities can stand for each other.
    virtual const StateIdentity& stateIdentity() const = 0;

    /// One line for the log and the metrics: "CPU, 2 threads, AVX2".
    virtual std::string deviceDescription() const = 0;
};

struct ModelOptions {
    ComputeMode compute = ComputeMode::kFast;
    std::size_t contextLength = 0; ///< 0: the model's own
    std::size_t maxRows = 512;     ///< of a step in the prompts' lane
    KvType kv = KvType::kDefault;
    std::optional<std::uint64_t> availableBytes{}; ///< memory that weights and states may take; nothing: what there is
};

/// Reads the weights of a GGUF file, chooses layouts and kernels and builds the network its metadata describes.
/// Errors: kCorrupt, kUnsupported, kIo, kOutOfMemory (needed and available bytes), kCancelled, kInvalidArgument (a
/// context longer than the model was trained for; ALCUIN_ISA or ALCUIN_KERNEL name something that there isn't).
Result<std::unique_ptr<Model>> loadModel(const GgufFile& file, const ModelOptions& options, ThreadPool& pool,
                                         const std::function<void(const LoadProgress&)>& progress,
                                         std::stop_token cancel);

} // namespace alcuin::inference
