#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include <alcuin/inference/generation.h>

namespace alcuin::inference {

/// Carries one request's events from an engine's thread to its reader, merging adjacent text so that a slow reader
/// costs nothing and blocks nobody. Threads: every function may be called from any thread.
class Mailbox {
public:
    /// Appends an event, merging it into the last one where both are text of one channel or both are progress.
    /// Wakes the reader if the box was empty. Events after Finished or Error are dropped.
    void post(Event event);

    /// `wake` is called once each time the box turns non-empty (at once if it already is), from the posting thread;
    /// it must not block nor call onReady. Passing nullptr stops that: no call is under way once this has returned.
    void onReady(std::function<void()> wake);

    /// Everything since the last call.
    std::vector<Event> drain();

private:
    std::mutex mutex_;
    std::mutex wakeMutex_; ///< held while `wake_` runs, so that removing it waits for a call under way
    std::function<void()> wake_;
    std::vector<Event> events_;
    std::optional<Event> last_; ///< Finished or Error until it is drained; apart, so that posting it takes no memory
    bool closed_ = false;
};

} // namespace alcuin::inference
