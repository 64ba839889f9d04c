#include "title.h"

#include <alcuin/storage/title.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace alcuin::storage {

namespace {

constexpr std::size_t kLongestTitle = 60; // about two lines of the list at its narrowest
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

std::string collapse(std::string_view line) {
    std::string text;
    for (const char c : line) {
        const auto byte = static_cast<unsigned char>(c);
        if (isSpace(c) || byte < 0x20 || byte == 0x7F) {
            if (!text.empty() && text.back() != ' ') {
                text.push_back(' ');
            }
        } else {
            text.push_back(c);
        }
    }
    if (!text.empty() && text.back() == ' ') {
        text.pop_back();
    }
    return text;
}

std::string firstLine(std::string_view text) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (auto line = collapse(withoutMarkdown(collapse(text.substr(0, end)))); !line.empty()) {
            return line;
        }
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    return {};
}

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::uint32_t codePointAt(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + i])) : 0U;
    };
    const std::uint32_t lead = byte(0);
    if (lead < 0x80) {
        return lead;
    }
    if (lead < 0xE0) {
        return (lead & 0x1FU) << 6U | (byte(1) & 0x3FU);
    }
    if (lead < 0xF0) {
        return (lead & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
    }
    return (lead & 0x07U) << 18U | (byte(1) & 0x3FU) << 12U | (byte(2) & 0x3FU) << 6U | (byte(3) & 0x3FU);
}

/// Combining marks, variation selectors, joiners and skin tones belong to what stands before them.
bool belongsToPrevious(std::uint32_t c) {
    return (c >= 0x0300 && c <= 0x036F) || (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x20D0 && c <= 0x20FF) ||
           (c >= 0xFE00 && c <= 0xFE0F) || c == 0x200D || (c >= 0x1F3FB && c <= 0x1F3FF);
}

} // namespace

std::string titleFromQuestion(std::string_view question) {
    std::string line = firstLine(question);
    std::vector<std::size_t> starts; // of the first characters
    for (std::size_t i = 0; i < line.size() && starts.size() <= kLongestTitle; ++i) {
        if (!isContinuation(line[i])) {
            starts.push_back(i);
        }
    }
    if (starts.size() <= kLongestTitle) {
        return line;
    }
    // Room for the ellipsis; then back to the last space, if there is one in the second half.
    std::size_t kept = kLongestTitle - 1;
    for (std::size_t i = kept; i > kLongestTitle / 2; --i) {
        if (line[starts[i]] == ' ') {
            return line.substr(0, starts[i]) + std::string(kEllipsis);
        }
    }
    while (kept > 1 &&
           (belongsToPrevious(codePointAt(line, starts[kept])) || codePointAt(line, starts[kept - 1]) == 0x200D)) {
        --kept;
    }
    return line.substr(0, starts[kept]) + std::string(kEllipsis);
}

} // namespace alcuin::storage
