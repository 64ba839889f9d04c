#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace alcuin::inference {

/// Byte-level vocabularies spell every byte as one printable character: the printable bytes of Latin-1 as themselves,
/// the rest, in order, as U+0100, U+0101 and so on. So a space is "Ġ" and a line feed "Ċ".
/// Source: GPT-2's encoder, Radford et al. 2019.
char32_t characterOfByte(std::uint8_t byte);

/// The byte that a character spells; none if it isn't in the alphabet.
std::optional<std::uint8_t> byteOfCharacter(char32_t character);

/// A byte as the vocabulary spells it, in UTF-8.
std::string spellByte(std::uint8_t byte);

/// The bytes that a token's spelling stands for. A character outside the alphabet stands for its own UTF-8.
/// `spelling` must be valid UTF-8.
std::string bytesOfSpelling(std::string_view spelling);

} // namespace alcuin::inference
