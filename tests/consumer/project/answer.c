/* answer MODEL QUESTION: the C interface in C. */
#include <stdio.h>

#include <alcuin.h>

static int32_t print(const alcuin_event* event, void* user_data) {
    (void)user_data;
    if (event->type == ALCUIN_EVENT_TEXT && event->channel == ALCUIN_CHANNEL_ANSWER) {
        fwrite(event->text, 1, event->text_size, stdout);
    }
    return ALCUIN_CONTINUE;
}

static alcuin_status answer(alcuin_model* model, const char* question, alcuin_error* error) {
    alcuin_message message = {0};
    message.struct_size = sizeof message;
    message.role = "user";
    message.content = question;

    alcuin_sampling sampling = {0};
    sampling.struct_size = sizeof sampling;
    alcuin_sampling_init(&sampling);
    sampling.temperature = 0;

    alcuin_generation generation = {0};
    generation.struct_size = sizeof generation;
    generation.messages = &message;
    generation.message_count = 1;
    generation.sampling = &sampling;
    generation.max_tokens = 24;

    alcuin_result result = {0};
    result.struct_size = sizeof result;
    const alcuin_status status = alcuin_generate(model, &generation, print, NULL, &result, error);
    if (status == ALCUIN_OK) {
        fprintf(stderr, "\n%d tokens in %.0f ms\n", (int)result.completion_tokens, result.decode_ms);
    }
    return status;
}

int main(int argc, char** argv) {
    if (argc != 3) {
        fputs("answer MODEL QUESTION\n", stderr);
        return 2;
    }
    alcuin_error error = {0};
    error.struct_size = sizeof error;
    alcuin_model_options options = {0};
    options.struct_size = sizeof options;
    options.path = argv[1];

    alcuin_runtime* runtime = NULL;
    alcuin_model* model = NULL;
    alcuin_status status = alcuin_runtime_create(NULL, &runtime, &error);
    if (status == ALCUIN_OK) {
        status = alcuin_model_load(runtime, &options, NULL, NULL, &model, &error);
    }
    if (status == ALCUIN_OK) {
        status = answer(model, argv[2], &error);
    }
    if (status != ALCUIN_OK) {
        fprintf(stderr, "%s: %s\n", alcuin_status_name(status), error.message);
    }
    alcuin_model_destroy(model);
    alcuin_runtime_destroy(runtime);
    return status == ALCUIN_OK ? 0 : 1;
}
