#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <alcuin/inference/error.h>

#include "base/file.h"

namespace alcuin::inference::gguf {

/// Reads a file from its start on, in pieces of 64 KiB, and never past its end.
class Cursor {
public:
    explicit Cursor(const File& file);

    std::uint64_t position() const;
    std::uint64_t remaining() const;

    /// Fills `destination`. Errors: kCorrupt (the file ends first: says so), kIo.
    Result<void> read(std::span<std::byte> destination);

    template <typename T>
    Result<T> read() {
        static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>);
        T value{};
        if (const auto done = read(std::as_writable_bytes(std::span(&value, 1))); !done) {
            return tl::make_unexpected(done.error());
        }
        return value;
    }

    /// A length of 64 bits and so many bytes. `what` stands in the error: "a metadata key".
    /// Errors: kCorrupt (longer than `limit` or than what is left of the file), kIo.
    Result<std::string> readString(std::uint64_t limit, std::string_view what);

    /// An error of kCorrupt about this file: "The model file F is damaged: <what>. Download it again."
    tl::unexpected<Error> corrupt(std::string_view what) const;

    /// An error of kUnsupported: "The model file F can't be used: <what>."
    tl::unexpected<Error> unsupported(std::string_view what) const;

    /// That `bytes` more are left; otherwise the error of a file that ends too early.
    Result<void> require(std::uint64_t bytes) const;

private:
    const File& file_;
    std::uint64_t position_ = 0;     ///< of the next byte to hand out
    std::uint64_t bufferOffset_ = 0; ///< in the file
    std::size_t bufferBytes_ = 0;
    std::vector<std::byte> buffer_;
};

/// A name out of a file as it may stand in a message: quoted, at most 60 characters, what isn't printable ASCII as '?'.
std::string inQuotes(std::string_view name);

} // namespace alcuin::inference::gguf
