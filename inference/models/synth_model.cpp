#include "models/synth_model.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "models/synth_vocabulary.h"

namespace alcuin::inference::synth {

namespace {

constexpr const char* kTokens = "tokenizer.ggml.tokens";
constexpr const char* kTokenTypes = "tokenizer.ggml.token_type";
constexpr const char* kScores = "tokenizer.ggml.scores";

std::uint64_t vocabularyOf(const ModelDraft& model) {
    const auto found = std::ranges::find(model.tensors, "token_embd.weight", &DraftTensor::name);
    return found == model.tensors.end() || found->dimensions.size() < 2 ? 0 : found->dimensions[1];
}

} // namespace

Result<void> setVocabulary(ModelDraft& model, const GgufFile& file) {
    const std::uint64_t size = vocabularyOf(model);
    auto tokens = file.metadata().strings(kTokens).map([](const auto* held) { return *held; });
    auto kinds = file.metadata().signedIntegers(kTokenTypes);
    if (!tokens || !kinds || tokens->size() != kinds->size() || tokens->empty()) {
        return fail(ErrorCode::kCorrupt,
                    fmt::format("{} has no complete vocabulary. Choose another file.", file.path().string()));
    }
    while (tokens->size() > size && kinds->back() == kUnusedToken) {
        tokens->pop_back();
        kinds->pop_back();
    }
    if (tokens->size() > size) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("The vocabulary of {} has {} tokens in use, and the model has room for {}. Choose a "
                                "smaller vocabulary or a larger model.",
                                file.path().string(), tokens->size(), size));
    }
    while (tokens->size() < size) {
        tokens->push_back(fmt::format("[PAD{}]", tokens->size()));
        kinds->push_back(kUnusedToken);
    }
    std::erase_if(model.entries, [](const auto& entry) { return entry.first.starts_with("tokenizer."); });
    for (const auto& [key, value] : file.metadata().entries()) {
        if (key.starts_with("tokenizer.") && key != kScores) { // scores: of no use to merges, and of another length now
            model.entries[key] = narrowed(value);
        }
    }
    model.entries[kTokens] = std::move(*tokens);
    model.entries[kTokenTypes] = std::vector<std::int32_t>(kinds->begin(), kinds->end());
    return {};
}

} // namespace alcuin::inference::synth
