/* Counting and cutting text; structs of other ages inside a request. */
#include "check.h"

static uint64_t count(alcuin_model* model, const alcuin_generation* generation) {
    alcuin_error error = new_error();
    alcuin_prompt_usage usage = {0};
    usage.struct_size = sizeof usage;
    CHECK_OK(alcuin_count_tokens(model, generation, &usage, NULL, &error));
    CHECK(usage.total > usage.template_tokens && usage.context_length == 32768);
    return usage.total;
}

static void check_counting(alcuin_model* model) {
    alcuin_error error = new_error();
    alcuin_message messages[2];
    alcuin_generation generation = ask(&messages[0], "Tell me about the sea");
    const uint64_t one = count(model, &generation);
    ask(&messages[1], "And then?");
    generation.message_count = 2;
    const uint64_t both = count(model, &generation);
    CHECK(both > one);
    uint64_t each[3] = {0, 0, 77};
    alcuin_prompt_usage usage = {0};
    usage.struct_size = sizeof usage;
    CHECK_OK(alcuin_count_tokens(model, &generation, &usage, each, &error));
    CHECK(usage.total == both && each[0] + each[1] + usage.template_tokens == both && each[2] == 77);
    CHECK_OK(alcuin_count_tokens(model, &generation, NULL, NULL, &error));
    generation.max_tokens = 1;
    alcuin_result result = {0};
    result.struct_size = sizeof result;
    CHECK_OK(alcuin_generate(model, &generation, NULL, NULL, &result, &error));
    CHECK(result.prompt_tokens == both);
    messages[1].content = "\xFF\xFE"; /* no UTF-8: read as replacement characters */
    CHECK(count(model, &generation) > one);
    messages[1].content = NULL;
    CHECK(count(model, &generation) > one);
}

/* Messages of a later header lie further apart, those of an earlier one nearer; requests end sooner or later. */
static void check_ages(alcuin_model* model) {
    alcuin_error error = new_error();
    alcuin_message now[2];
    alcuin_generation generation = ask(&now[0], "Tell me about the sea");
    ask(&now[1], "And then?");
    generation.message_count = 2;
    const uint64_t expected = count(model, &generation);

    struct later {
        alcuin_message now;
        uint64_t later;
    } later[2];
    memset(later, 0, sizeof later);
    for (int i = 0; i < 2; ++i) {
        later[i].now = now[i];
        later[i].now.struct_size = sizeof later[i];
    }
    generation.messages = &later[0].now;
    CHECK(count(model, &generation) == expected);
    later[1].later = 5;
    CHECK_FAILS(alcuin_count_tokens(model, &generation, NULL, NULL, &error), ALCUIN_INVALID_ARGUMENT, "later version");
    later[1].later = 0;
    later[1].now.struct_size = sizeof(alcuin_message);
    CHECK_FAILS(alcuin_count_tokens(model, &generation, NULL, NULL, &error), ALCUIN_INVALID_ARGUMENT, "Message 2");

    struct earlier { /* a header without what came after `content` */
        uint32_t struct_size;
        uint32_t reserved;
        const char* role;
        const char* content;
    } earlier[2];
    for (int i = 0; i < 2; ++i) {
        earlier[i].struct_size = sizeof earlier[i];
        earlier[i].reserved = 0;
        earlier[i].role = now[i].role;
        earlier[i].content = now[i].content;
    }
    generation.messages = (const alcuin_message*)(const void*)earlier;
    CHECK(count(model, &generation) == expected);

    generation.messages = now;
    alcuin_generation old;
    memset(&old, 0xFF, sizeof old);
    memcpy(&old, &generation, offsetof(alcuin_generation, sampling));
    old.struct_size = offsetof(alcuin_generation, sampling);
    CHECK(count(model, &old) == expected);
}

static void check_round_trip(alcuin_model* model, const char* text, size_t size) {
    alcuin_error error = new_error();
    int32_t* tokens = NULL;
    size_t token_count = 0;
    CHECK_OK(alcuin_tokenize(model, text, size, 0, &tokens, &token_count, &error));
    CHECK((token_count == 0) == (size == 0) && token_count <= size);
    char* back = NULL;
    size_t back_size = 0;
    CHECK_OK(alcuin_detokenize(model, tokens, token_count, &back, &back_size, &error));
    CHECK(back_size == size && memcmp(back, text, size) == 0 && back[size] == '\0');
    alcuin_free(back);
    alcuin_free(tokens);
}

static void check_cutting(alcuin_model* model) {
    alcuin_error error = new_error();
    check_round_trip(model, "the sea, \xC3\xA9t\xC3\xA9", strlen("the sea, \xC3\xA9t\xC3\xA9"));
    check_round_trip(model, "a\0b", 3);
    check_round_trip(model, "", 0);
    check_round_trip(model, "<|turn|>", 8);
    int32_t* tokens = NULL;
    size_t token_count = 0;
    CHECK_OK(alcuin_tokenize(model, "<|turn|>", 8, ALCUIN_TOKENIZE_SPECIAL, &tokens, &token_count, &error));
    CHECK(token_count == 1 && tokens[0] == 1);
    alcuin_free(tokens);
    CHECK_FAILS(alcuin_tokenize(model, NULL, 1, 0, &tokens, &token_count, &error), ALCUIN_INVALID_ARGUMENT, "text");
    CHECK(tokens == NULL && token_count == 0);
    CHECK_FAILS(alcuin_tokenize(model, "x", 1, 2, &tokens, &token_count, &error), ALCUIN_INVALID_ARGUMENT, "flags");
    CHECK_FAILS(alcuin_tokenize(model, "x", 1, 0, NULL, &token_count, &error), ALCUIN_INVALID_ARGUMENT, "tokens");
    char* text = NULL;
    size_t size = 0;
    const int32_t outside[] = {0, 384};
    CHECK_FAILS(alcuin_detokenize(model, outside, 2, &text, &size, &error), ALCUIN_INVALID_ARGUMENT, "384");
    const int32_t negative[] = {-1};
    CHECK_FAILS(alcuin_detokenize(model, negative, 1, &text, &size, &error), ALCUIN_INVALID_ARGUMENT, "-1");
    CHECK(text == NULL);
}

static void check_embedding(alcuin_model* model) {
    alcuin_error error = new_error();
    const char* texts[] = {"the sea", "the ocean"};
    float* values = (float*)&error;
    size_t dimension = 3;
    CHECK_FAILS(alcuin_embed(model, texts, 2, &values, &dimension, &error), ALCUIN_UNSUPPORTED, "embedding");
    CHECK(values == NULL && dimension == 0);
    texts[1] = NULL;
    CHECK_FAILS(alcuin_embed(model, texts, 2, &values, &dimension, &error), ALCUIN_INVALID_ARGUMENT, "Text 2");
}

void check_tokens(const char* path) {
    alcuin_runtime* runtime = new_runtime();
    alcuin_model* model = load(runtime, path);
    check_counting(model);
    check_ages(model);
    check_cutting(model);
    check_embedding(model);
    alcuin_model_destroy(model);
    alcuin_runtime_destroy(runtime);
}
