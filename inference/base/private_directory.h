#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <alcuin/inference/error.h>

namespace alcuin::inference {

/// A file of a PrivateDirectory, open for reading and writing at any offset.
/// Threads: readAt from several at once; everything else one at a time.
class PrivateFile {
public:
    PrivateFile(PrivateFile&& other) noexcept;
    PrivateFile& operator=(PrivateFile&& other) noexcept;
    PrivateFile(const PrivateFile&) = delete;
    PrivateFile& operator=(const PrivateFile&) = delete;
    ~PrivateFile();

    /// Bytes that it had when it was opened, or since the last resize.
    std::uint64_t size() const {
        return size_;
    }

    /// Fills all of `destination`. Errors: kIo (the disk failed, or the file ends before).
    Result<void> readAt(std::uint64_t offset, std::span<std::byte> destination) const;

    /// Writes within size(). Errors: kIo (a full or failing disk, or beyond the end).
    Result<void> writeAt(std::uint64_t offset, std::span<const std::byte> source);

    /// Cuts, or extends by zeros that take no room yet. Errors: kIo.
    Result<void> resize(std::uint64_t bytes);

    /// Lets the disk begin with what will be read soon. Nobody waits, and nothing can fail.
    void willRead(std::uint64_t offset, std::uint64_t bytes) const;

    /// It was used now.
    void touch();

private:
    friend class PrivateDirectory;
    PrivateFile(std::string name, int descriptor);
    tl::unexpected<Error> failure(const char* verb, int code) const;

    std::string name_;
    int descriptor_ = -1;
    std::uint64_t size_ = 0;
};

/// A directory that only this user may look into (0700), with files that only this user may read (0600), and held by
/// one process at a time. Nothing in it is reached through a link: a link, a device, a file of another user or one
/// with a second name is refused.
/// Threads: one at a time.
class PrivateDirectory {
public:
    /// Makes the directory, and those above it, where there is none. Errors: kIo (a link or a file stands there,
    /// another user's, no permission, or another process holds it).
    static Result<PrivateDirectory> open(const std::filesystem::path& path);

    PrivateDirectory(PrivateDirectory&& other) noexcept;
    PrivateDirectory& operator=(PrivateDirectory&& other) noexcept;
    PrivateDirectory(const PrivateDirectory&) = delete;
    PrivateDirectory& operator=(const PrivateDirectory&) = delete;
    ~PrivateDirectory();

    /// `name` has no separator. Errors: kNotFound (no such file), kIo.
    Result<PrivateFile> openFile(const std::string& name) const;
    /// As openFile, but makes an empty file where there is none.
    Result<PrivateFile> openOrCreateFile(const std::string& name);

    /// No error where there is none. A link is removed itself, not what it points to. Errors: kIo.
    Result<void> remove(const std::string& name);

    /// What was removed stays so after the power failed. Errors: kIo.
    Result<void> sync();

    struct Entry {
        std::string name;
        std::uint64_t bytes = 0;
        std::int64_t lastUsedNs = 0; ///< since 1970; when it was written or touched last
    };
    /// Of regular files; in no order. Errors: kIo.
    Result<std::vector<Entry>> entries() const;

    /// Room on the disk for this user; nothing known: the most there can be.
    std::uint64_t freeBytes() const;

private:
    PrivateDirectory(std::filesystem::path path, int descriptor);
    Result<PrivateFile> openFile(const std::string& name, int flags) const;
    tl::unexpected<Error> failure(const char* verb, int code) const;

    std::filesystem::path path_;
    int descriptor_ = -1;
};

} // namespace alcuin::inference
