#include "runtime/sequence.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"

namespace alcuin::inference {

namespace {

constexpr double kAgeingSeconds = 5;
/// Of an answer whose length isn't known.
constexpr std::size_t kExpectedAnswer = 256;

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
    , clock_(model_->measurements, submitted)
    , served_(submitted)
    , priority_(request_->priority()) {}

Sequence::~Sequence() {
    if (phase_ != Phase::kEnded) {
        phase_ = Phase::kEnded;
        request_->mailbox()->post(Finished{FinishReason::kCancelled, usage(), clock_.timings()});
    }
}

bool Sequence::writes() const {
    return state_ != nullptr && state_->length() + 1 == tokens_.size() && generated_ > 0;
}

void Sequence::noteWishes() {
    paused_ = request_->paused();
    priority_ = request_->priority();
}

int Sequence::urgency(TimePoint now) const {
    constexpr int kHighest = static_cast<int>(Priority::kInteractive);
    const double waited = std::chrono::duration<double>(now - served_).count();
    return std::min(kHighest, static_cast<int>(priority_) + static_cast<int>(waited / kAgeingSeconds));
}

std::size_t Sequence::expectedTokens() const {
    const std::size_t answer = options_.maxTokens < 0
                                   ? kExpectedAnswer
                                   : std::min(kExpectedAnswer, static_cast<std::size_t>(options_.maxTokens));
    return std::min(model_->model->contextLength(), tokens_.size() + answer);
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
    tokens_ = std::move(prompt.tokens);
    promptLength_ = tokens_.size();
    writer_.emplace(model_->tokenizer, options_.stops, prompt.startsInReasoning);
    for (const auto token : tokens_) {
        sampler_.accept(token);
    }
    phase_ = Phase::kWaiting;
}

void Sequence::setPhase(Phase phase) {
    if (phase_ != Phase::kEnded) {
        phase_ = phase;
    }
}

void Sequence::start(std::unique_ptr<SequenceState> state, std::size_t cached) {
    state_ = std::move(state);
    if (generated_ == 0) {
        cached_ = cached;
        model_->measurements.prompt(promptLength_);
        request_->mailbox()->post(Progress{cached, promptLength_});
    }
}

void Sequence::noteRestored(std::size_t length) {
    if (generated_ == 0) {
        restored_ = length - std::min(length, cached_);
        cached_ = length;
        request_->mailbox()->post(Progress{cached_, promptLength_});
    }
}

std::unique_ptr<SequenceState> Sequence::preempt() {
    phase_ = Phase::kWaiting;
    return std::move(state_);
}

Sequence::Run Sequence::run() const {
    const auto all = std::span(tokens_);
    const std::size_t length = state_->length();
    if (length < promptLength_) {
        return {all.subspan(length, promptLength_ - length), RowClass::kPrefill};
    }
    return {all.subspan(length), RowClass::kDecode};
}

void Sequence::stepBegins(TimePoint now) {
    clock_.stepBegins(now);
}

void Sequence::sample(std::span<const float> logits) noexcept {
    try {
        // A vocabulary may be padded: rows of the output matrix past its end stand for nothing.
        sampled_ = sampler_.sample(logits.first(std::min(logits.size(), model_->tokenizer->vocabularySize())));
    } catch (const std::bad_alloc&) {
        samplingError_ = Error{ErrorCode::kOutOfMemory, {}};
    } catch (const std::exception&) {
        samplingError_ = Error{ErrorCode::kInternal, {}};
    }
}

void Sequence::stepDone(std::size_t rows, TimePoint now) {
    const RowClass rowClass = run().rowClass;
    state_->commit(rows, rowClass);
    suspected_ = false;
    served_ = now;
    if (rowClass == RowClass::kPrefill) {
        model_->counters.prefillTokens += rows;
        if (generated_ == 0) {
            request_->mailbox()->post(Progress{state_->length(), promptLength_});
        }
    } else {
        model_->counters.decodeTokens += rows;
    }
    if (phase_ != Phase::kActive || state_->length() < tokens_.size()) {
        return; // cancelled while the step ran, or there is more to read
    }
    clock_.promptRead(now);
    if (options_.maxTokens == 0) {
        return finish(FinishReason::kLength);
    }
    if (samplingError_) {
        return fail({samplingError_->code, "The next token of this answer couldn't be picked."});
    }
    take(sampled_, now);
}

void Sequence::take(Token token, TimePoint now) {
    clock_.tokenGenerated(now);
    tokens_.push_back(token);
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
    request_->mailbox()->post(Finished{reason, usage(), clock_.timings()});
}

void Sequence::fail(Error error) noexcept {
    if (phase_ == Phase::kEnded) {
        return;
    }
    phase_ = Phase::kEnded;
    failed_ = true;
    request_->mailbox()->post(std::move(error));
}

void Sequence::logSpeed() const {
    const auto times = clock_.timings();
    if (clock_.hasToken()) {
        logInfo(fmt::format("prefill {} tokens at {:.1f}/s ({} more were there), decode {} tokens at {:.1f}/s",
                            promptLength_ - cached_, perSecond(promptLength_ - cached_, times.prefillMs), cached_,
                            generated_, perSecond(generated_ - 1, times.decodeMs)));
    }
}

Usage Sequence::usage() const {
    return {.promptTokens = promptLength_,
            .cachedTokens = cached_,
            .restoredTokens = restored_,
            .completionTokens = generated_,
            .contextLength = model_->model->contextLength(),
            .seed = sampler_.seed(),
            .vocabularyHash = model_->tokenizer->vocabularyHash()};
}

} // namespace alcuin::inference
