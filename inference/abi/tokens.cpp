#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "abi/generation_request.h"
#include "abi/handles.h"
#include "abi/structs.h"

using namespace alcuin::inference;
using namespace alcuin::inference::abi;

namespace {

/// Memory that alcuin_free() takes back, with `extra` zero elements behind the values.
template <typename T>
T* handOver(std::span<const T> values, std::size_t extra = 0) {
    const std::size_t count = values.size() + extra;
    if (count == 0) {
        return nullptr;
    }
    auto* const memory = static_cast<T*>(std::calloc(count, sizeof(T)));
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    std::copy(values.begin(), values.end(), memory);
    return memory;
}

Result<std::shared_ptr<const Tokenizer>> tokenizerOf(const alcuin_model* model) {
    if (auto check = needed(model, "model"); !check) {
        return tl::unexpected(check.error());
    }
    auto tokenizer = model->engine->tokenizer();
    if (!tokenizer) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("How {} cuts text into tokens isn't known here.", model->engine->modelInfo().name));
    }
    return tokenizer;
}

Result<void> countTokens(const alcuin_model* model, const alcuin_generation* generation, alcuin_prompt_usage* usage,
                         std::uint64_t* perMessage) {
    if (auto check = needed(model, "model"); !check) {
        return check;
    }
    if (auto room = checkRoom(usage, "prompt_usage"); !room) {
        return room;
    }
    const auto request = readGeneration(generation);
    if (!request) {
        return tl::unexpected(request.error());
    }
    const auto counted = model->engine->countTokens(*request);
    if (!counted) {
        return tl::unexpected(counted.error());
    }
    alcuin_prompt_usage value{};
    value.total = counted->total;
    value.template_tokens = counted->templateTokens;
    value.context_length = counted->contextLength;
    writeStruct(usage, value);
    if (perMessage != nullptr) {
        const auto room = std::span(perMessage, request->messages.size());
        std::fill(room.begin(), room.end(), 0);
        std::copy_n(counted->perMessage.begin(), std::min(counted->perMessage.size(), room.size()), room.begin());
    }
    return {};
}

Result<void> tokenize(const alcuin_model* model, const char* text, std::size_t size, std::uint32_t flags,
                      std::int32_t** tokens, std::size_t* count) {
    for (const auto& check : {needed(tokens, "tokens"), needed(count, "token_count")}) {
        if (!check) {
            return check;
        }
    }
    *tokens = nullptr;
    *count = 0;
    if (text == nullptr && size > 0) {
        return fail(ErrorCode::kInvalidArgument, "text is NULL, but its size isn't 0.");
    }
    if ((flags & ~static_cast<std::uint32_t>(ALCUIN_TOKENIZE_SPECIAL)) != 0) {
        return fail(ErrorCode::kInvalidArgument, fmt::format("Unknown flags for cutting text: {:#x}.", flags));
    }
    const auto tokenizer = tokenizerOf(model);
    if (!tokenizer) {
        return tl::unexpected(tokenizer.error());
    }
    const auto special =
        (flags & ALCUIN_TOKENIZE_SPECIAL) != 0 ? SpecialTokens::kRecognised : SpecialTokens::kAsPlainText;
    const auto ids = (*tokenizer)->encode(std::string_view(text, size), special);
    *tokens = handOver<Token>(ids);
    *count = ids.size();
    return {};
}

Result<void> detokenize(const alcuin_model* model, const std::int32_t* tokens, std::size_t count, char** text,
                        std::size_t* size) {
    for (const auto& check : {needed(text, "text"), needed(size, "size")}) {
        if (!check) {
            return check;
        }
    }
    *text = nullptr;
    *size = 0;
    if (tokens == nullptr && count > 0) {
        return fail(ErrorCode::kInvalidArgument, "tokens is NULL, but token_count isn't 0.");
    }
    const auto tokenizer = tokenizerOf(model);
    if (!tokenizer) {
        return tl::unexpected(tokenizer.error());
    }
    std::string bytes;
    for (const Token token : std::span(tokens, count)) {
        if (token < 0 || static_cast<std::size_t>(token) >= (*tokenizer)->vocabularySize()) {
            return fail(ErrorCode::kInvalidArgument, fmt::format("Token {} isn't one of the vocabulary's {}.", token,
                                                                 (*tokenizer)->vocabularySize()));
        }
        bytes += (*tokenizer)->bytes(token);
    }
    *text = handOver<char>(std::span<const char>(bytes), 1);
    *size = bytes.size();
    return {};
}

Result<void> embed(alcuin_model* model, const char* const* texts, std::size_t count, float** values,
                   std::size_t* dimension) {
    for (const auto& check : {needed(values, "values"), needed(dimension, "dimension")}) {
        if (!check) {
            return check;
        }
    }
    *values = nullptr;
    *dimension = 0;
    if (auto check = needed(model, "model"); !check) {
        return check;
    }
    if (texts == nullptr && count > 0) {
        return fail(ErrorCode::kInvalidArgument, "texts is NULL, but count isn't 0.");
    }
    std::vector<std::string> read;
    for (const char* text : std::span(texts, count)) {
        if (text == nullptr) {
            return fail(ErrorCode::kInvalidArgument, fmt::format("Text {} is NULL.", read.size() + 1));
        }
        read.emplace_back(text);
    }
    const auto embeddings = model->engine->embed(read);
    if (!embeddings) {
        return tl::unexpected(embeddings.error());
    }
    *values = handOver<float>(embeddings->values);
    *dimension = embeddings->dimension;
    return {};
}

} // namespace

alcuin_status alcuin_count_tokens(const alcuin_model* model, const alcuin_generation* generation,
                                  alcuin_prompt_usage* usage, uint64_t* per_message, alcuin_error* error) {
    return guarded(error, [&] { return countTokens(model, generation, usage, per_message); });
}

alcuin_status alcuin_tokenize(const alcuin_model* model, const char* text, size_t size, uint32_t flags,
                              int32_t** tokens, size_t* token_count, alcuin_error* error) {
    return guarded(error, [&] { return tokenize(model, text, size, flags, tokens, token_count); });
}

alcuin_status alcuin_detokenize(const alcuin_model* model, const int32_t* tokens, size_t token_count, char** text,
                                size_t* size, alcuin_error* error) {
    return guarded(error, [&] { return detokenize(model, tokens, token_count, text, size); });
}

alcuin_status alcuin_embed(alcuin_model* model, const char* const* texts, size_t count, float** values,
                           size_t* dimension, alcuin_error* error) {
    return guarded(error, [&] { return embed(model, texts, count, values, dimension); });
}
