/* Requests that are submitted: which thread calls back, waiting, and giving up at any time. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "check.h"

/* A request that is watched from two threads. */
typedef struct watched {
    answer got;
    pthread_t thread; /* that called back */
    int calls;
    alcuin_request* request;
    int destroy_at; /* the call in which it destroys itself; 0: none */
    int ran_on;     /* set when the callback that was held returns */

    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int hold;    /* callbacks wait while it is set */
    int entered; /* a callback is waiting or has run */
} watched;

static watched* new_watched(void) {
    watched* it = calloc(1, sizeof *it);
    CHECK(it != NULL);
    pthread_mutex_init(&it->mutex, NULL);
    pthread_cond_init(&it->changed, NULL);
    return it;
}

static void free_watched(watched* it) {
    pthread_mutex_destroy(&it->mutex);
    pthread_cond_destroy(&it->changed);
    free(it);
}

static alcuin_flow watch(const alcuin_event* event, void* user_data) {
    watched* it = user_data;
    CHECK(it->calls == 0 || pthread_equal(it->thread, pthread_self()));
    it->thread = pthread_self();
    it->calls++;
    CHECK(it->request != NULL); /* set before the first callback */
    pthread_mutex_lock(&it->mutex);
    it->entered = 1;
    pthread_cond_broadcast(&it->changed);
    while (it->hold) {
        pthread_cond_wait(&it->changed, &it->mutex);
    }
    pthread_mutex_unlock(&it->mutex);
    const alcuin_flow flow = collect(event, &it->got);
    it->ran_on = 1;
    if (it->calls == it->destroy_at) {
        alcuin_request_destroy(it->request);
        pthread_mutex_lock(&it->mutex);
        it->request = NULL;
        pthread_cond_broadcast(&it->changed);
        pthread_mutex_unlock(&it->mutex); /* from here on `it` may be gone */
    }
    return flow;
}

static void let_go(watched* it) {
    pthread_mutex_lock(&it->mutex);
    it->hold = 0;
    pthread_cond_broadcast(&it->changed);
    pthread_mutex_unlock(&it->mutex);
}

static void until_entered(watched* it) {
    pthread_mutex_lock(&it->mutex);
    while (!it->entered) {
        pthread_cond_wait(&it->changed, &it->mutex);
    }
    pthread_mutex_unlock(&it->mutex);
}

static void submit(alcuin_model* model, int32_t max_tokens, uint64_t seed, watched* it) {
    alcuin_error error = new_error();
    alcuin_message message;
    alcuin_generation generation = ask(&message, "Tell me about the sea");
    const alcuin_sampling sampling = seeded(seed);
    generation.sampling = &sampling;
    generation.max_tokens = max_tokens;
    generation.flags = ALCUIN_REPRODUCIBLE;
    CHECK_OK(alcuin_submit(model, &generation, watch, it, &it->request, &error));
}

/* Several at once answer as each does alone, all on one thread that isn't this one. */
static void check_answers_are_those_of_the_blocking_form(alcuin_model* model) {
    enum { kRequests = 5 };
    alcuin_error error = new_error();
    watched* all[kRequests];
    for (uint64_t i = 0; i < kRequests; ++i) {
        all[i] = new_watched();
        submit(model, 30, i, all[i]);
    }
    pthread_t callback_thread = pthread_self();
    for (uint64_t i = 0; i < kRequests; ++i) {
        alcuin_result result = {0};
        result.struct_size = sizeof result;
        CHECK_OK(alcuin_request_wait(all[i]->request, -1, &result, &error));
        CHECK_OK(alcuin_request_wait(all[i]->request, 0, NULL, &error)); /* as often as one likes */
        const answer* got = &all[i]->got;
        CHECK(got->finished == 1 && result.completion_tokens == got->token_count && result.seed == i);
        CHECK(!pthread_equal(all[i]->thread, pthread_self()));
        CHECK(i == 0 || pthread_equal(all[i]->thread, callback_thread));
        callback_thread = all[i]->thread;
        static answer alone;
        memset(&alone, 0, sizeof alone);
        alcuin_message message;
        alcuin_generation generation = ask(&message, "Tell me about the sea");
        const alcuin_sampling sampling = seeded(i);
        generation.sampling = &sampling;
        generation.max_tokens = 30;
        generation.flags = ALCUIN_REPRODUCIBLE;
        CHECK_OK(alcuin_generate(model, &generation, collect, &alone, NULL, &error));
        CHECK(alone.token_count == got->token_count);
        CHECK(memcmp(alone.tokens, got->tokens, alone.token_count * sizeof alone.tokens[0]) == 0);
        CHECK(strcmp(alone.text, got->text) == 0);
        alcuin_request_destroy(all[i]->request);
        free_watched(all[i]);
    }
}

static void check_waiting(alcuin_model* model) {
    alcuin_error error = new_error();
    watched* it = new_watched();
    it->hold = 1;
    submit(model, 5, 1, it);
    until_entered(it);
    alcuin_result result;
    memset(&result, 0xFF, sizeof result);
    result.struct_size = sizeof result;
    CHECK_FAILS(alcuin_request_wait(it->request, 0, &result, &error), ALCUIN_TIMEOUT, "");
    CHECK_FAILS(alcuin_request_wait(it->request, 20, NULL, &error), ALCUIN_TIMEOUT, "");
    CHECK(result.prompt_tokens == 0);
    result.struct_size = 0;
    CHECK_FAILS(alcuin_request_wait(it->request, 0, &result, &error), ALCUIN_INVALID_ARGUMENT, "struct_size");
    let_go(it);
    CHECK_OK(alcuin_request_wait(it->request, 60000, NULL, &error));
    CHECK(it->got.finished == 1);
    alcuin_request_destroy(it->request);
    free_watched(it);
}

/* The tokens that the model writes, for whomever, while one request is answered. */
static uint64_t decoded_by_another(alcuin_model* model) {
    alcuin_error error = new_error();
    alcuin_metrics before = {0}, after = {0};
    before.struct_size = after.struct_size = sizeof before;
    CHECK_OK(alcuin_model_get_metrics(model, &before, &error));
    alcuin_message message;
    alcuin_generation generation = ask(&message, "Hello");
    const alcuin_sampling sampling = seeded(3);
    generation.sampling = &sampling;
    generation.max_tokens = 10;
    generation.flags = ALCUIN_REPRODUCIBLE;
    CHECK_OK(alcuin_generate(model, &generation, NULL, NULL, NULL, &error));
    CHECK_OK(alcuin_model_get_metrics(model, &after, &error));
    return after.decode_tokens - before.decode_tokens;
}

/* One that rests gets no further until it is resumed or cancelled. */
static void check_pausing(alcuin_model* model) {
    alcuin_error error = new_error();
    watched* it = new_watched();
    it->hold = 1;
    submit(model, 1500, 1, it);
    until_entered(it);
    CHECK(alcuin_request_pause(it->request) == ALCUIN_OK);
    CHECK(alcuin_request_set_priority(it->request, ALCUIN_PRIORITY_BACKGROUND) == ALCUIN_OK);
    CHECK(alcuin_request_set_priority(it->request, 17) == ALCUIN_INVALID_ARGUMENT);
    let_go(it);
    CHECK(alcuin_request_resume(it->request) == ALCUIN_OK);
    CHECK_OK(alcuin_request_wait(it->request, -1, NULL, &error));
    CHECK(it->got.finished == 1);
    CHECK(alcuin_request_cancel(it->request) == ALCUIN_OK); /* too late: nothing happens */
    alcuin_request_destroy(it->request);
    free_watched(it);

    const uint64_t alone = decoded_by_another(model);
    it = new_watched();
    submit(model, 0, 1, it);
    until_entered(it);
    CHECK(alcuin_request_pause(it->request) == ALCUIN_OK);
    decoded_by_another(model); /* by then it rests */
    CHECK(decoded_by_another(model) == alone);
    CHECK_FAILS(alcuin_request_wait(it->request, 0, NULL, &error), ALCUIN_TIMEOUT, "");
    CHECK(alcuin_request_cancel(it->request) == ALCUIN_OK);
    alcuin_result result = {0};
    result.struct_size = sizeof result;
    CHECK_OK(alcuin_request_wait(it->request, -1, &result, &error));
    CHECK(it->got.finished == 1 && result.reason == ALCUIN_FINISH_CANCELLED);
    alcuin_request_destroy(it->request);
    free_watched(it);
}

static void* let_go_later(void* user_data) {
    watched* it = user_data;
    const struct timespec moment = {0, 20000000};
    nanosleep(&moment, NULL);
    let_go(it);
    return NULL;
}

/* When destroy has returned, no callback runs and none comes: the memory is the caller's again. */
static void check_destroying(alcuin_model* model) {
    watched* it = new_watched();
    it->hold = 1;
    submit(model, 0, 1, it);
    until_entered(it);
    pthread_t helper;
    CHECK(pthread_create(&helper, NULL, let_go_later, it) == 0);
    alcuin_request_destroy(it->request);
    CHECK(it->ran_on);
    pthread_join(helper, NULL);
    free_watched(it); /* an address sanitizer would see a late callback */

    for (int at = 1; at <= 3; ++at) {
        it = new_watched();
        it->destroy_at = at;
        submit(model, 2, (uint64_t)at, it);
        pthread_mutex_lock(&it->mutex);
        while (it->request != NULL) {
            pthread_cond_wait(&it->changed, &it->mutex);
        }
        pthread_mutex_unlock(&it->mutex);
        /* A request behind it has been told all, so the callback thread is done with the one before. */
        alcuin_error error = new_error();
        watched* behind = new_watched();
        submit(model, 1, 1, behind);
        CHECK_OK(alcuin_request_wait(behind->request, -1, NULL, &error));
        CHECK(it->calls == at);
        alcuin_request_destroy(behind->request);
        free_watched(behind);
        free_watched(it);
    }
}

typedef struct nested {
    alcuin_model* model;
    alcuin_request* request;
    int done;
} nested;

static alcuin_flow call_from_inside(const alcuin_event* event, void* user_data) {
    nested* it = user_data;
    alcuin_error error = new_error();
    if (event->type != ALCUIN_EVENT_FINISHED) {
        return ALCUIN_CONTINUE;
    }
    CHECK_FAILS(alcuin_request_wait(it->request, -1, NULL, &error), ALCUIN_WOULD_DEADLOCK, "callback");
    alcuin_message message;
    alcuin_generation generation = ask(&message, "Hello");
    generation.max_tokens = 2;
    CHECK_OK(alcuin_generate(it->model, &generation, NULL, NULL, NULL, &error));
    alcuin_request* another = NULL;
    CHECK_OK(alcuin_submit(it->model, &generation, NULL, NULL, &another, &error));
    alcuin_request_destroy(another);
    it->done = 1;
    return ALCUIN_CONTINUE;
}

static void check_calls_from_callbacks(alcuin_model* model) {
    alcuin_error error = new_error();
    nested it = {model, NULL, 0};
    alcuin_message message;
    alcuin_generation generation = ask(&message, "Hello");
    generation.max_tokens = 2;
    CHECK_OK(alcuin_submit(model, &generation, call_from_inside, &it, &it.request, &error));
    CHECK_OK(alcuin_request_wait(it.request, -1, NULL, &error));
    CHECK(it.done);
    alcuin_request_destroy(it.request);
}

static int threads(void) {
    DIR* tasks = opendir("/proc/self/task");
    CHECK(tasks != NULL);
    int count = 0;
    while (readdir(tasks) != NULL) {
        ++count;
    }
    closedir(tasks);
    return count;
}

/* The last handle of all goes in a callback: every thread of the library ends, the callback's own too. */
static void check_last_handle_in_callback(const char* path) {
    alcuin_runtime_destroy(new_runtime()); /* a sanitizer's own thread comes with the first */
    const int before = threads();
    for (int round = 0; round < 10; ++round) {
        watched* it = new_watched();
        it->hold = 1;
        it->destroy_at = 1 + round % 2;
        alcuin_runtime* runtime = new_runtime();
        alcuin_model* model = load(runtime, path);
        submit(model, 3, 1, it);
        until_entered(it);
        alcuin_model_destroy(model);
        alcuin_runtime_destroy(runtime);
        pthread_mutex_lock(&it->mutex);
        it->hold = 0;
        pthread_cond_broadcast(&it->changed);
        while (it->request != NULL) {
            pthread_cond_wait(&it->changed, &it->mutex);
        }
        pthread_mutex_unlock(&it->mutex);
        free_watched(it);
        while (threads() > before) {
            sched_yield();
        }
    }
}

/* Given up at any moment. */
static void check_giving_up(alcuin_model* model) {
    alcuin_error error = new_error();
    uint32_t state = 12345;
    for (int i = 0; i < 200; ++i) {
        watched* it = new_watched();
        state = state * 1664525u + 1013904223u;
        it->got.stop_after_texts = (state >> 24) % 4 == 0 ? 1 : 0;
        submit(model, 1 + (int32_t)((state >> 16) % 60), state, it);
        const struct timespec moment = {0, (long)((state >> 8) % 2000) * 1000};
        nanosleep(&moment, NULL);
        switch ((state >> 20) % 3) {
        case 0:
            CHECK(alcuin_request_cancel(it->request) == ALCUIN_OK);
            CHECK_OK(alcuin_request_wait(it->request, -1, NULL, &error));
            CHECK(it->got.finished == 1);
            break;
        case 1:
            CHECK_OK(alcuin_request_wait(it->request, -1, NULL, &error));
            CHECK(it->got.finished == 1);
            break;
        default:
            break;
        }
        alcuin_request_destroy(it->request);
        free_watched(it);
    }
}

static void check_failure_is_waited_for(alcuin_model* model) {
    alcuin_error error = new_error();
    static char text[1 << 16];
    for (size_t i = 0; i + 1 < sizeof text; ++i) {
        text[i] = i % 2 == 0 ? '7' : ' ';
    }
    alcuin_message message;
    alcuin_generation generation = ask(&message, text);
    watched* it = new_watched();
    CHECK_OK(alcuin_submit(model, &generation, watch, it, &it->request, &error));
    CHECK_FAILS(alcuin_request_wait(it->request, -1, NULL, &error), ALCUIN_CONTEXT_FULL, "tokens");
    CHECK(it->got.errors == 1 && it->got.status == ALCUIN_CONTEXT_FULL);
    alcuin_request_destroy(it->request);
    free_watched(it);
}

void check_requests(const char* path) {
    check_last_handle_in_callback(path);
    alcuin_runtime* runtime = new_runtime();
    alcuin_model* model = load(runtime, path);
    check_answers_are_those_of_the_blocking_form(model);
    check_waiting(model);
    check_pausing(model);
    check_destroying(model);
    check_calls_from_callbacks(model);
    check_failure_is_waited_for(model);
    check_giving_up(model);
    alcuin_model_destroy(model);
    alcuin_runtime_destroy(runtime);
}
