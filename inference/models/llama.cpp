#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "models/architectures.h"

namespace alcuin::inference {

namespace {

/// Limits far above any model there is, far below what could overflow or exhaust anything.
constexpr std::uint64_t kMaxLayers = 1024;
constexpr std::uint64_t kMaxEmbedding = 1U << 17U;
constexpr std::uint64_t kMaxFeedForward = 1U << 20U;
constexpr std::uint64_t kMaxHeads = 1024;
constexpr std::uint64_t kMaxHeadSize = 1024;
constexpr std::uint64_t kMaxContext = 1U << 26U;

tl::unexpected<Error> unusable(const std::string& key, double value, std::string_view why) {
    return fail(ErrorCode::kCorrupt, fmt::format("The model file says {} = {}; {}.", key, value, why));
}

/// Reads "<architecture>.<name>" keys and remembers the first error, so that a description reads as a list.
class Reader {
public:
    explicit Reader(const Metadata& metadata)
        : metadata_(metadata), architecture_(metadata.stringOr("general.architecture", "llama").value_or("llama")) {}

    std::size_t count(std::string_view name, std::uint64_t max) {
        return inRange(name, metadata_.unsignedInteger(key(name)), max);
    }

    std::size_t countOr(std::string_view name, std::uint64_t otherwise, std::uint64_t max) {
        return inRange(name, metadata_.unsignedIntegerOr(key(name), otherwise), max);
    }

    double positive(std::string_view name, double otherwise, double max) {
        return positive(name, metadata_.numberOr(key(name), otherwise), max);
    }

    double positive(std::string_view name, double max) {
        return positive(name, metadata_.number(key(name)), max);
    }

    /// One number for all layers, or one for each.
    std::vector<std::size_t> perLayer(std::string_view name, std::size_t layers, std::uint64_t max) {
        auto values = metadata_.unsignedIntegers(key(name));
        if (!values) {
            note(values.error());
            return std::vector<std::size_t>(layers, 1);
        }
        if (values->size() == 1) {
            values->resize(layers, values->front());
        }
        if (values->size() != layers) {
            note(unusable(key(name), static_cast<double>(values->size()), "that many values don't match the layers")
                     .value());
            return std::vector<std::size_t>(layers, 1);
        }
        std::vector<std::size_t> checked;
        for (const std::uint64_t value : *values) {
            checked.push_back(inRange(name, value, max));
        }
        return checked;
    }

    /// Notes that a feature is unsupported unless its key is missing or has the value that switches it off.
    void refuse(std::string_view name, double off, std::string_view feature) {
        const auto value = metadata_.numberOr(key(name), off);
        if (!value) {
            note(value.error());
        } else if (*value != off) {
            note({ErrorCode::kUnsupported, fmt::format("The model uses {} ({} = {}), which this version can't run.",
                                                       feature, key(name), *value)});
        }
    }

    std::string_view word(std::string_view name, std::string_view otherwise) {
        const auto value = metadata_.stringOr(key(name), otherwise);
        if (!value) {
            note(value.error());
            return otherwise;
        }
        return *value;
    }

    bool has(std::string_view name) const {
        return metadata_.contains(key(name));
    }

    void note(Error error) {
        if (!error_) {
            error_ = std::move(error);
        }
    }

    const std::optional<Error>& error() const {
        return error_;
    }

private:
    std::string key(std::string_view name) const {
        return fmt::format("{}.{}", architecture_, name);
    }

    std::size_t inRange(std::string_view name, const Result<std::uint64_t>& value, std::uint64_t max) {
        if (!value) {
            note(value.error());
            return 1;
        }
        if (*value == 0 || *value > max) {
            note(unusable(key(name), static_cast<double>(*value), fmt::format("it must be between 1 and {}", max))
                     .value());
            return 1;
        }
        return *value;
    }

    double positive(std::string_view name, const Result<double>& value, double max) {
        if (!value) {
            note(value.error());
            return 1;
        }
        if (!std::isfinite(*value) || *value <= 0 || *value > max) {
            note(unusable(key(name), *value, fmt::format("it must be above 0 and at most {}", max)).value());
            return 1;
        }
        return *value;
    }

    const Metadata& metadata_;
    std::string architecture_;
    std::optional<Error> error_;
};

void readRope(Reader& reader, DecoderDescription& d) {
    d.rope.pairing = RopePairing::kInterleaved;
    d.rope.base = reader.positive("rope.freq_base", 10000.0, 1e12);
    d.rope.dimensions = reader.countOr("rope.dimension_count", d.headSize, kMaxHeadSize);
    const std::string_view scaling = reader.word("rope.scaling.type", "none");
    if (scaling == "linear") {
        d.rope.stretch = reader.positive("rope.scaling.factor", 1.0, 1e6);
    } else if (scaling != "none") {
        reader.note(
            {ErrorCode::kUnsupported,
             fmt::format("The model uses the position scaling \"{}\", which this version can't run.", scaling)});
    } else {
        d.rope.stretch = reader.positive("rope.scale_linear", 1.0, 1e6); // what files of 2023 say instead
    }
}

void checkTogether(Reader& reader, const DecoderDescription& d) {
    for (const LayerDescription& layer : d.layers) {
        if (layer.heads % layer.kvHeads != 0) {
            reader.note({ErrorCode::kCorrupt, fmt::format("The model file has {} attention heads for {} key heads.",
                                                          layer.heads, layer.kvHeads)});
        }
    }
    if (d.headSize % 2 != 0 || d.valueSize % 2 != 0 || d.rope.dimensions % 2 != 0 || d.rope.dimensions > d.headSize) {
        reader.note({ErrorCode::kCorrupt,
                     fmt::format("The model file has heads of {} and {} numbers, {} of them turned by position.",
                                 d.headSize, d.valueSize, d.rope.dimensions)});
    }
}

} // namespace

Result<DecoderDescription> describeLlama(const Metadata& metadata) {
    Reader reader(metadata);
    DecoderDescription d;
    const std::size_t layers = reader.count("block_count", kMaxLayers);
    d.embedding = reader.count("embedding_length", kMaxEmbedding);
    d.contextLength = reader.count("context_length", kMaxContext);
    d.normEpsilon = static_cast<float>(reader.positive("attention.layer_norm_rms_epsilon", 1.0));
    const auto heads = reader.perLayer("attention.head_count", layers, kMaxHeads);
    const auto kvHeads =
        reader.has("attention.head_count_kv") ? reader.perLayer("attention.head_count_kv", layers, kMaxHeads) : heads;
    const auto feedForward = reader.perLayer("feed_forward_length", layers, kMaxFeedForward);
    for (std::size_t i = 0; i < layers; ++i) {
        d.layers.push_back({heads[i], kvHeads[i], feedForward[i]});
    }
    if (!reader.has("attention.key_length") && d.embedding % heads.front() != 0) {
        reader.note({ErrorCode::kCorrupt,
                     fmt::format("The model file has {} numbers for {} attention heads.", d.embedding, heads.front())});
    }
    d.headSize = reader.countOr("attention.key_length", d.embedding / heads.front(), kMaxHeadSize);
    d.valueSize = reader.countOr("attention.value_length", d.headSize, kMaxHeadSize);
    readRope(reader, d);
    reader.refuse("expert_count", 0, "a mixture of experts");
    reader.refuse("attention.sliding_window", 0, "attention within a window");
    reader.refuse("attention.causal", 1, "attention to later tokens");
    checkTogether(reader, d);
    if (reader.error()) {
        return tl::unexpected(*reader.error());
    }
    return d;
}

} // namespace alcuin::inference
