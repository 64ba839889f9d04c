#pragma once

namespace alcuin::tests {

/// Stands between SQLite and the disk while it lives: after `allowed` more writes every write fails with `code`
/// (an SQLite result), until room is made again. One at a time; databases are closed before it ends.
class FaultyDisk {
public:
    FaultyDisk();
    ~FaultyDisk();
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;

    void failAfter(int allowed, int code);
    void heal();
    /// Whether a write has failed since failAfter().
    bool hasFailed() const;
};

} // namespace alcuin::tests
