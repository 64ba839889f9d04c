#include "models/decoder.h"

#include <algorithm>
#include <new>
#include <utility>

#include <fmt/format.h>

#include "base/available_memory.h"
#include "base/byte_size.h"
#include "base/log.h"
#include "base/thread_pool.h"
#include "models/architectures.h"
#include "models/decoder_identity.h"
#include "models/decoder_step.h"
#include "models/memory_plan.h"
#include "ops/gated_matmul.h"
#include "state/paged_state.h"

namespace alcuin::inference {

namespace {

template <typename T>
bool take(Result<const T*> chosen, const T*& place, std::optional<Error>& error) {
    if (!chosen) {
        error = std::move(chosen).error();
        return false;
    }
    place = *chosen;
    return true;
}

Result<StateKernels> stateKernels(const cpu::AttentionShape& heads, KvFormat format, const cpu::KernelPolicy& policy) {
    const auto attends = [format](RowClass rowClass) {
        return [format, rowClass](const cpu::AttentionKernel& kernel) {
            return kernel.format == format && kernel.rows.has(rowClass);
        };
    };
    const auto sameFormat = [format](const auto& kernel) { return kernel.format == format; };
    StateKernels k;
    std::optional<Error> error;
    const bool all =
        take(policy.choose("kv_store", cpu::kvStoreKernels(), heads, "keys and values", sameFormat), k.store, error) &&
        take(policy.choose("attention", cpu::attentionKernels(), heads, "attention of decode rows",
                           attends(RowClass::kDecode)),
             k.attention.decode, error) &&
        take(policy.choose("attention", cpu::attentionKernels(), heads, "attention of prefill rows",
                           attends(RowClass::kPrefill)),
             k.attention.prefill, error);
    if (!all) {
        return tl::unexpected(*error);
    }
    return k;
}

std::size_t multiplyAdds(const ops::Linear& product) {
    return product.weight().outputs * product.weight().depth;
}

} // namespace

std::size_t decoderScratchBytes(const DecoderDescription& d, const DecoderKernels& kernels) {
    std::size_t vectors = 0;
    for (const auto& state : kernels.state) {
        if (state) {
            vectors = std::max(vectors, ops::AttentionPlan::maxVectors(state->attention, d.maxGroup()));
        }
    }
    return std::max(
        {ops::gatedScratchBytes(), cpu::attentionScratch(vectors, d.headSize, d.valueSize) * sizeof(float)});
}

KvFormat stateFormat(ComputeMode compute, KvType kv) {
    switch (kv) {
    case KvType::kF32:
        return KvFormat::kF32;
    case KvType::kBF16:
        return KvFormat::kBF16;
    case KvType::kInt8:
        return KvFormat::kInt8;
    case KvType::kDefault:
        break;
    }
    return compute == ComputeMode::kF32 ? KvFormat::kF32 : KvFormat::kBF16;
}

std::vector<ops::AttentionGeometry> layOutPages(const DecoderDescription& description, KvFormat format) {
    std::vector<ops::AttentionGeometry> layers;
    std::size_t offset = 0;
    for (const LayerDescription& layer : description.layers) {
        ops::AttentionGeometry geometry;
        geometry.heads = layer.heads;
        geometry.kvHeads = layer.kvHeads;
        geometry.headSize = description.headSize;
        geometry.valueSize = description.valueSize;
        const bool atAnEnd = layers.empty() || layers.size() + 1 == description.layers.size();
        const bool uneven = description.bias == Bias::kQueryKeyValue && atAnEnd;
        geometry.format = format == KvFormat::kInt8 && uneven ? KvFormat::kBF16 : format;
        geometry.keyOffset = offset;
        geometry.valueOffset = offset + layer.kvHeads * geometry.keyBytesPerHead();
        offset += geometry.bytes();
        layers.push_back(geometry);
    }
    return layers;
}

Result<DecoderKernels> DecoderKernels::resolve(const DecoderDescription& d, WeightLayout layout,
                                               std::span<const ops::AttentionGeometry> geometry,
                                               const cpu::KernelPolicy& policy) {
    std::size_t forwardBits = 0; // a power of two divides all widths if it divides the union of their bits
    for (const LayerDescription& layer : d.layers) {
        forwardBits |= layer.feedForward;
    }
    const auto any = [](const auto&) { return true; };
    const auto sameLayout = [layout](const cpu::EmbeddingKernel& kernel) { return kernel.layout == layout; };
    DecoderKernels k;
    std::optional<Error> error;
    const bool all =
        take(policy.choose("embedding", cpu::embeddingKernels(), cpu::MatmulShape{d.vocabulary, d.embedding},
                           "the embedding", sameLayout),
             k.embedding, error) &&
        take(policy.choose("quantise", cpu::quantiseKernels(), cpu::RowShape{d.embedding}, "activations", any),
             k.input.quantise, error) &&
        take(policy.choose("split", cpu::splitKernels(), cpu::RowShape{d.embedding}, "activations", any), k.input.split,
             error) &&
        take(policy.choose("pack", cpu::packKernels(), cpu::RowShape{d.embedding}, "activations", any), k.input.pack,
             error) &&
        take(policy.choose("rms_norm", cpu::rmsNormKernels(), cpu::RowShape{d.embedding}, "norms", any), k.rmsNorm,
             error) &&
        take(policy.choose("rope", cpu::ropeKernels(), cpu::RowShape{d.rope.dimensions}, "positions", any), k.rope,
             error) &&
        take(policy.choose("swiglu", cpu::swigluKernels(), cpu::RowShape{forwardBits}, "the feed-forward part", any),
             k.swiglu, error);
    if (!all) {
        return tl::unexpected(*error);
    }
    for (const ops::AttentionGeometry& layer : geometry) {
        auto& state = k.state[static_cast<std::size_t>(layer.format)];
        if (state) {
            continue;
        }
        auto chosen = stateKernels({d.headSize, d.valueSize}, layer.format, policy);
        if (!chosen) {
            return tl::unexpected(std::move(chosen).error());
        }
        state = *chosen;
    }
    return k;
}

Decoder::Decoder(DecoderDescription description, const ModelOptions& options, ThreadPool& pool)
    : description_(std::move(description))
    , compute_(options.compute)
    , maxRows_(std::max<std::size_t>(1, options.maxRows))
    , placement_(Device{}, description_.layers.size())
    , stream_(placement_.ofEnds(), pool) {}

Decoder::~Decoder() {
    if (const std::string table = profile_.table(); !table.empty()) {
        logInfo("where the time of steps went:\n" + table);
    }
}

Result<std::unique_ptr<Decoder>> Decoder::load(const GgufFile& file, DecoderDescription description,
                                               const ModelOptions& options, const cpu::KernelPolicy& policy,
                                               ThreadPool& pool,
                                               const std::function<void(const LoadProgress&)>& progress,
                                               std::stop_token cancel) {
    const std::uint64_t available = options.availableBytes.value_or(availableMemory());
    const auto room = planState(file, description, options, policy, pool.threads(), available);
    if (!room) {
        return tl::unexpected(room.error());
    }
    std::unique_ptr<Decoder> decoder(new Decoder(std::move(description), options, pool));
    const DecoderDescription& d = decoder->description_;
    const DecoderWeights::Options weightOptions{options.compute, available};
    if (auto loaded = decoder->weights_.load(file, d, decoder->placement_, policy, weightOptions, pool, progress,
                                             std::move(cancel));
        !loaded) {
        return tl::unexpected(std::move(loaded).error());
    }
    decoder->geometry_ = layOutPages(d, stateFormat(options.compute, options.kv));
    auto kernels = DecoderKernels::resolve(d, decoder->weights_.embedding->layout, decoder->geometry_, policy);
    if (!kernels) {
        return tl::unexpected(std::move(kernels).error());
    }
    decoder->kernels_ = *kernels;
    decoder->describeState();
    decoder->contextLength_ = room->contextLength;
    decoder->pages_ = std::make_shared<PagePool>(decoder->placement_.ofEnds(),
                                                 decoder->groups_.front().bytesPerToken * kPageTokens, room->pages);
    if (auto allocated = decoder->allocateLanes(); !allocated) {
        return tl::unexpected(std::move(allocated).error());
    }
    if (auto reserved = decoder->stream_.reserveScratch(decoderScratchBytes(d, decoder->kernels_)); !reserved) {
        return tl::unexpected(std::move(reserved).error());
    }
    logInfo(fmt::format("{}: {} blocks, {} of weights, context {}; {}", d.architecture, d.layers.size(),
                        describeBytes(decoder->weightBytes()), decoder->contextLength_, decoder->deviceDescription()));
    return decoder;
}

Result<void> Decoder::allocateLanes() {
    lane(StepLane::kPrompt).maxRows = maxRows_;
    lane(StepLane::kAnswer).maxRows = kAnswerRows;
    for (Lane& each : lanes_) {
        auto workspace = Workspace::allocate(placement_.ofEnds(), description_, each.maxRows, weights_.downReadsF32());
        if (!workspace) {
            return tl::unexpected(std::move(workspace).error());
        }
        each.workspace = std::move(*workspace);
    }
    return {};
}

void Decoder::describeState() {
    StateGroup group;
    for (std::size_t i = 0; i < geometry_.size(); ++i) {
        group.layers.push_back(static_cast<std::uint32_t>(i));
        group.bytesPerToken += geometry_[i].bytes() / kPageTokens;
    }
    groups_ = {group};
    identity_ = {
        weights_.store.identity(), {}, describeLayout(geometry_), describeNumerics(compute_, weights_, kernels_)};
}

std::size_t Decoder::vocabularySize() const {
    return description_.vocabulary;
}

std::size_t Decoder::contextLength() const {
    return contextLength_;
}

std::span<const StateGroup> Decoder::stateGroups() const {
    return groups_;
}

std::size_t Decoder::weightBytes() const {
    return weights_.store.bytes();
}

StepCost Decoder::stepCost() const {
    // An embedding that isn't the output matrix too is read a row at a time.
    const bool tied = &weights_.head.weight() == weights_.embedding;
    StepCost cost;
    cost.headBytes = weights_.head.weight().bytes;
    cost.headMultiplyAdds = multiplyAdds(weights_.head);
    cost.blockBytes = weightBytes() - cost.headBytes - (tied ? 0 : weights_.embedding->bytes);
    for (std::size_t i = 0; i < weights_.layers.size(); ++i) {
        const LayerWeights& layer = weights_.layers[i];
        for (const ops::Linear* product :
             {&layer.query, &layer.key, &layer.value, &layer.attentionOutput, &layer.gate, &layer.up, &layer.down}) {
            cost.blockMultiplyAdds += multiplyAdds(*product);
        }
        cost.attentionMultiplyAdds += description_.layers[i].heads * (description_.headSize + description_.valueSize);
    }
    return cost;
}

StepTraffic Decoder::traffic() const {
    return stream_.traffic();
}

cpu::MatrixUnit Decoder::prefillUnit() const {
    const auto& kernel = weights_.layers.front().gate.kernel(RowClass::kPrefill, maxRows_);
    return {kernel.activation, kernel.needs};
}

std::size_t Decoder::maxRows() const {
    return maxRows_;
}

Result<std::unique_ptr<SequenceState>> Decoder::createState() {
    return std::make_unique<PagedState>(pages_, contextLength_);
}

const std::shared_ptr<PagePool>& Decoder::pagePool() const {
    return pages_;
}

Result<std::unique_ptr<StepCursor>> Decoder::begin(const StepInput& input) {
    try {
        return DecoderStep::create(*this, input);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::kOutOfMemory, "There was no memory to begin a step of the model.");
    }
}

std::string Decoder::deviceDescription() const {
    const auto& kernel = weights_.layers.front().gate.kernel(RowClass::kPrefill);
    const std::string_view isa = kernel.needs.has(CpuFeature::kAmxTile)   ? "AMX"
                                 : kernel.needs.has(CpuFeature::kAvx512F) ? "AVX-512"
                                 : kernel.needs.has(CpuFeature::kAvx2)    ? "AVX2"
                                                                          : "portable kernels";
    const int threads = stream_.pool().threads();
    return fmt::format("CPU, {} {}, {}", threads, threads == 1 ? "thread" : "threads", isa);
}

const StateIdentity& Decoder::stateIdentity() const {
    return identity_;
}

void Decoder::observeLayers(LayerObserver observer) {
    observer_ = std::move(observer);
}

Result<std::unique_ptr<Model>> loadModel(const GgufFile& file, const ModelOptions& options, ThreadPool& pool,
                                         const std::function<void(const LoadProgress&)>& progress,
                                         std::stop_token cancel) {
    if (const auto whole = file.requireWhole(); !whole) {
        return tl::unexpected(whole.error());
    }
    auto description = describeModel(file);
    if (!description) {
        return tl::unexpected(std::move(description).error());
    }
    auto policy = cpu::KernelPolicy::fromEnvironment();
    if (!policy) {
        return tl::unexpected(std::move(policy).error());
    }
    auto decoder = Decoder::load(file, std::move(*description), options, *policy, pool, progress, std::move(cancel));
    if (!decoder) {
        return tl::unexpected(std::move(decoder).error());
    }
    return std::move(*decoder);
}

} // namespace alcuin::inference
