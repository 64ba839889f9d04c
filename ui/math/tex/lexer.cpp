#include "math/tex/lexer.h"

namespace alcuin::ui::math {

namespace {
bool isLetter(QChar c) {
    return (c >= QLatin1Char('a') && c <= QLatin1Char('z')) || (c >= QLatin1Char('A') && c <= QLatin1Char('Z'));
}
} // namespace

char32_t characterAt(QStringView text, qsizetype& position) {
    const QChar first = text.at(position++);
    if (first.isHighSurrogate() && position < text.size() && text.at(position).isLowSurrogate()) {
        return QChar::surrogateToUcs4(first, text.at(position++));
    }
    return first.unicode();
}

void Lexer::skipSpace() {
    while (m_position < m_source.size()) {
        const QChar c = m_source.at(m_position);
        const bool percent = c == QLatin1Char('%') && (m_position == 0 || !m_source.at(m_position - 1).isDigit());
        if (percent) {
            while (m_position < m_source.size() && m_source.at(m_position) != QLatin1Char('\n')) {
                ++m_position;
            }
        } else if (!c.isSpace()) {
            return;
        } else {
            ++m_position;
        }
    }
}

Token Lexer::peek() {
    const qsizetype before = m_position;
    const Token token = next();
    m_position = before;
    return token;
}

Token Lexer::next() {
    skipSpace();
    Token token = read();
    token.end = m_position;
    return token;
}

Token Lexer::read() {
    Token token;
    token.start = m_position;
    if (m_position >= m_source.size()) {
        return token;
    }
    if (m_source.at(m_position) == QLatin1Char('\\')) {
        ++m_position;
        const qsizetype start = m_position;
        while (m_position < m_source.size() && isLetter(m_source.at(m_position))) {
            ++m_position;
        }
        if (m_position == start && m_position < m_source.size()) {
            characterAt(m_source, m_position);
        }
        token.type = Token::Type::kCommand;
        token.name = m_source.mid(start, m_position - start);
        return token;
    }
    token.code = characterAt(m_source, m_position);
    switch (token.code) {
    case U'{':
        token.type = Token::Type::kOpen;
        break;
    case U'}':
        token.type = Token::Type::kClose;
        break;
    case U'_':
        token.type = Token::Type::kSub;
        break;
    case U'^':
        token.type = Token::Type::kSup;
        break;
    case U'&':
        token.type = Token::Type::kAlign;
        break;
    case U'\'':
    case 0x2019:
    case 0x2032:
        token.type = Token::Type::kPrime;
        break;
    default:
        token.type = Token::Type::kCharacter;
    }
    return token;
}

bool Lexer::braced(QStringView& inside) {
    skipSpace();
    if (m_position >= m_source.size() || m_source.at(m_position) != QLatin1Char('{')) {
        return false;
    }
    int depth = 0;
    for (qsizetype i = m_position; i < m_source.size(); ++i) {
        const QChar c = m_source.at(i);
        if (c == QLatin1Char('\\')) {
            ++i;
        } else if (c == QLatin1Char('{')) {
            ++depth;
        } else if (c == QLatin1Char('}') && --depth == 0) {
            inside = m_source.mid(m_position + 1, i - m_position - 1);
            m_position = i + 1;
            return true;
        }
    }
    return false;
}

bool Lexer::bracketed(QStringView& inside) {
    skipSpace();
    if (m_position >= m_source.size() || m_source.at(m_position) != QLatin1Char('[')) {
        return false;
    }
    const qsizetype end = m_source.indexOf(QLatin1Char(']'), m_position);
    if (end < 0) {
        return false;
    }
    inside = m_source.mid(m_position + 1, end - m_position - 1);
    m_position = end + 1;
    return true;
}

} // namespace alcuin::ui::math
