#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace alcuin::inference::abi {

/// The callback thread of a runtime: calls those that have something to deliver, in the order in which they said so.
/// Taking one on needs no memory, so that engine threads can do it at any time.
class Delivery {
public:
    /// Somebody with something to deliver. Waits in at most one queue, once.
    class Item {
    public:
        virtual ~Item() = default;
        /// Called on the callback thread.
        virtual void deliver() noexcept = 0;

    private:
        friend class Delivery;
        std::shared_ptr<Item> next_; ///< guarded by the queue's mutex, like queued_
        bool queued_ = false;
    };

    /// Where items wait. It outlives the thread's owner where that goes on the thread itself.
    class Queue {
    public:
        /// Does nothing if it waits already. Threads: any.
        void add(std::shared_ptr<Item> item) noexcept;

    private:
        friend class Delivery;
        std::shared_ptr<Item> take();
        void stop();

        std::mutex mutex_;
        std::condition_variable condition_;
        std::shared_ptr<Item> first_;
        Item* last_ = nullptr;
        bool stopping_ = false;
    };

    Delivery();
    /// Ends the thread. On that thread itself, in a callback: as soon as the callback has returned.
    ~Delivery();
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    const std::shared_ptr<Queue>& queue() const {
        return queue_;
    }
    bool isThisThread() const {
        return std::this_thread::get_id() == thread_.get_id();
    }

private:
    std::shared_ptr<Queue> queue_ = std::make_shared<Queue>();
    std::thread thread_; ///< last: starts when everything else is there
};

} // namespace alcuin::inference::abi
