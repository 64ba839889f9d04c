#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>

#include "chat/chat_template.h"

namespace alcuin::inference::chat::jinja {

/// How a template fails, thrown inside this folder only; ChatTemplate turns it into an Error.
struct Failure {
    std::string message;
    int line = 0; ///< 0: the line being evaluated
};

[[noreturn]] inline void raise(std::string message) {
    throw Failure{std::move(message), 0};
}

/// What one rendering may still spend. A step is one node evaluated, one item visited or 1 KiB of text handled.
/// Memory is what the values alive hold. Threads: one.
class Budget {
public:
    explicit Budget(const TemplateLimits& limits);
    Budget(const Budget&) = delete;
    Budget& operator=(const Budget&) = delete;

    void step(std::size_t steps = 1) {
        spent_ += steps;
        if (spent_ >= nextLook_) {
            look();
        }
    }
    /// Charges for handling so many bytes of text.
    void work(std::size_t bytes) {
        step(bytes / kBytesPerStep);
    }
    /// Fails if a text of so many bytes would be longer than the output may be.
    void checkText(std::size_t bytes) const;
    void hold(std::size_t bytes);
    void release(std::size_t bytes) noexcept {
        held_ -= bytes;
    }

    /// Held while something goes one level deeper: a macro into another, a text into the values it prints.
    class Descent {
    public:
        explicit Descent(Budget& budget);
        Descent(const Descent&) = delete;
        Descent& operator=(const Descent&) = delete;
        ~Descent() {
            --budget_.depth_;
        }

    private:
        Budget& budget_;
    };

    std::size_t maxText() const {
        return limits_.outputBytes;
    }

private:
    static constexpr std::size_t kBytesPerStep = 1024;
    /// Clock reads cost about 25 ns: one in 512 steps is lost in the noise and notices the end within a millisecond.
    static constexpr std::size_t kStepsPerLook = 512;

    void look();

    TemplateLimits limits_;
    std::chrono::steady_clock::time_point deadline_;
    std::size_t spent_ = 0;
    std::size_t nextLook_ = 0;
    std::size_t held_ = 0;
    std::size_t maxHeld_;
    std::size_t depth_ = 0;
};

} // namespace alcuin::inference::chat::jinja
