#include "chat/jinja/lexer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "chat/jinja/budget.h"
#include "chat/jinja/string_literal.h"
#include "chat/jinja/text_operations.h"
#include "chat/jinja/unicode.h"

namespace alcuin::inference::chat::jinja {

namespace {

bool isAsciiDigit(char c) {
    return c >= '0' && c <= '9';
}

/// Line ends become \n, and one at the very end is dropped.
std::string normalised(std::string_view source) {
    std::string result;
    result.reserve(source.size());
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i] == '\r') {
            result += '\n';
            i += i + 1 < source.size() && source[i + 1] == '\n' ? 1U : 0U;
        } else {
            result += source[i];
        }
    }
    if (!result.empty() && result.back() == '\n') {
        result.pop_back();
    }
    return result;
}

class Lexer {
public:
    explicit Lexer(std::string_view source) : source_(normalised(source)) {}

    std::vector<Token> run() {
        while (position_ < source_.size()) {
            readRoot();
        }
        push(TokenKind::kEnd);
        return std::move(tokens_);
    }

private:
    [[noreturn]] void fail(std::string message) const {
        throw Failure{std::move(message), line_};
    }

    std::string_view rest() const {
        return std::string_view(source_).substr(position_);
    }

    void push(TokenKind kind, std::string text = {}) {
        Token token;
        token.kind = kind;
        token.line = line_;
        token.text = std::move(text);
        tokens_.push_back(std::move(token));
    }

    void advance(std::size_t bytes) {
        const auto passed = rest().substr(0, bytes);
        line_ += static_cast<int>(std::count(passed.begin(), passed.end(), '\n'));
        lineStarting_ = !passed.empty() && passed.back() == '\n';
        position_ += bytes;
    }

    void skipSpace() {
        std::size_t end = position_;
        while (end < source_.size()) {
            std::size_t after = end;
            if (!unicode::isSpace(unicode::next(source_, after))) {
                break;
            }
            end = after;
        }
        if (end > position_) {
            advance(end - position_);
        }
    }

    bool take(std::string_view symbol) {
        if (!rest().starts_with(symbol)) {
            return false;
        }
        advance(symbol.size());
        return true;
    }

    /// Text up to `length` bytes from here, as the sign of the tag behind it leaves it.
    std::string strippedText(std::size_t length, char sign, bool isPrint) {
        std::string_view text = rest().substr(0, length);
        if (sign == '-') {
            while (!text.empty()) {
                const std::size_t begin = unicode::previous(text, text.size());
                std::size_t position = begin;
                if (!unicode::isSpace(unicode::next(text, position))) {
                    break;
                }
                text = text.substr(0, begin);
            }
        } else if (sign != '+' && !isPrint) {
            const std::size_t newline = text.rfind('\n');
            const std::size_t lineBegin = newline == std::string_view::npos ? 0 : newline + 1;
            if ((lineBegin > 0 || lineStarting_) && isAllSpace(text.substr(lineBegin))) {
                text = text.substr(0, lineBegin);
            }
        }
        return std::string(text);
    }

    static bool isAllSpace(std::string_view text) {
        for (std::size_t position = 0; position < text.size();) {
            if (!unicode::isSpace(unicode::next(text, position))) {
                return false;
            }
        }
        return true;
    }

    void pushData(std::string text) {
        if (!text.empty()) {
            push(TokenKind::kData, std::move(text));
        }
    }

    /// Text, and the tag behind it.
    void readRoot() {
        std::size_t begin = position_;
        for (; begin + 1 < source_.size(); ++begin) {
            if (source_[begin] == '{' && std::string_view("{%#").find(source_[begin + 1]) != std::string_view::npos) {
                break;
            }
        }
        if (begin + 1 >= source_.size()) {
            pushData(std::string(rest()));
            advance(rest().size());
            return;
        }
        const char tag = source_[begin + 1];
        const std::size_t afterTag = begin + 2;
        const char sign = afterTag < source_.size() && (source_[afterTag] == '-' || source_[afterTag] == '+')
                              ? source_[afterTag]
                              : '\0';
        const std::size_t length = begin - position_;
        pushData(strippedText(length, sign, tag == '{'));
        advance(length);
        const std::size_t open = sign == '\0' ? 2 : 3;
        if (tag == '%' && readRaw()) {
            return;
        }
        if (tag == '#') {
            advance(open);
            readComment();
            return;
        }
        push(tag == '{' ? TokenKind::kPrintBegin : TokenKind::kBlockBegin);
        advance(open);
        readTag(tag == '{');
    }

    void readComment() {
        if (rest().empty()) { // as in Jinja, a tag that only opens at the very end is nothing
            return;
        }
        const std::size_t end = rest().find("#}");
        if (end == std::string_view::npos) {
            fail("a comment has no end, #}");
        }
        const char sign = end > 0 ? rest()[end - 1] : '\0';
        advance(end + 2);
        afterBlock(sign);
    }

    /// What follows a block's or comment's end: "-" takes all whitespace, nothing takes one newline.
    void afterBlock(char sign) {
        if (sign == '-') {
            skipSpace();
        } else if (sign != '+') {
            take("\n");
        }
    }

    /// `{% word %}` from `at`: where it ends, and its signs.
    struct WordTag {
        std::size_t end = 0;
        char openSign = 0;
        char closeSign = 0;
    };
    std::optional<WordTag> wordTag(std::size_t at, std::string_view word) const {
        const std::string_view text(source_);
        WordTag tag;
        std::size_t position = at + 2;
        const auto skip = [&] {
            while (position < text.size()) {
                std::size_t after = position;
                if (!unicode::isSpace(unicode::next(text, after))) {
                    return;
                }
                position = after;
            }
        };
        if (position < text.size() && (text[position] == '-' || text[position] == '+')) {
            tag.openSign = text[position++];
        }
        skip();
        if (text.substr(std::min(position, text.size()), word.size()) != word) {
            return std::nullopt;
        }
        position += word.size();
        skip();
        if (position < text.size() && (text[position] == '-' || text[position] == '+')) {
            tag.closeSign = text[position++];
        }
        if (text.substr(std::min(position, text.size()), 2) != "%}") {
            return std::nullopt;
        }
        tag.end = position + 2;
        return tag;
    }

    bool readRaw() {
        const auto opening = wordTag(position_, "raw");
        if (!opening || opening->closeSign == '+') {
            return false;
        }
        advance(opening->end - position_);
        if (opening->closeSign == '-') {
            skipSpace();
        }
        if (rest().empty()) {
            return true;
        }
        for (std::size_t at = source_.find("{%", position_); at != std::string::npos; at = source_.find("{%", at + 1)) {
            if (const auto closing = wordTag(at, "endraw")) {
                pushData(strippedText(at - position_, closing->openSign, false));
                advance(closing->end - position_);
                afterBlock(closing->closeSign);
                return true;
            }
        }
        fail("a raw block has no end, {% endraw %}");
    }

    /// The inside of a tag and its end.
    void readTag(bool isPrint) {
        std::vector<char> open;
        while (position_ < source_.size()) {
            if (open.empty() && readTagEnd(isPrint)) {
                return;
            }
            std::size_t after = position_;
            const char32_t c = unicode::next(source_, after);
            if (unicode::isSpace(c)) {
                skipSpace();
            } else if (isAsciiDigit(source_[position_])) {
                readNumber();
            } else if (unicode::isIdentifierStart(c)) {
                readName();
            } else if (c == U'\'' || c == U'"') {
                readString(static_cast<char>(c));
            } else {
                readOperator(open);
            }
        }
        // What is missing here is the parser's to say: it knows what it was looking for.
    }

    bool readTagEnd(bool isPrint) {
        if (isPrint) {
            if (rest().starts_with("-}}")) {
                push(TokenKind::kPrintEnd);
                advance(3);
                skipSpace();
                return true;
            }
            if (rest().starts_with("}}")) {
                push(TokenKind::kPrintEnd);
                advance(2);
                return true;
            }
            return false;
        }
        const char sign = rest().starts_with("-%}") ? '-' : (rest().starts_with("+%}") ? '+' : '\0');
        if (sign == '\0' && !rest().starts_with("%}")) {
            return false;
        }
        push(TokenKind::kBlockEnd);
        advance(sign == '\0' ? 2 : 3);
        afterBlock(sign);
        return true;
    }

    void readName() {
        std::size_t end = position_;
        while (end < source_.size()) {
            std::size_t after = end;
            if (!unicode::isIdentifierPart(unicode::next(source_, after))) {
                break;
            }
            end = after;
        }
        push(TokenKind::kName, source_.substr(position_, end - position_));
        advance(end - position_);
    }

    /// Digits with single underscores between them, from `at`; returns their end.
    std::size_t digitsEnd(std::size_t at) const {
        while (at < source_.size() &&
               (isAsciiDigit(source_[at]) || (source_[at] == '_' && at + 1 < source_.size() &&
                                              isAsciiDigit(source_[at + 1]) && isAsciiDigit(source_[at - 1])))) {
            ++at;
        }
        return at;
    }

    void readNumber() {
        const bool afterDot = position_ > 0 && source_[position_ - 1] == '.';
        std::size_t end = digitsEnd(position_);
        bool isReal = false;
        if (!afterDot) {
            if (end + 1 < source_.size() && source_[end] == '.' && isAsciiDigit(source_[end + 1])) {
                end = digitsEnd(end + 1);
                isReal = true;
            }
            std::size_t exponent = end;
            if (exponent < source_.size() && (source_[exponent] == 'e' || source_[exponent] == 'E')) {
                ++exponent;
                exponent +=
                    exponent < source_.size() && (source_[exponent] == '+' || source_[exponent] == '-') ? 1U : 0U;
                if (exponent < source_.size() && isAsciiDigit(source_[exponent])) {
                    end = digitsEnd(exponent);
                    isReal = true;
                }
            }
        }
        if (!isReal) {
            readInteger(end);
            return;
        }
        std::string text = source_.substr(position_, end - position_);
        std::erase(text, '_');
        push(TokenKind::kFloat);
        tokens_.back().real = parseReal(text).value_or(0);
        advance(end - position_);
    }

    void readInteger(std::size_t end) {
        int base = 10;
        std::size_t begin = position_;
        if (source_[position_] == '0') {
            constexpr std::array<std::pair<char, int>, 3> kBases = {{{'b', 2}, {'o', 8}, {'x', 16}}};
            const char letter = begin + 1 < source_.size() ? static_cast<char>(source_[begin + 1] | 0x20) : '\0';
            for (const auto& [mark, value] : kBases) {
                if (letter == mark && begin + 2 < source_.size()) {
                    const std::size_t stop = source_.find_first_not_of(
                        value == 16 ? "0123456789abcdefABCDEF_" : (value == 8 ? "01234567_" : "01_"), begin + 2);
                    const std::size_t digits = std::min(stop, source_.size());
                    if (digits > begin + 2) {
                        base = value;
                        begin += 2;
                        end = digits;
                    }
                }
            }
            if (base == 10) { // zeros only: a number doesn't begin with one
                end = std::min(source_.find_first_not_of("0_", begin), source_.size());
            }
        }
        std::string text = source_.substr(begin, end - begin);
        std::erase(text, '_');
        push(TokenKind::kInteger, text);
        const auto read = std::from_chars(text.data(), text.data() + text.size(), tokens_.back().integer, base);
        if (read.ec != std::errc()) {
            fail(fmt::format("the integer {} leaves the range of 64 bits", text));
        }
        advance(end - position_);
    }

    void readString(char quote) {
        std::size_t end = position_ + 1;
        while (end < source_.size() && source_[end] != quote) {
            end += source_[end] == '\\' ? 2U : 1U;
        }
        if (end >= source_.size()) {
            fail(fmt::format("a string has no end, {}", quote));
        }
        push(TokenKind::kString, unescaped(source_.substr(position_ + 1, end - position_ - 1), line_));
        advance(end + 1 - position_);
    }

    void readOperator(std::vector<char>& open) {
        static constexpr std::array<std::string_view, 26> kSymbols = {"//", "**", "==", "!=", ">=", "<=", "+", "-", "/",
                                                                      "*",  "%",  "~",  "[",  "]",  "(",  ")", "{", "}",
                                                                      ">",  "<",  "=",  ".",  ":",  "|",  ",", ";"};
        for (const auto symbol : kSymbols) {
            if (rest().starts_with(symbol)) {
                balance(symbol.front(), open);
                push(TokenKind::kOperator, std::string(symbol));
                advance(symbol.size());
                return;
            }
        }
        std::size_t after = position_;
        unicode::next(source_, after);
        fail(fmt::format("unexpected character '{}'", source_.substr(position_, after - position_)));
    }

    void balance(char symbol, std::vector<char>& open) const {
        switch (symbol) {
        case '(':
            open.push_back(')');
            break;
        case '[':
            open.push_back(']');
            break;
        case '{':
            open.push_back('}');
            break;
        case ')':
        case ']':
        case '}':
            if (open.empty() || open.back() != symbol) {
                fail(fmt::format("unexpected '{}'", symbol));
            }
            open.pop_back();
            break;
        default:
            break;
        }
    }

    std::string source_;
    std::size_t position_ = 0;
    int line_ = 1;
    bool lineStarting_ = true;
    std::vector<Token> tokens_;
};

} // namespace

std::string describe(const Token& token) {
    switch (token.kind) {
    case TokenKind::kData:
        return "template text";
    case TokenKind::kBlockBegin:
        return "{%";
    case TokenKind::kBlockEnd:
        return "%}";
    case TokenKind::kPrintBegin:
        return "{{";
    case TokenKind::kPrintEnd:
        return "}}";
    case TokenKind::kString:
        return "a string";
    case TokenKind::kInteger:
    case TokenKind::kFloat:
        return "a number";
    case TokenKind::kEnd:
        return "the end of the template";
    default:
        return "'" + token.text + "'";
    }
}

std::vector<Token> tokenize(std::string_view source) {
    return Lexer(source).run();
}

} // namespace alcuin::inference::chat::jinja
