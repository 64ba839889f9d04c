#include <alcuin/inference/model_info.h>

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "formats/gguf.h"
#include "models/recommended_sampling.h"

namespace alcuin::inference {

namespace {

/// The dtype that has most of the weights' bytes; empty without weights.
std::string_view dominantDType(const GgufFile& file) {
    std::map<DType, std::uint64_t> bytes;
    for (const auto& tensor : file.tensors()) {
        bytes[tensor.dtype] += tensor.bytes;
    }
    const auto most = std::ranges::max_element(bytes, {}, [](const auto& entry) { return entry.second; });
    return most == bytes.end() ? std::string_view{} : infoOf(most->first).name;
}

std::uint64_t parameterCount(const GgufFile& file) {
    std::uint64_t count = 0;
    for (const auto& tensor : file.tensors()) {
        count += tensor.elements();
    }
    return count;
}

Result<std::uint64_t> vocabularySize(const Metadata& metadata, const std::string& architecture) {
    if (metadata.contains("tokenizer.ggml.tokens")) {
        return metadata.strings("tokenizer.ggml.tokens").map([](const auto* tokens) {
            return static_cast<std::uint64_t>(tokens->size());
        });
    }
    return metadata.unsignedIntegerOr(architecture + ".vocab_size", 0);
}

Result<void> readFacts(const GgufFile& file, ModelInfo& info) {
    const auto& metadata = file.metadata();
    const auto name = metadata.stringOr("general.name", "");
    const auto architecture = metadata.string("general.architecture");
    const auto chatTemplate = metadata.stringOr("tokenizer.chat_template", "");
    for (const auto* text : {&name, &architecture, &chatTemplate}) {
        if (!*text) {
            return tl::make_unexpected(text->error());
        }
    }
    info.name = name->empty() ? file.path().stem().string() : std::string(*name);
    info.architecture = *architecture;
    info.hasChatTemplate = !chatTemplate->empty();
    info.sampling = recommendedSampling(metadata, info.name);

    const auto contextLength = metadata.unsignedIntegerOr(info.architecture + ".context_length", 0);
    const auto layerCount = metadata.unsignedIntegerOr(info.architecture + ".block_count", 0);
    const auto vocabulary = vocabularySize(metadata, info.architecture);
    for (const auto* number : {&contextLength, &layerCount, &vocabulary}) {
        if (!*number) {
            return tl::make_unexpected(number->error());
        }
    }
    info.contextLength = *contextLength;
    info.layerCount = *layerCount;
    info.vocabularySize = *vocabulary;
    return {};
}

/// One part of several holds no whole model.
Result<void> refuseParts(const Metadata& metadata) {
    const auto parts = metadata.unsignedIntegerOr("split.count", 1);
    if (!parts) {
        return tl::make_unexpected(parts.error());
    }
    if (*parts > 1) {
        return fail(
            ErrorCode::kUnsupported,
            fmt::format("This is one part of a model in {} files; get it as one file, or join the parts.", *parts));
    }
    return {};
}

} // namespace

Result<ModelInfo> readModelInfo(const std::filesystem::path& path) {
    const auto file = GgufFile::openHeader(path);
    if (!file) {
        return tl::make_unexpected(file.error());
    }
    ModelInfo info;
    info.path = path;
    info.fileBytes = file->fileBytes();
    info.quantization = dominantDType(*file);
    info.parameterCount = parameterCount(*file);
    auto read = refuseParts(file->metadata());
    if (read) {
        read = readFacts(*file, info);
    }
    if (!read) {
        // Metadata doesn't know its file, and what a file lacks is no missing file.
        const auto code = read.error().code == ErrorCode::kNotFound ? ErrorCode::kCorrupt : read.error().code;
        return fail(code, fmt::format("The model file {} can't be used. {}", path.string(), read.error().message));
    }
    if (const auto whole = file->requireWhole(); !whole) {
        info.problem = whole.error().message;
    }
    return info;
}

} // namespace alcuin::inference
