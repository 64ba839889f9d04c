#include "runtime/sequence.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"

namespace alcuin::inference {

namespace {

double milliseconds(Sequence::TimePoint from, Sequence::TimePoint to) {
    return std::chrono::duration<double, std::milli>(to - from).count();
}

double perSecond(std::size_t count, double ms) {
    return ms > 0 ? static_cast<double>(count) * 1000.0 / ms : 0.0;
}

} // namespace

Sequence::Sequence(std::shared_ptr<Request> request, std::shared_ptr<LoadedModel> model, GenerationOptions options,
                   TimePoint submitted)
    : request_(std::move(request))
    , model_(std::move(model))
    , options_(std::move(options))
    , sampler_(options_.sampling, options_.freshSeed)
    , submitted_(submitted) {}

Sequence::~Sequence() {
    if (phase_ != Phase::kEnded) {
        phase_ = Phase::kEnded;
        request_->mailbox()->post(Finished{FinishReason::kCancelled, usage(), timings()});
    }
}

void Sequence::setPrompt(Prompt prompt) {
    if (phase_ != Phase::kPreparing) {
        return;
    }
    const auto length = prompt.tokens.size();
    const auto context = model_->model->contextLength();
    if (length == 0) {
        return fail({ErrorCode::kInvalidArgument, "There is nothing to answer: the prompt is empty."});
    }
    if (length > context) {
        return fail({ErrorCode::kContextFull,
                     fmt::format("The conversation is {} tokens long, but the model's context holds {}. Shorten it, "
                                 "or start a new one.",
                                 length, context)});
    }
    prompt_ = std::move(prompt.tokens);
    writer_.emplace(model_->tokenizer, options_.stops, prompt.startsInReasoning);
    for (const auto token : prompt_) {
        sampler_.accept(token);
    }
    phase_ = Phase::kWaiting;
}

Result<void> Sequence::admit() {
    auto state = model_->model->createState();
    if (!state) {
        return tl::unexpected(state.error());
    }
    state_ = std::move(*state);
    phase_ = Phase::kPrefill;
    return {};
}

std::span<const Token> Sequence::pending() const {
    if (phase_ == Phase::kPrefill) {
        return std::span(prompt_).subspan(promptRead_);
    }
    return {&next_, 1};
}

void Sequence::stepBegins(TimePoint now) {
    if (!firstStep_) {
        firstStep_ = now;
        model_->measurements.queued(now - submitted_);
    }
}

void Sequence::stepDone(std::size_t rows, std::span<const float> logits, TimePoint now) {
    state_->commit(rows, rowClass());
    if (phase_ == Phase::kPrefill) {
        readPrompt(rows);
        if (promptRead_ < prompt_.size()) {
            return;
        }
        promptDone_ = now;
        phase_ = Phase::kDecode;
    } else if (phase_ == Phase::kDecode) {
        model_->counters.decodeTokens += rows;
    } else {
        return; // cancelled while the step ran
    }
    // A vocabulary may be padded: rows of the output matrix past its end stand for nothing.
    take(sampler_.sample(logits.first(std::min(logits.size(), model_->tokenizer->vocabularySize()))), now);
}

void Sequence::readPrompt(std::size_t rows) {
    promptRead_ += rows;
    model_->counters.prefillTokens += rows;
    request_->mailbox()->post(Progress{promptRead_, prompt_.size()});
}

void Sequence::take(Token token, TimePoint now) {
    if (!firstToken_) {
        firstToken_ = now;
        model_->measurements.firstToken(now - submitted_);
    } else {
        betweenTokens_.record(microseconds(now - *lastToken_));
        model_->measurements.nextToken(now - *lastToken_);
    }
    lastToken_ = now;
    next_ = token;
    ++generated_;
    sampler_.accept(token);

    std::vector<TextDelta> deltas;
    const bool stopped = writer_->push(token, deltas) ||
                         (!options_.ignoreEndOfGeneration && model_->tokenizer->isEndOfGeneration(token));
    post(std::move(deltas));
    if (stopped) {
        finish(FinishReason::kStop);
    } else if (options_.maxTokens >= 0 && generated_ >= static_cast<std::size_t>(options_.maxTokens)) {
        finish(FinishReason::kLength);
    } else if (state_->length() >= model_->model->contextLength()) {
        finish(FinishReason::kContextFull);
    }
}

void Sequence::post(std::vector<TextDelta> deltas) {
    for (auto& delta : deltas) {
        request_->mailbox()->post(std::move(delta));
    }
}

void Sequence::finish(FinishReason reason) {
    if (phase_ == Phase::kEnded) {
        return;
    }
    if (writer_) {
        std::vector<TextDelta> deltas;
        writer_->finish(deltas);
        post(std::move(deltas));
    }
    phase_ = Phase::kEnded;
    logSpeed();
    request_->mailbox()->post(Finished{reason, usage(), timings()});
}

void Sequence::fail(Error error) noexcept {
    if (phase_ == Phase::kEnded) {
        return;
    }
    phase_ = Phase::kEnded;
    request_->mailbox()->post(std::move(error));
}

void Sequence::logSpeed() const {
    const auto times = timings();
    if (firstToken_) {
        logInfo(fmt::format("prefill {} tokens at {:.1f}/s, decode {} tokens at {:.1f}/s", prompt_.size(),
                            perSecond(prompt_.size(), times.prefillMs), generated_,
                            perSecond(generated_ - 1, times.decodeMs)));
    }
}

Usage Sequence::usage() const {
    return {.promptTokens = prompt_.size(),
            .cachedTokens = 0,
            .completionTokens = generated_,
            .contextLength = model_->model->contextLength(),
            .seed = sampler_.seed(),
            .vocabularyHash = model_->tokenizer->vocabularyHash()};
}

Timings Sequence::timings() const {
    Timings result;
    if (firstStep_) {
        result.queueMs = milliseconds(submitted_, *firstStep_);
    }
    if (promptDone_) {
        result.prefillMs = milliseconds(*firstStep_, *promptDone_);
    }
    if (firstToken_) {
        result.timeToFirstTokenMs = milliseconds(submitted_, *firstToken_);
        result.decodeMs = milliseconds(*firstToken_, *lastToken_);
        result.betweenTokensMs = betweenTokens_.percentiles(kMsPerMicrosecond);
    }
    return result;
}

} // namespace alcuin::inference
