#include "runtime/answer_clock.h"

namespace alcuin::inference {

namespace {

double milliseconds(AnswerClock::TimePoint from, AnswerClock::TimePoint to) {
    return std::chrono::duration<double, std::milli>(to - from).count();
}

} // namespace

void AnswerClock::stepBegins(TimePoint now) {
    if (!firstStep_) {
        firstStep_ = now;
        ofModel_.queued(now - submitted_);
    }
}

void AnswerClock::promptRead(TimePoint now) {
    if (!promptDone_) {
        promptDone_ = now;
    }
}

void AnswerClock::tokenGenerated(TimePoint now) {
    if (lastToken_) {
        betweenTokens_.record(microseconds(now - *lastToken_));
        ofModel_.nextToken(now - *lastToken_);
    } else {
        firstToken_ = now;
        ofModel_.firstToken(now - submitted_);
    }
    lastToken_ = now;
}

Timings AnswerClock::timings() const {
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
