#include "models/architectures.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace alcuin::inference {

namespace {

struct Architecture {
    std::string_view name;
    Result<DecoderDescription> (*describe)(const Metadata&);
};

constexpr std::array kArchitectures{Architecture{"llama", describeLlama}, Architecture{"qwen2", describeQwen2}};

constexpr std::uint64_t kMaxVocabulary = 1U << 22U;

} // namespace

Result<DecoderDescription> describeModel(const GgufFile& file) {
    const auto name = file.metadata().string("general.architecture");
    if (!name) {
        return tl::unexpected(name.error());
    }
    const auto* known = std::ranges::find(kArchitectures, *name, &Architecture::name);
    if (known == kArchitectures.end()) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("The model in {} has the architecture \"{}\", which this version can't run.",
                                file.path().string(), *name));
    }
    auto description = known->describe(file.metadata());
    if (!description) {
        return description;
    }
    const GgufTensor* embedding = file.find("token_embd.weight");
    if (embedding == nullptr) {
        return fail(ErrorCode::kCorrupt,
                    fmt::format("The model file {} has no tensor \"token_embd.weight\".", file.path().string()));
    }
    if (embedding->dimensions[1] == 0 || embedding->dimensions[1] > kMaxVocabulary) {
        return fail(ErrorCode::kCorrupt, fmt::format("The model file {} has a vocabulary of {} tokens.",
                                                     file.path().string(), embedding->dimensions[1]));
    }
    description->architecture = *name;
    description->vocabulary = embedding->dimensions[1];
    return description;
}

} // namespace alcuin::inference
