#pragma once

#include <alcuin.h>
#include <alcuin/inference/generation.h>

namespace alcuin::inference::abi {

alcuin_percentiles percentilesOf(const Percentiles& measured);

/// How a request ended, for those who wait for it.
struct Outcome {
    bool ended = false;
    alcuin_result result{}; ///< zero where it ended with an error
    alcuin_error error{};   ///< its status is ALCUIN_OK where the request finished
};

/// Brings one request's events to its callback and keeps how it ended. Threads: one at a time.
class EventTeller {
public:
    EventTeller(alcuin_event_callback callback, void* userData) : callback_(callback), userData_(userData) {}

    /// True: the callback wants no more.
    bool tell(const Event& event) noexcept;

    const Outcome& outcome() const {
        return outcome_;
    }

private:
    bool call(alcuin_event& event) noexcept;
    bool text(const TextDelta& delta) noexcept;
    bool progress(const Progress& progress) noexcept;
    bool finished(const Finished& finished) noexcept;
    bool failed(const Error& error) noexcept;

    alcuin_event_callback callback_;
    void* userData_;
    Outcome outcome_;
};

} // namespace alcuin::inference::abi
