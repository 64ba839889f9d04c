/* Answers in the blocking form. */
#include "check.h"

static void check_one_answer(alcuin_model* model) {
    alcuin_error error = new_error();
    static answer got, again, other;
    memset(&got, 0, sizeof got);
    memset(&again, 0, sizeof again);
    memset(&other, 0, sizeof other);
    alcuin_message message;
    alcuin_generation generation = ask(&message, "Tell me about the sea");
    alcuin_sampling sampling = seeded(7);
    sampling.temperature = 1;
    generation.sampling = &sampling;
    generation.max_tokens = 40;
    generation.flags = ALCUIN_REPRODUCIBLE;
    alcuin_result result = {0};
    result.struct_size = sizeof result;
    CHECK_OK(alcuin_generate(model, &generation, collect, &got, &result, &error));
    CHECK(got.finished == 1 && got.errors == 0 && got.progress > 0 && got.token_count > 0);
    CHECK(result.struct_size == sizeof result && result.completion_tokens == got.token_count);
    CHECK(result.prompt_tokens == got.prompt_total && result.seed == 7 && result.context_length > 0);
    CHECK(result.reason == ALCUIN_FINISH_LENGTH && result.completion_tokens == 40);
    CHECK(result.vocabulary_hash == alcuin_model_get_info(model)->vocabulary_hash);
    CHECK(result.time_to_first_token_ms > 0);

    CHECK_OK(alcuin_generate(model, &generation, collect, &again, NULL, &error));
    CHECK(again.token_count == got.token_count && again.size == got.size);
    CHECK(memcmp(again.tokens, got.tokens, got.token_count * sizeof got.tokens[0]) == 0);
    sampling.seed = 8;
    CHECK_OK(alcuin_generate(model, &generation, collect, &other, NULL, &error));
    CHECK(other.token_count != got.token_count ||
          memcmp(other.tokens, got.tokens, got.token_count * sizeof got.tokens[0]) != 0);

    /* A fresh seed is reported. */
    generation.sampling = NULL;
    CHECK_OK(alcuin_generate(model, &generation, NULL, NULL, &result, &error));
    const uint64_t drawn = result.seed;
    CHECK_OK(alcuin_generate(model, &generation, NULL, NULL, &result, &error));
    CHECK(result.seed != drawn);
}

static void check_ways_to_end(alcuin_model* model) {
    alcuin_error error = new_error();
    static answer got;
    memset(&got, 0, sizeof got);
    alcuin_message message;
    alcuin_generation generation = ask(&message, "Tell me about the sea");
    const alcuin_sampling sampling = greedy();
    generation.sampling = &sampling;
    alcuin_result result = {0};
    result.struct_size = sizeof result;
    got.stop_after_texts = 1;
    CHECK_OK(alcuin_generate(model, &generation, collect, &got, &result, &error));
    CHECK(got.finished == 1 && result.reason == ALCUIN_FINISH_CANCELLED);
    generation.max_tokens = 1;
    CHECK_OK(alcuin_generate(model, &generation, NULL, NULL, &result, &error));
    CHECK(result.reason == ALCUIN_FINISH_LENGTH && result.completion_tokens == 1);
}

/* A prompt beyond the context: an event and a status, both with the message. */
static void check_prompt_too_long(alcuin_model* model) {
    alcuin_error error = new_error();
    static answer got;
    memset(&got, 0, sizeof got);
    const size_t size = 1 << 16;
    char* text = malloc(size);
    CHECK(text != NULL);
    for (size_t i = 0; i < size; ++i) {
        text[i] = i % 2 == 0 ? '7' : ' '; /* digits are tokens of their own */
    }
    text[size - 1] = '\0';
    alcuin_message message;
    alcuin_generation generation = ask(&message, text);
    alcuin_result result;
    memset(&result, 0xFF, sizeof result);
    result.struct_size = sizeof result;
    CHECK_FAILS(alcuin_generate(model, &generation, collect, &got, &result, &error), ALCUIN_CONTEXT_FULL, "tokens");
    CHECK(got.errors == 1 && got.finished == 0 && got.status == ALCUIN_CONTEXT_FULL);
    CHECK(result.prompt_tokens == 0 && result.seed == 0);
    free(text);
}

#define REFUSED(generation, part)                                                                                      \
    do {                                                                                                               \
        memset(&got, 0, sizeof got);                                                                                   \
        CHECK_FAILS(alcuin_generate(model, &(generation), collect, &got, NULL, &error), ALCUIN_INVALID_ARGUMENT,       \
                    part);                                                                                             \
        CHECK(got.errors + got.finished + got.texts + got.progress == 0);                                              \
    } while (0)

static void check_refusals(alcuin_model* model) {
    alcuin_error error = new_error();
    static answer got;
    alcuin_message message;
    const alcuin_generation good = ask(&message, "Hello");
    alcuin_generation bad = good;
    bad.message_count = 0;
    REFUSED(bad, "message");
    bad = good;
    bad.messages = NULL;
    REFUSED(bad, "message");
    bad = good;
    bad.flags = 1u << 31;
    REFUSED(bad, "flags");
    bad = good;
    bad.max_tokens = -1;
    REFUSED(bad, "max_tokens");
    bad = good;
    bad.priority = 3;
    REFUSED(bad, "priority");
    bad = good;
    bad.stop_count = 1;
    REFUSED(bad, "stop");
    const char* stops[] = {"a", NULL};
    bad.stop = stops;
    bad.stop_count = 2;
    REFUSED(bad, "stop string");
    alcuin_sampling sampling = greedy();
    sampling.temperature = -1;
    bad = good;
    bad.sampling = &sampling;
    REFUSED(bad, "temperature");
    sampling = greedy();
    sampling.has_seed = 2;
    REFUSED(bad, "has_seed");
    sampling = greedy();
    sampling.struct_size -= 8;
    REFUSED(bad, "sampling.struct_size");
    bad = good;
    bad.struct_size = 16;
    REFUSED(bad, "generation.struct_size");
    message.role = NULL;
    REFUSED(good, "role");
    message.role = "user";
    message.reserved = 1;
    REFUSED(good, "reserved");
    message.reserved = 0;
    message.token_count = 1;
    REFUSED(good, "tokens");
    alcuin_result unset = {0};
    message.token_count = 0;
    CHECK_FAILS(alcuin_generate(model, &good, NULL, NULL, &unset, &error), ALCUIN_INVALID_ARGUMENT,
                "result.struct_size");
}

/* A whole conversation, the answer's tokens handed back. */
static void check_next_turn(alcuin_model* model) {
    alcuin_error error = new_error();
    static answer first;
    memset(&first, 0, sizeof first);
    alcuin_message messages[3];
    alcuin_generation generation = ask(&messages[0], "Tell me about the sea");
    const alcuin_sampling sampling = greedy();
    generation.sampling = &sampling;
    generation.max_tokens = 8;
    alcuin_result result = {0};
    result.struct_size = sizeof result;
    CHECK_OK(alcuin_generate(model, &generation, collect, &first, &result, &error));
    ask(&messages[1], first.text);
    messages[1].role = "assistant";
    messages[1].tokens = first.tokens;
    messages[1].token_count = first.token_count;
    messages[1].vocabulary_hash = result.vocabulary_hash;
    ask(&messages[2], "And then?");
    generation.message_count = 3;
    alcuin_pin* pin = NULL;
    CHECK_OK(alcuin_pin_create(&pin, &error));
    generation.pin = pin;
    const uint64_t before = result.prompt_tokens;
    CHECK_OK(alcuin_generate(model, &generation, NULL, NULL, &result, &error));
    CHECK(result.prompt_tokens > before && result.cached_tokens <= result.prompt_tokens);
    alcuin_pin_destroy(pin);
}

void check_answers(const char* path) {
    alcuin_runtime* runtime = new_runtime();
    alcuin_model* model = load(runtime, path);
    check_one_answer(model);
    check_ways_to_end(model);
    check_prompt_too_long(model);
    check_refusals(model);
    check_next_turn(model);
    alcuin_model_destroy(model);
    alcuin_runtime_destroy(runtime);
}

static void check_stop_string(alcuin_model* model) {
    alcuin_error error = new_error();
    static answer got;
    memset(&got, 0, sizeof got);
    alcuin_message message;
    alcuin_generation generation = ask(&message, "What is the capital of France?");
    const alcuin_sampling sampling = greedy();
    generation.sampling = &sampling;
    const char* stops[] = {"Paris"};
    generation.stop = stops;
    generation.stop_count = 1;
    alcuin_result result = {0};
    result.struct_size = sizeof result;
    CHECK_OK(alcuin_generate(model, &generation, collect, &got, &result, &error));
    CHECK(result.reason == ALCUIN_FINISH_STOP && got.size > 0 && strstr(got.text, "Paris") == NULL);
}

void check_real_model(const char* path) {
    alcuin_error error = new_error();
    static answer got;
    memset(&got, 0, sizeof got);
    alcuin_runtime* runtime = new_runtime();
    alcuin_model* model = load(runtime, path);
    CHECK(alcuin_model_get_info(model)->vocabulary_size == 49152);
    alcuin_message message;
    alcuin_generation generation = ask(&message, "What is the capital of France?");
    const alcuin_sampling sampling = greedy();
    generation.sampling = &sampling;
    alcuin_result result = {0};
    result.struct_size = sizeof result;
    CHECK_OK(alcuin_generate(model, &generation, collect, &got, &result, &error));
    CHECK(result.reason == ALCUIN_FINISH_STOP && strstr(got.text, "Paris") != NULL);
    check_stop_string(model);
    alcuin_model_destroy(model);
    alcuin_runtime_destroy(runtime);
}
