#ifndef ALCUIN_TESTS_ABI_CHECK_H
#define ALCUIN_TESTS_ABI_CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <alcuin.h>

/* Ends the program with a word where something isn't so. */
#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                                    \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

/* A call that must succeed; says its error otherwise. `error` is an alcuin_error that the call was given. */
#define CHECK_OK(call)                                                                                                 \
    do {                                                                                                               \
        const alcuin_status status_ = (call);                                                                          \
        if (status_ != ALCUIN_OK) {                                                                                    \
            fprintf(stderr, "%s:%d: %s: %s (%s)\n", __FILE__, __LINE__, #call, alcuin_status_name(status_),            \
                    error.message);                                                                                    \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

/* A call that must fail with a status and a message that holds `part`. */
#define CHECK_FAILS(call, expected, part)                                                                              \
    do {                                                                                                               \
        memset(error.message, 0, sizeof error.message);                                                                \
        error.status = ALCUIN_OK;                                                                                      \
        const alcuin_status status_ = (call);                                                                          \
        if (status_ != (expected) || error.status != (expected) || strstr(error.message, (part)) == NULL) {            \
            fprintf(stderr, "%s:%d: %s: %s, not %s with \"%s\": %s\n", __FILE__, __LINE__, #call,                      \
                    alcuin_status_name(status_), alcuin_status_name(expected), (part), error.message);                 \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

/* An answer as it comes in. */
typedef struct answer {
    char text[1 << 20];
    size_t size;
    int32_t tokens[1 << 15];
    size_t token_count;
    int texts;
    int progress;
    int finished;
    int errors;
    alcuin_status status;
    uint64_t prompt_total;
    int stop_after_texts; /* 0: never */
} answer;

/* A callback that collects into an answer and checks the order of events. */
alcuin_flow collect(const alcuin_event* event, void* user_data);

/* A request with one question; `message` lives as long as the request. */
alcuin_generation ask(alcuin_message* message, const char* content);

/* Sampling that is the same each time. */
alcuin_sampling greedy(void);
alcuin_sampling seeded(uint64_t seed);

alcuin_error new_error(void);
alcuin_runtime* new_runtime(void);
alcuin_model* load(alcuin_runtime* runtime, const char* path);

void check_arguments(void);
void check_loading(const char* path);
void check_answers(const char* path);
void check_tokens(const char* path);
void check_requests(const char* path);
void check_real_model(const char* path);

/* From C++: the structs are laid out there as they are here. */
void check_layout_in_cxx(const size_t* sizes, size_t count);

#endif
