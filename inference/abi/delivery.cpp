#include "abi/delivery.h"

#include <utility>

namespace alcuin::inference::abi {

void Delivery::Queue::add(std::shared_ptr<Item> item) noexcept {
    {
        const std::lock_guard lock(mutex_);
        if (item->queued_ || stopping_) {
            return;
        }
        item->queued_ = true;
        Item* const added = item.get();
        (last_ == nullptr ? first_ : last_->next_) = std::move(item);
        last_ = added;
    }
    condition_.notify_one();
}

/// The next one, or null when it is over.
std::shared_ptr<Delivery::Item> Delivery::Queue::take() {
    std::unique_lock lock(mutex_);
    condition_.wait(lock, [this] { return stopping_ || first_; });
    if (stopping_) {
        return nullptr;
    }
    auto item = std::move(first_);
    first_ = std::move(item->next_);
    if (!first_) {
        last_ = nullptr;
    }
    item->queued_ = false;
    return item;
}

void Delivery::Queue::stop() {
    std::shared_ptr<Item> waiting;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        waiting = std::move(first_);
        last_ = nullptr;
    }
    condition_.notify_one();
    while (waiting) { // one after another: a long chain isn't undone by recursion
        waiting = std::exchange(waiting->next_, nullptr);
    }
}

Delivery::Delivery()
    : thread_([queue = queue_] {
        while (const auto item = queue->take()) {
            item->deliver();
        }
    }) {}

Delivery::~Delivery() {
    queue_->stop();
    if (isThisThread()) {
        thread_.detach();
    } else {
        thread_.join();
    }
}

} // namespace alcuin::inference::abi
