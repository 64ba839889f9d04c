#include "base/file_writer.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace alcuin::inference {

namespace {
constexpr std::size_t kMaxBytesPerWrite = std::size_t{1} << 30;
} // namespace

FileWriter::FileWriter(std::filesystem::path path, std::filesystem::path temporary, int descriptor)
    : path_(std::move(path)), temporary_(std::move(temporary)), descriptor_(descriptor) {}

FileWriter::FileWriter(FileWriter&& other) noexcept
    : path_(std::move(other.path_))
    , temporary_(std::move(other.temporary_))
    , descriptor_(std::exchange(other.descriptor_, -1))
    , written_(other.written_) {}

FileWriter::~FileWriter() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
        ::unlink(temporary_.c_str());
    }
}

tl::unexpected<Error> FileWriter::failure(int code) const {
    return fail(ErrorCode::kIo, fmt::format("The file {} can't be written: {}; check the folder and the space left.",
                                            path_.string(), std::generic_category().message(code)));
}

Result<FileWriter> FileWriter::create(const std::filesystem::path& path) {
    auto temporary = path;
    temporary += ".part";
    FileWriter writer(path, std::move(temporary), -1);
    writer.descriptor_ = ::open(writer.temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (writer.descriptor_ < 0) {
        return writer.failure(errno);
    }
    return writer;
}

Result<void> FileWriter::write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const auto put = ::write(descriptor_, bytes.data(), std::min(bytes.size(), kMaxBytesPerWrite));
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return failure(errno);
        }
        bytes = bytes.subspan(static_cast<std::size_t>(put));
        written_ += static_cast<std::uint64_t>(put);
    }
    return {};
}

std::uint64_t FileWriter::written() const {
    return written_;
}

Result<void> FileWriter::commit() {
    if (::fsync(descriptor_) != 0) {
        return failure(errno);
    }
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
        return failure(errno);
    }
    ::close(std::exchange(descriptor_, -1));
    return {};
}

} // namespace alcuin::inference
