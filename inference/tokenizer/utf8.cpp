#include "tokenizer/utf8.h"

#include <algorithm>
#include <cstring>

namespace alcuin::inference {

namespace {

unsigned char byteAt(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

/// What a lead byte promises: bytes in all, and the range of the second byte. `bytes` 0: no lead byte.
struct Lead {
    std::uint8_t bytes = 0;
    std::uint8_t secondLow = 0x80;
    std::uint8_t secondHigh = 0xBF;
};

Lead classifyLead(unsigned char lead) {
    if (lead >= 0xC2 && lead <= 0xDF) {
        return {2};
    }
    if (lead == 0xE0) {
        return {3, 0xA0, 0xBF};
    }
    if (lead == 0xED) {
        return {3, 0x80, 0x9F};
    }
    if (lead >= 0xE1 && lead <= 0xEF) {
        return {3};
    }
    if (lead == 0xF0) {
        return {4, 0x90, 0xBF};
    }
    if (lead >= 0xF1 && lead <= 0xF3) {
        return {4};
    }
    if (lead == 0xF4) {
        return {4, 0x80, 0x8F};
    }
    return {};
}

char32_t compose(std::string_view text, std::size_t at, std::uint8_t bytes) {
    const unsigned leadMask = bytes == 2 ? 0x1FU : bytes == 3 ? 0x0FU : 0x07U;
    char32_t codePoint = byteAt(text, at) & leadMask;
    for (std::size_t i = 1; i < bytes; ++i) {
        codePoint = (codePoint << 6U) | (byteAt(text, at + i) & 0x3FU);
    }
    return codePoint;
}

} // namespace

Utf8Character readUtf8(std::string_view text, std::size_t at) {
    const unsigned char first = byteAt(text, at);
    if (first < 0x80) {
        return {first, 1, Utf8State::kValid};
    }
    const Lead lead = classifyLead(first);
    if (lead.bytes == 0) {
        return {0, 1, Utf8State::kInvalid};
    }
    for (std::uint8_t i = 1; i < lead.bytes; ++i) {
        if (at + i >= text.size()) {
            return {0, i, Utf8State::kIncomplete};
        }
        const unsigned char next = byteAt(text, at + i);
        const unsigned char low = i == 1 ? lead.secondLow : 0x80;
        const unsigned char high = i == 1 ? lead.secondHigh : 0xBF;
        if (next < low || next > high) {
            return {0, i, Utf8State::kInvalid};
        }
    }
    return {compose(text, at, lead.bytes), lead.bytes, Utf8State::kValid};
}

Utf8Character readValidUtf8(std::string_view text, std::size_t at) {
    const unsigned char first = byteAt(text, at);
    if (first < 0x80) {
        return {first, 1, Utf8State::kValid};
    }
    const std::uint8_t bytes = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    return {compose(text, at, bytes), bytes, Utf8State::kValid};
}

std::size_t validUtf8Prefix(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::uint64_t eight = 0;
        if (text.size() - at >= sizeof eight) {
            std::memcpy(&eight, text.data() + at, sizeof eight);
            if ((eight & 0x8080808080808080ULL) == 0) {
                at += sizeof eight;
                continue;
            }
        }
        const Utf8Character character = readUtf8(text, at);
        if (character.state != Utf8State::kValid) {
            return at;
        }
        at += character.length;
    }
    return at;
}

RepairedText::RepairedText(std::string_view text) {
    text_.reserve(text.size() + kReplacementCharacter.size());
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t valid = validUtf8Prefix(text.substr(at));
        text_.append(text, at, valid);
        at += valid;
        if (at < text.size()) {
            const std::size_t broken = readUtf8(text, at).length;
            replacements_.push_back({at, at + broken, text_.size()});
            text_ += kReplacementCharacter;
            at += broken;
        }
    }
}

std::size_t RepairedText::mapDown(std::size_t original) const {
    return map(original, false);
}

std::size_t RepairedText::mapUp(std::size_t original) const {
    return map(original, true);
}

std::size_t RepairedText::map(std::size_t original, bool up) const {
    const auto after = std::partition_point(replacements_.begin(), replacements_.end(),
                                            [&](const Replacement& each) { return each.originalBegin < original; });
    if (after == replacements_.begin()) {
        return original;
    }
    const Replacement& last = *std::prev(after);
    const std::size_t end = last.begin + kReplacementCharacter.size();
    if (original < last.originalEnd) {
        return up ? end : last.begin;
    }
    return end + (original - last.originalEnd);
}

} // namespace alcuin::inference
