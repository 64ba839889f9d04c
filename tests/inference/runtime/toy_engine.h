#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "event_reader.h"
#include "runtime/executor.h"
#include "toy_model.h"
#include "toy_tokenizer.h"

namespace alcuin::tests {

/// An executor with one toy model.
struct Engine {
    explicit Engine(ToyScript script = {}, inference::ExecutorOptions executorOptions = {})
        : executor(std::make_unique<inference::Executor>(std::move(executorOptions))) {
        auto made = std::make_unique<ToyModel>(std::move(script));
        toy = made.get();
        model->model = std::move(made);
        model->tokenizer = std::make_shared<ToyTokenizer>();
        const auto& pages = toy->pagePool();
        model->cache = std::make_unique<inference::PrefixCache>(pages, inference::chainRoot({}), pages->maxPages() / 2);
    }

    inference::RequestHandle submit(const std::string& prompt, inference::GenerationOptions options = {},
                                    inference::Priority priority = inference::Priority::kNormal) {
        const auto request = executor->add(model, std::move(options), priority);
        executor->prepared(request, promptOf(prompt));
        return {request, request->mailbox()};
    }

    static inference::Prompt promptOf(const std::string& text) {
        inference::Prompt prompt;
        for (const char byte : text) {
            prompt.tokens.push_back(static_cast<unsigned char>(byte));
        }
        return prompt;
    }

    std::shared_ptr<inference::LoadedModel> model = std::make_shared<inference::LoadedModel>();
    ToyModel* toy = nullptr;
    std::unique_ptr<inference::Executor> executor;
};

inline inference::GenerationOptions options(std::int32_t maxTokens, std::uint64_t seed = 1, float temperature = 0) {
    inference::GenerationOptions result;
    result.sampling.temperature = temperature;
    result.sampling.seed = seed;
    result.maxTokens = maxTokens;
    return result;
}

/// Words that don't repeat, so that no two places look alike.
inline std::string unlikeText(std::size_t length, char first = 'a') {
    std::string result;
    for (std::size_t i = 0; i < length; ++i) {
        result += static_cast<char>(first + static_cast<char>((i * i / 7 + i) % 23));
    }
    return result;
}

/// An answer's tokens as the bytes that they are.
inline std::string written(const Answer& answer) {
    return {answer.tokens.begin(), answer.tokens.end()};
}

/// Writes a fixed text after a prompt of `promptLength` tokens, then ends.
inline std::function<inference::Token(std::span<const ToyState::Row>)> writes(std::size_t promptLength,
                                                                              std::string text) {
    return [promptLength, text = std::move(text)](std::span<const ToyState::Row> history) {
        const auto at = history.size() - promptLength;
        return at < text.size() ? static_cast<inference::Token>(static_cast<unsigned char>(text[at]))
                                : ToyTokenizer::kEnd;
    };
}

/// Holds the executor inside its first step until it is opened, so that requests can gather.
class Gate {
public:
    std::function<void(const inference::StepInput&, int)> hook() {
        return [this, open = opened_.get_future().share()](const inference::StepInput&, int) {
            if (!reachedOnce_.exchange(true)) {
                reached_.set_value();
            }
            open.wait();
        };
    }
    void waitUntilReached() {
        reached_.get_future().wait();
    }
    void open() {
        opened_.set_value();
    }

private:
    std::promise<void> opened_;
    std::promise<void> reached_;
    std::atomic<bool> reachedOnce_{false};
};

} // namespace alcuin::tests
