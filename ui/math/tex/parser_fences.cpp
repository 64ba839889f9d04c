#include <utility>

#include "math/tex/parser.h"
#include "math/tex/symbols.h"

namespace alcuin::ui::math {

namespace {

using Type = Token::Type;

} // namespace

bool Parser::delimiter(char32_t& code) {
    const Token token = m_lexer.next();
    std::optional<char32_t> found;
    if (token.type == Type::kCharacter) {
        found = delimiterNamed(QString::fromUcs4(&token.code, 1));
    } else if (token.type == Type::kCommand) {
        found = delimiterNamed(token.name == u"|" ? QStringView(u"\\|") : token.name);
    }
    code = found.value_or(0);
    return found.has_value();
}

bool Parser::bigDelimiter(QStringView name, List& out) {
    Node node = nodeOf(Kind::kBigDelim);
    switch (name.back().unicode()) {
    case 'l':
        node.atom = Atom::kOpen;
        break;
    case 'r':
        node.atom = Atom::kClose;
        break;
    case 'm':
        node.atom = Atom::kRel;
        break;
    default:
        break;
    }
    const bool wide = name.startsWith(u"bigg") || name.startsWith(u"Bigg");
    node.level = quint8((wide ? 3 : 1) + (name.front() == u'B' ? 1 : 0));
    return delimiter(node.code) && add(out, std::move(node));
}

bool Parser::delimited(QStringView, List& out) {
    Node node = nodeOf(Kind::kDelimited, Atom::kInner);
    if (!delimiter(node.code)) {
        return false;
    }
    const bool stop = std::exchange(m_stopAtBracket, false);
    while (true) {
        List part;
        if (!list(part)) {
            return false;
        }
        node.parts.push_back(std::move(part));
        const Token token = m_lexer.next();
        char32_t code = 0;
        if ((!token.is(u"middle") && !token.is(u"right")) || !delimiter(code)) {
            return false;
        }
        if (token.is(u"right")) {
            node.right = code;
            m_stopAtBracket = stop;
            return add(out, std::move(node));
        }
        node.middles.push_back(code);
    }
}

bool Parser::braket(QStringView name, List& out) {
    Node node = nodeOf(Kind::kDelimited, Atom::kInner);
    const bool bra = name.startsWith(u'b') || name.startsWith(u'B');
    node.code = bra ? 0x27E8 : U'|';
    node.right = name.endsWith(u"ket") ? 0x27E9 : U'|';
    node.parts.resize(1);
    return argument(node.parts[0]) && add(out, std::move(node));
}

bool Parser::fraction(QStringView name, List& out) {
    Node node = nodeOf(Kind::kFraction);
    node.amount = -1;
    node.parts.resize(2);
    if (name == u"dfrac" || name == u"cfrac") {
        node.forced = Style::kDisplay;
    } else if (name == u"tfrac") {
        node.forced = Style::kText;
    }
    node.wide = name == u"cfrac"; // its parts are set in display style and have struts
    if (QStringView side; name == u"cfrac" && m_lexer.bracketed(side) && side != u"l" && side != u"r") {
        return false;
    }
    return argument(node.parts[0]) && argument(node.parts[1]) && add(out, std::move(node));
}

bool Parser::binomial(QStringView name, List& out) {
    Node node = nodeOf(Kind::kFraction);
    node.code = U'(';
    node.right = U')';
    node.parts.resize(2);
    if (name != u"binom") {
        node.forced = name == u"dbinom" ? Style::kDisplay : Style::kText;
    }
    return argument(node.parts[0]) && argument(node.parts[1]) && add(out, std::move(node));
}

bool Parser::generalFraction(QStringView, List& out) {
    Node node = nodeOf(Kind::kFraction);
    node.parts.resize(2);
    QStringView fields[4];
    for (QStringView& field : fields) {
        if (!m_lexer.braced(field)) {
            return false;
        }
        field = field.trimmed();
    }
    const auto sign = [](QStringView field) {
        const bool escaped = field.size() > 1 && field.front() == u'\\';
        return field.isEmpty() ? std::optional<char32_t>(0) : delimiterNamed(escaped ? field.mid(1) : field);
    };
    const auto left = sign(fields[0]);
    const auto right = sign(fields[1]);
    const auto rule = fields[2].isEmpty() ? std::optional<double>(-1) : lengthInEm(fields[2]);
    const bool styled = fields[3].size() == 1 && fields[3].front() >= u'0' && fields[3].front() <= u'3';
    if (!left || !right || !rule || (!fields[3].isEmpty() && !styled)) {
        return false;
    }
    node.code = *left;
    node.right = *right;
    node.amount = *rule;
    if (styled) {
        node.forced = Style(fields[3].front().unicode() - u'0');
    }
    return argument(node.parts[0]) && argument(node.parts[1]) && add(out, std::move(node));
}

bool Parser::root(QStringView, List& out) {
    Node node = nodeOf(Kind::kRadical);
    node.parts.resize(1);
    return optionalArgument(node.parts[0], node.hasSup) && argument(node.list) && add(out, std::move(node));
}

} // namespace alcuin::ui::math
