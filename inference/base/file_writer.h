#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include <alcuin/inference/error.h>

namespace alcuin::inference {

/// Writes a file under a temporary name beside its own, and gives it its name only when it is complete and on the
/// disk: nobody ever meets half a file. Destroyed before commit(), it leaves nothing behind.
class FileWriter {
public:
    /// Errors: kIo (no such folder, no permission).
    static Result<FileWriter> create(const std::filesystem::path& path);

    FileWriter(FileWriter&& other) noexcept;
    FileWriter& operator=(FileWriter&&) = delete;
    FileWriter(const FileWriter&) = delete;
    FileWriter& operator=(const FileWriter&) = delete;
    ~FileWriter();

    /// Appends. Errors: kIo (a full or failing disk).
    Result<void> write(std::span<const std::byte> bytes);

    std::uint64_t written() const;

    /// Brings the file to the disk and gives it its name, replacing what had it. Errors: kIo.
    Result<void> commit();

private:
    FileWriter(std::filesystem::path path, std::filesystem::path temporary, int descriptor);
    tl::unexpected<Error> failure(int code) const;

    std::filesystem::path path_;
    std::filesystem::path temporary_;
    int descriptor_ = -1;
    std::uint64_t written_ = 0;
};

} // namespace alcuin::inference
