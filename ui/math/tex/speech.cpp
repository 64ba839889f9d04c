#include <QStringList>

#include "math/tex/alphabets.h"
#include "math/tex/parser.h"

namespace alcuin::ui::math {

namespace {

constexpr qsizetype kMost = 8000; ///< characters that are read aloud of one formula

QString speakList(const List& list);

bool isSimple(const List& list) {
    if (list.size() != 1) {
        return false;
    }
    const Node& node = list.front();
    return node.kind == Kind::kSymbol || (node.kind == Kind::kGroup && isSimple(node.list));
}

bool isDigit(const Node& node) {
    return node.kind == Kind::kSymbol && ((node.code >= U'0' && node.code <= U'9') || node.code == U'.');
}

/// A letter that stands upright, as those of names, units and elements do.
bool isUprightLetter(const Node& node) {
    const bool letter = (node.code >= U'a' && node.code <= U'z') || (node.code >= U'A' && node.code <= U'Z');
    return node.kind == Kind::kSymbol && letter && node.text.isEmpty();
}

/// Digits that stand side by side are one number.
bool isNumber(const List& list) {
    return !list.empty() && std::all_of(list.begin(), list.end(), isDigit);
}

QString alphabetWord(Alphabet alphabet) {
    switch (alphabet) {
    case Alphabet::kBold:
    case Alphabet::kBoldItalic:
    case Alphabet::kSansBold:
        return QStringLiteral("bold ");
    case Alphabet::kDoubleStruck:
        return QStringLiteral("blackboard ");
    case Alphabet::kCalligraphic:
        return QStringLiteral("script ");
    case Alphabet::kFraktur:
    case Alphabet::kBoldFraktur:
        return QStringLiteral("fraktur ");
    default:
        return {};
    }
}

QString speakSymbol(const Node& node) {
    const PlainLetter plain = plainLetter(node.code);
    const QString letter = node.text.isEmpty() ? QString::fromUcs4(&plain.letter, 1) : node.text;
    return alphabetWord(plain.alphabet) + letter;
}

QString speakFraction(const Node& node) {
    const QString top = speakList(node.parts[0]);
    const QString bottom = speakList(node.parts[1]);
    if (node.amount == 0) {
        return node.code == U'(' ? top + QStringLiteral(" choose ") + bottom : top + QStringLiteral(" above ") + bottom;
    }
    const auto brief = [](const List& list) { return isSimple(list) || isNumber(list); };
    if (brief(node.parts[0]) && brief(node.parts[1])) {
        return top + QStringLiteral(" over ") + bottom;
    }
    return QStringLiteral("fraction ") + top + QStringLiteral(" over ") + bottom + QStringLiteral(" end fraction");
}

QString speakRoot(const Node& node) {
    const QString inside = speakList(node.list);
    QString name = QStringLiteral("square root");
    if (node.hasSup) {
        const QString index = speakList(node.parts[0]);
        name = index == QLatin1String("3") ? QStringLiteral("cube root") : index + QStringLiteral(" root");
    }
    const bool brief = isSimple(node.list) || isNumber(node.list);
    return name + QStringLiteral(" of ") + inside + (brief ? QString() : QStringLiteral(" end root"));
}

QString speakPower(const List& list) {
    QString words = speakList(list);
    const char32_t sign = list.empty() ? 0 : list.front().code;
    if (sign == 0x2218 || sign == 0xB0) {
        return QStringLiteral("degrees");
    }
    if (sign == 0x2032) {
        return words;
    }
    if (words == QLatin1String("2")) {
        return QStringLiteral("squared");
    }
    if (words == QLatin1String("3")) {
        return QStringLiteral("cubed");
    }
    const bool brief = isSimple(list) || isNumber(list);
    return QStringLiteral("to the power ") + words + (brief ? QString() : QStringLiteral(" end power"));
}

QString speakScripts(const Node& node) {
    QStringList words{speakList(node.list)};
    if (node.atom == Atom::kOp) {
        const bool range = node.hasSub && node.hasSup;
        if (node.hasSub) {
            const bool limit = words.first().startsWith(QLatin1String("limit"));
            words += range ? QStringLiteral("from") : limit ? QStringLiteral("as") : QStringLiteral("over");
            words += speakList(node.parts[0]);
        }
        if (node.hasSup) {
            words += range ? QStringLiteral("to ") + speakList(node.parts[1]) : speakPower(node.parts[1]);
        }
        words += QStringLiteral("of");
        return words.join(QLatin1Char(' '));
    }
    if (node.hasSub) {
        const bool brief = isSimple(node.parts[0]) || isNumber(node.parts[0]);
        words += QStringLiteral("sub ") + speakList(node.parts[0]) + (brief ? QString() : QStringLiteral(" end sub"));
    }
    if (node.hasSup) {
        words += speakPower(node.parts[1]);
    }
    return words.join(QLatin1Char(' '));
}

QString speakDelimiter(char32_t code) {
    switch (code) {
    case 0:
        return {};
    case U'(':
        return QStringLiteral("open paren");
    case U')':
        return QStringLiteral("close paren");
    case U'[':
        return QStringLiteral("open bracket");
    case U']':
        return QStringLiteral("close bracket");
    case U'{':
        return QStringLiteral("open brace");
    case U'}':
        return QStringLiteral("close brace");
    case U'|':
        return QStringLiteral("bar");
    case 0x2016:
        return QStringLiteral("double bar");
    case 0x27E8:
        return QStringLiteral("left angle bracket");
    case 0x27E9:
        return QStringLiteral("right angle bracket");
    case 0x230A:
        return QStringLiteral("floor of");
    case 0x230B:
        return QStringLiteral("end floor");
    case 0x2308:
        return QStringLiteral("ceiling of");
    case 0x2309:
        return QStringLiteral("end ceiling");
    default:
        return QString::fromUcs4(&code, 1);
    }
}

QString speakDelimited(const Node& node) {
    const bool table = node.parts.size() == 1 && node.parts[0].size() == 1 && node.parts[0][0].kind == Kind::kArray &&
                       node.parts[0][0].array->name != QLatin1String("table");
    if (table) { // the table says what it is
        const QString words = speakList(node.parts[0]);
        return node.code == U'|' ? QStringLiteral("determinant of ") + words : words;
    }
    if (node.code == U'|' && node.right == U'|') {
        return QStringLiteral("absolute value of ") + speakList(node.parts[0]) + QStringLiteral(" end absolute value");
    }
    QStringList words{speakDelimiter(node.code)};
    for (size_t i = 0; i < node.parts.size(); ++i) {
        words += speakList(node.parts[i]);
        words += speakDelimiter(i < node.middles.size() ? node.middles[i] : node.right);
    }
    words.removeAll(QString());
    return words.join(QLatin1Char(' '));
}

QString speakArray(const Array& array) {
    const bool lines = array.name == QLatin1String("lines") || array.name == QLatin1String("cases");
    QStringList rows;
    for (const auto& row : array.rows) {
        QStringList cells;
        for (const List& cell : row) {
            cells += speakList(cell);
        }
        cells.removeAll(QString());
        rows += cells.join(lines ? QStringLiteral(" ") : QStringLiteral(", "));
    }
    QString body = rows.join(QStringLiteral("; "));
    if (array.name == QLatin1String("lines")) {
        return body;
    }
    if (array.name == QLatin1String("cases")) {
        return QStringLiteral("%1 cases: %2; end cases").arg(array.rows.size()).arg(body);
    }
    return QStringLiteral("%1 by %2 %3: %4; end %3")
        .arg(array.rows.size())
        .arg(array.columns.size())
        .arg(array.name, body);
}

QString speakAround(const Node& node) {
    QStringList words;
    if (node.kind == Kind::kArrow) {
        words += node.text;
    } else {
        words += speakList(node.list);
    }
    if (!node.parts.empty() && node.hasSub) {
        words += QStringLiteral("with ") + speakList(node.parts[0]) + QStringLiteral(" below");
    }
    if (node.parts.size() > 1 && !node.parts[1].empty()) {
        words += QStringLiteral("with ") + speakList(node.parts[1]) + QStringLiteral(" above");
    }
    return words.join(QLatin1Char(' '));
}

QString speakSideset(const Node& node) {
    static constexpr const char* kCorners[] = {"lower left", "upper left", "lower right", "upper right"};
    QString words = speakList(node.list);
    for (size_t i = 0; i < node.parts.size(); ++i) {
        words += node.parts[i].empty()
                     ? QString()
                     : QStringLiteral(" with %1 at the %2").arg(speakList(node.parts[i]), QLatin1String(kCorners[i]));
    }
    return words;
}

QString speakNode(const Node& node) {
    switch (node.kind) {
    case Kind::kSymbol:
        return speakSymbol(node);
    case Kind::kGroup:
        return speakList(node.list);
    case Kind::kOperator:
        return node.text.isEmpty() ? speakList(node.list) : node.text;
    case Kind::kText:
        return node.text.simplified();
    case Kind::kScripts:
        return speakScripts(node);
    case Kind::kFraction:
        return speakFraction(node);
    case Kind::kRadical:
        return speakRoot(node);
    case Kind::kAccent:
        return speakList(node.list) + QLatin1Char(' ') + node.text;
    case Kind::kStretch:
        return speakList(node.list) +
               (node.above ? QStringLiteral(" with %1 above") : QStringLiteral(" with %1 below")).arg(node.text);
    case Kind::kOverUnder:
    case Kind::kArrow:
        return speakAround(node);
    case Kind::kDelimited:
        return speakDelimited(node);
    case Kind::kBigDelim:
        return speakDelimiter(node.code);
    case Kind::kArray:
        return speakArray(*node.array);
    case Kind::kPhantom:
        return node.level & kHidden ? QString() : speakList(node.list);
    case Kind::kFramed:
    case Kind::kRaised:
        return speakList(node.list);
    case Kind::kSideset:
        return speakSideset(node);
    case Kind::kStruck:
        return QStringLiteral("crossed out ") + speakList(node.list) +
               (node.parts.empty() ? QString() : QStringLiteral(", which comes to ") + speakList(node.parts[0]));
    case Kind::kNegated:
        return QStringLiteral("not ") + speakList(node.list);
    default:
        return {};
    }
}

QString speakList(const List& list) {
    QString words;
    bool digit = false;
    bool letter = false;
    for (const Node& node : list) {
        const QString next = speakNode(node);
        if (next.isEmpty() || words.size() > kMost) {
            continue;
        }
        const bool raised = node.kind == Kind::kScripts && node.list.size() == 1 && isDigit(node.list.front());
        const bool joins = (digit && (isDigit(node) || raised)) || (letter && isUprightLetter(node));
        if (!words.isEmpty() && !joins) {
            words += QLatin1Char(' ');
        }
        words += joins && node.code == U'.' ? QStringLiteral(".") : next;
        digit = isDigit(node);
        letter = isUprightLetter(node);
    }
    return words;
}

} // namespace

QString speak(const Formula& formula) {
    QString words = speakList(formula.list);
    if (formula.tag) {
        words += QStringLiteral(", equation ") + speakList(*formula.tag);
    }
    return words.left(kMost);
}

} // namespace alcuin::ui::math
