#include <QHash>

#include <cmath>

#include "math/tex/alphabets.h"
#include "math/tex/parser.h"
#include "math/tex/symbols.h"

namespace alcuin::ui::math {

namespace {

using Type = Token::Type;

constexpr double kMu = 1.0 / 18; ///< of an em

Node nodeOf(Kind kind, Atom atom = Atom::kOrd) {
    Node node;
    node.kind = kind;
    node.atom = atom;
    return node;
}

Alphabet alphabetNamed(QStringView name) {
    static const QHash<QString, Alphabet> table = {
        {QStringLiteral("mathrm"), Alphabet::kUpright},      {QStringLiteral("rm"), Alphabet::kUpright},
        {QStringLiteral("mathup"), Alphabet::kUpright},      {QStringLiteral("mathnormal"), Alphabet::kItalic},
        {QStringLiteral("mathit"), Alphabet::kItalic},       {QStringLiteral("it"), Alphabet::kItalic},
        {QStringLiteral("mathbf"), Alphabet::kBold},         {QStringLiteral("bf"), Alphabet::kBold},
        {QStringLiteral("symbf"), Alphabet::kBold},          {QStringLiteral("mathbfit"), Alphabet::kBoldItalic},
        {QStringLiteral("mathbb"), Alphabet::kDoubleStruck}, {QStringLiteral("Bbb"), Alphabet::kDoubleStruck},
        {QStringLiteral("mathds"), Alphabet::kDoubleStruck}, {QStringLiteral("mathcal"), Alphabet::kCalligraphic},
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

std::optional<double> lengthInEm(QStringView text) {
    text = text.trimmed();
    static constexpr struct {
        const char16_t* unit;
        double em;
    } kUnits[] = {{u"em", 1},     {u"ex", 0.43},   {u"mu", kMu},   {u"pt", 0.1}, {u"px", 0.075},
                  {u"cm", 2.845}, {u"mm", 0.2845}, {u"in", 7.227}, {u"pc", 1.2}};
    for (const auto& unit : kUnits) {
        if (text.endsWith(QStringView(unit.unit))) {
            bool good = false;
            const double number = text.chopped(2).trimmed().toDouble(&good);
            if (good && std::abs(number) < 1000) {
                return number * unit.em;
            }
            return std::nullopt;
        }
    }
    return std::nullopt;
}

Parser::Handler Parser::handlerOf(QStringView name) {
    static const QHash<QString, Handler> table = [] {
        QHash<QString, Handler> handlers;
        const auto put = [&](Handler handler, const char* names) {
            for (const QString& each : QString::fromLatin1(names).split(QLatin1Char(' '))) {
                handlers.insert(each, handler);
            }
        };
        put(&Parser::alphabet,
            "mathrm mathup mathit mathnormal mathbf symbf mathbfit mathbb Bbb mathds mathcal mathscr "
            "mathfrak mathsf mathsfit mathtt");
        put(&Parser::alphabetSwitch, "rm it bf cal frak sf tt");
        put(&Parser::atomClass, "mathord mathop mathbin mathrel mathopen mathclose mathpunct mathinner");
        put(&Parser::bigDelimiter,
            "big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm biggm Biggm");
        put(&Parser::binomial, "binom dbinom tbinom");
        put(&Parser::bold, "boldsymbol bm pmb");
        put(&Parser::box, "boxed fbox");
        put(&Parser::braket, "bra ket braket Bra Ket Braket");
        put(&Parser::cancel, "cancel bcancel xcancel");
        put(&Parser::delimited, "left");
        put(&Parser::dots, "dots");
        put(&Parser::environment, "begin");
        put(&Parser::fraction, "frac dfrac tfrac cfrac");
        put(&Parser::generalFraction, "genfrac");
        put(&Parser::ignored, "displaylimits relax allowbreak nobreak nolinebreak notag nonumber protect null "
                              "noindent centering hfill strut");
        put(&Parser::kern, "hspace hspace* mspace kern mkern hskip mskip");
        put(&Parser::label, "label");
        put(&Parser::limits, "limits nolimits");
        put(&Parser::modulo, "bmod mod pmod pod");
        put(&Parser::negated, "not");
        put(&Parser::operatorName, "operatorname operatorname* DeclareMathOperator");
        put(&Parser::overUnder, "stackrel overset underset");
        put(&Parser::phantom, "phantom hphantom vphantom smash mathstrut");
        put(&Parser::prescript, "prescript");
        put(&Parser::root, "sqrt");
        put(&Parser::space, ", : > ; ! quad qquad enspace thinspace medspace thickspace negthinspace negmedspace "
                            "negthickspace enskip space nobreakspace");
        handlers.insert(QStringLiteral(" "), &Parser::space);
        handlers.insert(QStringLiteral("\n"), &Parser::space);
        put(&Parser::styleSwitch, "displaystyle textstyle scriptstyle scriptscriptstyle");
        put(&Parser::substack, "substack");
        put(&Parser::tag, "tag");
        put(&Parser::text, "text textrm textup textnormal mbox hbox textbf textit emph textsf texttt");
        handlers.remove(QStringLiteral("DeclareMathOperator"));
        return handlers;
    }();
    return table.value(name.toString(), nullptr);
}

bool Parser::wrap(List& out, Kind kind, QStringView) {
    Node node = nodeOf(kind);
    return argument(node.list) && add(out, std::move(node));
}

bool Parser::ignored(QStringView, List&) {
    return true;
}

bool Parser::accent(QStringView name, List& out) {
    const AccentMark* mark = accentNamed(name);
    Node node = nodeOf(Kind::kAccent);
    node.code = mark->code;
    node.wide = mark->wide;
    node.text = mark->spoken;
    return argument(node.list) && add(out, std::move(node));
}

bool Parser::stretch(QStringView name, List& out) {
    const Stretch* kind = stretchNamed(name);
    Node node = nodeOf(Kind::kStretch);
    node.code = kind->code;
    node.above = kind->above;
    node.place = kind->limits ? Place::kLimits : Place::kBeside;
    node.text = kind->spoken;
    return argument(node.list) && add(out, std::move(node));
}

bool Parser::arrow(QStringView name, List& out) {
    const Symbol* symbol = extensibleArrowNamed(name);
    Node node = nodeOf(Kind::kArrow, Atom::kRel);
    node.code = symbol->code;
    node.text = symbol->spoken;
    node.parts.resize(2);
    return optionalArgument(node.parts[0], node.hasSub) && argument(node.parts[1]) && add(out, std::move(node));
}

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

bool Parser::kern(QStringView name, List& out) {
    QStringView length;
    if (name == u"hspace" || name == u"mspace") {
        if (const Token token = m_lexer.peek(); token.type == Type::kCharacter && token.code == U'*') {
            m_lexer.next();
        }
    }
    if (!m_lexer.braced(length)) { // \kern3mu: a number and two letters
        const Token first = m_lexer.peek();
        qsizetype end = first.start;
        const QStringView source = m_lexer.source();
        const auto isNumber = [](QChar c) { return c.isDigit() || c == u'.' || c == u'-' || c == u'+'; };
        while (end < source.size() && isNumber(source.at(end))) {
            ++end;
        }
        if (end + 2 > source.size()) {
            return false;
        }
        length = source.mid(first.start, end + 2 - first.start);
        m_lexer.seek(end + 2);
    }
    const auto amount = lengthInEm(length);
    Node node = nodeOf(Kind::kSpace);
    node.amount = amount.value_or(0);
    return amount && add(out, std::move(node));
}

bool Parser::space(QStringView name, List& out) {
    static const QHash<QString, double> table = {{QStringLiteral(","), 3 * kMu},
                                                 {QStringLiteral("thinspace"), 3 * kMu},
                                                 {QStringLiteral(":"), 4 * kMu},
                                                 {QStringLiteral(">"), 4 * kMu},
                                                 {QStringLiteral("medspace"), 4 * kMu},
                                                 {QStringLiteral(";"), 5 * kMu},
                                                 {QStringLiteral("thickspace"), 5 * kMu},
                                                 {QStringLiteral("!"), -3 * kMu},
                                                 {QStringLiteral("negthinspace"), -3 * kMu},
                                                 {QStringLiteral("negmedspace"), -4 * kMu},
                                                 {QStringLiteral("negthickspace"), -5 * kMu},
                                                 {QStringLiteral("quad"), 1},
                                                 {QStringLiteral("qquad"), 2},
                                                 {QStringLiteral("enspace"), 0.5},
                                                 {QStringLiteral("enskip"), 0.5}};
    Node node = nodeOf(Kind::kSpace);
    node.amount = table.value(name.toString(), 0.25); // the others are a space between words
    return add(out, std::move(node));
}

bool Parser::styleSwitch(QStringView name, List& out) {
    Node node = nodeOf(Kind::kStyle);
    node.style = name == u"displaystyle"  ? Style::kDisplay
                 : name == u"textstyle"   ? Style::kText
                 : name == u"scriptstyle" ? Style::kScript
                                          : Style::kScriptScript;
    return add(out, std::move(node));
}

bool Parser::limits(QStringView name, List& out) {
    if (out.empty() || (out.back().atom != Atom::kOp && out.back().kind != Kind::kScripts)) {
        return false;
    }
    out.back().place = name == u"limits" ? Place::kLimits : Place::kBeside;
    return true;
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

bool Parser::overUnder(QStringView name, List& out) {
    Node node = nodeOf(Kind::kOverUnder, name == u"stackrel" ? Atom::kRel : Atom::kOrd);
    node.parts.resize(2);
    const bool under = name == u"underset";
    (under ? node.hasSub : node.hasSup) = true;
    if (!argument(node.parts[under ? 0 : 1]) || !argument(node.list)) {
        return false;
    }
    if (name != u"stackrel" && node.list.size() == 1) {
        const Atom atom = node.list.front().atom;
        node.atom = atom == Atom::kBin || atom == Atom::kRel ? atom : Atom::kOrd;
    }
    return add(out, std::move(node));
}

bool Parser::phantom(QStringView name, List& out) {
    Node node = nodeOf(Kind::kPhantom);
    if (name == u"mathstrut") {
        node.level = kHidden | kNoWidth;
        node.list.push_back(symbolNode(U'(', Atom::kOrd, {}));
        return add(out, std::move(node));
    }
    node.level = name == u"phantom"    ? kHidden
                 : name == u"hphantom" ? kHidden | kNoAscent | kNoDescent
                 : name == u"vphantom" ? kHidden | kNoWidth
                                       : kNoAscent | kNoDescent;
    if (QStringView side; name == u"smash" && m_lexer.bracketed(side)) {
        if (side != u"t" && side != u"b") {
            return false;
        }
        node.level = side == u"t" ? kNoAscent : kNoDescent;
    }
    return argument(node.list) && add(out, std::move(node));
}

bool Parser::prescript(QStringView, List& out) {
    Node node = nodeOf(Kind::kScripts);
    node.parts.resize(2);
    node.hasSub = node.hasSup = true;
    return argument(node.parts[1]) && argument(node.parts[0]) && add(out, std::move(node)) && argument(out);
}

bool Parser::box(QStringView name, List& out) {
    Node node = nodeOf(Kind::kFramed);
    if (name == u"fbox") {
        QStringView inside;
        return m_lexer.braced(inside) && textRun(inside, Alphabet::kUpright, node.list) && add(out, std::move(node));
    }
    return argument(node.list) && add(out, std::move(node));
}

bool Parser::cancel(QStringView name, List& out) {
    Node node = nodeOf(Kind::kStruck);
    node.level = name == u"cancel" ? kRising : name == u"bcancel" ? kFalling : kRising | kFalling;
    return argument(node.list) && add(out, std::move(node));
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
    const auto gap = [&](double em) {
        Node node = nodeOf(Kind::kSpace);
        node.amount = em;
        return add(out, std::move(node));
    };
    Node word = nodeOf(Kind::kText);
    word.alphabet = Alphabet::kUpright;
    word.text = QStringLiteral("mod");
    if (name == u"bmod") {
        Node node = nodeOf(Kind::kGroup, Atom::kBin);
        node.list.push_back(std::move(word));
        return add(out, std::move(node));
    }
    List argument;
    if (!this->argument(argument) || !gap(10 * kMu)) {
        return false;
    }
    const bool parentheses = name != u"mod";
    bool good = !parentheses || add(out, symbolNode(U'(', Atom::kOpen, QStringLiteral("open paren")));
    if (name != u"pod") {
        good = good && add(out, std::move(word)) && gap(6 * kMu);
    }
    Node inside = nodeOf(Kind::kGroup);
    inside.list = std::move(argument);
    good = good && add(out, std::move(inside));
    return good && (!parentheses || add(out, symbolNode(U')', Atom::kClose, QStringLiteral("close paren"))));
}

bool Parser::braket(QStringView name, List& out) {
    Node node = nodeOf(Kind::kDelimited, Atom::kInner);
    const bool bra = name.startsWith(u'b') || name.startsWith(u'B');
    node.code = bra ? 0x27E8 : U'|';
    node.right = name.endsWith(u"ket") ? 0x27E9 : U'|';
    node.parts.resize(1);
    return argument(node.parts[0]) && add(out, std::move(node));
}

bool Parser::tag(QStringView, List& out) {
    Q_UNUSED(out)
    const Token star = m_lexer.peek();
    const bool bare = star.type == Type::kCharacter && star.code == U'*';
    if (bare) {
        m_lexer.next();
    }
    QStringView inside;
    List words;
    if (m_tag || !m_lexer.braced(inside) || !textRun(inside, Alphabet::kUpright, words)) {
        return false;
    }
    if (!bare) {
        words.insert(words.begin(), symbolNode(U'(', Atom::kOrd, {}));
        words.push_back(symbolNode(U')', Atom::kOrd, {}));
    }
    m_tag = std::move(words);
    return true;
}

bool Parser::label(QStringView, List&) {
    QStringView inside;
    return m_lexer.braced(inside);
}

} // namespace alcuin::ui::math
