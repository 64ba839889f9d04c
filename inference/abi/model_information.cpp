#include "abi/model_information.h"

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "abi/callback_log.h"
#include "abi/events.h"
#include "abi/handles.h"
#include "abi/structs.h"

namespace alcuin::inference::abi {

namespace {

std::uint32_t bitsOf(const Capabilities& capabilities) {
    std::uint32_t bits = 0;
    const auto set = [&](bool has, std::uint32_t bit) { bits |= has ? bit : 0; };
    set(capabilities.chat, ALCUIN_CAN_CHAT);
    set(capabilities.embeddings, ALCUIN_CAN_EMBED);
    set(capabilities.reasoning, ALCUIN_CAN_REASON);
    set(capabilities.tools, ALCUIN_CAN_USE_TOOLS);
    set(capabilities.vision, ALCUIN_CAN_SEE);
    return bits;
}

/// A copy whose strings lie behind it in the same piece of memory, so that one free() is enough.
alcuin_model_info* copyWithStrings(const alcuin_model_info& view) {
    constexpr std::array kStrings{&alcuin_model_info::path, &alcuin_model_info::name, &alcuin_model_info::architecture,
                                  &alcuin_model_info::quantization, &alcuin_model_info::problem};
    std::size_t bytes = sizeof view;
    for (const auto string : kStrings) {
        bytes += std::strlen(view.*string) + 1;
    }
    void* const memory = std::malloc(bytes);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    auto* const copy = new (memory) alcuin_model_info(view);
    char* next = static_cast<char*>(memory) + sizeof view;
    for (const auto string : kStrings) {
        const std::size_t length = std::strlen(view.*string) + 1;
        std::memcpy(next, view.*string, length);
        copy->*string = next;
        next += length;
    }
    return copy;
}

Result<void> readInfo(const char* path, alcuin_model_info** info) {
    if (auto check = needed(info, "info"); !check) {
        return check;
    }
    *info = nullptr;
    if (auto check = needed(path, "path"); !check) {
        return check;
    }
    claimLog();
    const auto read = readModelInfo(path);
    if (!read) {
        return tl::unexpected(read.error());
    }
    Capabilities known;
    known.chat = read->hasChatTemplate;
    *info = copyWithStrings(viewOf(*read, path, known));
    return {};
}

/// What the executor counted.
void fillCounts(const EngineMetrics& now, alcuin_metrics& value) {
    value.weight_bytes = now.weightBytes;
    value.state_bytes = now.stateBytes;
    value.active_requests = now.activeRequests;
    value.queued_requests = now.queuedRequests;
    value.steps = now.steps;
    value.prefill_tokens = now.prefillTokens;
    value.decode_tokens = now.decodeTokens;
    value.queue_ms = percentilesOf(now.queueMs);
    value.time_to_first_token_ms = percentilesOf(now.timeToFirstTokenMs);
    value.between_tokens_ms = percentilesOf(now.betweenTokensMs);
    value.batch_mean = now.batch.mean;
    value.batch_max = now.batch.max;
}

/// What was spared, and what the kernels did.
void fillWork(const EngineMetrics& now, alcuin_metrics& value) {
    value.cache_lookups = now.cache.lookups;
    value.cache_prompt_tokens = now.cache.promptTokens;
    value.cache_hit_tokens = now.cache.hitTokens;
    value.cache_pages = now.cache.pages;
    value.cache_pinned_pages = now.cache.pinnedPages;
    value.cache_evicted_pages = now.cache.evictedPages;
    value.snapshot_saved_tokens = now.snapshots.savedTokens;
    value.snapshot_restored_tokens = now.snapshots.restoredTokens;
    value.flops_per_token = now.work.flopsPerToken;
    value.bytes_read = now.work.bytesRead;
    value.copied_bytes = now.work.copiedBytes;
    value.step_ms = now.work.stepMs;
    value.bytes_read_per_second = now.work.bytesReadPerSecond;
}

Result<void> readMetrics(const alcuin_model& model, alcuin_metrics* metrics) {
    if (auto room = checkRoom(metrics, "metrics"); !room) {
        return room;
    }
    const EngineMetrics now = model.engine->metrics();
    alcuin_metrics value{};
    value.device = model.device.c_str();
    fillCounts(now, value);
    fillWork(now, value);
    writeStruct(metrics, value);
    return {};
}

} // namespace

alcuin_model_info viewOf(const ModelInfo& info, const std::string& path, const Capabilities& capabilities) {
    alcuin_model_info view{};
    view.struct_size = sizeof view;
    view.capabilities = bitsOf(capabilities);
    view.path = path.c_str();
    view.name = info.name.c_str();
    view.architecture = info.architecture.c_str();
    view.quantization = info.quantization.c_str();
    view.problem = info.problem.c_str();
    view.file_bytes = info.fileBytes;
    view.parameter_count = info.parameterCount;
    view.context_length = info.contextLength;
    view.vocabulary_size = info.vocabularySize;
    view.vocabulary_hash = info.vocabularyHash;
    view.layer_count = info.layerCount;
    return view;
}

} // namespace alcuin::inference::abi

using namespace alcuin::inference;
using namespace alcuin::inference::abi;

const alcuin_model_info* alcuin_model_get_info(const alcuin_model* model) {
    return model == nullptr ? nullptr : &model->info;
}

alcuin_status alcuin_model_info_read(const char* path, alcuin_model_info** info, alcuin_error* error) {
    return guarded(error, [&] { return readInfo(path, info); });
}

alcuin_status alcuin_model_get_metrics(const alcuin_model* model, alcuin_metrics* metrics, alcuin_error* error) {
    return guarded(error, [&] {
        return needed(model, "model").and_then([&] { return needed(metrics, "metrics"); }).and_then([&] {
            return readMetrics(*model, metrics);
        });
    });
}
