#include "base/private_directory.h"

#include <cerrno>
#include <limits>
#include <memory>
#include <system_error>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <fmt/format.h>

namespace alcuin::inference {

namespace {

constexpr mode_t kDirectoryMode = 0700;
constexpr mode_t kFileMode = 0600;
constexpr mode_t kModeBits = 07777;

/// Ours alone, whatever the umask and whoever made it looser before.
bool restrictTo(int descriptor, const struct stat& status, mode_t mode) {
    return (status.st_mode & kModeBits) == mode || ::fchmod(descriptor, mode) == 0;
}

struct CloseDirectory {
    void operator()(DIR* directory) const {
        ::closedir(directory);
    }
};

} // namespace

PrivateDirectory::PrivateDirectory(std::filesystem::path path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor) {}

PrivateDirectory::PrivateDirectory(PrivateDirectory&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

PrivateDirectory& PrivateDirectory::operator=(PrivateDirectory&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

PrivateDirectory::~PrivateDirectory() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

tl::unexpected<Error> PrivateDirectory::failure(const char* verb, int code) const {
    return fail(ErrorCode::kIo, fmt::format("The folder {} can't be {}: {}; check its permissions and the disk.",
                                            path_.string(), verb, std::generic_category().message(code)));
}

Result<PrivateDirectory> PrivateDirectory::open(const std::filesystem::path& asked) {
    // Behind a separator at the end a link would be followed.
    const std::filesystem::path path = asked.has_filename() ? asked : asked.parent_path();
    PrivateDirectory directory(path, -1);
    std::error_code ignored; // where it matters, the next call fails too and says why
    std::filesystem::create_directories(path.parent_path(), ignored);
    if (::mkdir(path.c_str(), kDirectoryMode) != 0 && errno != EEXIST) {
        return directory.failure("made", errno);
    }
    directory.descriptor_ = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory.descriptor_ < 0) {
        return directory.failure("opened", errno);
    }
    struct stat status {};
    if (::fstat(directory.descriptor_, &status) != 0) {
        return directory.failure("opened", errno);
    }
    if (status.st_uid != ::geteuid() || !restrictTo(directory.descriptor_, status, kDirectoryMode)) {
        return fail(ErrorCode::kIo,
                    fmt::format("The folder {} belongs to another user; choose one of your own.", path.string()));
    }
    if (::flock(directory.descriptor_, LOCK_EX | LOCK_NB) != 0) {
        return fail(ErrorCode::kIo, fmt::format("The folder {} is in use by another program.", path.string()));
    }
    return directory;
}

Result<PrivateFile> PrivateDirectory::openFile(const std::string& name, int flags) const {
    const auto refuse = [&name](std::string_view why) {
        return fail(ErrorCode::kIo, fmt::format("The file {} is {}; delete it.", name, why));
    };
    // A pipe would block an open for ever, hence O_NONBLOCK; regular files ignore it.
    const int descriptor =
        ::openat(descriptor_, name.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | flags, kFileMode);
    if (descriptor < 0) {
        const int code = errno;
        if (code == ELOOP) {
            return refuse("a link");
        }
        return fail(code == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
                    fmt::format("The file {} can't be opened: {}; check its permissions and the disk.", name,
                                std::generic_category().message(code)));
    }
    PrivateFile file(name, descriptor);
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) {
        return file.failure("opened", errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return refuse("a device or a pipe");
    }
    if (status.st_uid != ::geteuid()) {
        return refuse("another user's");
    }
    if (status.st_nlink != 1) {
        return refuse("reached by a second name");
    }
    if (!restrictTo(descriptor, status, kFileMode)) {
        return file.failure("kept private", errno);
    }
    file.size_ = static_cast<std::uint64_t>(status.st_size);
    return file;
}

Result<PrivateFile> PrivateDirectory::openFile(const std::string& name) const {
    return openFile(name, 0);
}

Result<PrivateFile> PrivateDirectory::openOrCreateFile(const std::string& name) {
    return openFile(name, O_CREAT);
}

Result<void> PrivateDirectory::remove(const std::string& name) {
    if (::unlinkat(descriptor_, name.c_str(), 0) != 0 && errno != ENOENT) {
        return failure("changed", errno);
    }
    return {};
}

Result<void> PrivateDirectory::sync() {
    if (::fsync(descriptor_) != 0) {
        return failure("brought to the disk", errno);
    }
    return {};
}

Result<std::vector<PrivateDirectory::Entry>> PrivateDirectory::entries() const {
    // A descriptor of its own: listing moves the position that copies of one would share.
    const int descriptor = ::openat(descriptor_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, CloseDirectory> listing(descriptor < 0 ? nullptr : ::fdopendir(descriptor));
    if (!listing) {
        const int code = errno;
        if (descriptor >= 0) {
            ::close(descriptor);
        }
        return failure("listed", code);
    }
    std::vector<Entry> entries;
    for (;;) {
        errno = 0;
        const dirent* found = ::readdir(listing.get());
        if (found == nullptr) {
            break;
        }
        struct stat status {};
        if (::fstatat(descriptor_, found->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode)) {
            entries.push_back({found->d_name, static_cast<std::uint64_t>(status.st_size),
                               std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec});
        }
    }
    if (errno != 0) {
        return failure("listed", errno);
    }
    return entries;
}

std::uint64_t PrivateDirectory::freeBytes() const {
    struct statvfs status {};
    if (::fstatvfs(descriptor_, &status) != 0) {
        return std::numeric_limits<std::uint64_t>::max();
    }
    return std::uint64_t{status.f_bavail} * std::uint64_t{status.f_frsize};
}

} // namespace alcuin::inference
