#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace alcuin::inference::chat::jinja {

enum class TokenKind : std::uint8_t {
    kData,
    kBlockBegin,
    kBlockEnd,
    kPrintBegin,
    kPrintEnd,
    kName,
    kString,
    kInteger,
    kFloat,
    kOperator,
    kEnd,
};

struct Token {
    TokenKind kind = TokenKind::kEnd;
    int line = 1;
    std::string text; ///< data, name, operator, or the string with its escapes resolved
    std::int64_t integer = 0;
    double real = 0;

    bool isOperator(std::string_view symbol) const {
        return kind == TokenKind::kOperator && text == symbol;
    }
    bool isName(std::string_view name) const {
        return kind == TokenKind::kName && text == name;
    }
};

/// How an error message calls a token.
std::string describe(const Token& token);

/// Cuts a template into tokens, with the whitespace rules of trim_blocks and lstrip_blocks already applied. The last
/// token is kEnd. Throws Failure.
std::vector<Token> tokenize(std::string_view source);

} // namespace alcuin::inference::chat::jinja
