#include <memory>
#include <utility>

#include "abi/generation_request.h"
#include "abi/handles.h"
#include "abi/structs.h"
#include "abi/submitted_request.h"

using namespace alcuin::inference;
using namespace alcuin::inference::abi;

namespace {

Result<void> submit(alcuin_model* model, const alcuin_generation* generation, alcuin_event_callback callback,
                    void* userData, alcuin_request** request) {
    if (auto check = needed(request, "request"); !check) {
        return check;
    }
    *request = nullptr;
    if (auto check = needed(model, "model"); !check) {
        return check;
    }
    auto read = readGeneration(generation);
    if (!read) {
        return tl::unexpected(read.error());
    }
    auto handle = std::make_unique<alcuin_request>();
    handle->request = std::make_shared<SubmittedRequest>(model->engine, model->delivery, callback, userData);
    auto taken = model->engine->submit(std::move(*read));
    if (!taken) {
        return tl::unexpected(taken.error());
    }
    const auto submitted = handle->request;
    submitted->accept(std::move(*taken));
    // The first callback may destroy the handle that it finds here.
    *request = handle.release();
    submitted->start();
    return {};
}

/// Runs an action on a request's handle.
template <typename Action>
alcuin_status onRequest(alcuin_request* request, const Action& action) noexcept {
    return guarded(nullptr, [&]() -> Result<void> {
        if (auto check = needed(request, "request"); !check) {
            return check;
        }
        return action(*request->request);
    });
}

alcuin_status wait(SubmittedRequest& request, std::int64_t timeoutMs, alcuin_result* result, alcuin_error* error) {
    if (request.onCallbackThread()) {
        return report(error, ALCUIN_WOULD_DEADLOCK,
                      "A request's end can't be waited for in a callback: it is told on this same thread.");
    }
    const auto outcome = request.wait(timeoutMs);
    if (!outcome) {
        writeStruct(result, alcuin_result{});
        return report(error, ALCUIN_TIMEOUT, "The request hasn't ended yet; it goes on.");
    }
    writeStruct(result, outcome->result);
    if (outcome->error.status != ALCUIN_OK) {
        return report(error, outcome->error.status, outcome->error.message);
    }
    return ALCUIN_OK;
}

} // namespace

alcuin_status alcuin_submit(alcuin_model* model, const alcuin_generation* generation, alcuin_event_callback callback,
                            void* user_data, alcuin_request** request, alcuin_error* error) {
    return guarded(error, [&] { return submit(model, generation, callback, user_data, request); });
}

alcuin_status alcuin_request_cancel(alcuin_request* request) {
    return onRequest(request, [](SubmittedRequest& known) -> Result<void> {
        known.cancel();
        return {};
    });
}

alcuin_status alcuin_request_pause(alcuin_request* request) {
    return onRequest(request, [](SubmittedRequest& known) -> Result<void> {
        known.pause();
        return {};
    });
}

alcuin_status alcuin_request_resume(alcuin_request* request) {
    return onRequest(request, [](SubmittedRequest& known) -> Result<void> {
        known.resume();
        return {};
    });
}

alcuin_status alcuin_request_set_priority(alcuin_request* request, alcuin_priority priority) {
    return onRequest(request, [&](SubmittedRequest& known) {
        return readPriority(priority).map([&](Priority wanted) { known.setPriority(wanted); });
    });
}

alcuin_status alcuin_request_wait(alcuin_request* request, int64_t timeout_ms, alcuin_result* result,
                                  alcuin_error* error) {
    alcuin_status outcome = ALCUIN_OK;
    const alcuin_status status = guarded(error, [&] {
        return needed(request, "request").and_then([&] { return checkRoom(result, "result"); }).map([&] {
            outcome = wait(*request->request, timeout_ms, result, error);
        });
    });
    return status == ALCUIN_OK ? outcome : status;
}

void alcuin_request_destroy(alcuin_request* request) {
    if (request != nullptr) {
        request->request->close();
        delete request;
    }
}
