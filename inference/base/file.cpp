#include "base/file.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace alcuin::inference {

namespace {

/// Linux moves at most this much in one call.
constexpr std::size_t kMaxBytesPerRead = std::size_t{1} << 30;

std::string systemMessage(int code) {
    return std::generic_category().message(code);
}

tl::unexpected<Error> failToOpen(const std::filesystem::path& path, int code) {
    if (code == ENOENT || code == ENOTDIR) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("There is no file {}; check the path, or download the model again.", path.string()));
    }
    if (code == EACCES || code == EPERM) {
        return fail(ErrorCode::kIo,
                    fmt::format("The file {} can't be read: permission is denied; change its permissions or copy it "
                                "to a folder of yours.",
                                path.string()));
    }
    return fail(ErrorCode::kIo, fmt::format("The file {} can't be opened: {}; check the path and the disk.",
                                            path.string(), systemMessage(code)));
}

} // namespace

File::File(std::filesystem::path path, int descriptor, std::uint64_t size)
    : path_(std::move(path)), descriptor_(descriptor), size_(size) {}

File::File(File&& other) noexcept
    : path_(std::move(other.path_))
    , descriptor_(std::exchange(other.descriptor_, -1))
    , size_(std::exchange(other.size_, 0)) {}

File& File::operator=(File&& other) noexcept {
    if (this != &other) {
        close();
        path_ = std::move(other.path_);
        descriptor_ = std::exchange(other.descriptor_, -1);
        size_ = std::exchange(other.size_, 0);
    }
    return *this;
}

File::~File() {
    close();
}

void File::close() noexcept {
    if (descriptor_ >= 0) {
        ::close(std::exchange(descriptor_, -1));
    }
}

Result<File> File::open(const std::filesystem::path& path) {
    // A pipe without a writer would block an open for reading for ever, hence O_NONBLOCK; regular files ignore it.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) {
        return failToOpen(path, errno);
    }
    File file(path, descriptor, 0);
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) {
        return failToOpen(path, errno);
    }
    if (S_ISDIR(status.st_mode)) {
        return fail(ErrorCode::kIo,
                    fmt::format("{} is a folder, not a file; name the model file inside it.", path.string()));
    }
    if (!S_ISREG(status.st_mode)) {
        return fail(ErrorCode::kIo,
                    fmt::format("{} is a device or a pipe, not a file; name a model file.", path.string()));
    }
    file.size_ = static_cast<std::uint64_t>(status.st_size);
    return file;
}

const std::filesystem::path& File::path() const {
    return path_;
}

std::uint64_t File::size() const {
    return size_;
}

Result<void> File::readAt(std::uint64_t offset, std::span<std::byte> destination) const {
    if (offset > size_ || destination.size() > size_ - offset) {
        return fail(ErrorCode::kIo,
                    fmt::format("The file {} has {} bytes, but {} bytes from byte {} on were asked for.",
                                path_.string(), size_, destination.size(), offset));
    }
    while (!destination.empty()) {
        const auto wanted = std::min(destination.size(), kMaxBytesPerRead);
        const auto got = ::pread(descriptor_, destination.data(), wanted, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return fail(ErrorCode::kIo, fmt::format("Reading {} failed at byte {}: {}; check the disk it lies on.",
                                                    path_.string(), offset, systemMessage(errno)));
        }
        if (got == 0) {
            return fail(ErrorCode::kIo,
                        fmt::format("The file {} was cut to {} bytes while it was being read; it had {}. Download or "
                                    "copy it again.",
                                    path_.string(), offset, size_));
        }
        destination = destination.subspan(static_cast<std::size_t>(got));
        offset += static_cast<std::uint64_t>(got);
    }
    return {};
}

} // namespace alcuin::inference
