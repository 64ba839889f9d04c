#include <alcuin/inference/text_engine.h>

#include <utility>

namespace alcuin::inference {

RequestHandle::RequestHandle(std::shared_ptr<RequestControl> control, std::shared_ptr<Mailbox> mailbox)
    : control_(std::move(control)), mailbox_(std::move(mailbox)) {}

RequestHandle& RequestHandle::operator=(RequestHandle&& other) noexcept {
    if (this != &other) {
        if (mailbox_) {
            mailbox_->onReady(nullptr);
        }
        cancel();
        control_ = std::move(other.control_);
        mailbox_ = std::move(other.mailbox_);
    }
    return *this;
}

RequestHandle::~RequestHandle() {
    if (mailbox_) {
        mailbox_->onReady(nullptr);
    }
    cancel();
}

void RequestHandle::cancel() {
    if (control_) {
        control_->cancel();
    }
}

void RequestHandle::pause() {
    if (control_) {
        control_->pause();
    }
}

void RequestHandle::resume() {
    if (control_) {
        control_->resume();
    }
}

void RequestHandle::setPriority(Priority priority) {
    if (control_) {
        control_->setPriority(priority);
    }
}

void RequestHandle::onReady(std::function<void()> wake) {
    mailbox_->onReady(std::move(wake));
}

std::vector<Event> RequestHandle::drain() {
    return mailbox_->drain();
}

} // namespace alcuin::inference
