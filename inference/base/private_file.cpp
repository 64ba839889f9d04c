#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/private_directory.h"

namespace alcuin::inference {

namespace {
/// Linux moves at most this much in one call.
constexpr std::size_t kMaxBytesPerCall = std::size_t{1} << 30;
} // namespace

PrivateFile::PrivateFile(std::string name, int descriptor) : name_(std::move(name)), descriptor_(descriptor) {}

PrivateFile::PrivateFile(PrivateFile&& other) noexcept
    : name_(std::move(other.name_))
    , descriptor_(std::exchange(other.descriptor_, -1))
    , size_(std::exchange(other.size_, 0)) {}

PrivateFile& PrivateFile::operator=(PrivateFile&& other) noexcept {
    std::swap(name_, other.name_);
    std::swap(descriptor_, other.descriptor_);
    std::swap(size_, other.size_);
    return *this;
}

PrivateFile::~PrivateFile() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

tl::unexpected<Error> PrivateFile::failure(const char* verb, int code) const {
    return fail(ErrorCode::kIo, fmt::format("The file {} can't be {}: {}; check the disk and the space left.", name_,
                                            verb, std::generic_category().message(code)));
}

Result<void> PrivateFile::readAt(std::uint64_t offset, std::span<std::byte> destination) const {
    while (!destination.empty()) {
        const auto wanted = std::min(destination.size(), kMaxBytesPerCall);
        const auto got = ::pread(descriptor_, destination.data(), wanted, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return failure("read", errno);
        }
        if (got == 0) {
            return fail(ErrorCode::kIo, fmt::format("The file {} ends at byte {} or before.", name_, offset));
        }
        destination = destination.subspan(static_cast<std::size_t>(got));
        offset += static_cast<std::uint64_t>(got);
    }
    return {};
}

Result<void> PrivateFile::writeAt(std::uint64_t offset, std::span<const std::byte> source) {
    if (offset > size_ || source.size() > size_ - offset) {
        return fail(ErrorCode::kIo, fmt::format("The file {} has {} bytes, but {} from byte {} on were to be written.",
                                                name_, size_, source.size(), offset));
    }
    while (!source.empty()) {
        const auto wanted = std::min(source.size(), kMaxBytesPerCall);
        const auto put = ::pwrite(descriptor_, source.data(), wanted, static_cast<off_t>(offset));
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return failure("written", put < 0 ? errno : ENOSPC);
        }
        source = source.subspan(static_cast<std::size_t>(put));
        offset += static_cast<std::uint64_t>(put);
    }
    return {};
}

Result<void> PrivateFile::resize(std::uint64_t bytes) {
    while (::ftruncate(descriptor_, static_cast<off_t>(bytes)) != 0) {
        if (errno != EINTR) {
            return failure("resized", errno);
        }
    }
    size_ = bytes;
    return {};
}

void PrivateFile::willRead(std::uint64_t offset, std::uint64_t bytes) const {
    (void)::posix_fadvise(descriptor_, static_cast<off_t>(offset), static_cast<off_t>(bytes), POSIX_FADV_WILLNEED);
}

void PrivateFile::touch() {
    (void)::futimens(descriptor_, nullptr);
}

} // namespace alcuin::inference
