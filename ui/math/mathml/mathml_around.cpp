#include <QStringList>

#include "math/mathml/mathml_writer.h"
#include "math/tex/atoms.h"

namespace alcuin::ui::math {

namespace {

constexpr double kRowGap = 0.22; ///< em over and under a cell
constexpr const char* kRule = "thin solid";

/// The character of its own that a browser puts over something, for the combining one.
char32_t standingAlone(char32_t combining) {
    switch (combining) {
    case 0x300:
        return U'`';
    case 0x301:
        return 0xB4;
    case 0x302:
        return U'^';
    case 0x303:
        return U'~';
    case 0x304:
    case 0x305:
        return 0xAF;
    case 0x306:
        return 0x2D8;
    case 0x307:
        return 0x2D9;
    case 0x308:
        return 0xA8;
    case 0x30A:
        return 0x2DA;
    case 0x30C:
        return 0x2C7;
    case 0x20D7:
        return 0x2192;
    case 0x20D6:
        return 0x2190;
    case 0x20E1:
        return 0x2194;
    default:
        return combining;
    }
}

} // namespace

void MathMlWriter::accent(const Node& node) {
    constexpr char32_t kBar = 0x304;
    if (node.code == kBar || node.code == 0x305) {
        return ruled(node.list, true);
    }
    constexpr char32_t kHat =
        0x302; // fonts have wider forms of the combining one alone, and misplace it where it is small
    open("mover", QStringLiteral(" accent=\"true\""));
    row(node.list);
    sign(node.wide && node.code == kHat ? kHat : standingAlone(node.code),
         QStringLiteral(" stretchy=\"%1\"").arg(node.wide ? QLatin1String("true") : QLatin1String("false")));
    close("mover");
}

/// A rule as wide as what it stands over or under: few fonts have one that stretches.
void MathMlWriter::ruled(const List& list, bool above) {
    const QLatin1String side(above ? "top" : "bottom");
    open("mrow", QStringLiteral(" style=\"border-%1:0.05em solid;padding-%1:0.1em\"").arg(side));
    this->list(list);
    close("mrow");
}

void MathMlWriter::stretch(const Node& node) {
    if (node.code == 0) {
        return ruled(node.list, node.above);
    }
    const char* tag = node.above ? "mover" : "munder";
    open(tag, node.above ? QStringLiteral(" accent=\"true\"") : QStringLiteral(" accentunder=\"true\""));
    row(node.list);
    sign(node.code, QStringLiteral(" stretchy=\"true\""));
    close(tag);
}

void MathMlWriter::overUnder(const Node& node) {
    withScripts(node, true, [&] { row(node.list); });
}

/// As long as what stands over and under it, and a little longer.
void MathMlWriter::arrow(const Node& node) {
    const auto label = [this](const List& words) {
        open("mpadded", QStringLiteral(" style=\"padding:0 0.39em\""));
        smallRow(words);
        close("mpadded");
    };
    const bool under = node.hasSub && !node.parts[0].empty();
    const char* tag = under ? "munderover" : "mover";
    open(tag);
    sign(node.code, QStringLiteral(" stretchy=\"true\" minsize=\"1em\" lspace=\"0em\" rspace=\"0em\""));
    if (under) {
        label(node.parts[0]);
    }
    label(node.parts[1]);
    close(tag);
}

void MathMlWriter::framed(const Node& node) {
    QString style = node.wide ? QString() : QStringLiteral("border:%1;").arg(QLatin1String(kRule));
    if (node.fill != 0) { // paper needs the ground as much as a screen
        const quint32 fill = node.fill;
        const double luminance = 0.299 * (fill >> 16 & 255) + 0.587 * (fill >> 8 & 255) + 0.114 * (fill & 255);
        style += QStringLiteral("background:#%1;color:%2;print-color-adjust:exact;")
                     .arg(fill & 0xFFFFFF, 6, 16, QLatin1Char('0'))
                     .arg(luminance < 128 ? QLatin1String("white") : QLatin1String("black"));
    }
    open("mrow", QStringLiteral(" style=\"%1padding:0.3em\"").arg(style));
    list(node.list);
    close("mrow");
}

/// Strokes from corner to corner, which MathML Core leaves to style sheets. Paper needs them as much as a screen.
void MathMlWriter::struck(const Node& node) {
    const auto stroke = [](const char* to) {
        return QStringLiteral("linear-gradient(to %1,transparent calc(50% - 0.04em),currentColor calc(50% - 0.04em) "
                              "calc(50% + 0.04em),transparent calc(50% + 0.04em))")
            .arg(QLatin1String(to));
    };
    QStringList strokes;
    if (node.level & kRising) {
        strokes += stroke("bottom right");
    }
    if (node.level & kFalling) {
        strokes += stroke("top right");
    }
    if (!node.parts.empty()) { // what it comes to
        open("msup");
    }
    open("mrow",
         QStringLiteral(" style=\"background:%1;print-color-adjust:exact\"").arg(strokes.join(QLatin1Char(','))));
    list(node.list);
    close("mrow");
    if (!node.parts.empty()) {
        smallRow(node.parts[0]);
        close("msup");
    }
}

/// A slash that belongs to the sign itself.
void MathMlWriter::negated(const Node& node) {
    constexpr QChar kSlash(0x338);
    if (node.list.size() == 1 && node.list[0].kind == Kind::kSymbol) {
        open("mo", QStringLiteral(" lspace=\"0em\" rspace=\"0em\""));
        m_out += QString::fromUcs4(&node.list[0].code, 1).toHtmlEscaped() + kSlash;
        close("mo");
        return;
    }
    Node whole = nodeOf(Kind::kStruck);
    whole.level = kRising;
    whole.list = node.list;
    struck(whole);
}

void MathMlWriter::rule(const Node& node) {
    m_out += QStringLiteral("<mspace width=\"%1\" height=\"%2\" depth=\"%3\" style=\"background:currentColor\"/>")
                 .arg(emText(node.amount), emText(node.raise + node.height), emText(-node.raise));
}

void MathMlWriter::raised(const Node& node) {
    open("mpadded", QStringLiteral(" voffset=\"%1\"").arg(emText(node.raise)));
    list(node.list);
    close("mpadded");
}

/// What is moved to the left of its place keeps its width here: browsers have no way to say it.
void MathMlWriter::phantom(const Node& node) {
    const bool overlaps = (node.level & kNoWidth) && !(node.level & (kToTheLeft | kInTheMiddle));
    const QString sizes = (overlaps ? QStringLiteral(" width=\"0\"") : QString()) +
                          (node.level & kNoAscent ? QStringLiteral(" height=\"0\"") : QString()) +
                          (node.level & kNoDescent ? QStringLiteral(" depth=\"0\"") : QString());
    const bool padded = !sizes.isEmpty();
    if (padded) {
        open("mpadded", sizes);
    }
    if (node.level & kHidden) {
        open("mphantom");
    }
    row(node.list);
    if (node.level & kHidden) {
        close("mphantom");
    }
    if (padded) {
        close("mpadded");
    }
}

void MathMlWriter::cell(const Array& array, size_t row, size_t column) {
    const auto at = [](const auto& values, size_t i) { return i < values.size() ? values[i] : 0; };
    const auto gap = [&](size_t i) { return i < array.gapAfter.size() ? array.gapAfter[i] / 2 : 0; };
    Column align = array.columns.empty() ? Column::kCenter : array.columns[std::min(column, array.columns.size() - 1)];
    const size_t last = array.rows.size() - 1;
    if (array.staggered && last > 0) {
        align = row == 0 ? Column::kLeft : row == last ? Column::kRight : Column::kCenter;
    }
    const Span* span = array.spanAt(row, column);
    const size_t behind = column + (span != nullptr ? span->count : 1);
    align = span != nullptr ? span->align : align;
    static constexpr const char* kAligns[] = {"left", "center", "right"};
    // The second of the two moves what browsers make a block within the cell.
    QString style = QStringLiteral("text-align:%1;text-align:-webkit-%1;padding:%2 %3 %4 %5")
                        .arg(QLatin1String(kAligns[int(align)]), emText(kRowGap),
                             emText(behind < array.columns.size() ? gap(behind - 1) : array.rightGap),
                             emText(kRowGap + array.rowGap[row] + array.jot),
                             emText(column == 0 ? array.leftGap : gap(column - 1)));
    const auto rule = [&](const char* side, bool there) {
        style += there ? QStringLiteral(";border-%1:%2").arg(QLatin1String(side), QLatin1String(kRule)) : QString();
    };
    const auto partial = [&](size_t above) {
        return std::any_of(array.partialLines.begin(), array.partialLines.end(), [&](const PartialLine& line) {
            return line.row == above && line.first <= column && column <= line.last;
        });
    };
    rule("top", at(array.lines, row) > 0 || partial(row));
    rule("bottom", row == last && (at(array.lines, row + 1) > 0 || partial(row + 1)));
    rule("left", array.barsAt(row, column) > 0);
    rule("right", behind == array.columns.size() && array.barsAt(row, behind) > 0);
    open("mtd", (span != nullptr ? QStringLiteral(" columnspan=\"%1\"").arg(span->count) : QString()) +
                    QStringLiteral(" style=\"%1\"").arg(style));
    if (column < array.rows[row].size()) {
        if (array.alternating && column % 2 == 1) { // a relation keeps its distance from what stands left of it
            List cell = array.rows[row][column];
            Node empty = nodeOf(Kind::kGroup);
            cell.insert(cell.begin(), std::move(empty));
            list(cell);
        } else {
            list(array.rows[row][column]);
        }
    }
    close("mtd");
}

void MathMlWriter::array(const Array& array) {
    const bool tagged =
        std::any_of(array.tags.begin(), array.tags.end(), [](const auto& tag) { return tag.has_value(); });
    const bool outer = m_small;
    m_small = array.style >= Style::kScript;
    open("mtable", QStringLiteral(" displaystyle=\"%1\" scriptlevel=\"%2\"")
                       .arg(array.style == Style::kDisplay ? QLatin1String("true") : QLatin1String("false"))
                       .arg(m_small ? 1 : 0));
    size_t columns = 0;
    for (const auto& row : array.rows) {
        columns = std::max(columns, row.size());
    }
    for (size_t row = 0; row < array.rows.size(); ++row) {
        open("mtr");
        for (size_t column = 0; column < columns; ++column) {
            cell(array, row, column);
            const Span* span = array.spanAt(row, column);
            column += span != nullptr ? span->count - 1 : 0;
        }
        if (tagged) {
            open("mtd", QStringLiteral(" style=\"padding-left:2em\""));
            if (array.tags[row]) {
                this->row(*array.tags[row]);
            }
            close("mtd");
        }
        close("mtr");
    }
    close("mtable");
    m_small = outer;
}

} // namespace alcuin::ui::math
