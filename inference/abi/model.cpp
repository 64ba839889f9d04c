#include <memory>
#include <stop_token>
#include <utility>

#include <fmt/format.h>

#include "abi/delivery.h"
#include "abi/handles.h"
#include "abi/model_information.h"
#include "abi/structs.h"

using namespace alcuin::inference;
using namespace alcuin::inference::abi;

namespace {

Result<ComputeMode> readCompute(alcuin_compute compute) {
    switch (compute) {
    case ALCUIN_COMPUTE_FAST:
        return ComputeMode::kFast;
    case ALCUIN_COMPUTE_F32:
        return ComputeMode::kF32;
    default:
        return fail(ErrorCode::kInvalidArgument, fmt::format("There is no way to compute of number {}.", compute));
    }
}

Result<KvType> readKv(alcuin_kv kv) {
    switch (kv) {
    case ALCUIN_KV_DEFAULT:
        return KvType::kDefault;
    case ALCUIN_KV_F32:
        return KvType::kF32;
    case ALCUIN_KV_BF16:
        return KvType::kBF16;
    case ALCUIN_KV_INT8:
        return KvType::kInt8;
    default:
        return fail(ErrorCode::kInvalidArgument, fmt::format("There is no type of keys and values of number {}.", kv));
    }
}

Result<LoadSpec> readOptions(const alcuin_model_options* given) {
    const auto options = readStruct(given, ALCUIN_UP_TO(alcuin_model_options, path), "model_options");
    if (!options) {
        return tl::unexpected(options.error());
    }
    if (options->path == nullptr || *options->path == '\0') {
        return fail(ErrorCode::kInvalidArgument, "model_options.path doesn't name a file.");
    }
    const auto compute = readCompute(options->compute);
    const auto kv = readKv(options->kv);
    if (!compute || !kv) {
        return tl::unexpected(!compute ? compute.error() : kv.error());
    }
    LoadSpec spec;
    spec.path = options->path;
    spec.compute = *compute;
    spec.contextLength = options->context_length;
    spec.kv = *kv;
    if (options->cache_bytes != 0) {
        spec.cacheBytes = options->cache_bytes == ALCUIN_NO_CACHE ? 0 : options->cache_bytes;
    }
    return spec;
}

Result<std::shared_ptr<TextEngine>> load(Runtime& runtime, const LoadSpec& spec, alcuin_load_callback callback,
                                         void* userData) {
    std::stop_source stop;
    const auto progress = [&](const LoadProgress& now) {
        if (callback != nullptr && !stop.stop_requested() &&
            callback(now.bytesDone, now.bytesTotal, userData) != ALCUIN_CONTINUE) {
            stop.request_stop();
        }
    };
    auto engine = runtime.load(spec, progress, stop.get_token());
    if (engine && stop.stop_requested()) { // said at the very end
        return fail(ErrorCode::kCancelled, fmt::format("Loading {} was cancelled.", spec.path.string()));
    }
    return engine;
}

Result<void> loadModel(alcuin_runtime* runtime, const alcuin_model_options* options, alcuin_load_callback progress,
                       void* userData, alcuin_model** model) {
    if (auto check = needed(model, "model"); !check) {
        return check;
    }
    *model = nullptr;
    if (auto check = needed(runtime, "runtime"); !check) {
        return check;
    }
    const auto spec = readOptions(options);
    if (!spec) {
        return tl::unexpected(spec.error());
    }
    auto engine = load(*runtime->runtime, *spec, progress, userData);
    if (!engine) {
        return tl::unexpected(engine.error());
    }
    auto handle = std::make_unique<alcuin_model>();
    handle->engine = std::move(*engine);
    handle->delivery = runtime->delivery;
    handle->path = spec->path.string();
    handle->device = handle->engine->metrics().device;
    handle->info = viewOf(handle->engine->modelInfo(), handle->path, handle->engine->capabilities());
    *model = handle.release();
    return {};
}

} // namespace

alcuin_status alcuin_model_load(alcuin_runtime* runtime, const alcuin_model_options* options,
                                alcuin_load_callback progress, void* user_data, alcuin_model** model,
                                alcuin_error* error) {
    return guarded(error, [&] { return loadModel(runtime, options, progress, user_data, model); });
}

void alcuin_model_destroy(alcuin_model* model) {
    delete model;
}
