/* Loading a model, what it says about itself, and how handles go. */
#include "check.h"

typedef struct progress {
    int calls;
    int stop_at; /* the call that says stop; 0: none */
    uint64_t done;
    uint64_t total;
} progress;

static alcuin_flow watch(uint64_t bytes_done, uint64_t bytes_total, void* user_data) {
    progress* seen = user_data;
    CHECK(bytes_done >= seen->done && bytes_done <= bytes_total);
    CHECK(seen->calls == 0 || bytes_total == seen->total);
    seen->done = bytes_done;
    seen->total = bytes_total;
    return ++seen->calls == seen->stop_at ? ALCUIN_STOP : ALCUIN_CONTINUE;
}

static void check_progress(alcuin_runtime* runtime, const char* path) {
    alcuin_error error = new_error();
    alcuin_model_options options = {0};
    options.struct_size = sizeof options;
    options.path = path;
    alcuin_model* model = NULL;
    progress whole = {0};
    CHECK_OK(alcuin_model_load(runtime, &options, watch, &whole, &model, &error));
    CHECK(whole.calls >= 2 && whole.done == whole.total && whole.total > 0);
    alcuin_model_destroy(model);
    for (int at = 1; at <= whole.calls; ++at) { /* the last included */
        progress stopped = {0};
        stopped.stop_at = at;
        CHECK_FAILS(alcuin_model_load(runtime, &options, watch, &stopped, &model, &error), ALCUIN_CANCELLED, "");
        CHECK(model == NULL && stopped.calls == at);
    }
}

static void check_info(alcuin_runtime* runtime, const char* path) {
    alcuin_error error = new_error();
    alcuin_model* model = load(runtime, path);
    const alcuin_model_info* loaded = alcuin_model_get_info(model);
    CHECK(loaded->struct_size == sizeof *loaded && ALCUIN_HAS_FIELD(loaded, layer_count));
    CHECK(strcmp(loaded->path, path) == 0 && strcmp(loaded->problem, "") == 0);
    CHECK(strcmp(loaded->architecture, "llama") == 0 && loaded->quantization[0] != '\0');
    CHECK((loaded->capabilities & ALCUIN_CAN_CHAT) != 0 && (loaded->capabilities & ALCUIN_CAN_EMBED) == 0);
    CHECK(loaded->layer_count > 0 && loaded->vocabulary_size > 0 && loaded->vocabulary_hash != 0);

    alcuin_model_info* header = NULL;
    CHECK_OK(alcuin_model_info_read(path, &header, &error));
    CHECK(header->struct_size == sizeof *header && strcmp(header->path, path) == 0);
    CHECK(strcmp(header->name, loaded->name) == 0 && strcmp(header->quantization, loaded->quantization) == 0);
    CHECK(strcmp(header->problem, "") == 0 && header->capabilities == ALCUIN_CAN_CHAT);
    CHECK(header->parameter_count == loaded->parameter_count && header->file_bytes == loaded->file_bytes);
    alcuin_free(header);
    alcuin_model_destroy(model);
}

static void check_metrics(alcuin_runtime* runtime, const char* path) {
    alcuin_error error = new_error();
    alcuin_model* model = load(runtime, path);
    alcuin_metrics before = {0};
    CHECK_FAILS(alcuin_model_get_metrics(model, NULL, &error), ALCUIN_INVALID_ARGUMENT, "metrics");
    CHECK_FAILS(alcuin_model_get_metrics(model, &before, &error), ALCUIN_INVALID_ARGUMENT, "struct_size");
    before.struct_size = sizeof before;
    CHECK_OK(alcuin_model_get_metrics(model, &before, &error));
    CHECK(before.weight_bytes > 0 && before.decode_tokens == 0 && strncmp(before.device, "CPU", 3) == 0);
    alcuin_message message;
    alcuin_generation generation = ask(&message, "Hello");
    generation.max_tokens = 4;
    alcuin_result result = {0};
    result.struct_size = sizeof result;
    CHECK_OK(alcuin_generate(model, &generation, NULL, NULL, &result, &error));
    struct {
        alcuin_metrics now;
        uint64_t later;
    } after;
    memset(&after, 0xFF, sizeof after);
    after.now.struct_size = sizeof after;
    CHECK_OK(alcuin_model_get_metrics(model, &after.now, &error));
    CHECK(after.now.prefill_tokens == result.prompt_tokens && after.now.steps > 0 && after.later == 0);
    CHECK(after.now.time_to_first_token_ms.count == 1 && after.now.between_tokens_ms.count == 3);
    CHECK(after.now.between_tokens_ms.max >= after.now.between_tokens_ms.p50);
    CHECK(result.between_tokens_ms.count == 3 && result.between_tokens_ms.max > 0);
    /* An earlier header's metrics: what lies behind them isn't touched. */
    memset(&before, 0x55, sizeof before);
    before.struct_size = offsetof(alcuin_metrics, steps);
    CHECK_OK(alcuin_model_get_metrics(model, &before, &error));
    CHECK(before.weight_bytes == after.now.weight_bytes && before.steps == UINT64_C(0x5555555555555555));
    /* A prompt that is only read. */
    generation.flags = ALCUIN_PROMPT_ONLY;
    CHECK_OK(alcuin_generate(model, &generation, NULL, NULL, &result, &error));
    CHECK(result.completion_tokens == 0 && result.prompt_tokens > 0);
    alcuin_model_destroy(model);
}

static void log_line(alcuin_log_level level, const char* message, void* user_data) {
    CHECK(level == ALCUIN_LOG_INFO && message[strlen(message) - 1] != '\n');
    *(int*)user_data += strstr(message, "loaded") != NULL;
}

static void check_log(alcuin_runtime* runtime, const char* path) {
    int loads = 0;
    CHECK(alcuin_set_log(log_line, &loads, ALCUIN_LOG_INFO) == ALCUIN_OK);
    alcuin_model_destroy(load(runtime, path));
    CHECK(loads == 1);
    CHECK(alcuin_set_log(NULL, NULL, 0) == ALCUIN_OK);
    alcuin_model_destroy(load(runtime, path));
    CHECK(loads == 1);
}

/* Handles go in any order; a model works on without its runtime's. */
static void check_order_of_handles(const char* path) {
    alcuin_error error = new_error();
    alcuin_runtime* runtime = new_runtime();
    alcuin_model* first = load(runtime, path);
    alcuin_model* second = load(runtime, path);
    alcuin_runtime_destroy(runtime);
    alcuin_message message;
    alcuin_generation generation = ask(&message, "Hello");
    generation.max_tokens = 3;
    CHECK_OK(alcuin_generate(first, &generation, NULL, NULL, NULL, &error));
    alcuin_request* request = NULL;
    CHECK_OK(alcuin_submit(second, &generation, NULL, NULL, &request, &error));
    alcuin_model_destroy(second);
    alcuin_model_destroy(first);
    CHECK_OK(alcuin_request_wait(request, -1, NULL, &error));
    alcuin_request_destroy(request);
}

void check_loading(const char* path) {
    alcuin_runtime* runtime = new_runtime();
    check_progress(runtime, path);
    check_info(runtime, path);
    check_metrics(runtime, path);
    check_log(runtime, path);
    alcuin_runtime_destroy(runtime);
    check_order_of_handles(path);
}
