#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>

#include <alcuin/storage/error.h>
#include <alcuin/storage/records.h>

namespace alcuin::storage {

/// Time and ids come from here, so that a test can hold them.
struct Sources {
    std::function<TimeMs()> now;
    std::function<Id()> newId;
    static Sources system();
};

/// One SQLite database in WAL mode with synchronous FULL, brought to the newest schema on opening (with a copy kept
/// beside it before a migration). One connection, used by one thread: the writer.
/// Threads: none; whoever opened it uses it from a single thread.
class Database {
public:
    /// Creates `directory` (0700) and `alcuin.db` in it (0600) if they aren't there.
    /// Errors: kCannotOpen, kNewerVersion, kCorrupt, kDiskFull, kLocked.
    static Result<std::unique_ptr<Database>> open(const std::filesystem::path& directory,
                                                  Sources sources = Sources::system());
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    int schemaVersion() const;
    const std::filesystem::path& path() const;

private:
    friend class ConversationStore;
    friend class SettingsStore;
    struct Connection;
    explicit Database(std::unique_ptr<Connection> connection);
    std::unique_ptr<Connection> connection_;
};

} // namespace alcuin::storage
