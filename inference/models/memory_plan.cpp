#include "models/memory_plan.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/byte_size.h"
#include "models/architectures.h"
#include "models/decoder.h"
#include "models/decoder_weights.h"
#include "models/step.h"
#include "models/workspace.h"
#include "state/page_pool.h"

namespace alcuin::inference {

namespace {

/// Shortest context that is worth starting with when memory sets the limit.
constexpr std::size_t kLeastContext = 512;

/// Measured on vocabularies of 49,152 and 151,936 tokens: the header's names and texts and the tokenizer's tables take
/// 4.5 to 5.8 times the header's bytes.
constexpr std::uint64_t kHeaderCopies = 5;
/// Threads' stacks, the heap's own, kernels' code.
constexpr std::uint64_t kProgramBytes = std::uint64_t{4} << 20U;

std::uint64_t headerBytes(const GgufFile& file) {
    std::uint64_t first = file.fileBytes();
    for (const GgufTensor& tensor : file.tensors()) {
        first = std::min(first, tensor.offset);
    }
    return first;
}

std::size_t leastKvHeads(const DecoderDescription& description) {
    return std::ranges::min(description.layers, {}, &LayerDescription::kvHeads).kvHeads;
}

/// Everything that the reckoning needs to know about a model.
class Planner {
public:
    static Result<Planner> create(const GgufFile& file, const DecoderDescription& description, ComputeMode compute,
                                  KvType kv, const cpu::KernelPolicy& policy, int threads) {
        Planner planner(file, description, threads);
        const Placement placement(Device{}, description.layers.size());
        if (auto described = planner.weights_->describe(file, description, placement, policy, compute); !described) {
            return tl::unexpected(std::move(described).error());
        }
        const auto geometry = layOutPages(description, stateFormat(compute, kv));
        auto kernels = DecoderKernels::resolve(description, planner.weights_->embedding->layout, geometry, policy);
        if (!kernels) {
            return tl::unexpected(std::move(kernels).error());
        }
        planner.kernels_ = *kernels;
        for (const ops::AttentionGeometry& layer : geometry) {
            planner.pageBytes_ += layer.bytes();
        }
        return planner;
    }

    std::size_t pageBytes() const {
        return pageBytes_;
    }

    MemoryPlan plan(std::size_t context, std::size_t sequences, std::size_t maxRows) const {
        MemoryPlan plan;
        plan.contextLength = context;
        plan.weights = AlignedBuffer::residentBytes(weights_->store.bytes(), weights_->store.bytes());
        plan.state = PagePool::residentBytes(pageBytes_, sequences * ((context + kPageTokens - 1) / kPageTokens));
        plan.workspace = workspace(context, sequences, maxRows);
        const std::size_t scratch = decoderScratchBytes(*d_, kernels_);
        plan.scratch = AlignedBuffer::residentBytes(scratch, scratch) * static_cast<std::uint64_t>(threads_);
        plan.fixed = headerBytes(*file_) * kHeaderCopies + kProgramBytes;
        return plan;
    }

private:
    Planner(const GgufFile& file, const DecoderDescription& description, int threads)
        : file_(&file), d_(&description), threads_(threads), weights_(std::make_unique<DecoderWeights>()) {}

    /// Prompts are read in one lane, one sequence's last token at a time wanting logits; all sequences' answers are
    /// written in the other.
    std::uint64_t workspace(std::size_t context, std::size_t sequences, std::size_t maxRows) const {
        const std::size_t prompt = std::min(context, maxRows);
        const std::size_t answers = std::min(sequences, kAnswerRows);
        return lane(maxRows, prompt, RowClass::kPrefill, 1, partialBytes(context, 1, prompt, RowClass::kPrefill)) +
               lane(kAnswerRows, answers, RowClass::kDecode, answers,
                    partialBytes(context, answers, 1, RowClass::kDecode));
    }

    std::uint64_t lane(std::size_t maxRows, std::size_t rows, RowClass rowClass, std::size_t logitRows,
                       std::size_t partial) const {
        const ops::InputFormats formats = formatsOf(rowClass);
        Workspace::Use use;
        use.rows = rows;
        use.plain = formats.wantsRows() ? rows : 0;
        use.quantised = formats.quantised ? rows : 0;
        use.split = formats.split ? rows : 0;
        use.tiles = formats.tiles ? rows : 0;
        const std::size_t logits = logitRows * d_->vocabulary * sizeof(float);
        return Workspace::residentBytes(*d_, maxRows, weights_->downReadsF32(), use) +
               AlignedBuffer::residentBytes(logits, logits) + AlignedBuffer::residentBytes(partial, partial);
    }

    /// Formats that any product wants of a class of rows.
    ops::InputFormats formatsOf(RowClass rowClass) const {
        std::vector<ops::MatmulOutput> products{{&weights_->head, nullptr}};
        for (const LayerWeights& layer : weights_->layers) {
            for (const ops::Linear* product : {&layer.query, &layer.key, &layer.value, &layer.attentionOutput,
                                               &layer.gate, &layer.up, &layer.down}) {
                products.push_back({product, nullptr});
            }
        }
        return ops::formatsOf(products, rowClass);
    }

    /// Of attention's parts, for the last rows that fit the context.
    std::size_t partialBytes(std::size_t context, std::size_t sequences, std::size_t rows, RowClass rowClass) const {
        std::vector<ops::SequenceRows> last;
        for (std::size_t i = 0; i < sequences; ++i) {
            last.push_back({nullptr, context - rows, i * rows, (i + 1) * rows, rowClass});
        }
        std::size_t floats = 0;
        for (const auto& state : kernels_.state) {
            if (state) {
                const ops::AttentionPlan plan(last, state->attention, d_->maxHeads(), leastKvHeads(*d_), d_->maxGroup(),
                                              d_->valueSize, threads_);
                floats = std::max(floats, plan.partialFloats());
            }
        }
        return floats * sizeof(float);
    }

    const GgufFile* file_;
    const DecoderDescription* d_;
    int threads_;
    std::unique_ptr<DecoderWeights> weights_; ///< without data
    DecoderKernels kernels_;
    std::size_t pageBytes_ = 0;
};

Result<std::size_t> contextOf(const DecoderDescription& description, std::size_t wanted) {
    if (wanted > description.contextLength) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("A context of {} tokens was asked for; the model was trained for {}.", wanted,
                                description.contextLength));
    }
    return wanted == 0 ? description.contextLength : wanted;
}

} // namespace

Result<MemoryPlan> planMemory(const GgufFile& file, const MemoryRequest& request) {
    if (request.sequences == 0 || request.maxRows == 0 || request.threads < 1) {
        return fail(ErrorCode::kInvalidArgument, "A plan needs at least one sequence, one row and one thread.");
    }
    const auto description = describeModel(file);
    if (!description) {
        return tl::unexpected(description.error());
    }
    const auto policy = cpu::KernelPolicy::fromEnvironment();
    if (!policy) {
        return tl::unexpected(policy.error());
    }
    const auto context = contextOf(*description, request.contextLength);
    if (!context) {
        return tl::unexpected(context.error());
    }
    const auto planner = Planner::create(file, *description, request.compute, request.kv, *policy, request.threads);
    if (!planner) {
        return tl::unexpected(planner.error());
    }
    return planner->plan(*context, request.sequences, request.maxRows);
}

Result<StateRoom> planState(const GgufFile& file, const DecoderDescription& description, const ModelOptions& options,
                            const cpu::KernelPolicy& policy, int threads, std::uint64_t available) {
    const auto wanted = contextOf(description, options.contextLength);
    if (!wanted) {
        return tl::unexpected(wanted.error());
    }
    const auto planner = Planner::create(file, description, options.compute, options.kv, policy, threads);
    if (!planner) {
        return tl::unexpected(planner.error());
    }
    const std::size_t least = options.contextLength == 0 ? std::min(*wanted, kLeastContext) : *wanted;
    const MemoryPlan plan = planner->plan(least, 1, std::max<std::size_t>(1, options.maxRows));
    if (plan.total() > available) {
        return fail(ErrorCode::kOutOfMemory,
                    fmt::format("This model needs {} of memory with a context of {} tokens ({} of them for its "
                                "weights), and {} are available. Close other programs, or choose a smaller model or a "
                                "shorter context.",
                                describeBytes(plan.total()), least, describeBytes(plan.weights),
                                describeBytes(available)));
    }
    // A quarter of what is left beyond the least is left to everything else that the program does.
    const std::uint64_t others = plan.total() - plan.state;
    const std::size_t leastPages = (least + kPageTokens - 1) / kPageTokens;
    const std::size_t pages =
        std::max(leastPages, static_cast<std::size_t>((available - others) / 4 * 3 / planner->pageBytes()));
    return StateRoom{std::min(*wanted, pages * kPageTokens), pages};
}

} // namespace alcuin::inference
