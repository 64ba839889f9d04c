#include "models/decoder_weights.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace alcuin::inference {

namespace {

constexpr std::string_view kHead = "output.weight";
constexpr std::string_view kFrequencyFactors = "rope_freqs.weight";

/// Requests in a fixed order, that of LayerWeights: embedding, output norm, each block, then what is optional.
std::vector<WeightRequest> requestsFor(const GgufFile& file, const DecoderDescription& d, const Placement& placement) {
    const std::size_t e = d.embedding;
    std::vector<WeightRequest> requests{{"token_embd.weight", d.vocabulary, e, placement.ofEnds()},
                                        {"output_norm.weight", e, 0, placement.ofEnds()}};
    for (std::size_t i = 0; i < d.layers.size(); ++i) {
        const LayerDescription& layer = d.layers[i];
        const auto add = [&](std::string_view name, std::size_t outputs, std::size_t depth,
                             std::string_view kind = "weight") {
            requests.push_back({fmt::format("blk.{}.{}.{}", i, name, kind), outputs, depth, placement.ofLayer(i)});
        };
        add("attn_norm", e, 0);
        add("attn_q", layer.heads * d.headSize, e);
        add("attn_k", layer.kvHeads * d.headSize, e);
        add("attn_v", layer.kvHeads * d.valueSize, e);
        if (d.bias == Bias::kQueryKeyValue) {
            add("attn_q", layer.heads * d.headSize, 0, "bias");
            add("attn_k", layer.kvHeads * d.headSize, 0, "bias");
            add("attn_v", layer.kvHeads * d.valueSize, 0, "bias");
        }
        add("attn_output", e, layer.heads * d.valueSize);
        add("ffn_norm", e, 0);
        add("ffn_gate", layer.feedForward, e);
        add("ffn_up", layer.feedForward, e);
        add("ffn_down", e, layer.feedForward);
    }
    if (file.find(kHead) != nullptr) {
        requests.push_back({std::string(kHead), d.vocabulary, e, placement.ofEnds()});
    }
    if (file.find(kFrequencyFactors) != nullptr) {
        requests.push_back({std::string(kFrequencyFactors), d.rope.dimensions / 2, 0, placement.ofEnds()});
    }
    return requests;
}

Result<void> refuseUnknown(const GgufFile& file, const std::vector<WeightRequest>& requests) {
    std::set<std::string_view> known;
    for (const WeightRequest& request : requests) {
        known.insert(request.name);
    }
    for (const GgufTensor& tensor : file.tensors()) {
        // Files of 2023 carry the RoPE frequencies of each layer, which follow from the metadata.
        if (!known.contains(tensor.name) && !tensor.name.ends_with("attn_rot_embd.weight")) {
            return fail(
                ErrorCode::kUnsupported,
                fmt::format("The model file {} has a tensor \"{}\" that this version can't use; answers without "
                            "it would be wrong.",
                            file.path().string(), tensor.name));
        }
    }
    return {};
}

/// Frequency of pair i: base^(-2i / dimensions), divided by the file's factor (Llama 3.1) and by the linear stretch.
Result<std::vector<double>> frequenciesOf(const RopeDescription& rope, std::span<const float> factors) {
    std::vector<double> frequencies(rope.dimensions / 2);
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
        const double exponent = 2.0 * static_cast<double>(i) / static_cast<double>(rope.dimensions);
        frequencies[i] = std::pow(rope.base, -exponent) / rope.stretch;
        if (!factors.empty()) {
            if (!std::isfinite(factors[i]) || factors[i] <= 0) {
                return fail(ErrorCode::kCorrupt, fmt::format("Tensor \"{}\" holds {}, which isn't a factor.",
                                                             kFrequencyFactors, factors[i]));
            }
            frequencies[i] /= static_cast<double>(factors[i]);
        }
    }
    return frequencies;
}

/// Resolves matrices one after the other and keeps the first error.
class Resolver {
public:
    Resolver(const WeightStore& store, std::span<const WeightRequest> requests, ComputeMode compute,
             const cpu::KernelPolicy& policy)
        : store_(store), requests_(requests), compute_(compute), policy_(policy) {}

    ops::Linear at(std::size_t request) {
        auto linear = ops::Linear::resolve(store_.matrix(request), compute_, policy_, requests_[request].name);
        if (!linear) {
            error_ = error_ ? error_ : std::optional(std::move(linear).error());
            return {};
        }
        return *linear;
    }

    const std::optional<Error>& error() const {
        return error_;
    }

private:
    const WeightStore& store_;
    std::span<const WeightRequest> requests_;
    ComputeMode compute_;
    const cpu::KernelPolicy& policy_;
    std::optional<Error> error_;
};

} // namespace

bool DecoderWeights::downReadsF32() const {
    return std::ranges::any_of(layers, [](const LayerWeights& layer) {
        const std::array down{ops::MatmulOutput{&layer.down, nullptr}};
        return ops::formatsOf(down, RowClass::kDecode).wantsRows() ||
               ops::formatsOf(down, RowClass::kPrefill).wantsRows();
    });
}

Result<void> DecoderWeights::load(const GgufFile& file, const DecoderDescription& description,
                                  const Placement& placement, const cpu::KernelPolicy& policy, const Options& options,
                                  ThreadPool& pool, const std::function<void(const LoadProgress&)>& progress,
                                  std::stop_token cancel) {
    const std::vector<WeightRequest> requests = requestsFor(file, description, placement);
    if (auto known = refuseUnknown(file, requests); !known) {
        return known;
    }
    auto loaded = WeightStore::load(file, requests, {options.availableBytes}, pool, progress, std::move(cancel));
    if (!loaded) {
        return tl::unexpected(std::move(loaded).error());
    }
    store = std::move(*loaded);
    const auto factors = bind(requests, description, policy, options.compute);
    if (!factors) {
        return tl::unexpected(factors.error());
    }
    auto computed = frequenciesOf(description.rope, *factors);
    if (!computed) {
        return tl::unexpected(std::move(computed).error());
    }
    frequencies = std::move(*computed);
    return {};
}

Result<void> DecoderWeights::describe(const GgufFile& file, const DecoderDescription& description,
                                      const Placement& placement, const cpu::KernelPolicy& policy,
                                      ComputeMode compute) {
    const std::vector<WeightRequest> requests = requestsFor(file, description, placement);
    if (auto known = refuseUnknown(file, requests); !known) {
        return known;
    }
    auto described = WeightStore::describe(file, requests);
    if (!described) {
        return tl::unexpected(std::move(described).error());
    }
    store = std::move(*described);
    if (const auto bound = bind(requests, description, policy, compute); !bound) {
        return tl::unexpected(bound.error());
    }
    return {};
}

Result<std::span<const float>> DecoderWeights::bind(std::span<const WeightRequest> requests,
                                                    const DecoderDescription& description,
                                                    const cpu::KernelPolicy& policy, ComputeMode compute) {
    Resolver resolve(store, requests, compute, policy);
    embedding = &store.matrix(0);
    outputNorm = store.vector(1);
    std::size_t next = 2;
    for (std::size_t i = 0; i < description.layers.size(); ++i) {
        LayerWeights& layer = layers.emplace_back();
        layer.attentionNorm = store.vector(next++);
        layer.query = resolve.at(next++);
        layer.key = resolve.at(next++);
        layer.value = resolve.at(next++);
        if (description.bias == Bias::kQueryKeyValue) {
            layer.queryBias = store.vector(next++);
            layer.keyBias = store.vector(next++);
            layer.valueBias = store.vector(next++);
        }
        layer.attentionOutput = resolve.at(next++);
        layer.feedForwardNorm = store.vector(next++);
        layer.gate = resolve.at(next++);
        layer.up = resolve.at(next++);
        layer.down = resolve.at(next++);
    }
    const bool ownHead = next < requests.size() && requests[next].name == kHead;
    head = resolve.at(ownHead ? next++ : 0);
    if (resolve.error()) {
        return tl::unexpected(*resolve.error());
    }
    return next < requests.size() ? store.vector(next) : std::span<const float>{};
}

} // namespace alcuin::inference
