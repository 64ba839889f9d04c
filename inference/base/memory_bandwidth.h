#pragma once

#include <alcuin/inference/error.h>

namespace alcuin::inference {

class ThreadPool;

/// How fast this machine's memory is read, in bytes per second: the best of one, two, four and eight streams a thread
/// over memory far larger than the caches, all threads of the pool reading. What weights can stream at, at most.
/// Takes about a second. Errors: kOutOfMemory.
Result<double> measureReadBandwidth(ThreadPool& pool);

} // namespace alcuin::inference
