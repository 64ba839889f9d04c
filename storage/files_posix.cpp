#include "files.h"

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace alcuin::storage {

namespace {

constexpr mode_t kPrivateFile = S_IRUSR | S_IWUSR;
constexpr mode_t kPrivateDirectory = S_IRWXU;

tl::unexpected<Error> failed(std::string_view what, const std::filesystem::path& path, int error) {
    const std::string reason = std::generic_category().message(error);
    if (error == ENOSPC || error == EDQUOT) {
        return fail(ErrorCode::kDiskFull, fmt::format("{} {} couldn't be {}: {}. Free some space and try again.",
                                                      "The disk is full:", path.string(), what, reason));
    }
    return fail(ErrorCode::kCannotOpen, fmt::format("{} couldn't be {}: {}. Check that you may write there, or choose "
                                                    "another folder with --data-dir.",
                                                    path.string(), what, reason));
}

class Descriptor {
public:
    Descriptor(const std::filesystem::path& path, int flags, mode_t mode = 0)
        : m_descriptor(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
    ~Descriptor() {
        if (m_descriptor >= 0) {
            ::close(m_descriptor);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    bool isOpen() const {
        return m_descriptor >= 0;
    }
    int get() const {
        return m_descriptor;
    }

private:
    int m_descriptor;
};

/// Makes new names in a directory survive a power loss.
void syncDirectory(const std::filesystem::path& directory) {
    const Descriptor descriptor(directory, O_RDONLY | O_DIRECTORY);
    if (descriptor.isOpen()) {
        ::fsync(descriptor.get()); // some file systems refuse this for directories and need it not
    }
}

void takeRightsOfOthers(const std::filesystem::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        ::chmod(file.c_str(), kPrivateFile); // fails on another's file, which opening reports
    }
}

} // namespace

Result<void> prepareDirectory(const std::filesystem::path& directory) {
    std::error_code error;
    if (!std::filesystem::is_directory(directory, error)) {
        const auto parent = directory.parent_path();
        if (!parent.empty() && parent != directory) {
            if (auto made = prepareDirectory(parent); !made) {
                return made;
            }
        }
        if (::mkdir(directory.c_str(), kPrivateDirectory) != 0 && errno != EEXIST) {
            return failed("made", directory, errno);
        }
        if (!std::filesystem::is_directory(directory, error)) {
            return failed("made", directory, ENOTDIR);
        }
        syncDirectory(parent);
    }
    return {};
}

Result<void> preparePrivateFile(const std::filesystem::path& file) {
    const Descriptor descriptor(file, O_RDWR | O_CREAT | O_EXCL, kPrivateFile);
    if (!descriptor.isOpen()) {
        if (errno != EEXIST) {
            return failed("made", file, errno);
        }
        takeRightsOfOthers(file);
        takeRightsOfOthers(file.string() + "-wal");
        takeRightsOfOthers(file.string() + "-shm");
        return {};
    }
    if (::fchmod(descriptor.get(), kPrivateFile) != 0 || ::fsync(descriptor.get()) != 0) {
        return failed("made", file, errno);
    }
    syncDirectory(file.parent_path());
    return {};
}

Result<void> publishFile(const std::filesystem::path& from, const std::filesystem::path& to) {
    const Descriptor descriptor(from, O_RDONLY);
    if (!descriptor.isOpen() || ::fsync(descriptor.get()) != 0) {
        return failed("written", from, errno);
    }
    if (::rename(from.c_str(), to.c_str()) != 0) {
        return failed("made", to, errno);
    }
    syncDirectory(to.parent_path());
    return {};
}

} // namespace alcuin::storage
