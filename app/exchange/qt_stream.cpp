#include "qt_stream.h"

#include "text.h"

namespace alcuin::exchange {

namespace {

constexpr std::uint32_t kNull = 0xFFFFFFFF;

} // namespace

QtStream::QtStream(std::string_view bytes) : rest_(bytes) {}

bool QtStream::failed() const {
    return failed_;
}

std::size_t QtStream::remaining() const {
    return rest_.size();
}

void QtStream::fail() {
    failed_ = true;
    rest_ = {};
}

std::string_view QtStream::take(std::uint64_t count) {
    if (failed_ || count > rest_.size()) {
        fail();
        return {};
    }
    const auto taken = rest_.substr(0, static_cast<std::size_t>(count));
    rest_.remove_prefix(static_cast<std::size_t>(count));
    return taken;
}

std::uint64_t QtStream::unsignedInteger(std::size_t size) {
    std::uint64_t value = 0;
    for (const char c : take(size)) {
        value = value << 8U | static_cast<unsigned char>(c);
    }
    return value;
}

bool QtStream::boolean() {
    return unsignedInteger(1) != 0;
}

std::int32_t QtStream::int32() {
    return static_cast<std::int32_t>(uint32());
}

std::uint32_t QtStream::uint32() {
    return static_cast<std::uint32_t>(unsignedInteger(4));
}

std::int64_t QtStream::int64() {
    return static_cast<std::int64_t>(uint64());
}

std::uint64_t QtStream::uint64() {
    return unsignedInteger(8);
}

std::string QtStream::string() {
    const auto size = uint32();
    if (size == kNull) {
        return {};
    }
    if (size % 2 != 0) {
        fail();
        return {};
    }
    const auto units = take(size);
    const auto unitAt = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(units[i])) << 8U |
               static_cast<unsigned char>(units[i + 1]);
    };
    std::string text;
    text.reserve(units.size() / 2);
    for (std::size_t i = 0; i + 1 < units.size(); i += 2) {
        std::uint32_t c = unitAt(i);
        if (c >= 0xD800 && c <= 0xDFFF) {
            const std::uint32_t low = c < 0xDC00 && i + 3 < units.size() ? unitAt(i + 2) : 0;
            if (low >= 0xDC00 && low <= 0xDFFF) {
                c = 0x10000 + ((c - 0xD800) << 10U) + (low - 0xDC00);
                i += 2;
            } else {
                c = 0xFFFD;
            }
        }
        appendUtf8(text, c);
    }
    return text;
}

std::string_view QtStream::bytes() {
    const auto size = uint32();
    return size == kNull ? std::string_view() : take(size);
}

void QtStream::skip(std::uint64_t count) {
    (void)take(count);
}

std::uint64_t QtStream::count64(std::size_t smallest) {
    const auto count = uint64();
    if (count > rest_.size() / smallest) {
        fail();
        return 0;
    }
    return count;
}

std::uint32_t QtStream::count32(std::size_t smallest) {
    const auto count = uint32();
    if (count > rest_.size() / smallest) {
        fail();
        return 0;
    }
    return count;
}

} // namespace alcuin::exchange
