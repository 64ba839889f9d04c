#pragma once

#include <chrono>
#include <optional>

#include <alcuin/inference/generation.h>

#include "base/histogram.h"
#include "runtime/measurements.h"

namespace alcuin::inference {

/// When what happened to one answer; tells its model's measurements too.
class AnswerClock {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    AnswerClock(Measurements& ofModel, TimePoint submitted) : ofModel_(ofModel), submitted_(submitted) {}

    void stepBegins(TimePoint now);
    void promptRead(TimePoint now);
    void tokenGenerated(TimePoint now);

    bool hasToken() const {
        return firstToken_.has_value();
    }
    Timings timings() const;

private:
    Measurements& ofModel_;
    TimePoint submitted_;
    std::optional<TimePoint> firstStep_;
    std::optional<TimePoint> promptDone_;
    std::optional<TimePoint> firstToken_;
    std::optional<TimePoint> lastToken_;
    Histogram betweenTokens_; ///< microseconds
};

} // namespace alcuin::inference
