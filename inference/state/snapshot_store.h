#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <alcuin/inference/error.h>
#include <alcuin/inference/generation.h>

#include "base/private_directory.h"
#include "state/token_chain.h"

namespace alcuin::inference {

namespace snapshot {
class File;
} // namespace snapshot

/// Pages of state on disk, so that a conversation or document that is opened again isn't read again: a directory with
/// a file for each owner and identity. They are what people wrote: only this user can read them, file names say
/// nothing, nothing is logged but sizes. What a file says is checked like a model's; whatever is wrong with it isn't
/// there. Nothing waits for the disk to be done: a page that a power cut tore isn't there either.
/// Threads: any; calls take turns, but for the reading of pages.
class SnapshotStore {
public:
    /// Files that were used longest ago go when all are more than `maxBytes`, or leave less than kFreeBytes of the
    /// disk. `freeBytes` says how much the disk has; empty: asks the system.
    /// Errors: kIo (PrivateDirectory says why).
    static Result<std::shared_ptr<SnapshotStore>> open(const std::filesystem::path& directory, std::uint64_t maxBytes,
                                                       std::function<std::uint64_t()> freeBytes = {});

    /// Room on the disk that is left to others: people's messages are worth more than time.
    static constexpr std::uint64_t kFreeBytes = std::uint64_t{1} << 30;

    ~SnapshotStore();
    SnapshotStore(const SnapshotStore&) = delete;
    SnapshotStore& operator=(const SnapshotStore&) = delete;

    /// A page of state in memory. A page of fewer than 64 tokens is the last of its chain; what lies behind its tokens
    /// is written as it is.
    struct PageRecord {
        ChainKey key;
        ChainKey parent;
        bool prefilled = false;
        std::span<const Token> tokens;
        std::span<const std::byte> bytes;
    };
    struct Appended {
        std::size_t pages = 0;
        std::size_t tokens = 0;
    };
    /// Adds those pages of a chain, in order, that the owner's file doesn't have; all are of one size. Pages that none
    /// leads to, and those for which there is no room, are left out. Other branches stay as long as they aren't more
    /// than this chain; then the oldest make room. Errors: kIo, kInvalidArgument (keys that aren't their tokens',
    /// sizes).
    Result<Appended> append(std::string_view owner, const ChainKey& root, std::span<const PageRecord> records);

    /// Pages of a file that hold the start of a text. They can still be read when the file was purged; those that
    /// others were written over turn out bad.
    struct Restore {
        struct Page {
            ChainKey key;
            ChainKey parent;
            bool prefilled = false;
            std::size_t tokens = 0; ///< that are of the text: 64, or fewer in the last one, which may hold more
            std::size_t slot = 0;
        };
        std::size_t tokens = 0; ///< of all pages
        std::vector<Page> pages;
        std::shared_ptr<snapshot::File> file;
    };
    /// The longest start of `tokens` that the owner's file has; empty where it has none or anything is wrong.
    /// `prefilledOnly`: only pages whose whole chain was written by prefill rows.
    Restore find(std::string_view owner, const ChainKey& root, std::size_t pageBytes, std::span<const Token> tokens,
                 bool prefilledOnly);

    /// Reads pages first, first + 1, ... of the plan into memory of pageBytes each. Returns how many of them, from the
    /// first on, hold what was written; the others' contents are undefined. Doesn't hold up other calls.
    std::size_t read(const Restore& restore, std::size_t first, std::span<unsigned char* const> pages);

    /// Forgets an owner: the files are gone from the directory, also after a power cut. What is appended later is kept
    /// again. Errors: kIo.
    Result<void> purge(std::string_view owner);
    /// Forgets all owners but these. What isn't a snapshot's stays. Errors: kIo.
    Result<void> purgeExcept(std::span<const std::string> owners);

    /// Of all files.
    std::uint64_t bytes();

private:
    Result<void> removeFiles(const std::function<bool(const std::string& name)>& goes);

    SnapshotStore(PrivateDirectory directory, std::uint64_t maxBytes, std::function<std::uint64_t()> freeBytes);

    std::mutex mutex_;
    PrivateDirectory directory_;
    std::uint64_t maxBytes_;
    std::function<std::uint64_t()> freeBytes_;
};

} // namespace alcuin::inference
