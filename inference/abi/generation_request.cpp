#include "abi/generation_request.h"

#include <cstddef>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "abi/handles.h"
#include "abi/structs.h"

namespace alcuin::inference::abi {

namespace {

std::string textOf(const char* text) {
    return text == nullptr ? std::string() : std::string(text);
}

Result<Message> readMessage(const alcuin_message* given, std::uint32_t stride, std::size_t index) {
    if (given->struct_size != stride) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("Message {}'s struct_size is {}, but the first one's is {}: all must be equal.",
                                index + 1, given->struct_size, stride));
    }
    const auto message = readStruct(given, ALCUIN_UP_TO(alcuin_message, content), "message");
    if (!message) {
        return tl::unexpected(message.error());
    }
    if (message->reserved != 0) {
        return fail(ErrorCode::kInvalidArgument, fmt::format("Message {}'s `reserved` isn't 0.", index + 1));
    }
    if (message->tokens == nullptr && message->token_count > 0) {
        return fail(ErrorCode::kInvalidArgument, fmt::format("Message {} has tokens, but they are NULL.", index + 1));
    }
    const std::span tokens(message->tokens, message->token_count);
    Message read;
    read.role = textOf(message->role);
    read.content = textOf(message->content);
    read.reasoning = textOf(message->reasoning);
    read.tokens.assign(tokens.begin(), tokens.end());
    read.vocabularyHash = message->vocabulary_hash;
    return read;
}

/// The elements are as far apart as the first one's struct_size says.
Result<void> readMessages(const alcuin_generation& generation, std::vector<Message>& messages) {
    if (generation.messages == nullptr || generation.message_count == 0) {
        return fail(ErrorCode::kInvalidArgument, "The request has no message to answer.");
    }
    const std::uint32_t stride = generation.messages->struct_size;
    const auto* bytes = reinterpret_cast<const unsigned char*>(generation.messages);
    for (std::size_t i = 0; i < generation.message_count; ++i) {
        const void* element = bytes + i * stride;
        auto message = readMessage(static_cast<const alcuin_message*>(element), stride, i);
        if (!message) {
            return tl::unexpected(message.error());
        }
        messages.push_back(std::move(*message));
    }
    return {};
}

Result<SamplingParameters> readSampling(const alcuin_sampling* given) {
    if (given == nullptr) {
        return SamplingParameters{};
    }
    // Zero isn't the default of these, so none of the first version's may be missing.
    const auto sampling = readStruct(given, ALCUIN_UP_TO(alcuin_sampling, seed), "sampling");
    if (!sampling) {
        return tl::unexpected(sampling.error());
    }
    if (sampling->has_seed > 1) {
        return fail(ErrorCode::kInvalidArgument, fmt::format("has_seed is {}; it must be 0 or 1.", sampling->has_seed));
    }
    SamplingParameters read;
    read.temperature = sampling->temperature;
    read.topK = sampling->top_k;
    read.topP = sampling->top_p;
    read.minP = sampling->min_p;
    read.repetitionPenalty = sampling->repetition_penalty;
    read.penaltyWindow = sampling->penalty_window;
    if (sampling->has_seed == 1) {
        read.seed = sampling->seed;
    }
    return read;
}

Result<void> readStops(const alcuin_generation& generation, std::vector<std::string>& stops) {
    if (generation.stop == nullptr && generation.stop_count > 0) {
        return fail(ErrorCode::kInvalidArgument, "stop_count isn't 0, but `stop` is NULL.");
    }
    for (const char* stop : std::span(generation.stop, generation.stop_count)) {
        if (stop == nullptr) {
            return fail(ErrorCode::kInvalidArgument, "A stop string is NULL.");
        }
        stops.emplace_back(stop);
    }
    return {};
}

} // namespace

Result<Priority> readPriority(alcuin_priority priority) {
    switch (priority) {
    case ALCUIN_PRIORITY_INTERACTIVE:
        return Priority::kInteractive;
    case ALCUIN_PRIORITY_NORMAL:
        return Priority::kNormal;
    case ALCUIN_PRIORITY_BACKGROUND:
        return Priority::kBackground;
    default:
        return fail(ErrorCode::kInvalidArgument, fmt::format("There is no priority {}.", priority));
    }
}

Result<GenerationRequest> readGeneration(const alcuin_generation* given) {
    const auto generation = readStruct(given, ALCUIN_UP_TO(alcuin_generation, message_count), "generation");
    if (!generation) {
        return tl::unexpected(generation.error());
    }
    constexpr std::uint32_t kFlags = ALCUIN_CONTINUE_MESSAGE | ALCUIN_REPRODUCIBLE | ALCUIN_PROMPT_ONLY;
    if ((generation->flags & ~kFlags) != 0) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("The request's flags are {:#x}; this library knows {:#x}.", generation->flags, kFlags));
    }
    if (generation->max_tokens < 0) {
        return fail(
            ErrorCode::kInvalidArgument,
            fmt::format("max_tokens is {}; it must be 0 (until the context is full) or more.", generation->max_tokens));
    }
    GenerationRequest request;
    auto sampling = readSampling(generation->sampling);
    auto priority = readPriority(generation->priority);
    if (!sampling || !priority) {
        return tl::unexpected(!sampling ? sampling.error() : priority.error());
    }
    request.sampling = *sampling;
    request.priority = *priority;
    if ((generation->flags & ALCUIN_PROMPT_ONLY) != 0) {
        request.maxTokens = 0;
    } else {
        request.maxTokens = generation->max_tokens == 0 ? -1 : generation->max_tokens;
    }
    request.addGenerationPrompt = (generation->flags & ALCUIN_CONTINUE_MESSAGE) == 0;
    request.reproducible = (generation->flags & ALCUIN_REPRODUCIBLE) != 0;
    request.toolsJson = textOf(generation->tools_json);
    request.templateVariablesJson = textOf(generation->template_variables_json);
    request.snapshotOwner = textOf(generation->snapshot_owner);
    if (generation->pin != nullptr) {
        request.pin = generation->pin->pin;
    }
    return readMessages(*generation, request.messages)
        .and_then([&] { return readStops(*generation, request.stop); })
        .map([&] { return std::move(request); });
}

} // namespace alcuin::inference::abi

using namespace alcuin::inference;
using namespace alcuin::inference::abi;

alcuin_status alcuin_sampling_init(alcuin_sampling* sampling) {
    return guarded(nullptr, [&]() -> Result<void> {
        if (sampling == nullptr) {
            return fail(ErrorCode::kInvalidArgument, "sampling is NULL.");
        }
        if (auto room = checkRoom(sampling, "sampling"); !room) {
            return room;
        }
        const SamplingParameters defaults;
        alcuin_sampling value{};
        value.temperature = defaults.temperature;
        value.top_k = defaults.topK;
        value.top_p = defaults.topP;
        value.min_p = defaults.minP;
        value.repetition_penalty = defaults.repetitionPenalty;
        value.penalty_window = defaults.penaltyWindow;
        writeStruct(sampling, value);
        return {};
    });
}
