#include "tokenizer/pre_tokenizer.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tokenizer/character_class.h"
#include "tokenizer/utf8.h"

namespace alcuin::inference {

namespace {

struct NamedPreTokenizer {
    std::string_view name;
    PreTokenizer kind;
};

/// Models that brought a name of their own for a pre-tokeniser that was there already share its line.
constexpr std::array kNames{
    NamedPreTokenizer{"smollm", PreTokenizer::kSmolLm},  NamedPreTokenizer{"llama-bpe", PreTokenizer::kLlama3},
    NamedPreTokenizer{"llama3", PreTokenizer::kLlama3},  NamedPreTokenizer{"llama-v3", PreTokenizer::kLlama3},
    NamedPreTokenizer{"falcon3", PreTokenizer::kLlama3}, NamedPreTokenizer{"falcon-h1", PreTokenizer::kLlama3},
    NamedPreTokenizer{"pixtral", PreTokenizer::kLlama3}, NamedPreTokenizer{"lfm2", PreTokenizer::kLlama3},
    NamedPreTokenizer{"qwen2", PreTokenizer::kQwen2},    NamedPreTokenizer{"deepseek-r1-qwen", PreTokenizer::kQwen2},
    NamedPreTokenizer{"megrez", PreTokenizer::kQwen2},
};

/// A character with its class; past the end of the text the length is 0.
struct Character {
    char32_t codePoint = 0;
    std::size_t length = 0;
    CharacterClass kind = CharacterClass::kOther;
};

class Scanner {
public:
    Scanner(PreTokenizer kind, std::string_view text) : text_(text), digits_(kind == PreTokenizer::kSmolLm) {}

    /// Numbers of Unicode 17 are digits to smollm, which cuts them out first, and nothing special to the others.
    Character at(std::size_t position) const {
        if (position >= text_.size()) {
            return {};
        }
        const Utf8Character read = readValidUtf8(text_, position);
        CharacterClass kind = classifyCharacter(read.codePoint);
        if (kind == CharacterClass::kNewerNumber) {
            kind = digits_ ? CharacterClass::kNumber : CharacterClass::kOther;
        }
        return {read.codePoint, read.length, kind};
    }

    bool is(std::size_t position, CharacterClass kind) const {
        const Character character = at(position);
        return character.length != 0 && character.kind == kind;
    }

    std::size_t skip(std::size_t position, CharacterClass kind) const {
        for (Character next = at(position); next.length != 0 && next.kind == kind; next = at(position)) {
            position += next.length;
        }
        return position;
    }

    std::size_t skipLineBreaks(std::size_t position) const {
        while (position < text_.size() && (text_[position] == '\n' || text_[position] == '\r')) {
            ++position;
        }
        return position;
    }

    std::string_view text() const {
        return text_;
    }

private:
    std::string_view text_;
    bool digits_;
};

/// The end of 's, 't, 're, 've, 'm, 'll or 'd at `begin`, where an apostrophe stands; `begin` if there is none.
/// `anyCase` takes capitals too, and the long s, which is an s without case.
std::size_t contractionEnd(std::string_view text, std::size_t begin, bool anyCase) {
    constexpr std::string_view kLongS = "\xC5\xBF";
    const std::string_view rest = text.substr(begin + 1, 2);
    const auto letter = [&](std::size_t index) {
        const char c = index < rest.size() ? rest[index] : '\0';
        return anyCase && c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    const char first = letter(0);
    const char second = letter(1);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
        return begin + 2;
    }
    if (((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l')) {
        return begin + 3;
    }
    return anyCase && rest == kLongS ? begin + 1 + kLongS.size() : begin;
}

/// \s+(?!\S)|\s+ : all white space if the text ends behind it, else all but its last character, which belongs to what
/// follows; but at least one. `end` is where the white space ends.
std::size_t spaceEnd(const Scanner& scan, std::size_t begin, std::size_t end, bool textEnds) {
    if (textEnds) {
        return end;
    }
    std::size_t last = end - 1;
    while ((static_cast<unsigned char>(scan.text()[last]) & 0xC0U) == 0x80U) {
        --last;
    }
    return last == begin ? end : last;
}

std::size_t smolLmPieceEnd(const Scanner& scan, std::size_t begin) {
    const Character first = scan.at(begin);
    const std::size_t second = begin + first.length;
    if (first.kind == CharacterClass::kNumber) {
        return second;
    }
    if (first.codePoint == '\'') {
        if (const std::size_t end = contractionEnd(scan.text(), begin, false); end != begin) {
            return end;
        }
    }
    if (first.kind == CharacterClass::kLetter || first.kind == CharacterClass::kOther) {
        return scan.skip(second, first.kind);
    }
    const Character next = scan.at(second);
    const bool word = next.kind == CharacterClass::kLetter || next.kind == CharacterClass::kOther;
    if (first.codePoint == ' ' && next.length != 0 && word) {
        return scan.skip(second, next.kind);
    }
    const std::size_t end = scan.skip(second, CharacterClass::kSpace);
    return spaceEnd(scan, begin, end, end == scan.text().size() || scan.is(end, CharacterClass::kNumber));
}

std::size_t llamaPieceEnd(const Scanner& scan, std::size_t begin, std::size_t digits) {
    const Character first = scan.at(begin);
    const std::size_t second = begin + first.length;
    if (first.codePoint == '\'') {
        if (const std::size_t end = contractionEnd(scan.text(), begin, true); end != begin) {
            return end;
        }
    }
    if (first.kind == CharacterClass::kNumber) {
        std::size_t end = second;
        for (std::size_t count = 1; count < digits && scan.is(end, CharacterClass::kNumber); ++count) {
            end += scan.at(end).length;
        }
        return end;
    }
    const bool lineBreak = first.codePoint == '\n' || first.codePoint == '\r';
    if (first.kind == CharacterClass::kLetter || (!lineBreak && scan.is(second, CharacterClass::kLetter))) {
        return scan.skip(second, CharacterClass::kLetter);
    }
    const std::size_t symbols = first.codePoint == ' ' ? second : begin;
    if (scan.is(symbols, CharacterClass::kOther)) {
        return scan.skipLineBreaks(scan.skip(symbols, CharacterClass::kOther));
    }
    const std::size_t end = scan.skip(second, CharacterClass::kSpace);
    const std::size_t lastBreak = scan.text().substr(begin, end - begin).find_last_of("\r\n");
    if (lastBreak != std::string_view::npos) {
        return begin + lastBreak + 1;
    }
    return spaceEnd(scan, begin, end, end == scan.text().size());
}

} // namespace

Result<PreTokenizer> preTokenizerNamed(std::string_view name) {
    const auto found =
        std::find_if(kNames.begin(), kNames.end(), [&](const NamedPreTokenizer& each) { return each.name == name; });
    if (found == kNames.end()) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("The model's pre-tokeniser is \"{}\"; this version knows smollm, llama-bpe and qwen2.",
                                name.substr(0, 64)));
    }
    return found->kind;
}

std::size_t pieceEnd(PreTokenizer kind, std::string_view text, std::size_t begin) {
    const Scanner scan(kind, text);
    switch (kind) {
    case PreTokenizer::kSmolLm:
        return smolLmPieceEnd(scan, begin);
    case PreTokenizer::kLlama3:
        return llamaPieceEnd(scan, begin, 3);
    case PreTokenizer::kQwen2:
        return llamaPieceEnd(scan, begin, 1);
    }
    return text.size();
}

} // namespace alcuin::inference
