#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "models/synth.h"
#include "models/synth_model.h"
#include "models/synth_vocabulary.h"

namespace alcuin::inference {

namespace synth {

namespace {

constexpr std::string_view kR1Template =
    "{{ bos_token }}{% for message in messages %}{% if message.role == 'user' %}<｜User｜>{{ message.content }}"
    "{% elif message.role == 'assistant' %}<｜Assistant｜>{{ message.content }}<｜end▁of▁sentence｜>"
    "{% else %}{{ message.content }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<｜Assistant｜><think>\n{% endif %}";

constexpr std::string_view kChatMlTemplate =
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

constexpr std::array kR1QwenTokens{
    NamedToken{151643, "<｜end▁of▁sentence｜>"},
    NamedToken{151644, "<｜User｜>"},
    NamedToken{151645, "<｜Assistant｜>"},
    NamedToken{151646, "<｜begin▁of▁sentence｜>"},
    NamedToken{151647, "<|EOT|>"},
    NamedToken{151648, "<think>", kUserDefinedToken},
    NamedToken{151649, "</think>", kUserDefinedToken},
    NamedToken{151654, "<|vision_pad|>"},
    NamedToken{151657, "<tool_call>", kUserDefinedToken},
    NamedToken{151658, "</tool_call>", kUserDefinedToken},
};

constexpr std::array kR1LlamaTokens{
    NamedToken{128000, "<｜begin▁of▁sentence｜>"},
    NamedToken{128001, "<｜end▁of▁sentence｜>"},
    NamedToken{128011, "<｜User｜>"},
    NamedToken{128012, "<｜Assistant｜>"},
    NamedToken{128013, "<think>", kUserDefinedToken},
    NamedToken{128014, "</think>", kUserDefinedToken},
    NamedToken{128015, "<｜▁pad▁｜>"},
};

constexpr std::array kSmolLm2Tokens{
    NamedToken{0, "<|endoftext|>"},
    NamedToken{1, "<|im_start|>"},
    NamedToken{2, "<|im_end|>"},
};

constexpr VocabularyShape r1Qwen(std::size_t size) {
    return {size, 0, 151643, "deepseek-r1-qwen", kR1QwenTokens, 151646, 151643, 151654, true, kR1Template};
}

constexpr VocabularyShape kR1Llama{128256, 0,      128000, "llama-bpe", kR1LlamaTokens,
                                   128000, 128001, 128015, true,        kR1Template};
constexpr VocabularyShape kSmolLm2{49152, 17, 49135, "smollm", kSmolLm2Tokens, 1, 2, 2, false, kChatMlTemplate};

/// The published configuration of a model.
struct Preset {
    std::string_view name;
    std::string_view title;
    std::string_view architecture;
    std::uint32_t layers;
    std::uint32_t embedding;
    std::uint32_t feedForward;
    std::uint32_t heads;
    std::uint32_t kvHeads;
    std::uint32_t headSize;
    std::uint32_t context;
    float ropeBase;
    float epsilon;
    bool ownHead;          ///< output.weight; otherwise the embedding serves
    bool bias;             ///< of query, key and value
    bool frequencyFactors; ///< Llama 3.1's
    VocabularyShape vocabulary;
};

constexpr std::array kPresets{
    Preset{"r1-distill-qwen-1.5b", "R1 Distill Qwen 1.5B", "qwen2", 28, 1536, 8960, 12, 2, 128, 131072, 10000.0F, 1e-6F,
           true, true, false, r1Qwen(151936)},
    Preset{"r1-distill-qwen-7b", "R1 Distill Qwen 7B", "qwen2", 28, 3584, 18944, 28, 4, 128, 131072, 10000.0F, 1e-6F,
           true, true, false, r1Qwen(152064)},
    Preset{"r1-distill-llama-8b", "R1 Distill Llama 8B", "llama", 32, 4096, 14336, 32, 8, 128, 131072, 500000.0F, 1e-5F,
           true, false, true, kR1Llama},
    Preset{"smollm2-135m", "SmolLM2 135M", "llama", 30, 576, 1536, 9, 3, 64, 8192, 100000.0F, 1e-5F, false, false,
           false, kSmolLm2},
};

constexpr std::array<std::string_view, kPresets.size()> kNames{kPresets[0].name, kPresets[1].name, kPresets[2].name,
                                                               kPresets[3].name};

void describe(const Preset& preset, DraftEntries& entries) {
    const auto set = [&](std::string_view key, GgufWriter::Value value) {
        entries[fmt::format("{}.{}", preset.architecture, key)] = std::move(value);
    };
    entries["general.architecture"] = std::string(preset.architecture);
    entries["general.type"] = std::string("model");
    entries["general.name"] = std::string(preset.title);
    set("block_count", preset.layers);
    set("context_length", preset.context);
    set("embedding_length", preset.embedding);
    set("feed_forward_length", preset.feedForward);
    set("attention.head_count", preset.heads);
    set("attention.head_count_kv", preset.kvHeads);
    set("attention.layer_norm_rms_epsilon", preset.epsilon);
    set("rope.freq_base", preset.ropeBase);
    set("vocab_size", static_cast<std::uint32_t>(preset.vocabulary.size));
    if (preset.architecture == "llama") {
        set("rope.dimension_count", preset.headSize);
    }
}

std::vector<DraftTensor> tensorsOf(const Preset& preset) {
    std::vector<DraftTensor> tensors;
    const std::uint64_t e = preset.embedding;
    const std::uint64_t queries = std::uint64_t{preset.heads} * preset.headSize;
    const std::uint64_t keys = std::uint64_t{preset.kvHeads} * preset.headSize;
    const auto add = [&](std::string name, std::vector<std::uint64_t> dimensions) {
        tensors.push_back({std::move(name), DType::kF32, std::move(dimensions)});
    };
    if (preset.ownHead) {
        add("output.weight", {e, preset.vocabulary.size});
    }
    add("output_norm.weight", {e});
    if (preset.frequencyFactors) {
        add("rope_freqs.weight", {preset.headSize / 2});
    }
    add("token_embd.weight", {e, preset.vocabulary.size});
    for (std::uint32_t layer = 0; layer < preset.layers; ++layer) {
        const auto block = [&](std::string_view name, std::vector<std::uint64_t> dimensions) {
            add(fmt::format("blk.{}.{}", layer, name), std::move(dimensions));
        };
        const auto projection = [&](std::string_view name, std::uint64_t outputs) {
            if (preset.bias) {
                block(fmt::format("{}.bias", name), {outputs});
            }
            block(fmt::format("{}.weight", name), {e, outputs});
        };
        projection("attn_k", keys);
        block("attn_norm.weight", {e});
        block("attn_output.weight", {queries, e});
        projection("attn_q", queries);
        projection("attn_v", keys);
        block("ffn_down.weight", {preset.feedForward, e});
        block("ffn_gate.weight", {e, preset.feedForward});
        block("ffn_norm.weight", {e});
        block("ffn_up.weight", {e, preset.feedForward});
    }
    return tensors;
}

} // namespace

Result<ModelDraft> presetModel(std::string_view name) {
    const auto* preset = std::ranges::find(kPresets, name, &Preset::name);
    if (preset == kPresets.end()) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("There is neither a shape nor a file named \"{}\". Shapes are {}.", name,
                                fmt::join(kNames, ", ")));
    }
    ModelDraft model;
    model.entries = madeUpVocabulary(preset->vocabulary);
    describe(*preset, model.entries);
    model.tensors = tensorsOf(*preset);
    return model;
}

} // namespace synth

std::span<const std::string_view> synthPresets() {
    return synth::kNames;
}

} // namespace alcuin::inference
