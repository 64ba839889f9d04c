#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Characters as Python's str sees them. A byte that belongs to no valid UTF-8 sequence is a character of its own,
/// 0xDC00 + byte, and is written back as that byte.
namespace alcuin::inference::chat::jinja::unicode {

/// The character at `position`, which moves past it. `position` < text.size().
char32_t next(std::string_view text, std::size_t& position);
/// The byte where the character before `position` begins. `position` > 0.
std::size_t previous(std::string_view text, std::size_t position);
void append(std::string& text, char32_t character);
std::size_t count(std::string_view text);
bool isAscii(std::string_view text);

bool isSpace(char32_t character);
bool isPrintable(char32_t character);
bool isAlpha(char32_t character);
bool isDecimal(char32_t character);
bool isDigit(char32_t character);
bool isNumeric(char32_t character);
bool isAlnum(char32_t character);
bool isUpper(char32_t character);
bool isLower(char32_t character);
bool isTitle(char32_t character);
bool isCased(char32_t character);
bool isIdentifierStart(char32_t character);
bool isIdentifierPart(char32_t character);
/// A letter, digit or underscore: \w of Python's regular expressions.
bool isWord(char32_t character);
/// A line boundary of str.splitlines().
bool isLineBreak(char32_t character);

/// The mapped character or characters, as str.upper() and its kin map one character alone.
std::u32string upper(char32_t character);
std::u32string lower(char32_t character);
std::u32string title(char32_t character);
std::u32string fold(char32_t character);

} // namespace alcuin::inference::chat::jinja::unicode
