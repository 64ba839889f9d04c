#include "cli/bench_text.h"

#include <condition_variable>
#include <mutex>
#include <utility>
#include <variant>

#include "cli/bench_requests.h"

namespace alcuin::cli {

Outcome<BenchText> textOfTokens(const inference::TextEngine& engine, std::size_t tokens, std::uint64_t seed) {
    constexpr int kTries = 6;
    constexpr std::size_t kTolerance = 100;
    constexpr std::size_t kLeast = 8;
    // Words of random letters take about three tokens each; the first count says how many really.
    std::size_t words = tokens / 3 + 1;
    BenchText best;
    for (int i = 0; i < kTries; ++i) {
        BenchRandom random(seed, 0, 0);
        auto text = randomWords(words, random);
        const auto usage = engine.countTokens(benchQuestion(text, 1));
        if (!usage) {
            return failure(usage.error());
        }
        best = {std::move(text), usage->total};
        const std::size_t off = usage->total > tokens ? usage->total - tokens : tokens - usage->total;
        if (off <= tokens / kTolerance || off <= kLeast) {
            break;
        }
        const auto perWord = static_cast<double>(usage->total) / static_cast<double>(words);
        const auto step = static_cast<std::size_t>(static_cast<double>(off) / perWord) + 1;
        words = usage->total < tokens ? words + step : words - std::min(step, words - 1);
    }
    return best;
}

inference::GenerationRequest benchQuestion(std::string text, std::int32_t maxTokens) {
    inference::GenerationRequest request;
    request.messages.emplace_back();
    request.messages.back().role = "user";
    request.messages.back().content = std::move(text);
    request.sampling.temperature = 0;
    request.maxTokens = maxTokens;
    return request;
}

Outcome<inference::Finished> waitForEnd(inference::RequestHandle& handle) {
    struct Wake {
        std::mutex mutex;
        std::condition_variable condition;
        bool ready = false;
    };
    const auto wake = std::make_shared<Wake>();
    handle.onReady([wake] {
        const std::lock_guard lock(wake->mutex);
        wake->ready = true;
        wake->condition.notify_one();
    });
    while (true) {
        {
            std::unique_lock lock(wake->mutex);
            wake->condition.wait(lock, [&] { return wake->ready; });
            wake->ready = false;
        }
        for (const auto& event : handle.drain()) {
            if (const auto* finished = std::get_if<inference::Finished>(&event)) {
                return *finished;
            }
            if (const auto* error = std::get_if<inference::Error>(&event)) {
                return failure(*error);
            }
        }
    }
}

} // namespace alcuin::cli
