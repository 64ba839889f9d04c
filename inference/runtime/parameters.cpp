#include "runtime/parameters.h"

#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace alcuin::inference {

namespace {

constexpr float kMaxTemperature = 100.0F;
constexpr float kMaxRepetitionPenalty = 100.0F;
constexpr std::int32_t kMaxPenaltyWindow = 1 << 20;
constexpr std::size_t kMaxStops = 64;

Result<void> checkNumber(std::string_view name, float value, bool inRange, std::string_view range) {
    if (std::isfinite(value) && inRange) {
        return {};
    }
    return fail(ErrorCode::kInvalidArgument, fmt::format("{} is {}, but must be {}.", name, value, range));
}

Result<void> checkInteger(std::string_view name, std::int32_t value, bool inRange, std::string_view range) {
    if (inRange) {
        return {};
    }
    return fail(ErrorCode::kInvalidArgument, fmt::format("{} is {}, but must be {}.", name, value, range));
}

Result<void> checkSampling(const SamplingParameters& p) {
    return checkNumber("The temperature", p.temperature, p.temperature >= 0 && p.temperature <= kMaxTemperature,
                       "from 0 to 100")
        .and_then([&] { return checkInteger("Top-k", p.topK, p.topK >= 0, "0 (off) or more"); })
        .and_then([&] { return checkNumber("Top-p", p.topP, p.topP > 0 && p.topP <= 1, "above 0 and at most 1"); })
        .and_then([&] { return checkNumber("Min-p", p.minP, p.minP >= 0 && p.minP <= 1, "from 0 to 1"); })
        .and_then([&] {
            return checkNumber("The repetition penalty", p.repetitionPenalty,
                               p.repetitionPenalty > 0 && p.repetitionPenalty <= kMaxRepetitionPenalty,
                               "above 0 and at most 100");
        })
        .and_then([&] {
            return checkInteger("The penalty window", p.penaltyWindow,
                                p.penaltyWindow >= 0 && p.penaltyWindow <= kMaxPenaltyWindow, "from 0 to 1048576");
        });
}

Result<void> checkMessages(const GenerationRequest& request) {
    if (request.messages.empty()) {
        return fail(ErrorCode::kInvalidArgument, "The request has no message to answer.");
    }
    for (std::size_t i = 0; i < request.messages.size(); ++i) {
        if (request.messages[i].role.empty()) {
            return fail(ErrorCode::kInvalidArgument, fmt::format("Message {} has no role.", i + 1));
        }
    }
    return {};
}

Result<void> checkStops(const GenerationRequest& request) {
    if (request.stop.size() > kMaxStops) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("{} stop strings are given; {} are allowed.", request.stop.size(), kMaxStops));
    }
    for (const auto& stop : request.stop) {
        if (stop.empty()) {
            return fail(ErrorCode::kInvalidArgument, "A stop string is empty: it would end every answer at once.");
        }
    }
    return {};
}

} // namespace

Result<void> checkRequest(const GenerationRequest& request) {
    return checkMessages(request)
        .and_then([&] { return checkSampling(request.sampling); })
        .and_then([&] {
            return checkInteger("The number of tokens to write", request.maxTokens, request.maxTokens >= -1,
                                "-1 (until the context is full), 0 (only read), or more");
        })
        .and_then([&] { return checkStops(request); });
}

} // namespace alcuin::inference
