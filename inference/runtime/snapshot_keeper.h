#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <alcuin/inference/error.h>

#include "runtime/job_thread.h"
#include "runtime/sequence.h"
#include "state/snapshot_store.h"

namespace alcuin::inference {

/// Brings states back from disk and puts them there, while the executor goes on. Threads: the executor's; what it waits
/// for happens on a thread of its own.
class SnapshotKeeper {
public:
    /// Runs an action on the executor's thread, soon, with the sequence of that request if it is still there.
    using Post = std::function<void(std::shared_ptr<const Request> request, std::function<void(Sequence*)> action)>;

    /// Destroying it waits until everything is on disk; what is posted then must still be run.
    SnapshotKeeper(std::shared_ptr<SnapshotStore> store, Post post);

    /// Finds out what the disk has of a waiting sequence's tokens, where that can be more than memory has: the
    /// sequence is kLooking until then.
    void look(Sequence& sequence);

    /// Reads what was found and memory doesn't have into pages for a sequence that was just started: it is kRestoring
    /// until then. False: there is nothing to be had, or no room for it.
    bool restore(Sequence& sequence);

    /// Writes the whole pages that a sequence leaves behind under its owner's name.
    void save(Sequence& sequence);

    /// Calls `done` when an owner's states are gone from the disk, on another thread.
    void purge(std::string owner, std::function<void(Result<void>)> done);
    /// The same for all owners but these.
    void purgeExcept(std::vector<std::string> owners, std::function<void(Result<void>)> done);

private:
    void deleteFromDisk(std::function<Result<void>(SnapshotStore&)> action, std::function<void(Result<void>)> done);

    std::shared_ptr<SnapshotStore> store_;
    Post post_;
    JobThread disk_{JobThread::AtEnd::kFinish}; ///< last: its jobs use the rest
};

} // namespace alcuin::inference
