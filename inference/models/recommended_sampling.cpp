#include "models/recommended_sampling.h"

#include <array>
#include <cctype>
#include <string>

#include "formats/metadata.h"

namespace alcuin::inference {

namespace {

struct Family {
    std::string_view mark; ///< in the name, lower case, letters and digits only
    float temperature;
    float topP;
};

/// The first that fits counts: a distillation has the name of what it was distilled into as well.
/// Source: the model card of DeepSeek-R1 and its distillations (0.5 to 0.7, 0.6 advised, and 0.95) and the
/// generation_config.json of Qwen2.5-Instruct and Llama-3.x-Instruct. Not SmolLM2's 0.2 and 0.9: the smallest of them
/// goes in circles there until its context is full.
constexpr std::array kFamilies{
    Family{"deepseekr1", 0.6F, 0.95F}, Family{"qwen25", 0.7F, 0.8F},  Family{"llama31", 0.6F, 0.9F},
    Family{"llama32", 0.6F, 0.9F},     Family{"llama33", 0.6F, 0.9F},
};

std::string lettersAndDigits(std::string_view name) {
    std::string plain;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0) {
            plain.push_back(static_cast<char>(std::tolower(byte)));
        }
    }
    return plain;
}

void take(const Metadata& metadata, std::string_view key, double least, double most, float& value) {
    const auto named = metadata.number(key);
    if (named && *named >= least && *named <= most) { // false for NaN
        value = static_cast<float>(*named);
    }
}

} // namespace

SamplingParameters recommendedSampling(const Metadata& metadata, std::string_view name) {
    SamplingParameters sampling;
    const std::string plain = lettersAndDigits(name);
    for (const auto& family : kFamilies) {
        if (plain.find(family.mark) != std::string::npos) {
            sampling.temperature = family.temperature;
            sampling.topP = family.topP;
            break;
        }
    }
    // The keys of the GGUF specification's table; what a file doesn't name stays.
    constexpr double kMost = 100;
    constexpr double kLeast = 1e-6; // of what may not be 0
    take(metadata, "general.sampling.temp", 0, kMost, sampling.temperature);
    take(metadata, "general.sampling.top_p", kLeast, 1, sampling.topP);
    take(metadata, "general.sampling.min_p", 0, 1, sampling.minP);
    take(metadata, "general.sampling.penalty_repeat", kLeast, kMost, sampling.repetitionPenalty);
    constexpr std::int64_t kMostCandidates = 1 << 20;
    if (const auto topK = metadata.signedInteger("general.sampling.top_k");
        topK && *topK >= 0 && *topK <= kMostCandidates) {
        sampling.topK = static_cast<std::int32_t>(*topK);
    }
    return sampling;
}

} // namespace alcuin::inference
