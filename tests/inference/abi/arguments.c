/* What needs no model: versions, structs of other ages, errors. */
#include "check.h"

static void check_versions(void) {
    CHECK(alcuin_abi_version() == ALCUIN_ABI_VERSION);
    CHECK(alcuin_version_number() ==
          ALCUIN_VERSION_MAJOR * 1000000u + ALCUIN_VERSION_MINOR * 1000u + ALCUIN_VERSION_PATCH);
    char text[32];
    snprintf(text, sizeof text, "%d.%d.%d", ALCUIN_VERSION_MAJOR, ALCUIN_VERSION_MINOR, ALCUIN_VERSION_PATCH);
    CHECK(strcmp(text, alcuin_version()) == 0);
    for (alcuin_status i = ALCUIN_OK; i <= ALCUIN_WOULD_DEADLOCK; ++i) {
        CHECK(strcmp(alcuin_status_name(i), alcuin_status_name(-1)) != 0);
        for (alcuin_status j = ALCUIN_OK; j < i; ++j) {
            CHECK(strcmp(alcuin_status_name(i), alcuin_status_name(j)) != 0);
        }
    }
}

/* What a program of a later header would hand over. */
typedef struct later_options {
    alcuin_runtime_options now;
    uint64_t later[3];
} later_options;

static void check_ages_of_structs(void) {
    alcuin_error error = new_error();
    alcuin_runtime* runtime = NULL;

    alcuin_runtime_options unset = {0};
    CHECK_FAILS(alcuin_runtime_create(&unset, &runtime, &error), ALCUIN_INVALID_ARGUMENT,
                "runtime_options.struct_size is 0; set it to sizeof(alcuin_runtime_options)");

    alcuin_runtime_options older;
    memset(&older, 0xFF, sizeof older); /* what lies behind it isn't ours to read */
    older.struct_size = offsetof(alcuin_runtime_options, target_token_ms);
    older.threads = 1;
    CHECK_OK(alcuin_runtime_create(&older, &runtime, &error));
    alcuin_runtime_destroy(runtime);

    later_options later;
    memset(&later, 0, sizeof later);
    later.now.struct_size = sizeof later;
    later.now.threads = 1;
    CHECK_OK(alcuin_runtime_create(&later.now, &runtime, &error));
    alcuin_runtime_destroy(runtime);
    later.later[2] = 1;
    CHECK_FAILS(alcuin_runtime_create(&later.now, &runtime, &error), ALCUIN_INVALID_ARGUMENT, "later version");
    CHECK(runtime == NULL);

    alcuin_runtime_options garbage = {0};
    garbage.struct_size = 0xABCDEF01u;
    CHECK_FAILS(alcuin_runtime_create(&garbage, &runtime, &error), ALCUIN_INVALID_ARGUMENT, "struct_size");
}

static void check_runtime(void) {
    alcuin_error error = new_error();
    alcuin_runtime* runtime = NULL;
    CHECK_OK(alcuin_runtime_create(NULL, &runtime, NULL));
    CHECK(runtime != NULL);
    CHECK_FAILS(alcuin_runtime_purge_snapshots(runtime, NULL, &error), ALCUIN_INVALID_ARGUMENT, "snapshot_owner");
    CHECK_OK(alcuin_runtime_purge_snapshots(runtime, "nobody", &error));
    alcuin_runtime_destroy(runtime);
    CHECK_FAILS(alcuin_runtime_create(NULL, NULL, &error), ALCUIN_INVALID_ARGUMENT, "runtime is NULL");
    alcuin_runtime_options options = {0};
    options.struct_size = sizeof options;
    options.threads = -1;
    CHECK_FAILS(alcuin_runtime_create(&options, &runtime, &error), ALCUIN_INVALID_ARGUMENT, "-1");
    CHECK(runtime == NULL);
    CHECK(alcuin_runtime_create(&options, &runtime, NULL) == ALCUIN_INVALID_ARGUMENT);
}

static int is_continuation(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* A message that doesn't fit is cut between characters, and not a byte behind the struct is written. */
static void check_room_for_messages(void) {
    const char* path = "/nowhere/\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9.gguf";
    const size_t head = offsetof(alcuin_error, message);
    alcuin_error whole = new_error();
    alcuin_model_info* info = NULL;
    CHECK(alcuin_model_info_read(path, &info, &whole) == ALCUIN_NOT_FOUND);
    const size_t length = strlen(whole.message);
    CHECK(strstr(whole.message, path) != NULL && length < sizeof whole.message - 1);
    for (size_t room = 0; room <= length + 2; ++room) {
        alcuin_error error;
        memset(&error, 0x7E, sizeof error);
        error.struct_size = (uint32_t)(head + room);
        CHECK(alcuin_model_info_read(path, &info, &error) == ALCUIN_NOT_FOUND);
        CHECK(error.status == ALCUIN_NOT_FOUND);
        const char* behind = (const char*)&error + head + room;
        CHECK(behind == (const char*)&error + sizeof error || *behind == 0x7E);
        if (room > 0) {
            const size_t written = strlen(error.message);
            CHECK(written < room && strncmp(error.message, whole.message, written) == 0);
            CHECK(!is_continuation(whole.message[written]));
            CHECK(written + 1 == room || written == length || written + 2 >= room);
        }
    }
    alcuin_error unset;
    memset(&unset, 0, sizeof unset);
    CHECK(alcuin_model_info_read(path, &info, &unset) == ALCUIN_NOT_FOUND);
    CHECK(unset.status == 0 && unset.message[0] == '\0');
}

static void check_files(void) {
    alcuin_error error = new_error();
    alcuin_runtime* runtime = new_runtime();
    alcuin_model* model = (alcuin_model*)&error; /* must become NULL */
    alcuin_model_options options = {0};
    CHECK_FAILS(alcuin_model_load(runtime, NULL, NULL, NULL, &model, &error), ALCUIN_INVALID_ARGUMENT, "NULL");
    CHECK(model == NULL);
    CHECK_FAILS(alcuin_model_load(runtime, &options, NULL, NULL, &model, &error), ALCUIN_INVALID_ARGUMENT,
                "sizeof(alcuin_model_options)");
    options.struct_size = sizeof options;
    CHECK_FAILS(alcuin_model_load(runtime, &options, NULL, NULL, &model, &error), ALCUIN_INVALID_ARGUMENT, "path");
    options.path = "/nowhere/model.gguf";
    CHECK_FAILS(alcuin_model_load(NULL, &options, NULL, NULL, &model, &error), ALCUIN_INVALID_ARGUMENT, "runtime");
    CHECK_FAILS(alcuin_model_load(runtime, &options, NULL, NULL, NULL, &error), ALCUIN_INVALID_ARGUMENT, "model");
    CHECK_FAILS(alcuin_model_load(runtime, &options, NULL, NULL, &model, &error), ALCUIN_NOT_FOUND,
                "/nowhere/model.gguf");
    options.compute = 9;
    CHECK_FAILS(alcuin_model_load(runtime, &options, NULL, NULL, &model, &error), ALCUIN_INVALID_ARGUMENT, "9");
    options.compute = ALCUIN_COMPUTE_FAST;
    options.kv = -1;
    CHECK_FAILS(alcuin_model_load(runtime, &options, NULL, NULL, &model, &error), ALCUIN_INVALID_ARGUMENT, "-1");
    options.kv = ALCUIN_KV_DEFAULT;
    options.path = __FILE__; /* no model */
    FILE* source = fopen(__FILE__, "rb");
    if (source != NULL) {
        fclose(source);
        CHECK_FAILS(alcuin_model_load(runtime, &options, NULL, NULL, &model, &error), ALCUIN_CORRUPT, "arguments.c");
    }
    alcuin_runtime_destroy(runtime);
    CHECK_FAILS(alcuin_model_info_read("/nowhere", NULL, &error), ALCUIN_INVALID_ARGUMENT, "info");
    alcuin_model_info* info = NULL;
    CHECK_FAILS(alcuin_model_info_read(NULL, &info, &error), ALCUIN_INVALID_ARGUMENT, "path");
}

static void check_sampling(void) {
    CHECK(alcuin_sampling_init(NULL) == ALCUIN_INVALID_ARGUMENT);
    alcuin_sampling sampling;
    memset(&sampling, 0xFF, sizeof sampling);
    sampling.struct_size = sizeof sampling;
    CHECK(alcuin_sampling_init(&sampling) == ALCUIN_OK);
    CHECK(sampling.struct_size == sizeof sampling && sampling.has_seed == 0 && sampling.seed == 0);
    CHECK(sampling.temperature > 0 && sampling.top_k == 40 && sampling.penalty_window == 64);
    /* One that is older keeps what lies behind it; one that is newer finds zero there. */
    memset(&sampling, 0x55, sizeof sampling);
    sampling.struct_size = offsetof(alcuin_sampling, top_p);
    CHECK(alcuin_sampling_init(&sampling) == ALCUIN_OK);
    CHECK(sampling.top_k == 40 && sampling.penalty_window == 0x55555555);
    struct {
        alcuin_sampling now;
        uint64_t later;
    } later;
    memset(&later, 0x55, sizeof later);
    later.now.struct_size = sizeof later;
    CHECK(alcuin_sampling_init(&later.now) == ALCUIN_OK);
    CHECK(later.now.penalty_window == 64 && later.later == 0);
}

/* NULL where a handle is needed. */
static void check_null_handles(void) {
    alcuin_error error = new_error();
    alcuin_runtime_destroy(NULL);
    alcuin_model_destroy(NULL);
    alcuin_request_destroy(NULL);
    alcuin_pin_destroy(NULL);
    alcuin_free(NULL);
    CHECK(alcuin_model_get_info(NULL) == NULL);
    CHECK(alcuin_request_cancel(NULL) == ALCUIN_INVALID_ARGUMENT);
    CHECK(alcuin_request_pause(NULL) == ALCUIN_INVALID_ARGUMENT);
    CHECK(alcuin_request_resume(NULL) == ALCUIN_INVALID_ARGUMENT);
    CHECK(alcuin_request_set_priority(NULL, ALCUIN_PRIORITY_NORMAL) == ALCUIN_INVALID_ARGUMENT);
    CHECK_FAILS(alcuin_request_wait(NULL, 0, NULL, &error), ALCUIN_INVALID_ARGUMENT, "request");
    alcuin_message message;
    const alcuin_generation generation = ask(&message, "Hello");
    CHECK_FAILS(alcuin_generate(NULL, &generation, NULL, NULL, NULL, &error), ALCUIN_INVALID_ARGUMENT, "model");
    alcuin_request* request = (alcuin_request*)&error;
    CHECK_FAILS(alcuin_submit(NULL, &generation, NULL, NULL, &request, &error), ALCUIN_INVALID_ARGUMENT, "model");
    CHECK(request == NULL);
    CHECK_FAILS(alcuin_count_tokens(NULL, &generation, NULL, NULL, &error), ALCUIN_INVALID_ARGUMENT, "model");
    CHECK_FAILS(alcuin_model_get_metrics(NULL, NULL, &error), ALCUIN_INVALID_ARGUMENT, "model");
    CHECK_FAILS(alcuin_pin_create(NULL, &error), ALCUIN_INVALID_ARGUMENT, "pin");
    int32_t* tokens = NULL;
    char* text = NULL;
    float* values = NULL;
    size_t size = 0;
    CHECK_FAILS(alcuin_tokenize(NULL, "x", 1, 0, &tokens, &size, &error), ALCUIN_INVALID_ARGUMENT, "model");
    CHECK_FAILS(alcuin_detokenize(NULL, NULL, 0, &text, &size, &error), ALCUIN_INVALID_ARGUMENT, "model");
    CHECK_FAILS(alcuin_embed(NULL, NULL, 0, &values, &size, &error), ALCUIN_INVALID_ARGUMENT, "model");
}

static void log_line(alcuin_log_level level, const char* message, void* user_data) {
    CHECK(level >= ALCUIN_LOG_WARNING && level <= ALCUIN_LOG_DEBUG && message != NULL);
    ++*(int*)user_data;
}

static void check_log_arguments(void) {
    int lines = 0;
    CHECK(alcuin_set_log(log_line, &lines, 0) == ALCUIN_INVALID_ARGUMENT);
    CHECK(alcuin_set_log(log_line, &lines, ALCUIN_LOG_DEBUG + 1) == ALCUIN_INVALID_ARGUMENT);
    CHECK(alcuin_set_log(NULL, NULL, 0) == ALCUIN_OK);
}

void check_arguments(void) {
    check_versions();
    check_ages_of_structs();
    check_runtime();
    check_room_for_messages();
    check_files();
    check_sampling();
    check_null_handles();
    check_log_arguments();
}
