#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace alcuin::inference {

/// U+FFFD, which stands for whatever isn't UTF-8.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

enum class Utf8State : std::uint8_t {
    kValid,
    kInvalid,   ///< `length` bytes (1 to 3) become one U+FFFD: the maximal subpart of an ill-formed sequence
    kIncomplete ///< the text ends inside a sequence that further bytes could complete; `length` bytes of it are there
};

/// What stands at one place of a text. codePoint is 0 unless valid; length is in bytes, at least 1.
struct Utf8Character {
    char32_t codePoint = 0;
    std::uint8_t length = 1;
    Utf8State state = Utf8State::kValid;
};

/// Reads the character at `at`, which must be below text.size(). Surrogates, overlong forms and values above U+10FFFF
/// are invalid. Source: Unicode 16.0, table 3-7 and "U+FFFD Substitution of Maximal Subparts"; the WHATWG decoder and
/// Python's errors="replace" do the same.
Utf8Character readUtf8(std::string_view text, std::size_t at);

/// Reads the character at `at` of a text that is known to be valid UTF-8.
Utf8Character readValidUtf8(std::string_view text, std::size_t at);

/// Bytes at the start of `text` that are valid, whole characters.
std::size_t validUtf8Prefix(std::string_view text);

/// A text with every ill-formed part replaced by U+FFFD, and where its bytes came from.
class RepairedText {
public:
    explicit RepairedText(std::string_view text);

    const std::string& text() const {
        return text_;
    }

    /// Where a byte offset of the original text lies in this one. An offset inside a replaced part moves to the
    /// replacement's begin or end.
    std::size_t mapDown(std::size_t original) const;
    std::size_t mapUp(std::size_t original) const;

private:
    struct Replacement {
        std::size_t originalBegin = 0;
        std::size_t originalEnd = 0;
        std::size_t begin = 0;
    };
    std::size_t map(std::size_t original, bool up) const;

    std::string text_;
    std::vector<Replacement> replacements_;
};

} // namespace alcuin::inference
