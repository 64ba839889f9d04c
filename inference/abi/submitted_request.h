#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include <alcuin.h>
#include <alcuin/inference/text_engine.h>

#include "abi/delivery.h"
#include "abi/events.h"

namespace alcuin::inference::abi {

/// One request whose events the callback thread delivers. Holds the engine and the thread until it is closed.
/// Threads: any, but for what Delivery calls.
class SubmittedRequest final : public Delivery::Item, public std::enable_shared_from_this<SubmittedRequest> {
public:
    SubmittedRequest(std::shared_ptr<TextEngine> engine, std::shared_ptr<Delivery> delivery,
                     alcuin_event_callback callback, void* userData);

    /// Takes the engine's handle. Called once, before anything below.
    void accept(RequestHandle handle);
    /// Events may be delivered from here on.
    void start();

    void cancel();
    void pause();
    void resume();
    void setPriority(Priority priority);

    /// How it ended, once that was delivered; nothing when time is over first. Negative: no limit.
    std::optional<Outcome> wait(std::int64_t timeoutMs);

    bool onCallbackThread() const {
        return delivery_->isThisThread();
    }

    /// Cancels it and calls nobody any more. Waits for a callback under way, unless it is on that thread: then what is
    /// held is let go when the callback has returned.
    void close();

    void deliver() noexcept override;

private:
    void letGo();
    void tellAll();
    void publishEnd();

    std::shared_ptr<TextEngine> engine_;
    std::shared_ptr<Delivery> delivery_;
    std::optional<RequestHandle> handle_; ///< set before anybody else knows the request
    std::function<void()> wake_;          ///< between accept() and start()
    std::atomic<bool> closed_{false};

    std::mutex callbackMutex_;  ///< held while callbacks run
    EventTeller teller_;        ///< guarded by callbackMutex_
    bool inCallback_ = false;   ///< the callback thread's own
    bool closedInside_ = false; ///< closed in its own callback; the callback thread\'s own

    std::mutex endMutex_;
    std::condition_variable ended_;
    Outcome outcome_; ///< guarded by endMutex_
};

} // namespace alcuin::inference::abi
