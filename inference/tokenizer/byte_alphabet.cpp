#include "tokenizer/byte_alphabet.h"

#include <array>

#include "tokenizer/utf8.h"

namespace alcuin::inference {

namespace {

constexpr std::size_t kBytes = 256;
constexpr char32_t kFirstSubstitute = 0x100;

constexpr bool isPrintable(std::size_t byte) {
    return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

struct Alphabet {
    std::array<char32_t, kBytes> characters{};
    std::array<std::uint8_t, 2 * kBytes> bytes{}; ///< by character, where `known`
    std::array<bool, 2 * kBytes> known{};
};

constexpr Alphabet makeAlphabet() {
    Alphabet alphabet;
    char32_t substitute = kFirstSubstitute;
    for (std::size_t byte = 0; byte < kBytes; ++byte) {
        const char32_t character = isPrintable(byte) ? static_cast<char32_t>(byte) : substitute++;
        alphabet.characters[byte] = character;
        alphabet.bytes[character] = static_cast<std::uint8_t>(byte);
        alphabet.known[character] = true;
    }
    return alphabet;
}

constexpr Alphabet kAlphabet = makeAlphabet();

} // namespace

char32_t characterOfByte(std::uint8_t byte) {
    return kAlphabet.characters[byte];
}

std::optional<std::uint8_t> byteOfCharacter(char32_t character) {
    if (character >= kAlphabet.known.size() || !kAlphabet.known[character]) {
        return std::nullopt;
    }
    return kAlphabet.bytes[character];
}

std::string spellByte(std::uint8_t byte) {
    const char32_t character = characterOfByte(byte);
    if (character < 0x80) {
        return std::string(1, static_cast<char>(character));
    }
    return {static_cast<char>(0xC0U | (character >> 6U)), static_cast<char>(0x80U | (character & 0x3FU))};
}

std::string bytesOfSpelling(std::string_view spelling) {
    std::string bytes;
    for (std::size_t at = 0; at < spelling.size();) {
        const Utf8Character character = readValidUtf8(spelling, at);
        if (const auto byte = byteOfCharacter(character.codePoint)) {
            bytes += static_cast<char>(*byte);
        } else {
            bytes.append(spelling, at, character.length);
        }
        at += character.length;
    }
    return bytes;
}

} // namespace alcuin::inference
