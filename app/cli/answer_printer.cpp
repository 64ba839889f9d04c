#include "cli/answer_printer.h"

#include <cstdio>
#include <optional>
#include <variant>

#include "cli/interruption.h"
#include "cli/standard_output.h"

namespace alcuin::cli {

namespace {

using inference::Channel;

double perSecond(std::size_t count, double ms) {
    constexpr double kMsPerSecond = 1000.0;
    return ms > 0 ? static_cast<double>(count) * kMsPerSecond / ms : 0.0;
}

/// Takes in the events of one answer.
class Receiver {
public:
    explicit Receiver(const AnswerStyle& style) : style_(style) {}

    Outcome<void> take(inference::Event& event) {
        if (auto* delta = std::get_if<inference::TextDelta>(&event)) {
            return take(*delta);
        }
        if (auto* finished = std::get_if<inference::Finished>(&event)) {
            answer.finished = *finished;
            complete = true;
            return style_.stream ? output_.finish() : Outcome<void>();
        }
        if (auto* error = std::get_if<inference::Error>(&event)) {
            if (style_.stream && wroteText_) {
                (void)output_.finish(); // the error below says more
            }
            return failure(*error);
        }
        return {};
    }

    Answer answer;
    bool complete = false;

private:
    Outcome<void> take(inference::TextDelta& delta) {
        answer.tokens.insert(answer.tokens.end(), delta.tokens.begin(), delta.tokens.end());
        if (delta.channel == Channel::kReasoning) {
            answer.reasoning += delta.text;
            if (style_.showReasoning) {
                std::fwrite(delta.text.data(), 1, delta.text.size(), stderr);
                reasoningOpen_ = true;
            }
            return {};
        }
        answer.text += delta.text;
        if (reasoningOpen_ && !delta.text.empty()) {
            std::fputc('\n', stderr);
            reasoningOpen_ = false;
        }
        wroteText_ = wroteText_ || !delta.text.empty();
        return style_.stream ? output_.write(delta.text) : Outcome<void>();
    }

    AnswerStyle style_;
    LineEndedOutput output_;
    bool reasoningOpen_ = false;
    bool wroteText_ = false;
};

} // namespace

Outcome<Answer> receiveAnswer(inference::RequestHandle handle, const AnswerStyle& style) {
    auto interruption = Interruption::watch();
    if (!interruption) {
        return tl::unexpected(interruption.error());
    }
    Receiver receiver(style);
    handle.onReady([&watch = *interruption] { watch.wake(); });
    std::optional<Failure> problem;
    while (!receiver.complete && !problem) {
        if (interruption->wait() == Interruption::Event::kInterrupted) {
            receiver.answer.interrupted = true;
            handle.cancel();
        }
        for (auto& event : handle.drain()) {
            if (auto taken = receiver.take(event); !taken) {
                problem = taken.error();
                break;
            }
        }
    }
    handle.onReady(nullptr);
    if (problem) {
        return tl::unexpected(*problem);
    }
    return std::move(receiver.answer);
}

double prefillSpeed(const inference::Finished& finished) {
    return perSecond(finished.usage.promptTokens - finished.usage.cachedTokens, finished.timings.prefillMs);
}

double decodeSpeed(const inference::Finished& finished) {
    const auto count = finished.usage.completionTokens;
    return count > 1 ? perSecond(count - 1, finished.timings.decodeMs) : 0.0;
}

std::string speedLine(const inference::Finished& finished) {
    return fmt::format("prefill {} tokens, {:.1f} tokens/s; decode {} tokens, {:.1f} tokens/s",
                       finished.usage.promptTokens, prefillSpeed(finished), finished.usage.completionTokens,
                       decodeSpeed(finished));
}

std::string reasonName(inference::FinishReason reason) {
    switch (reason) {
    case inference::FinishReason::kStop:
        return "stop";
    case inference::FinishReason::kLength:
        return "length";
    case inference::FinishReason::kContextFull:
        return "context_full";
    case inference::FinishReason::kCancelled:
        return "cancelled";
    }
    return "unknown";
}

} // namespace alcuin::cli
