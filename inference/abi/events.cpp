#include "abi/events.h"

#include <type_traits>

#include "abi/guard.h"

namespace alcuin::inference::abi {

namespace {

alcuin_channel channelOf(Channel channel) {
    switch (channel) {
    case Channel::kReasoning:
        return ALCUIN_CHANNEL_REASONING;
    case Channel::kToolCall:
        return ALCUIN_CHANNEL_TOOL_CALL;
    case Channel::kAnswer:
        break;
    }
    return ALCUIN_CHANNEL_ANSWER;
}

alcuin_finish_reason reasonOf(FinishReason reason) {
    switch (reason) {
    case FinishReason::kLength:
        return ALCUIN_FINISH_LENGTH;
    case FinishReason::kContextFull:
        return ALCUIN_FINISH_CONTEXT_FULL;
    case FinishReason::kCancelled:
        return ALCUIN_FINISH_CANCELLED;
    case FinishReason::kStop:
        break;
    }
    return ALCUIN_FINISH_STOP;
}

} // namespace

alcuin_percentiles percentilesOf(const Percentiles& measured) {
    alcuin_percentiles value{};
    value.p50 = measured.p50;
    value.p90 = measured.p90;
    value.p99 = measured.p99;
    value.max = measured.max;
    value.mean = measured.mean;
    value.count = measured.count;
    return value;
}

bool EventTeller::tell(const Event& event) noexcept {
    if (const auto* delta = std::get_if<TextDelta>(&event)) {
        return text(*delta);
    }
    if (const auto* read = std::get_if<Progress>(&event)) {
        return progress(*read);
    }
    if (const auto* end = std::get_if<Finished>(&event)) {
        return finished(*end);
    }
    if (const auto* error = std::get_if<Error>(&event)) {
        return failed(*error);
    }
    return false;
}

bool EventTeller::call(alcuin_event& event) noexcept {
    event.struct_size = sizeof event;
    return callback_ != nullptr && callback_(&event, userData_) != ALCUIN_CONTINUE;
}

bool EventTeller::text(const TextDelta& delta) noexcept {
    static_assert(std::is_same_v<Token, std::int32_t>);
    alcuin_event event{};
    event.type = ALCUIN_EVENT_TEXT;
    event.channel = channelOf(delta.channel);
    event.text = delta.text.c_str();
    event.text_size = delta.text.size();
    event.tokens = delta.tokens.data();
    event.token_count = delta.tokens.size();
    return call(event);
}

bool EventTeller::progress(const Progress& progress) noexcept {
    alcuin_event event{};
    event.type = ALCUIN_EVENT_PROGRESS;
    event.prompt_done = progress.done;
    event.prompt_total = progress.total;
    return call(event);
}

bool EventTeller::finished(const Finished& finished) noexcept {
    const auto& usage = finished.usage;
    const auto& timings = finished.timings;
    alcuin_result result{};
    result.struct_size = sizeof result;
    result.reason = reasonOf(finished.reason);
    result.prompt_tokens = usage.promptTokens;
    result.cached_tokens = usage.cachedTokens;
    result.restored_tokens = usage.restoredTokens;
    result.completion_tokens = usage.completionTokens;
    result.context_length = usage.contextLength;
    result.seed = usage.seed;
    result.vocabulary_hash = usage.vocabularyHash;
    result.queue_ms = timings.queueMs;
    result.prefill_ms = timings.prefillMs;
    result.time_to_first_token_ms = timings.timeToFirstTokenMs;
    result.decode_ms = timings.decodeMs;
    result.between_tokens_ms = percentilesOf(timings.betweenTokensMs);
    outcome_.result = result;
    outcome_.ended = true;
    alcuin_event event{};
    event.type = ALCUIN_EVENT_FINISHED;
    event.result = &result;
    return call(event);
}

bool EventTeller::failed(const Error& error) noexcept {
    outcome_.error.struct_size = sizeof outcome_.error;
    report(&outcome_.error, error);
    outcome_.ended = true;
    alcuin_event event{};
    event.type = ALCUIN_EVENT_ERROR;
    event.error = &outcome_.error;
    return call(event);
}

} // namespace alcuin::inference::abi
