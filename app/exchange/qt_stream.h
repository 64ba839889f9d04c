#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace alcuin::exchange {

/// Reads what Qt's QDataStream wrote (version Qt_6_2, big-endian), from bytes that may be anything: past the end or
/// after a length that can't be, every read gives nothing and failed() stays true.
/// Source: Qt's "Serializing Qt Data Types".
class QtStream {
public:
    explicit QtStream(std::string_view bytes);

    bool failed() const;
    std::size_t remaining() const;

    bool boolean();
    std::int32_t int32();
    std::uint32_t uint32();
    std::int64_t int64();
    std::uint64_t uint64();
    /// A QString, as UTF-8; halves of surrogate pairs become U+FFFD.
    std::string string();
    /// A QByteArray, and a QUrl, which is written as one.
    std::string_view bytes();
    void skip(std::uint64_t count);
    /// A number of things to come that each take at least `smallest` bytes; fails where they can't be there.
    std::uint64_t count64(std::size_t smallest);
    std::uint32_t count32(std::size_t smallest);
    void fail();

private:
    std::string_view take(std::uint64_t count);
    std::uint64_t unsignedInteger(std::size_t size);

    std::string_view rest_;
    bool failed_ = false;
};

} // namespace alcuin::exchange
