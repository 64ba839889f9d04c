#include <QHash>

#include <utility>

#include "math/tex/parser.h"
#include "math/tex/symbols.h"

namespace alcuin::ui::math {

namespace {

using Type = Token::Type;

constexpr double kMu = 1.0 / 18; ///< of an em

Alphabet alphabetNamed(QStringView name) {
    static const QHash<QString, Alphabet> table = {
        {QStringLiteral("mathrm"), Alphabet::kUpright},      {QStringLiteral("rm"), Alphabet::kUpright},
        {QStringLiteral("mathup"), Alphabet::kUpright},      {QStringLiteral("mathnormal"), Alphabet::kItalic},
        {QStringLiteral("mathit"), Alphabet::kItalic},       {QStringLiteral("it"), Alphabet::kItalic},
        {QStringLiteral("mathbf"), Alphabet::kBold},         {QStringLiteral("bf"), Alphabet::kBold},
        {QStringLiteral("symbf"), Alphabet::kBold},          {QStringLiteral("mathbfit"), Alphabet::kBoldItalic},
        {QStringLiteral("mathbb"), Alphabet::kDoubleStruck}, {QStringLiteral("Bbb"), Alphabet::kDoubleStruck},
        {QStringLiteral("mathds"), Alphabet::kDoubleStruck}, {QStringLiteral("mathbbm"), Alphabet::kDoubleStruck},
        {QStringLiteral("bold"), Alphabet::kBold},           {QStringLiteral("mathcal"), Alphabet::kCalligraphic},
        {QStringLiteral("cal"), Alphabet::kCalligraphic},    {QStringLiteral("mathscr"), Alphabet::kCalligraphic},
        {QStringLiteral("mathfrak"), Alphabet::kFraktur},    {QStringLiteral("frak"), Alphabet::kFraktur},
        {QStringLiteral("mathsf"), Alphabet::kSans},         {QStringLiteral("sf"), Alphabet::kSans},
        {QStringLiteral("mathsfit"), Alphabet::kSansItalic}, {QStringLiteral("mathtt"), Alphabet::kMonospace},
        {QStringLiteral("tt"), Alphabet::kMonospace},        {QStringLiteral("text"), Alphabet::kUpright},
        {QStringLiteral("textrm"), Alphabet::kUpright},      {QStringLiteral("textup"), Alphabet::kUpright},
        {QStringLiteral("textnormal"), Alphabet::kUpright},  {QStringLiteral("mbox"), Alphabet::kUpright},
        {QStringLiteral("hbox"), Alphabet::kUpright},        {QStringLiteral("textbf"), Alphabet::kBold},
        {QStringLiteral("textit"), Alphabet::kItalic},       {QStringLiteral("emph"), Alphabet::kItalic},
        {QStringLiteral("textsf"), Alphabet::kSans},         {QStringLiteral("texttt"), Alphabet::kMonospace},
    };
    return table.value(name.toString(), Alphabet::kUpright);
}

/// The characters of a letter-by-letter group as one text; nothing if there is more in it than letters and signs.
std::optional<QString> lettersOf(const List& list) {
    QString text;
    for (const Node& node : list) {
        if (node.kind == Kind::kSymbol) {
            const char32_t code = node.code == 0x2212 ? U'-' : node.code == 0x2217 ? U'*' : node.code;
            text += QString::fromUcs4(&code, 1);
        } else if (node.kind == Kind::kSpace) {
            text += QChar(0x2009);
        } else if (node.kind == Kind::kText) {
            text += node.text;
        } else {
            return std::nullopt;
        }
    }
    return text;
}

} // namespace

bool Parser::alphabet(QStringView name, List& out) {
    const Alphabet alphabet = std::exchange(m_alphabet, alphabetNamed(name));
    Node node = nodeOf(Kind::kGroup);
    const bool good = argument(node.list);
    m_alphabet = alphabet;
    if (!good) {
        return false;
    }
    if (node.list.size() == 1) { // a single letter keeps its own metrics: accents and scripts fit it
        return add(out, Node(std::move(node.list.front())));
    }
    return add(out, std::move(node));
}

bool Parser::alphabetSwitch(QStringView name, List&) {
    m_alphabet = alphabetNamed(name);
    return true;
}

bool Parser::bold(QStringView, List& out) {
    const bool bold = std::exchange(m_bold, true);
    Node node = nodeOf(Kind::kGroup);
    const bool good = argument(node.list);
    m_bold = bold;
    if (!good) {
        return false;
    }
    if (node.list.size() == 1) {
        return add(out, Node(std::move(node.list.front())));
    }
    return add(out, std::move(node));
}

bool Parser::atomClass(QStringView name, List& out) {
    static const QHash<QString, Atom> classes = {
        {QStringLiteral("mathord"), Atom::kOrd},     {QStringLiteral("mathop"), Atom::kOp},
        {QStringLiteral("mathbin"), Atom::kBin},     {QStringLiteral("mathrel"), Atom::kRel},
        {QStringLiteral("mathopen"), Atom::kOpen},   {QStringLiteral("mathclose"), Atom::kClose},
        {QStringLiteral("mathpunct"), Atom::kPunct}, {QStringLiteral("mathinner"), Atom::kInner}};
    Node node = nodeOf(Kind::kGroup, classes.value(name.toString()));
    return argument(node.list) && add(out, std::move(node));
}

bool Parser::accent(QStringView name, List& out) {
    const AccentMark* mark = accentNamed(name);
    Node node = nodeOf(Kind::kAccent);
    node.code = mark->code;
    node.wide = mark->wide;
    node.text = mark->spoken;
    return argument(node.list) && add(out, std::move(node));
}

bool Parser::operatorName(QStringView, List& out) {
    Node node = nodeOf(Kind::kOperator, Atom::kOp);
    node.place = Place::kBeside;
    if (const Token token = m_lexer.peek(); token.type == Type::kCharacter && token.code == U'*') {
        m_lexer.next();
        node.place = Place::kBySize;
    }
    const Alphabet alphabet = std::exchange(m_alphabet, Alphabet::kUpright);
    List letters;
    const bool good = argument(letters);
    m_alphabet = alphabet;
    if (!good) {
        return false;
    }
    if (const auto text = lettersOf(letters)) {
        Node word = nodeOf(Kind::kText);
        word.alphabet = Alphabet::kUpright;
        word.text = *text;
        node.text = *text;
        node.list.push_back(std::move(word));
    } else {
        node.list = std::move(letters);
    }
    return add(out, std::move(node));
}

bool Parser::negated(QStringView, List& out) {
    // Where Unicode has the negated sign, it is drawn by whoever made the font.
    static const QHash<char32_t, char32_t> kSigns = {
        {U'=', 0x2260},   {U'<', 0x226E},   {U'>', 0x226F},   {0x2264, 0x2270}, {0x2265, 0x2271}, {0x2208, 0x2209},
        {0x220B, 0x220C}, {0x2282, 0x2284}, {0x2283, 0x2285}, {0x2286, 0x2288}, {0x2287, 0x2289}, {0x2261, 0x2262},
        {0x223C, 0x2241}, {0x2243, 0x2244}, {0x2245, 0x2247}, {0x2248, 0x2249}, {0x2223, 0x2224}, {0x2225, 0x2226},
        {0x2203, 0x2204}, {0x227A, 0x2280}, {0x227B, 0x2281}, {0x22A2, 0x22AC}, {0x22A8, 0x22AD}, {0x2192, 0x219B},
        {0x2190, 0x219A}, {0x21D2, 0x21CF}, {0x21D4, 0x21CE}, {0x2194, 0x21AE}};
    List base;
    if (!argument(base)) {
        return false;
    }
    if (base.size() == 1 && base[0].kind == Kind::kSymbol) {
        if (const char32_t sign = kSigns.value(base[0].code); sign != 0) {
            const Symbol* known = symbolOf(sign);
            return add(out,
                       symbolNode(sign, base[0].atom, known ? known->spoken : QStringLiteral("not ") + base[0].text));
        }
    }
    Node node = nodeOf(Kind::kNegated, base.size() == 1 ? base[0].atom : Atom::kRel);
    node.list = std::move(base);
    return add(out, std::move(node));
}

bool Parser::modulo(QStringView name, List& out) {
    const auto gap = [&](double em, std::optional<Style> only = std::nullopt) {
        Node node = nodeOf(Kind::kSpace);
        node.amount = em;
        node.forced = only;
        return add(out, std::move(node));
    };
    Node word = nodeOf(Kind::kText);
    word.alphabet = Alphabet::kUpright;
    word.text = QStringLiteral("mod");
    if (name == u"bmod") {
        Node node = nodeOf(Kind::kGroup, Atom::kBin);
        node.list.push_back(std::move(word));
        const auto side = [&] { return gap(kMu) && gap(4 * kMu, Style::kScript); };
        return side() && add(out, std::move(node)) && side(); // 5mu in all, in scripts too: amsmath, \bmod
    }
    const bool parentheses = name != u"mod";
    const double least = (parentheses ? 8 : 12) * kMu; // amsmath, \pod and \mod
    List argument;
    if (!this->argument(argument) || !gap(least) || !gap(18 * kMu - least, Style::kDisplay)) {
        return false;
    }
    bool good = !parentheses || add(out, symbolNode(U'(', Atom::kOpen, QStringLiteral("open paren")));
    if (name != u"pod") {
        good = good && add(out, std::move(word)) && gap(6 * kMu);
    }
    Node inside = nodeOf(Kind::kGroup);
    inside.list = std::move(argument);
    good = good && add(out, std::move(inside));
    return good && (!parentheses || add(out, symbolNode(U')', Atom::kClose, QStringLiteral("close paren"))));
}

bool Parser::dots(QStringView, List& out) {
    // Between operators they stand in the middle of the line, else on it. Source: amsmath, user's guide, 4.3.
    const qsizetype before = m_lexer.position();
    List next;
    const bool looked = !isListEnd(m_lexer.peek()) && m_lexer.peek().type == Type::kCharacter && atom(next);
    bool centered = looked && !next.empty() && (next[0].atom == Atom::kBin || next[0].atom == Atom::kRel);
    m_lexer.seek(before);
    if (const Token token = m_lexer.peek(); token.type == Type::kCommand) {
        const Symbol* symbol = symbolNamed(token.name);
        centered =
            symbol != nullptr && (symbol->atom == Atom::kBin || symbol->atom == Atom::kRel || symbol->largeOperator);
    }
    return add(out, symbolNode(centered ? 0x22EF : 0x2026, Atom::kInner, QStringLiteral("and so on")));
}

} // namespace alcuin::ui::math
