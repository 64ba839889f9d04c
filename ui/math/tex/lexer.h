#pragma once

#include <QStringView>

namespace alcuin::ui::math {

struct Token {
    enum class Type : quint8 {
        kEnd,
        kCharacter,
        kCommand, ///< a backslash with letters, or with one other character
        kOpen,
        kClose,
        kSub,
        kSup,
        kPrime,
        kAlign, ///< &
    };
    Type type = Type::kEnd;
    QStringView name; ///< of a command, without the backslash
    char32_t code = 0;
    qsizetype start = 0;
    qsizetype end = 0;

    bool is(QStringView command) const {
        return type == Type::kCommand && name == command;
    }
};

/// Reads TeX's signs from a text; spaces and comments between them are skipped. A % behind a digit is a percent sign,
/// because that is what is meant where people write it.
class Lexer {
public:
    explicit Lexer(QStringView source) : m_source(source) {}

    Token peek();
    Token next();
    /// The position right behind the last token that was taken.
    qsizetype position() const {
        return m_position;
    }
    void seek(qsizetype position) {
        m_position = position;
    }
    QStringView source() const {
        return m_source;
    }
    /// The text between the braces that come next, as it stands, braces inside in pairs; nothing if there is none.
    bool braced(QStringView& inside);
    /// The text between [ and ] if they come next.
    bool bracketed(QStringView& inside);

private:
    void skipSpace();
    Token read();

    QStringView m_source;
    qsizetype m_position = 0;
};

/// The character at a place, of one or two UTF-16 units; moves the place behind it.
char32_t characterAt(QStringView text, qsizetype& position);

} // namespace alcuin::ui::math
