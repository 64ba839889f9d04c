#include "math/tex/parser.h"

#include <QHash>

#include <algorithm>
#include <utility>

namespace alcuin::ui::math {

namespace {

using Type = Token::Type;

constexpr double kQuad = 1;
constexpr double kBarGap = 0.5; ///< \arraycolsep

} // namespace

/// \hline and what else may stand before a row's first cell.
bool Parser::rowStart(Array& array) {
    quint8 lines = 0;
    while (true) {
        const Token token = m_lexer.peek();
        if (token.is(u"cline") || token.is(u"cmidrule")) {
            m_lexer.next();
            if (!partialLine(array)) {
                return false;
            }
            continue;
        }
        if (!token.is(u"hline") && !token.is(u"hdashline") && !token.is(u"toprule") && !token.is(u"midrule") &&
            !token.is(u"bottomrule")) {
            break;
        }
        m_lexer.next();
        if (++lines > 3) {
            return false;
        }
    }
    array.lines.push_back(lines);
    return true;
}

/// \cline{2-3}, \cmidrule(lr){2-3}: above the row that comes.
bool Parser::partialLine(Array& array) {
    if (const Token token = m_lexer.peek(); token.type == Type::kCharacter && token.code == U'(') {
        const qsizetype end = m_lexer.source().indexOf(u')', token.end);
        if (end < 0) {
            return false;
        }
        m_lexer.seek(end + 1);
    }
    QStringView columns;
    if (!m_lexer.braced(columns) || array.partialLines.size() >= size_t(Limits::kCells)) {
        return false;
    }
    const qsizetype dash = columns.indexOf(u'-');
    bool good = dash > 0;
    bool goodToo = good;
    const int first = good ? columns.left(dash).trimmed().toInt(&good) : 0;
    const int last = goodToo ? columns.mid(dash + 1).trimmed().toInt(&goodToo) : 0;
    if (!good || !goodToo || first < 1 || last < first || last > Limits::kColumns) {
        return false;
    }
    array.partialLines.push_back({array.rows.size(), size_t(first - 1), size_t(last - 1)});
    return true;
}

/// One cell, or \multicolumn{count}{column}{cell}, which takes the place of several.
bool Parser::cells(Array& array, std::vector<List>& row) {
    Span span{array.rows.size(), row.size(), 1, Column::kCenter, 0, 0};
    List cell;
    if (m_lexer.peek().is(u"multicolumn")) {
        m_lexer.next();
        QStringView count;
        QStringView column;
        Array own;
        bool good = m_lexer.braced(count) && m_lexer.braced(column) && arrayColumns(column, own) &&
                    own.columns.size() == 1 && m_lexer.peek().type == Type::kOpen;
        const int taken = good ? count.trimmed().toInt(&good) : 0;
        if (!good || taken < 1 || row.size() + size_t(taken) > size_t(Limits::kColumns) || !argument(cell) ||
            !isListEnd(m_lexer.peek())) {
            return false;
        }
        span.count = size_t(taken);
        span.align = own.columns[0];
        span.barBefore = own.bars[0];
        span.barAfter = own.bars[1];
        array.spans.push_back(span);
    } else if (!list(cell)) {
        return false;
    }
    m_cells += int(span.count);
    row.push_back(std::move(cell));
    row.resize(row.size() + span.count - 1);
    return m_cells <= Limits::kCells && row.size() <= size_t(Limits::kColumns);
}

/// What may stand behind a line break: how much more room there is to the next row.
bool Parser::rowEnd(Array& array) {
    m_lexer.next();
    const qsizetype before = m_lexer.position();
    if (QStringView length; m_lexer.bracketed(length)) {
        if (const auto gap = lengthInEm(length)) {
            array.rowGap.back() = *gap;
        } else {
            m_lexer.seek(before); // a row that begins with a bracket
        }
    }
    return rowStart(array);
}

/// Rows up to \end{name}, which is read, or to the end of the text or group where `end` is empty.
bool Parser::rows(Array& array, QStringView end) {
    const std::optional<List> outer = std::exchange(m_tag, std::nullopt);
    const bool stop = std::exchange(m_stopAtBracket, false);
    std::vector<List> row;
    if (!rowStart(array)) {
        return false;
    }
    while (true) {
        if (!cells(array, row)) {
            return false;
        }
        const Token token = m_lexer.peek();
        if (token.type == Type::kAlign) {
            m_lexer.next();
            continue;
        }
        array.rows.push_back(std::move(row));
        row.clear();
        array.tags.push_back(std::exchange(m_tag, std::nullopt));
        array.rowGap.push_back(0);
        if (!token.is(u"\\") && !token.is(u"cr") && !token.is(u"newline")) {
            break;
        }
        if (!rowEnd(array)) {
            return false;
        }
    }
    // A line break at the end opens no row.
    const bool emptyLast = array.rows.size() > 1 && array.rows.back().size() == 1 && array.rows.back()[0].empty();
    if (emptyLast && !array.tags.back()) {
        array.rows.pop_back();
        array.tags.pop_back();
        array.rowGap.pop_back();
    } else {
        array.lines.push_back(0);
    }
    m_tag = outer;
    m_stopAtBracket = stop;
    if (end.isEmpty()) {
        return true;
    }
    QStringView name;
    return m_lexer.next().is(u"end") && m_lexer.braced(name) && name.trimmed() == end;
}

namespace {

/// Columns with what *{n}{...} repeats written out; nothing where it is too much.
std::optional<QString> writtenOut(QStringView spec) {
    constexpr qsizetype kMost = 200;
    QString plain = spec.toString();
    for (qsizetype at = plain.indexOf(u'*'); at >= 0; at = plain.indexOf(u'*', at)) {
        Lexer lexer(plain);
        lexer.seek(at + 1);
        QStringView count;
        QStringView columns;
        bool good = lexer.braced(count) && lexer.braced(columns);
        const int times = good ? count.trimmed().toInt(&good) : 0;
        if (!good || times < 0 || times * columns.size() > kMost || plain.size() > kMost) {
            return std::nullopt;
        }
        plain = plain.left(at) + columns.toString().repeated(times) + plain.mid(lexer.position());
    }
    return plain;
}

} // namespace

/// What stands between two columns: only space.
bool Parser::columnGap(QStringView between, double& gap) {
    Parser inner(between, m_depth, m_nodes);
    const std::optional<Formula> inside = inner.formula();
    gap = 0;
    for (size_t i = 0; inside && i < inside->list.size(); ++i) {
        if (inside->list[i].kind != Kind::kSpace) {
            return false;
        }
        gap += inside->list[i].amount;
    }
    return inside && !inside->tag;
}

/// The columns of an array: l c r, p and m with their width, bars, @{} and !{} with space in them, *{n}{...}.
bool Parser::arrayColumns(QStringView typed, Array& array) {
    const std::optional<QString> plain = writtenOut(typed);
    if (!plain) {
        return false;
    }
    const QStringView spec = *plain;
    array.columns.clear();
    array.bars = {0};
    array.leftGap = array.rightGap = array.name == QLatin1String("table") ? kBarGap : 0;
    QHash<size_t, double> between; ///< em behind a column, where it was said
    for (qsizetype i = 0; i < spec.size(); ++i) {
        switch (spec.at(i).unicode()) {
        case ' ':
            break;
        case '|':
        case ':':
            ++array.bars.back();
            break;
        case 'l':
        case 'c':
        case 'r':
            array.columns.push_back(spec.at(i) == u'l'   ? Column::kLeft
                                    : spec.at(i) == u'c' ? Column::kCenter
                                                         : Column::kRight);
            array.bars.push_back(0);
            break;
        case 'p':
        case 'm':
        case '@':
        case '!': {
            Lexer lexer(spec);
            lexer.seek(i + 1);
            QStringView inside;
            double gap = 0;
            if (!lexer.braced(inside)) {
                return false;
            }
            const bool column = spec.at(i) == u'p' || spec.at(i) == u'm';
            if (column ? !lengthInEm(inside) : !columnGap(inside, gap)) {
                return false;
            }
            if (column) {
                array.columns.push_back(Column::kLeft);
                array.bars.push_back(0);
            } else {
                gap += spec.at(i) == u'!' ? 2 * kBarGap : 0;
                (array.columns.empty() ? array.leftGap : between[array.columns.size() - 1]) = gap;
            }
            i = lexer.position() - 1;
            break;
        }
        default:
            return false;
        }
    }
    const size_t count = array.columns.size();
    if (count == 0 || count > size_t(Limits::kColumns)) {
        return false;
    }
    array.rightGap = between.value(count - 1, array.rightGap);
    for (size_t i = 0; !between.isEmpty() && i + 1 < count; ++i) {
        const double usual = array.gapAfter.empty() ? kQuad : array.gapAfter[std::min(i, array.gapAfter.size() - 1)];
        if (array.gapAfter.size() <= i) {
            array.gapAfter.push_back(usual);
        }
        array.gapAfter[i] = between.value(i, usual);
    }
    return true;
}

} // namespace alcuin::ui::math
