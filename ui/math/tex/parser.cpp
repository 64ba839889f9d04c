#include "math/tex/parser.h"

#include <QHash>

#include "math/tex/alphabets.h"
#include "math/tex/macros.h"
#include "math/tex/symbols.h"

namespace alcuin::ui::math {

namespace {

using Type = Token::Type;

constexpr char32_t kPrime = 0x2032;
constexpr double kMu = 1.0 / 18; ///< of an em

/// \varlimsup and its like are a lim with a rule or an arrow over or under it.
void ruleLimit(QStringView name, List& word) {
    static const QHash<QString, QString> kRules = {{QStringLiteral("varlimsup"), QStringLiteral("overline")},
                                                   {QStringLiteral("varliminf"), QStringLiteral("underline")},
                                                   {QStringLiteral("varinjlim"), QStringLiteral("underrightarrow")},
                                                   {QStringLiteral("varprojlim"), QStringLiteral("underleftarrow")}};
    const auto found = kRules.constFind(name.toString());
    if (found == kRules.constEnd()) {
        return;
    }
    const Stretch* rule = stretchNamed(*found);
    Node node = nodeOf(Kind::kStretch);
    node.code = rule->code;
    node.above = rule->above;
    node.place = Place::kBeside;
    node.text = rule->spoken;
    node.list = std::move(word);
    word = {};
    word.push_back(std::move(node));
}

bool isInfix(const Token& token) {
    return token.is(u"over") || token.is(u"choose") || token.is(u"atop") || token.is(u"brace") || token.is(u"brack");
}

/// The plain character that a raised or lowered one stands for: 2 for U+00B2.
struct SmallSign {
    char32_t plain = 0;
    bool raised = false;
};
std::optional<SmallSign> smallSign(char32_t code) {
    static constexpr char32_t kSigns[] = {U'+', 0x2212, U'=', U'(', U')'};
    if (code == 0xB2 || code == 0xB3) {
        return SmallSign{code - 0xB2 + U'2', true};
    }
    if (code == 0xB9) {
        return SmallSign{U'1', true};
    }
    if (code == 0x2071 || code == 0x207F) {
        return SmallSign{code == 0x2071 ? U'i' : U'n', true};
    }
    const bool raised = code >= 0x2070 && code <= 0x207E;
    const bool lowered = code >= 0x2080 && code <= 0x208E;
    if (!raised && !lowered) {
        return std::nullopt;
    }
    const char32_t place = code & 0xF;
    return SmallSign{place < 10 ? U'0' + place : kSigns[place - 10], raised};
}

} // namespace

std::optional<Formula> parseTex(QStringView tex) {
    if (tex.size() > Limits::kSource) {
        return std::nullopt;
    }
    if (!definesMacros(tex)) {
        return Parser(tex).formula();
    }
    const std::optional<QString> expanded = expandMacros(tex);
    return expanded ? Parser(*expanded).formula() : std::nullopt;
}

std::optional<Formula> Parser::formula() {
    Array lines;
    lines.name = QStringLiteral("lines");
    if (!rows(lines, {}) || m_lexer.next().type != Type::kEnd) {
        return std::nullopt;
    }
    Formula result;
    size_t cells = 0;
    for (const auto& row : lines.rows) {
        cells = std::max(cells, row.size());
    }
    if (lines.rows.size() == 1 && cells == 1 && lines.lines == std::vector<quint8>{0, 0}) {
        result.list = std::move(lines.rows.front().front());
        result.tag = std::move(lines.tags.front());
        return result;
    }
    lines.style = Style::kDisplay; // lines without an environment around them: aligned where they say so
    lines.jot = 0.3;
    lines.alternating = cells > 1;
    lines.columns = cells > 1 ? std::vector<Column>{} : std::vector<Column>{Column::kCenter};
    for (size_t i = 0; cells > 1 && i < cells; ++i) {
        lines.columns.push_back(i % 2 == 0 ? Column::kRight : Column::kLeft);
        lines.gapAfter.push_back(i % 2 == 0 ? 0 : 2);
    }
    Node node;
    node.kind = Kind::kArray;
    node.atom = Atom::kInner;
    node.array = std::make_shared<const Array>(std::move(lines));
    result.list.push_back(std::move(node));
    return result;
}

bool Parser::add(List& out, Node node) {
    if (++m_nodes > Limits::kNodes) {
        return false;
    }
    out.push_back(std::move(node));
    return true;
}

bool Parser::isListEnd(const Token& token) const {
    switch (token.type) {
    case Type::kEnd:
    case Type::kClose:
    case Type::kAlign:
        return true;
    case Type::kCharacter:
        return m_stopAtBracket && token.code == U']';
    case Type::kCommand:
        return token.name == u"\\" || token.name == u"cr" || token.name == u"newline" || token.name == u"right" ||
               token.name == u"middle" || token.name == u"end";
    default:
        return false;
    }
}

/// Reads up to what ends a list, and leaves that to be read.
bool Parser::list(List& out) {
    const Deeper deeper(m_depth);
    if (deeper.tooDeep()) {
        return false;
    }
    const Alphabet alphabet = m_alphabet;
    const bool bold = m_bold;
    bool good = true;
    while (good) {
        const Token token = m_lexer.peek();
        if (isListEnd(token)) {
            break;
        }
        if (isInfix(token)) {
            m_lexer.next();
            List denominator;
            good = list(denominator) && infix(token.name, out, denominator);
            break;
        }
        good = element(out);
    }
    m_alphabet = alphabet;
    m_bold = bold;
    return good;
}

bool Parser::infix(QStringView name, List& numerator, List& denominator) {
    Node node;
    node.kind = Kind::kFraction;
    node.atom = Atom::kInner;
    node.amount = name == u"over" ? -1 : 0;
    if (name == u"choose") {
        node.code = U'(';
        node.right = U')';
    } else if (name == u"brace") {
        node.code = U'{';
        node.right = U'}';
    } else if (name == u"brack") {
        node.code = U'[';
        node.right = U']';
    }
    node.parts.push_back(std::move(numerator));
    node.parts.push_back(std::move(denominator));
    numerator = List();
    return add(numerator, std::move(node));
}

bool Parser::element(List& out) {
    const Token token = m_lexer.peek();
    switch (token.type) {
    case Type::kSub:
    case Type::kSup:
        return scripts(out);
    case Type::kPrime:
        return primes(out);
    case Type::kCharacter:
        if (smallSign(token.code)) {
            m_lexer.next();
            return typedScript(token.code, out);
        }
        return atom(out);
    default:
        return atom(out);
    }
}

bool Parser::atom(List& out) {
    const Token token = m_lexer.next();
    switch (token.type) {
    case Type::kCharacter:
        return character(token.code, out);
    case Type::kCommand:
        return command(token.name, out);
    case Type::kOpen: {
        Node node;
        node.kind = Kind::kGroup;
        return group(node.list) && add(out, std::move(node));
    }
    default:
        return false;
    }
}

/// What stands up to the closing brace; the opening one was read.
bool Parser::group(List& out) {
    const bool stop = m_stopAtBracket;
    m_stopAtBracket = false;
    const bool good = list(out) && m_lexer.next().type == Type::kClose;
    m_stopAtBracket = stop;
    return good;
}

bool Parser::argument(List& out) {
    const Deeper deeper(m_depth);
    const Token token = m_lexer.peek();
    if (deeper.tooDeep() || isListEnd(token)) {
        return false;
    }
    if (token.type == Type::kOpen) {
        m_lexer.next();
        return group(out);
    }
    return token.type == Type::kPrime ? primes(out) : atom(out);
}

bool Parser::optionalArgument(List& out, bool& found) {
    const Token token = m_lexer.peek();
    found = token.type == Type::kCharacter && token.code == U'[';
    if (!found) {
        return true;
    }
    m_lexer.next();
    const bool stop = m_stopAtBracket;
    m_stopAtBracket = true;
    const bool good = list(out);
    m_stopAtBracket = stop;
    const Token end = m_lexer.next();
    return good && end.type == Type::kCharacter && end.code == U']';
}

Node Parser::symbolNode(char32_t code, Atom atom, const QString& spoken) const {
    Node node;
    node.code = inAlphabet(code, m_bold ? emboldened(m_alphabet) : m_alphabet);
    node.atom = atom;
    node.text = spoken;
    return node;
}

bool Parser::character(char32_t code, List& out) {
    if (code == U'~') {
        Node node;
        node.kind = Kind::kSpace;
        node.amount = 0.25;
        return add(out, std::move(node));
    }
    if (code == U'$' || code == U'#' || code < 0x20 || QChar::isSurrogate(code)) {
        return false;
    }
    if (code == U'-') {
        code = 0x2212;
    } else if (code == U'*') {
        code = 0x2217;
    } else if (code == U'`') {
        code = 0x2018;
    }
    const Symbol* symbol = symbolOf(code);
    if (symbol == nullptr) {
        return add(out, symbolNode(code, Atom::kOrd, {}));
    }
    Node node = symbolNode(symbol->code, symbol->atom, symbol->spoken);
    node.place = symbol->limits ? Place::kBySize : Place::kBeside;
    node.wide = symbol->largeOperator;
    if (code == U'!') {
        node.atom = Atom::kClose;
    }
    return add(out, std::move(node));
}

bool Parser::command(QStringView name, List& out) {
    const Deeper deeper(m_depth);
    if (deeper.tooDeep()) {
        return false;
    }
    if (const Handler handler = handlerOf(name)) {
        return (this->*handler)(name, out);
    }
    if (const Symbol* symbol = symbolNamed(name)) {
        Node node = symbolNode(symbol->code, symbol->atom, symbol->spoken);
        node.place = symbol->limits ? Place::kBySize : Place::kBeside;
        node.wide = symbol->largeOperator;
        const bool colon = name == u"colon";
        if (!colon && name != u"implies" && name != u"impliedby" && name != u"iff") {
            return add(out, std::move(node));
        }
        Node before; // these three connect sentences and stand further from them; \colon as amsmath has it
        before.kind = Kind::kSpace;
        Node after = before;
        before.amount = (colon ? 2 : 5) * kMu;
        after.amount = (colon ? 3 : 5) * kMu;
        return add(out, std::move(before)) && add(out, std::move(node)) && add(out, std::move(after));
    }
    if (const Function* function = functionNamed(name)) {
        Node node;
        node.kind = Kind::kOperator;
        node.atom = Atom::kOp;
        node.place = function->limits ? Place::kBySize : Place::kBeside;
        Node word;
        word.kind = Kind::kText;
        word.alphabet = Alphabet::kUpright;
        word.text = function->letters;
        node.list.push_back(std::move(word));
        ruleLimit(name, node.list);
        node.text = function->spoken;
        return add(out, std::move(node));
    }
    if (accentNamed(name) != nullptr) {
        return accent(name, out);
    }
    if (stretchNamed(name) != nullptr) {
        return stretch(name, out);
    }
    return extensibleArrowNamed(name) != nullptr ? arrow(name, out) : shorthand(name, out);
}

namespace {

/// The node that scripts belong to: the last one, made into one that has scripts.
Node& scripted(List& out) {
    const bool fits = !out.empty() && out.back().kind != Kind::kSpace && out.back().kind != Kind::kStyle &&
                      out.back().kind != Kind::kColour;
    if (fits && out.back().kind == Kind::kScripts) {
        return out.back();
    }
    Node node;
    node.kind = Kind::kScripts;
    node.parts.resize(2);
    if (fits) {
        node.atom = out.back().atom;
        node.place = out.back().place;
        node.list.push_back(std::move(out.back()));
        out.back() = std::move(node);
    } else {
        out.push_back(std::move(node));
    }
    return out.back();
}

bool onlyPrimes(const List& list) {
    return std::all_of(list.begin(), list.end(), [](const Node& node) { return node.code == kPrime; });
}

} // namespace

bool Parser::scripts(List& out) {
    const bool sup = m_lexer.next().type == Type::kSup;
    List script;
    if (!argument(script) || ++m_nodes > Limits::kNodes) {
        return false;
    }
    Node& node = scripted(out);
    bool& has = sup ? node.hasSup : node.hasSub;
    List& part = node.parts[sup ? 1 : 0];
    if (has && !(sup && onlyPrimes(part))) {
        return false; // a second one of the same kind
    }
    has = true;
    std::move(script.begin(), script.end(), std::back_inserter(part));
    return true;
}

bool Parser::primes(List& out) {
    List marks;
    while (m_lexer.peek().type == Type::kPrime) {
        m_lexer.next();
        if (!add(marks, symbolNode(kPrime, Atom::kOrd, QStringLiteral("prime")))) {
            return false;
        }
    }
    Node& node = scripted(out);
    if (node.hasSup) {
        return false;
    }
    node.hasSup = true;
    node.parts[1] = std::move(marks);
    return true;
}

bool Parser::typedScript(char32_t code, List& out) {
    const SmallSign sign = *smallSign(code);
    List script;
    if (!character(sign.plain, script)) {
        return false;
    }
    script.back().atom = Atom::kOrd;
    Node& node = scripted(out);
    (sign.raised ? node.hasSup : node.hasSub) = true;
    List& part = node.parts[sign.raised ? 1 : 0];
    std::move(script.begin(), script.end(), std::back_inserter(part));
    return true;
}

} // namespace alcuin::ui::math
