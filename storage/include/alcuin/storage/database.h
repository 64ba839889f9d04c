#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include <alcuin/storage/error.h>
#include <alcuin/storage/records.h>

namespace alcuin::storage {

struct Connection;

/// Time and ids come from here, so that a test can hold them.
struct Sources {
    std::function<TimeMs()> now;
    std::function<Id()> newId;
    static Sources system();
};

/// What opening is at, where it takes time in proportion to what is stored.
struct Opening {
    enum class Work {
        kChecking, ///< reading all of it, since damage was noticed
        kCopying,  ///< making the backup before a migration
        kChanging  ///< migrating
    };
    Work work = Work::kChecking;
    std::optional<double> done; ///< of this work, from 0 to 1; none: nobody knows
};
/// Called on the thread that opens, some times a second at least while a copy is being made.
using OpeningProgress = std::function<void(const Opening&)>;

/// One SQLite database in WAL mode with synchronous FULL, brought to the newest schema on opening (with a backup
/// before a migration). One connection, the only writer and the only checkpointer: a second one in any
/// process could meet the WAL-reset race of SQLite before 3.51.3.
/// Threads: none; the thread that opened it owns it, uses it alone and destroys it.
class Database {
public:
    /// Creates `directory` (0700) and `alcuin.db` in it (0600) if they aren't there. A file that is refused is left as
    /// it was found. Where damage was noticed before, the whole file is read first, which takes time in proportion.
    /// Errors: kCannotOpen (another program's database included), kNewerVersion, kCorrupt, kDiskFull, kLocked.
    static Result<std::unique_ptr<Database>> open(const std::filesystem::path& directory,
                                                  Sources sources = Sources::system(),
                                                  const OpeningProgress& progress = {});
    /// The same schema in memory alone: nothing of it ever reaches a file, and it is gone with the object.
    static Result<std::unique_ptr<Database>> openInMemory(Sources sources = Sources::system());
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    Result<int> schemaVersion();
    /// Reads the whole file and every reference in it; takes time in proportion. Errors: kCorrupt names the finding.
    Result<void> checkIntegrity();
    const std::filesystem::path& path() const;

private:
    friend class BackupStore;
    friend class CompactionStore;
    friend class ConversationStore;
    friend class DraftStore;
    friend class FolderStore;
    friend class PersonaStore;
    friend class ImportStore;
    friend class QueueStore;
    friend class SearchUpkeep;
    friend class SettingsStore;
    friend class SnippetStore;
    explicit Database(std::unique_ptr<Connection> connection);
    std::unique_ptr<Connection> connection_;
};

} // namespace alcuin::storage
