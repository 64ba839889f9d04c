#pragma once

#include <atomic>
#include <memory>

#include <alcuin/inference/text_engine.h>

#include "runtime/executor_signal.h"

namespace alcuin::inference {

/// What the two sides of a request share: the caller's wishes and the mailbox. Holds neither model nor executor, so a
/// handle that is kept for long keeps no memory of theirs.
class Request final : public RequestControl {
public:
    Request(std::shared_ptr<ExecutorSignal> signal, Priority priority);

    void cancel() override;
    void pause() override;
    void resume() override;
    void setPriority(Priority priority) override;

    bool cancelled() const {
        return cancelled_.load();
    }
    bool paused() const {
        return paused_.load();
    }
    Priority priority() const {
        return priority_.load();
    }
    const std::shared_ptr<Mailbox>& mailbox() const {
        return mailbox_;
    }

private:
    std::shared_ptr<ExecutorSignal> signal_;
    std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
    std::atomic<bool> cancelled_{false};
    std::atomic<bool> paused_{false};
    std::atomic<Priority> priority_;
};

} // namespace alcuin::inference
