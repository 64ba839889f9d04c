#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

#include "abi/events.h"
#include "abi/generation_request.h"
#include "abi/handles.h"
#include "abi/structs.h"

using namespace alcuin::inference;
using namespace alcuin::inference::abi;

namespace {

/// Lets a thread sleep until a mailbox has something.
class Bell {
public:
    void ring() {
        {
            const std::lock_guard lock(mutex_);
            rung_ = true;
        }
        condition_.notify_one();
    }
    void wait() {
        std::unique_lock lock(mutex_);
        condition_.wait(lock, [this] { return rung_; });
        rung_ = false;
    }

private:
    std::mutex mutex_;
    std::condition_variable condition_;
    bool rung_ = false;
};

void tellUntilItEnds(RequestHandle& handle, EventTeller& teller) {
    const auto bell = std::make_shared<Bell>();
    handle.onReady([bell] { bell->ring(); });
    while (!teller.outcome().ended) {
        bell->wait();
        for (const auto& event : handle.drain()) {
            if (teller.tell(event)) {
                handle.cancel();
            }
        }
    }
}

Result<void> generate(alcuin_model* model, const alcuin_generation* generation, EventTeller& teller) {
    if (auto check = needed(model, "model"); !check) {
        return check;
    }
    auto request = readGeneration(generation);
    if (!request) {
        return tl::unexpected(request.error());
    }
    auto handle = model->engine->submit(std::move(*request));
    if (!handle) {
        return tl::unexpected(handle.error());
    }
    tellUntilItEnds(*handle, teller);
    return {};
}

} // namespace

alcuin_status alcuin_generate(alcuin_model* model, const alcuin_generation* generation, alcuin_event_callback callback,
                              void* user_data, alcuin_result* result, alcuin_error* error) {
    alcuin_status status = guarded(error, [&] { return checkRoom(result, "result"); });
    if (status != ALCUIN_OK) {
        return status;
    }
    EventTeller teller(callback, user_data);
    status = guarded(error, [&] { return generate(model, generation, teller); });
    writeStruct(result, teller.outcome().result);
    if (status == ALCUIN_OK && teller.outcome().error.status != ALCUIN_OK) {
        return report(error, teller.outcome().error.status, teller.outcome().error.message);
    }
    return status;
}
