#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include <alcuin/inference/tokenizer.h>

#include "models/model.h"
#include "runtime/measurements.h"
#include "runtime/pace.h"
#include "state/prefix_cache.h"
#include "state/token_chain.h"

namespace alcuin::inference {

/// What the executor needs of one loaded model, and what it counts for it. Counters may be read from any thread.
struct LoadedModel {
    std::shared_ptr<ThreadPool> pool; ///< the model's kernels run on it: it must live longer
    std::unique_ptr<Model> model;
    std::shared_ptr<const Tokenizer> tokenizer;

    // The executor's thread only.
    std::unique_ptr<PrefixCache> cache; ///< what was read once; or none
    ChainKey stateRoot;                 ///< the identity of its states
    Pace pace;
    std::size_t pagesAtDisk =
        0; ///< that no sequence has any more or yet, while a file is written or read; they come back

    struct Counters {
        std::atomic<std::size_t> stateBytes{0};
        std::atomic<std::size_t> active{0};
        std::atomic<std::size_t> queued{0};
        std::atomic<std::uint64_t> steps{0};
        std::atomic<std::uint64_t> prefillTokens{0};
        std::atomic<std::uint64_t> decodeTokens{0};
    };
    Counters counters;
    Measurements measurements;
};

} // namespace alcuin::inference
