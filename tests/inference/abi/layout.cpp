// alcuin.h in C++11: it compiles without a warning, and structs are as long as a C compiler makes them.
#include <cstdio>
#include <cstdlib>

extern "C" {
void check_layout_in_cxx(const size_t* sizes, size_t count);
}

#include <alcuin.h>

namespace {

/// Where a struct ends without padding behind its last field: a later field must not begin inside today's sizeof,
/// where an older caller has whatever was in memory.
#define NO_TAIL(type, last)                                                                                            \
    static_assert(sizeof(type) == offsetof(type, last) + sizeof(static_cast<type*>(nullptr)->last), #type " has a "    \
                                                                                                          "tail")

NO_TAIL(alcuin_error, message);
NO_TAIL(alcuin_runtime_options, snapshot_bytes);
NO_TAIL(alcuin_model_options, cache_bytes);
NO_TAIL(alcuin_message, vocabulary_hash);
NO_TAIL(alcuin_sampling, seed);
NO_TAIL(alcuin_generation, pin);
NO_TAIL(alcuin_result, between_tokens_ms);
NO_TAIL(alcuin_event, error);
NO_TAIL(alcuin_metrics, bytes_read_per_second);
NO_TAIL(alcuin_model_info, layer_count);
NO_TAIL(alcuin_prompt_usage, context_length);

} // namespace

void check_layout_in_cxx(const size_t* sizes, size_t count) {
    const size_t ours[] = {sizeof(alcuin_error),      sizeof(alcuin_runtime_options), sizeof(alcuin_model_options),
                           sizeof(alcuin_message),    sizeof(alcuin_sampling),        sizeof(alcuin_generation),
                           sizeof(alcuin_result),     sizeof(alcuin_event),           sizeof(alcuin_metrics),
                           sizeof(alcuin_model_info), sizeof(alcuin_prompt_usage)};
    if (count != sizeof ours / sizeof ours[0]) {
        std::abort();
    }
    for (size_t i = 0; i < count; ++i) {
        if (sizes[i] != ours[i]) {
            std::fprintf(stderr, "struct %zu: %zu bytes in C, %zu in C++\n", i, sizes[i], ours[i]);
            std::abort();
        }
    }
}
