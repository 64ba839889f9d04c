/*
 * alcuin.h: language models on this machine, for programs in any language.
 *
 * The C interface of Alcuin's engine (libalcuin). It loads a model from a GGUF file, runs it on the processor and
 * writes answers; many requests share one model and don't make each other wait. Nothing leaves the machine.
 *
 * A whole program, but for the checks:
 *
 *     static int32_t print(const alcuin_event* event, void* user_data) {
 *         if (event->type == ALCUIN_EVENT_TEXT) fwrite(event->text, 1, event->text_size, stdout);
 *         return ALCUIN_CONTINUE;
 *     }
 *
 *     alcuin_runtime* runtime;
 *     alcuin_runtime_create(NULL, &runtime, NULL);
 *
 *     alcuin_model_options options = {0};
 *     options.struct_size = sizeof options;
 *     options.path = "SmolLM2-135M-Instruct.Q4_1.gguf";
 *     alcuin_model* model;
 *     alcuin_model_load(runtime, &options, NULL, NULL, &model, NULL);
 *
 *     alcuin_message message = {0};
 *     message.struct_size = sizeof message;
 *     message.role = "user";
 *     message.content = "What is the capital of France?";
 *     alcuin_generation generation = {0};
 *     generation.struct_size = sizeof generation;
 *     generation.messages = &message;
 *     generation.message_count = 1;
 *     alcuin_generate(model, &generation, print, NULL, NULL, NULL);
 *
 *     alcuin_model_destroy(model);
 *     alcuin_runtime_destroy(runtime);
 *
 * RULES
 *
 * Structs.  Every struct begins with `uint32_t struct_size`, so that programs and libraries of different age work
 *   together.
 *   - Structs that you fill in (options, messages): set all to zero, then struct_size to sizeof of the struct, then
 *     what you need. A zero field means the default (alcuin_sampling apart). A struct of an older header is shorter:
 *     what it doesn't have is zero. A struct of a newer header is longer: it is accepted if everything that this
 *     library doesn't know is zero, and otherwise refused (ALCUIN_INVALID_ARGUMENT), as the library can't do what it
 *     asks for. Fields called `reserved` are zero.
 *   - Structs of yours that the library fills in (metrics, results, usage, errors): set struct_size. The library
 *     fills in what both know; what only you know becomes zero.
 *   - Structs of the library's that you are given (events, model information): their struct_size says how much there
 *     is. Before reading a field that came with a later version than the oldest library you support, ask
 *     ALCUIN_HAS_FIELD.
 *   In an array of structs all elements have the struct_size of the first.
 *
 * Strings.  UTF-8. Strings that you pass end with a NUL and are only read during the call: the library copies what it
 *   keeps. Bytes that aren't UTF-8 are read as U+FFFD. Strings that you are given belong to the library, and how long
 *   they last is said where they are. The exception are results through `char**`, `float**` and the like: these are
 *   yours, to be given back through alcuin_free().
 *
 * Handles.  alcuin_runtime, alcuin_model, alcuin_request and alcuin_pin are opaque and belong to you; each has its
 *   destroy function, which takes NULL and then does nothing. They may be destroyed in any order: what is needed stays
 *   until its last user is gone (a model outlives its runtime's handle, a request its model's). The last of them takes
 *   the threads down, and blocks for it.
 *
 * Errors.  Functions that can fail return an alcuin_status: ALCUIN_OK (zero) or what went wrong. Those whose last
 *   parameter is an `alcuin_error*` also write the code and a sentence in English into it: what happened, to what,
 *   and what to do. It is memory of yours, so nothing must be freed, nothing is shared between threads, and being out
 *   of memory can be reported; NULL is allowed. It isn't touched where a call succeeds. Results through pointers
 *   (`alcuin_model** model`) are set to NULL, or zero, where a call fails. No C++ exception ever leaves the library.
 *
 * Threads.  Every function may be called from any thread, at the same time as others and on the same handle, but for
 *   this: while a handle is being destroyed and afterwards, nothing else may use it. Functions return at once unless
 *   their description says that they block.
 *
 * Callbacks.  They return normally: no longjmp, no exception of your own language may pass through the library. Which
 *   thread calls them is said at each. What they are given lasts until they return.
 *
 * Processes.  The library starts threads: after fork() the child may only exec(). Don't unload the library while a
 *   handle exists or a callback runs.
 */
#ifndef ALCUIN_H
#define ALCUIN_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#if defined(ALCUIN_BUILDING)
#define ALCUIN_API __declspec(dllexport)
#else
#define ALCUIN_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define ALCUIN_API __attribute__((visibility("default")))
#else
#define ALCUIN_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------------------- Versions --- */

/** The version of this header. */
#define ALCUIN_VERSION_MAJOR 0
#define ALCUIN_VERSION_MINOR 1
#define ALCUIN_VERSION_PATCH 0

/** The binary interface that this header describes. It changes only when programs must be compiled anew, and with it
 *  the library's name (libalcuin.so.0). */
#define ALCUIN_ABI_VERSION 0

/** The version of the library that runs, as "0.1.0". Lasts as long as the library is loaded. */
ALCUIN_API const char* alcuin_version(void);

/** The version of the library that runs, as major * 1000000 + minor * 1000 + patch: 1000 is 0.1.0. */
ALCUIN_API uint32_t alcuin_version_number(void);

/** The binary interface of the library that runs; equal to ALCUIN_ABI_VERSION wherever a program could be started. For
 *  those who load the library by hand. */
ALCUIN_API uint32_t alcuin_abi_version(void);

/** Whether a struct that the library gave you has a field: ALCUIN_HAS_FIELD(event, tokens). */
#define ALCUIN_HAS_FIELD(pointer, field)                                                                               \
    ((size_t)(pointer)->struct_size >=                                                                                 \
     (size_t)((const char*)&(pointer)->field - (const char*)(pointer)) + sizeof((pointer)->field))

/* --------------------------------------------------------------------------------------------------- Errors --- */

/** What became of a call. Later versions may know more codes: treat those you don't know like ALCUIN_INTERNAL. */
typedef int32_t alcuin_status;
enum {
    ALCUIN_OK = 0,
    ALCUIN_INVALID_ARGUMENT = 1, /**< the call makes no sense as it stands */
    ALCUIN_NOT_FOUND = 2,        /**< a file isn't there */
    ALCUIN_IO = 3,               /**< reading or writing failed */
    ALCUIN_CORRUPT = 4,          /**< a file contradicts itself or its format */
    ALCUIN_UNSUPPORTED = 5,      /**< well-formed, but beyond what this version or this model can do */
    ALCUIN_OUT_OF_MEMORY = 6,    /**< more memory was needed than there is */
    ALCUIN_CONTEXT_FULL = 7,     /**< the prompt is longer than the model's context */
    ALCUIN_TEMPLATE = 8,         /**< the model's chat template failed or refused the messages, or there is none */
    ALCUIN_CANCELLED = 9,        /**< stopped because you asked for it */
    ALCUIN_DEVICE = 10,          /**< a device was lost or refused work */
    ALCUIN_INTERNAL = 11,        /**< a mistake in the library: please report it */
    ALCUIN_TIMEOUT = 12,         /**< the time you gave was over first */
    ALCUIN_WOULD_DEADLOCK = 13   /**< waiting here would wait for the caller itself: see alcuin_request_wait() */
};

/** A code in words, for logs: "out of memory". Never NULL. Lasts as long as the library is loaded. */
ALCUIN_API const char* alcuin_status_name(alcuin_status status);

/** Room for what went wrong. Set struct_size; the rest needs no value. A message that doesn't fit is cut off between
 *  two characters. */
typedef struct alcuin_error {
    uint32_t struct_size;
    alcuin_status status;
    char message[1016]; /**< a sentence in English, UTF-8, ends with a NUL */
} alcuin_error;

/** Gives back memory that a function handed to you, where its description says so. NULL is allowed. */
ALCUIN_API void alcuin_free(void* memory);

/* ------------------------------------------------------------------------------------------------------ Log --- */

typedef int32_t alcuin_log_level;
enum {
    ALCUIN_LOG_WARNING = 1,
    ALCUIN_LOG_INFO = 2, /**< a line or two for each model that is loaded and each request that ends */
    ALCUIN_LOG_DEBUG = 3 /**< also which kernels were chosen and why others weren't */
};

/** Receives one line. Called from any of the library's threads or yours, never twice at a time; it must not call the
 *  library. `message` has no newline at its end. What people wrote and what models answered is never in it. */
typedef void (*alcuin_log_callback)(alcuin_log_level level, const char* message, void* user_data);

/** Sends the engine's log of this process, up to a level, to a callback; NULL, as at the start: nowhere. The library
 *  itself never writes to standard output or standard error. When this has returned, the callback before isn't called
 *  any more.
 *  Errors: ALCUIN_INVALID_ARGUMENT (no such level), ALCUIN_OUT_OF_MEMORY. */
ALCUIN_API alcuin_status alcuin_set_log(alcuin_log_callback callback, void* user_data, alcuin_log_level level);

/* -------------------------------------------------------------------------------------------------- Runtime --- */

/** The threads that compute. A program makes one, as a rule: models of one runtime take turns on the processor's
 *  cores, those of two fight for them. */
typedef struct alcuin_runtime alcuin_runtime;

typedef struct alcuin_runtime_options {
    uint32_t struct_size;
    int32_t threads; /**< worker threads; 0: as many as cores that this process may use */
    /** The time between two tokens of an interactive answer that is aimed at while others are served too (P99), in
     *  milliseconds; 0: 100. */
    double target_token_ms;
    /** Where what was read is kept on disk for alcuin_generation::snapshot_owner: it is made if it isn't there, and
     *  readable by this user alone. NULL: nowhere. */
    const char* snapshot_directory;
    uint64_t snapshot_bytes; /**< of all that is kept there; the oldest goes first. 0: 4 GiB */
} alcuin_runtime_options;

/** Makes a runtime. Starts its threads, which sleep while there is nothing to do.
 *  options: NULL for the defaults.
 *  Errors: ALCUIN_INVALID_ARGUMENT, ALCUIN_IO (the directory for states is used by another runtime, or can't be
 *  private), ALCUIN_OUT_OF_MEMORY, ALCUIN_INTERNAL (threads couldn't be started). */
ALCUIN_API alcuin_status alcuin_runtime_create(const alcuin_runtime_options* options, alcuin_runtime** runtime,
                                               alcuin_error* error);

/** Gives a runtime up. Its threads end, and this blocks for it, when its last model and the last request are destroyed
 *  too. */
ALCUIN_API void alcuin_runtime_destroy(alcuin_runtime* runtime);

/** Deletes what is kept on disk for a snapshot_owner, and what is about to be. Blocks until it is gone.
 *  Errors: ALCUIN_INVALID_ARGUMENT, ALCUIN_IO. */
ALCUIN_API alcuin_status alcuin_runtime_purge_snapshots(alcuin_runtime* runtime, const char* snapshot_owner,
                                                        alcuin_error* error);

/* --------------------------------------------------------------------------------------------------- Models --- */

/** A loaded model, ready to answer any number of requests at a time. It has no memory of conversations: a request
 *  carries all its messages, and the engine finds by itself what it has already read of them. */
typedef struct alcuin_model alcuin_model;

typedef int32_t alcuin_compute;
enum {
    ALCUIN_COMPUTE_FAST = 0, /**< activations may be quantised */
    ALCUIN_COMPUTE_F32 = 1   /**< every product in 32-bit floating point from the file's own weights */
};

/** How keys and values of what was read are kept. */
typedef int32_t alcuin_kv;
enum {
    ALCUIN_KV_DEFAULT = 0, /**< bf16; f32 with ALCUIN_COMPUTE_F32 */
    ALCUIN_KV_F32 = 1,
    ALCUIN_KV_BF16 = 2,
    ALCUIN_KV_INT8 = 3 /**< about half of bf16's memory; layers that are too uneven for it stay in bf16 */
};

typedef struct alcuin_model_options {
    uint32_t struct_size;
    uint32_t context_length; /**< in tokens; 0: the model's own, as far as memory allows */
    const char* path;        /**< the GGUF file */
    alcuin_compute compute;
    alcuin_kv kv;
    /** Memory for what was read and may be asked for again, in bytes; 0: a quarter of what states may take;
     *  ALCUIN_NO_CACHE: none. */
    uint64_t cache_bytes;
} alcuin_model_options;

#define ALCUIN_NO_CACHE UINT64_MAX

typedef int32_t alcuin_flow;
enum {
    ALCUIN_CONTINUE = 0,
    ALCUIN_STOP = 1 /**< or anything else that isn't ALCUIN_CONTINUE */
};

/** Hears how far loading is, in bytes, each time some tens of megabytes are there; stops it by returning ALCUIN_STOP.
 *  Called on the thread that called alcuin_model_load(). */
typedef alcuin_flow (*alcuin_load_callback)(uint64_t bytes_done, uint64_t bytes_total, void* user_data);

/** Loads a model. Blocks until it is loaded or refused. Memory is reckoned first: what can't fit is refused before any
 *  is taken, with the figures in the message.
 *  progress: NULL if you don't want to know.
 *  Errors: ALCUIN_INVALID_ARGUMENT, ALCUIN_NOT_FOUND, ALCUIN_IO, ALCUIN_CORRUPT, ALCUIN_UNSUPPORTED,
 *          ALCUIN_OUT_OF_MEMORY, ALCUIN_CANCELLED (progress said so), ALCUIN_INTERNAL. */
ALCUIN_API alcuin_status alcuin_model_load(alcuin_runtime* runtime, const alcuin_model_options* options,
                                           alcuin_load_callback progress, void* user_data, alcuin_model** model,
                                           alcuin_error* error);

/** Gives a model up. Its memory is freed at once, or when the last request of it is destroyed; requests that are under
 *  way go on. */
ALCUIN_API void alcuin_model_destroy(alcuin_model* model);

/** What a model can do; bits of alcuin_model_info::capabilities. */
enum {
    ALCUIN_CAN_CHAT = 1,      /**< it brings a chat template */
    ALCUIN_CAN_EMBED = 2,     /**< alcuin_embed() works */
    ALCUIN_CAN_REASON = 4,    /**< it may write its thoughts (ALCUIN_CHANNEL_REASONING) before the answer */
    ALCUIN_CAN_USE_TOOLS = 8, /**< its template knows tools */
    ALCUIN_CAN_SEE = 16       /**< it reads pictures */
};

/** What a model's file says about itself. */
typedef struct alcuin_model_info {
    uint32_t struct_size;
    uint32_t capabilities;    /**< of a loaded model; of a file only ALCUIN_CAN_CHAT is known */
    const char* path;         /**< the file, as it was named */
    const char* name;         /**< the name it gives itself, or the file's without its ending */
    const char* architecture; /**< "llama", "qwen2", ... */
    const char* quantization; /**< the type most of the weights' bytes have: "Q4_1" */
    const char* problem;      /**< why it can't be loaded though its header is whole, as a sentence; else empty */
    uint64_t file_bytes;
    uint64_t parameter_count;
    uint64_t context_length;  /**< the one it was trained for, in tokens */
    uint64_t vocabulary_size; /**< in tokens */
    uint64_t vocabulary_hash; /**< equal where token ids mean the same; 0 where only a header was read */
    uint64_t layer_count;
} alcuin_model_info;

/** A loaded model's information. It and its strings last as long as the model's handle. NULL only for NULL. */
ALCUIN_API const alcuin_model_info* alcuin_model_get_info(const alcuin_model* model);

/** Reads a file's header without loading the model. Blocks while it reads (some MB).
 *  info: yours; give it back through alcuin_free(), strings included.
 *  Errors: ALCUIN_INVALID_ARGUMENT, ALCUIN_NOT_FOUND, ALCUIN_IO, ALCUIN_CORRUPT, ALCUIN_UNSUPPORTED,
 *          ALCUIN_OUT_OF_MEMORY. */
ALCUIN_API alcuin_status alcuin_model_info_read(const char* path, alcuin_model_info** info, alcuin_error* error);

/** How a measure was distributed: so much or less in half, 90 % and 99 % of the cases (within 1 %), the largest and the
 *  mean (both exact), and how many cases there were. All zero where there was none. This struct stays as it is. */
typedef struct alcuin_percentiles {
    double p50;
    double p90;
    double p99;
    double max;
    double mean;
    uint64_t count;
} alcuin_percentiles;

/** What a model did since it was loaded. */
typedef struct alcuin_metrics {
    uint32_t struct_size;
    uint32_t reserved;
    const char* device; /**< "CPU, 2 threads, AVX2"; lasts as long as the model's handle */
    uint64_t weight_bytes;
    uint64_t state_bytes; /**< memory held for requests now */
    uint64_t active_requests;
    uint64_t queued_requests;
    uint64_t steps;
    uint64_t prefill_tokens; /**< read from prompts */
    uint64_t decode_tokens;  /**< written */

    alcuin_percentiles queue_ms; /**< of each request, until its first step began */
    alcuin_percentiles time_to_first_token_ms;
    alcuin_percentiles between_tokens_ms; /**< of every token after a request's first */
    double batch_mean;                    /**< requests that write in one step, of steps in which any does */
    uint64_t batch_max;

    uint64_t cache_lookups;       /**< prompts that were looked for among what was read before */
    uint64_t cache_prompt_tokens; /**< of all prompts */
    uint64_t cache_hit_tokens;    /**< of these, found in memory; what came from disk is on top */
    uint64_t cache_pages;         /**< kept now */
    uint64_t cache_pinned_pages;  /**< of these, held by an alcuin_pin */
    uint64_t cache_evicted_pages;
    uint64_t snapshot_saved_tokens; /**< written to disk */
    uint64_t snapshot_restored_tokens;

    double flops_per_token;       /**< two a multiply-add, prompts' tokens included */
    uint64_t bytes_read;          /**< of weights and states, by the kernels */
    uint64_t copied_bytes;        /**< of states that two requests shared until one wrote */
    double step_ms;               /**< time spent in steps */
    double bytes_read_per_second; /**< while stepping */
} alcuin_metrics;

/** Errors: ALCUIN_INVALID_ARGUMENT, ALCUIN_OUT_OF_MEMORY. */
ALCUIN_API alcuin_status alcuin_model_get_metrics(const alcuin_model* model, alcuin_metrics* metrics,
                                                  alcuin_error* error);

/* ------------------------------------------------------------------------------------------------- Requests --- */

/** One turn of a conversation. Text in it is never taken for the template's own: "<|im_start|>" that a person typed
 *  stays those characters. */
typedef struct alcuin_message {
    uint32_t struct_size;
    uint32_t reserved;
    const char* role;      /**< "system", "user", "assistant" or "tool"; the model's template decides what it knows */
    const char* content;   /**< NULL: empty */
    const char* reasoning; /**< an assistant's: what it thought before the answer; NULL: nothing */

    /** An assistant's message: the ids it was generated as (all `tokens` of its text events, in order) and the
     *  vocabulary they belong to (alcuin_result::vocabulary_hash). Optional. With them the next turn finds what was
     *  read and written before, even where the same text could be cut into other tokens. */
    const int32_t* tokens;
    size_t token_count;
    uint64_t vocabulary_hash;
} alcuin_message;

/** How the next token is picked. Here zero isn't the default: begin with alcuin_sampling_init(). Filters apply in this
 *  order: repetition penalty, top-k, top-p, min-p, temperature. */
typedef struct alcuin_sampling {
    uint32_t struct_size;
    uint32_t has_seed;        /**< 0: a fresh seed is drawn and reported in alcuin_result; 1: `seed` is used */
    float temperature;        /**< 0 to 100; 0: always the likeliest. Default 0.7 */
    int32_t top_k;            /**< 0: off. Default 40 */
    float top_p;              /**< above 0, at most 1; 1: off. Default 0.95 */
    float min_p;              /**< 0 to 1; 0: off. Default 0.05 */
    float repetition_penalty; /**< above 0, at most 100; 1: off, which is the default */
    int32_t penalty_window;   /**< how many of the last tokens count as seen. Default 64 */
    uint64_t seed;
} alcuin_sampling;

/** Fills in the defaults. sampling->struct_size must be set.
 *  Errors: ALCUIN_INVALID_ARGUMENT. */
ALCUIN_API alcuin_status alcuin_sampling_init(alcuin_sampling* sampling);

/** Whom the engine serves first. Nobody starves. */
typedef int32_t alcuin_priority;
enum {
    ALCUIN_PRIORITY_INTERACTIVE = 0, /**< somebody watches it being written */
    ALCUIN_PRIORITY_NORMAL = 1,
    ALCUIN_PRIORITY_BACKGROUND = 2
};

/** Bits of alcuin_generation::flags. */
enum {
    ALCUIN_CONTINUE_MESSAGE = 1, /**< go on with the last message instead of answering it */
    /** The same seed gives the same tokens alone, among others and after a restart. Without it what an earlier request
     *  wrote may be used again too, which has other roundings than what is read. */
    ALCUIN_REPRODUCIBLE = 2,
    /** Read the prompt and write nothing: so that a later request finds it read, kept by a pin or on disk. */
    ALCUIN_PROMPT_ONLY = 4
};

/** Keeps in memory what was read of the prompts it was given with, as long as it lives: for a document that will be
 *  asked about again. Belongs to you, like every handle; requests with it may be under way when it is destroyed. */
typedef struct alcuin_pin alcuin_pin;

/** Errors: ALCUIN_INVALID_ARGUMENT, ALCUIN_OUT_OF_MEMORY. */
ALCUIN_API alcuin_status alcuin_pin_create(alcuin_pin** pin, alcuin_error* error);
ALCUIN_API void alcuin_pin_destroy(alcuin_pin* pin);

/** What is to be answered, and how. */
typedef struct alcuin_generation {
    uint32_t struct_size;
    uint32_t flags;
    const alcuin_message* messages; /**< at least one */
    size_t message_count;
    const alcuin_sampling* sampling; /**< NULL: the defaults */
    const char* const* stop;         /**< the answer ends before any of these strings; up to 64, none empty */
    size_t stop_count;
    const char* tools_json;              /**< a JSON array, given to the template as `tools`; NULL: none */
    const char* template_variables_json; /**< a JSON object of further variables for the template; NULL: none */
    int32_t max_tokens;                  /**< how many to write at most; 0: until the context is full */
    alcuin_priority priority;
    /** Whose conversation this is, any id. What was read is kept on disk under it when the answer ends, and looked for
     *  there first: alcuin_runtime_options::snapshot_directory, alcuin_runtime_purge_snapshots(). NULL: nobody's. */
    const char* snapshot_owner;
    alcuin_pin* pin; /**< NULL: what was read stays in memory as long as there is room */
} alcuin_generation;

/** What a piece of text is part of. */
typedef int32_t alcuin_channel;
enum {
    ALCUIN_CHANNEL_REASONING = 0, /**< thoughts before the answer */
    ALCUIN_CHANNEL_ANSWER = 1,
    ALCUIN_CHANNEL_TOOL_CALL = 2
};

typedef int32_t alcuin_finish_reason;
enum {
    ALCUIN_FINISH_STOP = 0,         /**< the model had said all, or a stop string was met */
    ALCUIN_FINISH_LENGTH = 1,       /**< max_tokens were written */
    ALCUIN_FINISH_CONTEXT_FULL = 2, /**< there is no room for more */
    ALCUIN_FINISH_CANCELLED = 3     /**< you stopped it */
};

/** How a request ended, what it used and how long it took. */
typedef struct alcuin_result {
    uint32_t struct_size;
    alcuin_finish_reason reason;
    uint64_t prompt_tokens;
    uint64_t cached_tokens;   /**< of the prompt: read earlier and not again */
    uint64_t restored_tokens; /**< of those: brought back from disk */
    uint64_t completion_tokens;
    uint64_t context_length;
    uint64_t seed;            /**< the one that was used */
    uint64_t vocabulary_hash; /**< what the ids in text events belong to */
    double queue_ms;          /**< from submitting to the first step */
    double prefill_ms;        /**< reading the prompt */
    double time_to_first_token_ms;
    double decode_ms;                     /**< from the first token written to the last */
    alcuin_percentiles between_tokens_ms; /**< every token after the first */
} alcuin_result;

typedef int32_t alcuin_event_type;
enum {
    ALCUIN_EVENT_TEXT = 0,     /**< `channel`, `text` and `tokens` */
    ALCUIN_EVENT_PROGRESS = 1, /**< `prompt_done` of `prompt_total` tokens are read */
    ALCUIN_EVENT_FINISHED = 2, /**< `result`; the last event */
    ALCUIN_EVENT_ERROR = 3     /**< `error`; the last event */
};

/** What a request tells you. A request has any number of text and progress events and then exactly one that is
 *  finished or error. Later versions may send other types: pass over them. Fields that don't belong to the type are
 *  zero. Everything an event points to lasts until the callback returns. */
typedef struct alcuin_event {
    uint32_t struct_size;
    alcuin_event_type type;
    alcuin_channel channel;
    uint32_t reserved;
    const char* text;      /**< whole UTF-8 characters, with a NUL behind them; may be empty */
    size_t text_size;      /**< in bytes; the text itself may hold a NUL */
    const int32_t* tokens; /**< all ids written since the last text event, those without text included */
    size_t token_count;
    uint64_t prompt_done;
    uint64_t prompt_total;
    const alcuin_result* result;
    const alcuin_error* error;
} alcuin_event;

/** Receives a request's events, one at a time, in order. Return ALCUIN_CONTINUE, or ALCUIN_STOP to cancel the request
 *  (its last event still comes). What is written while it runs is kept and merged: being slow costs nobody else's
 *  request any speed. Which thread calls it: see alcuin_generate() and alcuin_submit(). It may call every function of
 *  the library but for alcuin_request_wait(). */
typedef alcuin_flow (*alcuin_event_callback)(const alcuin_event* event, void* user_data);

/** Answers, and blocks until the answer's last event. The callback runs on the calling thread, inside this call.
 *  To be able to stop while nothing happens (a request may wait for others before its first event), use
 *  alcuin_submit().
 *  callback: NULL if only the result matters.
 *  result:   how it ended; NULL if that doesn't matter.
 *  Errors: ALCUIN_INVALID_ARGUMENT (then there was no event), and what an error event says: ALCUIN_CONTEXT_FULL,
 *          ALCUIN_TEMPLATE, ALCUIN_OUT_OF_MEMORY, ALCUIN_DEVICE, ALCUIN_INTERNAL. Being cancelled is no error. */
ALCUIN_API alcuin_status alcuin_generate(alcuin_model* model, const alcuin_generation* generation,
                                         alcuin_event_callback callback, void* user_data, alcuin_result* result,
                                         alcuin_error* error);

/** A request under way. */
typedef struct alcuin_request alcuin_request;

/** Takes a request on and returns at once. The callback runs on the runtime's callback thread, which calls those of
 *  all its requests, one after another: a slow one delays the events of others, though not their answers.
 *  callback: NULL if only the end matters: see alcuin_request_wait().
 *  request:  set before the first callback.
 *  Errors: ALCUIN_INVALID_ARGUMENT, ALCUIN_OUT_OF_MEMORY; what goes wrong later is an event. */
ALCUIN_API alcuin_status alcuin_submit(alcuin_model* model, const alcuin_generation* generation,
                                       alcuin_event_callback callback, void* user_data, alcuin_request** request,
                                       alcuin_error* error);

/** Ends a request soon: what is written then still comes, and the last event. Does nothing to one that has ended.
 *  Errors: ALCUIN_INVALID_ARGUMENT (NULL), like the three that follow. */
ALCUIN_API alcuin_status alcuin_request_cancel(alcuin_request* request);

/** Lets a request rest, with all it has read and written, until it is resumed or cancelled. */
ALCUIN_API alcuin_status alcuin_request_pause(alcuin_request* request);
ALCUIN_API alcuin_status alcuin_request_resume(alcuin_request* request);

/** Errors: also ALCUIN_INVALID_ARGUMENT for no such priority. */
ALCUIN_API alcuin_status alcuin_request_set_priority(alcuin_request* request, alcuin_priority priority);

/** Blocks until the request's last event was delivered and its callback has returned, or until time is over.
 *  timeout_ms: negative: however long it takes; 0: only asks.
 *  result:     as it ended; NULL if that doesn't matter.
 *  Errors: ALCUIN_TIMEOUT (it goes on), ALCUIN_WOULD_DEADLOCK (called in a callback of the same runtime, on whose
 *          return the end would have to wait), ALCUIN_INVALID_ARGUMENT, and what its error event says. */
ALCUIN_API alcuin_status alcuin_request_wait(alcuin_request* request, int64_t timeout_ms, alcuin_result* result,
                                             alcuin_error* error);

/** Cancels the request if it is under way and gives it up. No callback of it runs when this has returned, and none
 *  comes later, so that `user_data` may be freed: it waits for one that is running, unless it is called from a callback
 *  of the same runtime. Destroying a request in its own callback is allowed: that call of it is the last. */
ALCUIN_API void alcuin_request_destroy(alcuin_request* request);

/* ------------------------------------------------------------------------------------------ Text and tokens --- */

/** What a prompt would take of the context. */
typedef struct alcuin_prompt_usage {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t total;
    uint64_t template_tokens; /**< those that the template adds around the messages */
    uint64_t context_length;
} alcuin_prompt_usage;

/** Counts the tokens of a request without generating. Blocks while the template is rendered and the text is cut.
 *  generation:  as for alcuin_generate(); only what shapes the prompt matters.
 *  usage:       may be NULL.
 *  per_message: room for generation->message_count numbers: the tokens of each message's own content; may be NULL.
 *  Errors: ALCUIN_INVALID_ARGUMENT, ALCUIN_TEMPLATE, ALCUIN_OUT_OF_MEMORY. */
ALCUIN_API alcuin_status alcuin_count_tokens(const alcuin_model* model, const alcuin_generation* generation,
                                             alcuin_prompt_usage* usage, uint64_t* per_message, alcuin_error* error);

/** Bits of alcuin_tokenize()'s flags. */
enum {
    ALCUIN_TOKENIZE_SPECIAL = 1 /**< special tokens are recognised in the text; never set it for what people wrote */
};

/** Cuts a text into tokens; none is added at its beginning or end.
 *  text:   `size` bytes; it may hold a NUL and needn't end with one.
 *  tokens: yours; give them back through alcuin_free(). NULL for no tokens.
 *  Errors: ALCUIN_INVALID_ARGUMENT, ALCUIN_UNSUPPORTED (the model's tokens aren't known here), ALCUIN_OUT_OF_MEMORY. */
ALCUIN_API alcuin_status alcuin_tokenize(const alcuin_model* model, const char* text, size_t size, uint32_t flags,
                                         int32_t** tokens, size_t* token_count, alcuin_error* error);

/** The text that tokens stand for; control tokens have none.
 *  text: yours; give it back through alcuin_free(). A NUL is behind its `size` bytes. Where tokens cut a character
 *        into pieces, it begins or ends with part of one.
 *  Errors: ALCUIN_INVALID_ARGUMENT (also an id outside the vocabulary), ALCUIN_UNSUPPORTED, ALCUIN_OUT_OF_MEMORY. */
ALCUIN_API alcuin_status alcuin_detokenize(const alcuin_model* model, const int32_t* tokens, size_t token_count,
                                           char** text, size_t* size, alcuin_error* error);

/** Turns texts into vectors of unit length, which are near each other where the texts mean the like. Blocks until all
 *  are computed.
 *  values: `count` vectors of `dimension` numbers, one after another; yours; give them back through alcuin_free().
 *  Errors: ALCUIN_UNSUPPORTED (a model that writes text: see ALCUIN_CAN_EMBED), ALCUIN_INVALID_ARGUMENT,
 *          ALCUIN_CONTEXT_FULL, ALCUIN_OUT_OF_MEMORY, ALCUIN_INTERNAL. */
ALCUIN_API alcuin_status alcuin_embed(alcuin_model* model, const char* const* texts, size_t count, float** values,
                                      size_t* dimension, alcuin_error* error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* ALCUIN_H */
