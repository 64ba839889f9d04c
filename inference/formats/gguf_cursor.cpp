#include "formats/gguf_cursor.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/byte_size.h"

namespace alcuin::inference::gguf {

namespace {
constexpr std::size_t kBufferBytes = 64 * 1024;
constexpr std::size_t kMaxShownCharacters = 60;
} // namespace

Cursor::Cursor(const File& file)
    : file_(file), buffer_(static_cast<std::size_t>(std::min<std::uint64_t>(kBufferBytes, file.size()))) {}

std::uint64_t Cursor::position() const {
    return position_;
}

std::uint64_t Cursor::remaining() const {
    return file_.size() - position_;
}

Result<void> Cursor::require(std::uint64_t bytes) const {
    if (bytes <= remaining()) {
        return {};
    }
    return fail(ErrorCode::kCorrupt,
                fmt::format("The model file {} is incomplete: it ends inside its header, after {}, where at least "
                            "{} more are needed. Download it again.",
                            file_.path().string(), describeBytes(file_.size()), describeBytes(bytes - remaining())));
}

Result<void> Cursor::read(std::span<std::byte> destination) {
    if (const auto enough = require(destination.size()); !enough) {
        return enough;
    }
    while (!destination.empty()) {
        const auto bufferEnd = bufferOffset_ + bufferBytes_;
        if (position_ < bufferEnd) {
            const auto at = static_cast<std::size_t>(position_ - bufferOffset_);
            const auto count = std::min(destination.size(), bufferBytes_ - at);
            std::memcpy(destination.data(), buffer_.data() + at, count);
            position_ += count;
            destination = destination.subspan(count);
            continue;
        }
        if (destination.size() >= buffer_.size()) {
            if (const auto done = file_.readAt(position_, destination); !done) {
                return done;
            }
            position_ += destination.size();
            return {};
        }
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(buffer_.size(), remaining()));
        if (const auto done = file_.readAt(position_, std::span(buffer_).first(count)); !done) {
            return done;
        }
        bufferOffset_ = position_;
        bufferBytes_ = count;
    }
    return {};
}

Result<std::string> Cursor::readString(std::uint64_t limit, std::string_view what) {
    const auto length = read<std::uint64_t>();
    if (!length) {
        return tl::make_unexpected(length.error());
    }
    if (*length > limit) {
        return corrupt(fmt::format("{} at byte {} claims {} bytes, and {} is the most there can be", what,
                                   position_ - sizeof(std::uint64_t), *length, limit));
    }
    if (const auto enough = require(*length); !enough) {
        return tl::make_unexpected(enough.error());
    }
    std::string text(static_cast<std::size_t>(*length), '\0');
    if (const auto done = read(std::as_writable_bytes(std::span(text))); !done) {
        return tl::make_unexpected(done.error());
    }
    return text;
}

tl::unexpected<Error> Cursor::corrupt(std::string_view what) const {
    return fail(ErrorCode::kCorrupt,
                fmt::format("The model file {} is damaged: {}. Download it again.", file_.path().string(), what));
}

tl::unexpected<Error> Cursor::unsupported(std::string_view what) const {
    return fail(ErrorCode::kUnsupported,
                fmt::format("The model file {} can't be used: {}.", file_.path().string(), what));
}

std::string inQuotes(std::string_view name) {
    std::string shown = "\"";
    for (const char character : name.substr(0, kMaxShownCharacters)) {
        const bool printable = character >= 0x20 && character < 0x7f && character != '"';
        shown += printable ? character : '?';
    }
    shown += name.size() > kMaxShownCharacters ? "...\"" : "\"";
    return shown;
}

} // namespace alcuin::inference::gguf
