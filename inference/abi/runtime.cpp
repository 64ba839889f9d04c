#include <memory>
#include <utility>

#include "abi/callback_log.h"
#include "abi/delivery.h"
#include "abi/handles.h"
#include "abi/structs.h"

using namespace alcuin::inference;
using namespace alcuin::inference::abi;

namespace {

/// Zero is each field's default, and the engine's own defaults say what that is.
Result<RuntimeOptions> readOptions(const alcuin_runtime_options* given) {
    RuntimeOptions options;
    if (given == nullptr) {
        return options;
    }
    const auto read = readStruct(given, sizeof(std::uint32_t), "runtime_options");
    if (!read) {
        return tl::unexpected(read.error());
    }
    options.threads = read->threads;
    if (read->target_token_ms != 0) {
        options.targetTokenMs = read->target_token_ms;
    }
    if (read->snapshot_directory != nullptr) {
        options.snapshotDirectory = read->snapshot_directory;
    }
    if (read->snapshot_bytes != 0) {
        options.snapshotBytes = read->snapshot_bytes;
    }
    return options;
}

Result<void> createRuntime(const alcuin_runtime_options* given, alcuin_runtime** runtime) {
    if (auto check = needed(runtime, "runtime"); !check) {
        return check;
    }
    *runtime = nullptr;
    const auto options = readOptions(given);
    if (!options) {
        return tl::unexpected(options.error());
    }
    claimLog();
    auto created = Runtime::create(*options);
    if (!created) {
        return tl::unexpected(created.error());
    }
    auto handle = std::make_unique<alcuin_runtime>();
    handle->runtime = std::move(*created);
    handle->delivery = std::make_shared<Delivery>();
    *runtime = handle.release();
    return {};
}

} // namespace

alcuin_status alcuin_runtime_create(const alcuin_runtime_options* options, alcuin_runtime** runtime,
                                    alcuin_error* error) {
    return guarded(error, [&] { return createRuntime(options, runtime); });
}

void alcuin_runtime_destroy(alcuin_runtime* runtime) {
    delete runtime;
}

alcuin_status alcuin_runtime_purge_snapshots(alcuin_runtime* runtime, const char* snapshot_owner, alcuin_error* error) {
    return guarded(error, [&] {
        return needed(runtime, "runtime")
            .and_then([&] { return needed(snapshot_owner, "snapshot_owner"); })
            .and_then([&] { return runtime->runtime->purgeSnapshots(snapshot_owner); });
    });
}

alcuin_status alcuin_pin_create(alcuin_pin** pin, alcuin_error* error) {
    return guarded(error, [&]() -> Result<void> {
        if (auto check = needed(pin, "pin"); !check) {
            return check;
        }
        *pin = nullptr;
        auto handle = std::make_unique<alcuin_pin>();
        handle->pin = std::make_shared<StatePin>();
        *pin = handle.release();
        return {};
    });
}

void alcuin_pin_destroy(alcuin_pin* pin) {
    delete pin;
}
