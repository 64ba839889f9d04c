/* abi_program TOPIC [MODEL]: checks of the C interface, by a program in C that links nothing but libalcuin. */
#include "check.h"

#define SKIP 77

static const char kFile[] = "SmolLM2-135M-Instruct.Q4_1.gguf";

alcuin_error new_error(void) {
    alcuin_error error;
    memset(&error, 0, sizeof error);
    error.struct_size = sizeof error;
    return error;
}

alcuin_runtime* new_runtime(void) {
    alcuin_error error = new_error();
    alcuin_runtime_options options = {0};
    options.struct_size = sizeof options;
    options.threads = 2;
    alcuin_runtime* runtime = NULL;
    CHECK_OK(alcuin_runtime_create(&options, &runtime, &error));
    CHECK(runtime != NULL);
    return runtime;
}

alcuin_model* load(alcuin_runtime* runtime, const char* path) {
    alcuin_error error = new_error();
    alcuin_model_options options = {0};
    options.struct_size = sizeof options;
    options.path = path;
    alcuin_model* model = NULL;
    CHECK_OK(alcuin_model_load(runtime, &options, NULL, NULL, &model, &error));
    CHECK(model != NULL);
    return model;
}

alcuin_generation ask(alcuin_message* message, const char* content) {
    memset(message, 0, sizeof *message);
    message->struct_size = sizeof *message;
    message->role = "user";
    message->content = content;
    alcuin_generation generation = {0};
    generation.struct_size = sizeof generation;
    generation.messages = message;
    generation.message_count = 1;
    return generation;
}

alcuin_sampling seeded(uint64_t seed) {
    alcuin_sampling sampling = {0};
    sampling.struct_size = sizeof sampling;
    CHECK(alcuin_sampling_init(&sampling) == ALCUIN_OK);
    sampling.has_seed = 1;
    sampling.seed = seed;
    return sampling;
}

alcuin_sampling greedy(void) {
    alcuin_sampling sampling = seeded(1);
    sampling.temperature = 0;
    return sampling;
}

static void collect_text(const alcuin_event* event, answer* into) {
    CHECK(event->text != NULL && event->text[event->text_size] == '\0');
    CHECK(into->size + event->text_size < sizeof into->text);
    memcpy(into->text + into->size, event->text, event->text_size + 1);
    into->size += event->text_size;
    CHECK(into->token_count + event->token_count <= sizeof into->tokens / sizeof into->tokens[0]);
    if (event->token_count > 0) {
        memcpy(into->tokens + into->token_count, event->tokens, event->token_count * sizeof *event->tokens);
    }
    into->token_count += event->token_count;
    into->texts++;
}

alcuin_flow collect(const alcuin_event* event, void* user_data) {
    answer* into = user_data;
    CHECK(event->struct_size == sizeof *event && ALCUIN_HAS_FIELD(event, error));
    CHECK(into->finished + into->errors == 0); /* nothing comes behind the last */
    switch (event->type) {
    case ALCUIN_EVENT_TEXT:
        collect_text(event, into);
        return into->texts == into->stop_after_texts ? ALCUIN_STOP : ALCUIN_CONTINUE;
    case ALCUIN_EVENT_PROGRESS:
        CHECK(into->texts == 0 && event->prompt_done <= event->prompt_total);
        into->prompt_total = event->prompt_total;
        into->progress++;
        break;
    case ALCUIN_EVENT_FINISHED:
        CHECK(event->result != NULL && event->result->struct_size == sizeof *event->result);
        CHECK(event->result->completion_tokens == into->token_count);
        into->finished++;
        break;
    case ALCUIN_EVENT_ERROR:
        CHECK(event->error != NULL && event->error->message[0] != '\0');
        into->status = event->error->status;
        into->errors++;
        break;
    default:
        CHECK(!"an event of this version");
    }
    return ALCUIN_CONTINUE;
}

static const char* real_model(char* path, size_t size) {
    const char* directory = getenv("ALCUIN_MODEL_DIR");
    const char* data = getenv("XDG_DATA_HOME");
    const char* home = getenv("HOME");
    if (directory != NULL && *directory != '\0') {
        snprintf(path, size, "%s/%s", directory, kFile);
    } else if (data != NULL && *data != '\0') {
        snprintf(path, size, "%s/alcuin/models/%s", data, kFile);
    } else {
        snprintf(path, size, "%s/.local/share/alcuin/models/%s", home == NULL ? "" : home, kFile);
    }
    FILE* file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    fclose(file);
    return path;
}

static void check_layout(void) {
    const size_t sizes[] = {sizeof(alcuin_error),      sizeof(alcuin_runtime_options), sizeof(alcuin_model_options),
                            sizeof(alcuin_message),    sizeof(alcuin_sampling),        sizeof(alcuin_generation),
                            sizeof(alcuin_result),     sizeof(alcuin_event),           sizeof(alcuin_metrics),
                            sizeof(alcuin_model_info), sizeof(alcuin_prompt_usage)};
    check_layout_in_cxx(sizes, sizeof sizes / sizeof sizes[0]);
}

int main(int argc, char** argv) {
    const char* topic = argc > 1 ? argv[1] : "";
    if (strcmp(topic, "arguments") == 0) {
        check_layout();
        check_arguments();
        return 0;
    }
    if (strcmp(topic, "real_model") == 0) {
        char path[4096];
        if (real_model(path, sizeof path) == NULL) {
            printf("skipped: SmolLM2-135M-Instruct isn't in the model directory: run ./dev model\n");
            return SKIP;
        }
        check_real_model(path);
        return 0;
    }
    if (argc < 3) {
        fputs("abi_program arguments | real_model | loading FILE | answers FILE | tokens FILE | requests FILE\n",
              stderr);
        return 2;
    }
    if (strcmp(topic, "loading") == 0) {
        check_loading(argv[2]);
    } else if (strcmp(topic, "answers") == 0) {
        check_answers(argv[2]);
    } else if (strcmp(topic, "tokens") == 0) {
        check_tokens(argv[2]);
    } else {
        CHECK(strcmp(topic, "requests") == 0);
        check_requests(argv[2]);
    }
    return 0;
}
