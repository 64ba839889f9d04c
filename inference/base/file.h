#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include <alcuin/inference/error.h>

namespace alcuin::inference {

/// A regular file, open for reading at any offset. The one place of the engine that speaks to the file system.
/// Threads: readAt may be called from several at once.
class File {
public:
    /// Errors: kNotFound (no such file), kIo (a directory, a device, no permission, a failing disk).
    static Result<File> open(const std::filesystem::path& path);

    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File();

    const std::filesystem::path& path() const;

    /// Bytes the file had when it was opened.
    std::uint64_t size() const;

    /// Fills all of `destination` with the bytes from `offset` on.
    /// Errors: kIo (the disk failed, or the file was cut since it was opened).
    Result<void> readAt(std::uint64_t offset, std::span<std::byte> destination) const;

private:
    File(std::filesystem::path path, int descriptor, std::uint64_t size);
    void close() noexcept;

    std::filesystem::path path_;
    int descriptor_ = -1;
    std::uint64_t size_ = 0;
};

} // namespace alcuin::inference
