#include "math/mathml/mathml.h"

#include <utility>

#include "math/mathml/mathml_writer.h"
#include "math/tex/alphabets.h"
#include "math/tex/atoms.h"

namespace alcuin::ui::math {

namespace {

constexpr int kThick = 5; ///< 18ths of an em, around relations
constexpr int kMedium = 4;
constexpr char32_t kMinus = 0x2212;

QString escapedCharacter(char32_t code) {
    return QString::fromUcs4(&code, 1).toHtmlEscaped();
}

bool isDigit(const Node& node) {
    return node.kind == Kind::kSymbol && node.code >= U'0' && node.code <= U'9';
}

/// Digits and the points between them are one number.
size_t numberEnd(const List& list, size_t from) {
    size_t end = from;
    while (end < list.size() &&
           (isDigit(list[end]) || (end > from && list[end].kind == Kind::kSymbol && list[end].code == U'.' &&
                                   end + 1 < list.size() && isDigit(list[end + 1])))) {
        ++end;
    }
    return end;
}

/// An arrow that browsers would make as high as what stands beside it.
bool isUpright(char32_t arrow) {
    return arrow == 0x2191 || arrow == 0x2193 || arrow == 0x2195 || arrow == 0x21D1 || arrow == 0x21D3 ||
           arrow == 0x21D5;
}

bool isSign(Atom atom) {
    return atom == Atom::kBin || atom == Atom::kRel || atom == Atom::kOpen || atom == Atom::kClose ||
           atom == Atom::kPunct;
}

/// Whether the node becomes an <mo>, which brings its spaces with it.
bool carriesSpace(const Node& node, Atom atom) {
    return node.kind == Kind::kSymbol && (isSign(atom) || atom == Atom::kOp);
}

/// A sign between two things, with just the space that browsers leave around it unasked.
bool hasUsualSpace(char32_t code, int before, int after) {
    const bool relation = code == U'=' || code == U'<' || code == U'>' || code == 0x2264 || code == 0x2265 ||
                          code == 0x2260 || code == 0x2192 || code == 0x2208;
    const bool sum = code == U'+' || code == kMinus || code == 0xB1;
    return (relation && before == kThick && after == kThick) || (sum && before == kMedium && after == kMedium);
}

QString spaced(char32_t code, int before, int after) {
    if (hasUsualSpace(code, before, after)) {
        return {};
    }
    return QStringLiteral(" lspace=\"%1\" rspace=\"%2\"").arg(emText(before / 18.0), emText(after / 18.0));
}

} // namespace

QString emText(double amount) {
    return amount == 0 ? QStringLiteral("0em") : QString::number(amount, 'g', 3) + QLatin1String("em");
}

void MathMlWriter::open(const char* tag, const QString& attributes) {
    m_out += QLatin1Char('<') + QLatin1String(tag) + attributes + QLatin1Char('>');
}

void MathMlWriter::close(const char* tag) {
    m_out += QLatin1String("</") + QLatin1String(tag) + QLatin1Char('>');
}

QString MathMlWriter::formula(const Formula& formula) {
    if (formula.tag) {
        open("mrow");
        list(formula.list);
        m_out += QStringLiteral("<mspace width=\"2em\"/>");
        row(*formula.tag);
        close("mrow");
    } else {
        row(formula.list);
    }
    return m_out;
}

void MathMlWriter::list(const List& list, size_t from) {
    const std::vector<Atom> atoms = atomsOf(list);
    const auto next = [&](size_t i) {
        while (i < list.size() && !hasAtom(list[i])) {
            ++i;
        }
        return i;
    };
    const auto spaceAfter = [&](size_t i) {
        const size_t right = next(i + 1);
        return right < list.size() ? spaceBetween(atoms[i], atoms[right], m_small) : 0;
    };
    int before = 0; // the space that is still to be left
    for (size_t i = from; i < list.size(); ++i) {
        const Node& here = list[i];
        if (here.kind == Kind::kSpace) {
            if (!here.forced || (*here.forced == Style::kScript ? m_small : m_display && !m_small)) {
                m_out += QStringLiteral("<mspace width=\"%1\"/>").arg(emText(here.amount));
            }
            continue;
        }
        if (here.kind == Kind::kStyle || here.kind == Kind::kColour) { // for all that follows
            const bool big = here.style <= Style::kText;
            const bool small = std::exchange(m_small, here.kind == Kind::kStyle ? !big : m_small);
            open("mstyle", here.kind == Kind::kColour ? QStringLiteral(" mathcolor=\"#%1\" style=\"--own:#%1\"")
                                                            .arg(here.ink & 0xFFFFFF, 6, 16, QLatin1Char('0'))
                                                      : QStringLiteral(" displaystyle=\"%1\" scriptlevel=\"%2\"")
                                                            .arg(here.style == Style::kDisplay ? QLatin1String("true")
                                                                                               : QLatin1String("false"))
                                                            .arg(big ? 0 : int(here.style) - 1));
            this->list(list, i + 1);
            close("mstyle");
            m_small = small;
            return;
        }
        if (const size_t end = numberEnd(list, i); end > i) {
            m_out += QLatin1String("<mn>");
            for (; i < end; ++i) {
                m_out += escapedCharacter(list[i].code);
            }
            m_out += QLatin1String("</mn>");
            --i;
        }
        const bool carries = carriesSpace(here, atoms[i]) && !isDigit(here);
        int after = spaceAfter(i);
        const size_t right = next(i + 1);
        const bool rightCarries = right < list.size() && right == i + 1 && carriesSpace(list[right], atoms[right]);
        if (!carries && before > 0 && !isDigit(here)) {
            m_out += QStringLiteral("<mspace width=\"%1\"/>").arg(emText(before / 18.0));
            before = 0;
        }
        if (!isDigit(here)) {
            node(here, atoms[i], carries ? before : 0, carries ? after : 0);
        }
        before = carries ? 0 : after;
        if (!carries && before > 0 && !rightCarries) {
            m_out += QStringLiteral("<mspace width=\"%1\"/>").arg(emText(before / 18.0));
            before = 0;
        }
    }
}

void MathMlWriter::row(const List& list) {
    const bool one = (list.size() == 1 && hasAtom(list[0])) || (!list.empty() && numberEnd(list, 0) == list.size());
    if (one) {
        this->list(list);
        return;
    }
    open("mrow");
    this->list(list);
    close("mrow");
}

void MathMlWriter::smallRow(const List& list) {
    const bool small = std::exchange(m_small, true);
    row(list);
    m_small = small;
}

void MathMlWriter::node(const Node& node, Atom atom, int before, int after) {
    switch (node.kind) {
    case Kind::kSymbol:
        return symbol(node, atom, before, after);
    case Kind::kOperator: {
        if (node.list.size() == 1 && node.list[0].kind == Kind::kStretch) { // \varlimsup
            return row(node.list);
        }
        QString letters;
        for (const Node& letter : node.list) {
            letters += letter.kind == Kind::kSymbol ? QString::fromUcs4(&letter.code, 1)
                       : letter.kind == Kind::kText ? letter.text
                                                    : QStringLiteral("\u2009");
        }
        // Unlike <mi>, an operator lets its scripts move beside it where it stands in a line.
        open("mo", node.place == Place::kBySize
                       ? QStringLiteral(" movablelimits=\"true\" lspace=\"0em\" rspace=\"0em\"")
                       : QStringLiteral(" lspace=\"0em\" rspace=\"0em\""));
        m_out += letters.toHtmlEscaped();
        return close("mo");
    }
    case Kind::kText:
        return text(node);
    case Kind::kScripts:
        return scripts(node);
    case Kind::kFraction:
        return fraction(node);
    case Kind::kRadical:
        return radical(node);
    case Kind::kAccent:
        return accent(node);
    case Kind::kStretch:
        return stretch(node);
    case Kind::kOverUnder:
        return overUnder(node);
    case Kind::kArrow:
        return arrow(node);
    case Kind::kDelimited:
        return delimited(node);
    case Kind::kBigDelim:
        return bigDelimiter(node);
    case Kind::kArray:
        return array(*node.array);
    case Kind::kPhantom:
        return phantom(node);
    case Kind::kFramed:
        return framed(node);
    case Kind::kStruck:
        return struck(node);
    case Kind::kNegated:
        return negated(node);
    case Kind::kSideset:
        return sideset(node);
    case Kind::kRule:
        return rule(node);
    case Kind::kRaised:
        return raised(node);
    default:
        return row(node.list);
    }
}

void MathMlWriter::sign(char32_t code, const QString& attributes) {
    open("mo", attributes);
    m_out += escapedCharacter(code);
    close("mo");
}

/// Letters as they are typed where a browser slants them itself, so that copied text is the letters.
void MathMlWriter::symbol(const Node& node, Atom atom, int before, int after) {
    if (node.code >= U'0' && node.code <= U'9') {
        m_out += QLatin1String("<mn>") + QChar(node.code) + QLatin1String("</mn>");
        return;
    }
    if (isSign(atom)) {
        const bool stretches = atom == Atom::kOpen || atom == Atom::kClose || node.code == U'|' ||
                               node.code == 0x2016 || isUpright(node.code);
        return sign(node.code,
                    (stretches ? QStringLiteral(" stretchy=\"false\"") : QString()) + spaced(node.code, before, after));
    }
    if (atom == Atom::kOp) {
        QString attributes = spaced(node.code, before, after);
        attributes += node.place == Place::kBySize ? QStringLiteral(" movablelimits=\"true\"") : QString();
        return sign(node.code, attributes);
    }
    if (node.code == U'+' || node.code == kMinus || node.code == 0xB1 || node.code == 0x2213) {
        return sign(node.code, QStringLiteral(" form=\"prefix\""));
    }
    constexpr char32_t kPrime = 0x2032;
    if (node.code == kPrime && m_small) { // fonts of mathematics draw it raised already
        open("mpadded", QStringLiteral(" voffset=\"-0.3em\" height=\"0.4em\""));
        sign(node.code, QStringLiteral(" lspace=\"0em\" rspace=\"0em\""));
        return close("mpadded");
    }
    const PlainLetter plain = plainLetter(node.code);
    const bool slanted = plain.alphabet == Alphabet::kItalic;
    open("mi", slanted || plain.alphabet != Alphabet::kDefault ? QString() : QStringLiteral(" mathvariant=\"normal\""));
    m_out += escapedCharacter(slanted ? plain.letter : node.code);
    close("mi");
}

void MathMlWriter::text(const Node& node) {
    QString style;
    switch (node.alphabet) {
    case Alphabet::kBold:
        style = QStringLiteral(" style=\"font-weight:bold\"");
        break;
    case Alphabet::kItalic:
        style = QStringLiteral(" style=\"font-style:italic\"");
        break;
    case Alphabet::kMonospace:
        style = QStringLiteral(" style=\"font-family:monospace\"");
        break;
    case Alphabet::kSans:
        style = QStringLiteral(" style=\"font-family:sans-serif\"");
        break;
    default:
        break;
    }
    open("mtext", style);
    QString words = node.text; // plain spaces would be dropped at the ends
    m_out += words.replace(QLatin1Char(' '), QChar::Nbsp).toHtmlEscaped();
    close("mtext");
}

void MathMlWriter::scripts(const Node& node) {
    const bool over = !node.list.empty() &&
                      (node.place == Place::kLimits || (node.atom == Atom::kOp && node.place == Place::kBySize));
    if (node.wide) {
        return prescripts(node);
    }
    withScripts(node, over, [&] {
        if (over && node.place == Place::kLimits && node.list.size() == 1 && node.list[0].kind == Kind::kSymbol) {
            sign(node.list[0].code, QStringLiteral(" movablelimits=\"false\" lspace=\"0em\" rspace=\"0em\""));
        } else {
            row(node.list);
        }
    });
}

/// Before what follows, their ends together.
void MathMlWriter::prescripts(const Node& node) {
    open("mmultiscripts");
    m_out += QLatin1String("<mrow></mrow><mprescripts/>");
    smallRow(node.parts[0]);
    smallRow(node.parts[1]);
    close("mmultiscripts");
}

/// Scripts at all four corners.
void MathMlWriter::sideset(const Node& node) {
    open("mmultiscripts");
    row(node.list);
    smallRow(node.parts[2]);
    smallRow(node.parts[3]);
    m_out += QLatin1String("<mprescripts/>");
    smallRow(node.parts[0]);
    smallRow(node.parts[1]);
    close("mmultiscripts");
}

void MathMlWriter::fraction(const Node& node) {
    if (node.forced) {
        open("mstyle", QStringLiteral(" displaystyle=\"%1\" scriptlevel=\"0\"")
                           .arg(*node.forced == Style::kDisplay ? QLatin1String("true") : QLatin1String("false")));
    }
    if (node.code != 0 || node.right != 0) {
        open("mrow");
        fence(node.code, "prefix");
    }
    open("mfrac", node.amount >= 0 ? QStringLiteral(" linethickness=\"%1\"").arg(emText(node.amount)) : QString());
    row(node.parts[0]);
    row(node.parts[1]);
    close("mfrac");
    if (node.code != 0 || node.right != 0) {
        fence(node.right, "postfix");
        close("mrow");
    }
    if (node.forced) {
        close("mstyle");
    }
}

void MathMlWriter::radical(const Node& node) {
    open(node.hasSup ? "mroot" : "msqrt");
    row(node.list);
    if (node.hasSup) {
        smallRow(node.parts[0]);
    }
    close(node.hasSup ? "mroot" : "msqrt");
}

void MathMlWriter::fence(char32_t code, const char* form) {
    if (code != 0) {
        sign(code, QStringLiteral(" form=\"%1\" stretchy=\"true\" symmetric=\"true\" lspace=\"0em\" rspace=\"0em\"")
                       .arg(QLatin1String(form)));
    }
}

void MathMlWriter::delimited(const Node& node) {
    open("mrow");
    fence(node.code, "prefix");
    for (size_t i = 0; i < node.parts.size(); ++i) {
        row(node.parts[i]);
        if (i < node.middles.size()) {
            fence(node.middles[i], "infix");
        }
    }
    fence(node.right, "postfix");
    close("mrow");
}

void MathMlWriter::bigDelimiter(const Node& node) {
    const QString size = emText(0.6 * (1 + node.level)); // amsmath: 1, 1.5, 2 and 2.5 times a line of 1.2 em
    sign(node.code, QStringLiteral(" stretchy=\"true\" symmetric=\"true\" minsize=\"%1\" maxsize=\"%1\" lspace=\"0em\" "
                                   "rspace=\"0em\"")
                        .arg(size));
}

QString toMathMl(QStringView tex, bool display, const QString& definitions) {
    const auto formula = definitions.isEmpty() ? parseTex(tex) : parseTex(QString(definitions + tex.toString()));
    if (!formula) {
        return {};
    }
    return QStringLiteral("<math%1><semantics>").arg(display ? QStringLiteral(" display=\"block\"") : QString()) +
           MathMlWriter(display).formula(*formula) +
           QStringLiteral("<annotation encoding=\"application/x-tex\">%1</annotation></semantics></math>")
               .arg(tex.trimmed().toString().toHtmlEscaped());
}

} // namespace alcuin::ui::math
