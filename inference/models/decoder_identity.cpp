#include "models/decoder_identity.h"

#include <iterator>
#include <set>
#include <string_view>

#include <fmt/format.h>

namespace alcuin::inference {

namespace {

/// Raised when kernels of unchanged names compute other bits, or pages hold something else: what was kept on disk
/// before isn't taken any more.
constexpr int kNumericsRevision = 1;

constexpr std::string_view nameOf(KvFormat format) {
    switch (format) {
    case KvFormat::kF32:
        return "f32";
    case KvFormat::kBF16:
        return "bf16";
    case KvFormat::kInt8:
        return "int8";
    }
    return "?";
}

void addProduct(std::set<std::string>& names, const ops::Linear& product) {
    for (const RowClass rowClass : {RowClass::kDecode, RowClass::kPrefill}) {
        names.insert(fmt::format("{} {}: {}", infoOf(product.weight().layout).name,
                                 rowClass == RowClass::kDecode ? "decode" : "prefill", product.kernel(rowClass).name));
    }
}

} // namespace

std::string describeLayout(std::span<const ops::AttentionGeometry> layers) {
    std::string text = fmt::format("{} tokens a page", kPageTokens);
    for (const ops::AttentionGeometry& layer : layers) {
        fmt::format_to(std::back_inserter(text), "; {} {} x {} at {}, {} at {}", nameOf(layer.format), layer.kvHeads,
                       layer.headSize, layer.keyOffset, layer.valueSize, layer.valueOffset);
    }
    return text;
}

std::string describeNumerics(ComputeMode compute, const DecoderWeights& weights, const DecoderKernels& kernels) {
    std::set<std::string> products;
    for (const LayerWeights& layer : weights.layers) {
        for (const ops::Linear* product :
             {&layer.query, &layer.key, &layer.value, &layer.attentionOutput, &layer.gate, &layer.up, &layer.down}) {
            addProduct(products, *product);
        }
    }
    std::string text =
        fmt::format("revision {}; {}; embedding {}, quantise {}, split {}, pack {}, rms_norm {}, rope {}, swiglu {}",
                    kNumericsRevision, compute == ComputeMode::kF32 ? "f32" : "fast", kernels.embedding->name,
                    kernels.input.quantise->name, kernels.input.split->name, kernels.input.pack->name,
                    kernels.rmsNorm->name, kernels.rope->name, kernels.swiglu->name);
    for (const auto& state : kernels.state) {
        if (state) {
            fmt::format_to(std::back_inserter(text), "; kv_store {}, attention {}, {}", state->store->name,
                           state->attention.decode->name, state->attention.prefill->name);
        }
    }
    for (const std::string& product : products) {
        text += "; " + product;
    }
    return text;
}

} // namespace alcuin::inference
