#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <alcuin/inference/text_engine.h>

namespace alcuin::tests {

/// Everything a request said, read as a program does: woken, then drained.
struct Answer {
    std::string text;
    std::string reasoning;
    std::vector<inference::Token> tokens;
    std::optional<inference::Progress> progress;
    std::optional<inference::Finished> finished;
    std::optional<inference::Error> error;
    int endings = 0;  ///< Finished and Error events
    int afterEnd = 0; ///< events after the first of them
};

/// Reads one request. Threads: one.
class EventReader {
public:
    explicit EventReader(inference::RequestHandle handle) : handle_(std::move(handle)) {
        handle_.onReady([wake = wake_] {
            const std::lock_guard lock(wake->mutex);
            wake->ready = true;
            wake->condition.notify_one();
        });
    }

    /// Blocks until there is something new, and takes it.
    void readSome() {
        {
            std::unique_lock lock(wake_->mutex);
            wake_->condition.wait(lock, [this] { return wake_->ready; });
            wake_->ready = false;
        }
        take();
    }

    const Answer& readToEnd() {
        while (answer_.endings == 0) {
            readSome();
        }
        take();
        return answer_;
    }

    /// Takes what is there without waiting.
    void take() {
        for (auto& event : handle_.drain()) {
            answer_.afterEnd += answer_.endings > 0 ? 1 : 0;
            note(event);
        }
    }

    const Answer& answer() const {
        return answer_;
    }
    inference::RequestHandle& handle() {
        return handle_;
    }

private:
    void note(inference::Event& event) {
        if (auto* delta = std::get_if<inference::TextDelta>(&event)) {
            (delta->channel == inference::Channel::kReasoning ? answer_.reasoning : answer_.text) += delta->text;
            answer_.tokens.insert(answer_.tokens.end(), delta->tokens.begin(), delta->tokens.end());
        } else if (auto* progress = std::get_if<inference::Progress>(&event)) {
            answer_.progress = *progress;
        } else if (auto* finished = std::get_if<inference::Finished>(&event)) {
            answer_.finished = *finished;
            ++answer_.endings;
        } else if (auto* error = std::get_if<inference::Error>(&event)) {
            answer_.error = *error;
            ++answer_.endings;
        }
    }

    struct Wake {
        std::mutex mutex;
        std::condition_variable condition;
        bool ready = false;
    };
    std::shared_ptr<Wake> wake_ = std::make_shared<Wake>();
    inference::RequestHandle handle_;
    Answer answer_;
};

} // namespace alcuin::tests
