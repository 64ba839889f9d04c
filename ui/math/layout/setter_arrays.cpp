#include "math/layout/setter.h"

#include <algorithm>

namespace alcuin::ui::math {

namespace {

constexpr double kStrutAbove = 0.7; ///< of the distance between baselines: \@arstrutbox
constexpr double kStrutBelow = 0.3;
constexpr double kSmallGap = 0.17; ///< em between rows without struts
constexpr double kLineSkip = 0.1;  ///< em: 1pt
constexpr double kRule = 0.04;     ///< em: \arrayrulewidth, 0.4pt
constexpr double kDoubleGap = 0.2; ///< em: \doublerulesep
constexpr double kTagGap = 2;      ///< em
constexpr double kStagger = 2;     ///< em that a multline is wider than its longest line

/// An array while it is set: cells, and where columns and rows lie.
struct Grid {
    std::vector<std::vector<Picture>> cells;
    std::vector<Picture> tags;
    std::vector<double> widths;  ///< of the columns
    std::vector<double> lefts;   ///< of the columns
    std::vector<double> ascents; ///< of the rows
    std::vector<double> descents;
    std::vector<double> baselines; ///< downwards from the top
    double width = 0;
    double height = 0;
};

/// Whether what is asked for between rows belongs to the upper one's strut, so that a tall cell uses it up, and isn't
/// added below whatever stands there. Source: LaTeX, \@xargarraycr; amsmath, \math@cr.
bool gapIsInStrut(const Array& array, size_t row) {
    return !array.small && array.jot == 0 && array.rowGap[row] > 0;
}

void measureRows(Grid& grid, const Array& array, double em) {
    const double leading = array.small ? 0 : array.leading * em;
    for (size_t i = 0; i < grid.cells.size(); ++i) {
        const auto& row = grid.cells[i];
        double ascent = kStrutAbove * leading;
        double descent = kStrutBelow * leading + (gapIsInStrut(array, i) ? array.rowGap[i] * em : 0);
        bool first = array.small;
        for (const Picture& cell : row) {
            ascent = first ? cell.ascent : std::max(ascent, cell.ascent);
            descent = first ? cell.descent : std::max(descent, cell.descent);
            first = false;
        }
        grid.ascents.push_back(ascent);
        grid.descents.push_back(descent);
    }
    for (size_t i = 0; i < grid.tags.size(); ++i) {
        grid.ascents[i] = std::max(grid.ascents[i], grid.tags[i].ascent);
        grid.descents[i] = std::max(grid.descents[i], grid.tags[i].descent);
    }
}

double lineRoom(quint8 lines, double em) {
    return lines == 0 ? 0 : (lines * kRule + (lines - 1) * kDoubleGap) * em;
}

void placeRows(Grid& grid, const Array& array, double em) {
    double y = 0;
    for (size_t i = 0; i < grid.cells.size(); ++i) {
        y += lineRoom(i < array.lines.size() ? array.lines[i] : 0, em) + grid.ascents[i];
        grid.baselines.push_back(y);
        y += grid.descents[i];
        if (i + 1 < grid.cells.size()) {
            // Rows that touch are kept apart as TeX's \lineskip does.
            const bool tight = array.jot > 0 && grid.descents[i] + grid.ascents[i + 1] > (array.leading + 1e-6) * em;
            const double gap = gapIsInStrut(array, i) ? 0 : array.rowGap[i];
            y += (gap + array.jot + (tight ? kLineSkip : 0) + (array.small ? kSmallGap : 0)) * em;
        }
    }
    grid.height = y + lineRoom(array.lines.size() > grid.cells.size() ? array.lines.back() : 0, em);
}

void placeColumns(Grid& grid, const Array& array, double em) {
    for (const auto& row : grid.cells) {
        for (size_t i = 0; i < row.size(); ++i) {
            if (grid.widths.size() <= i) {
                grid.widths.push_back(0);
            }
            const bool spans = array.spanAt(size_t(&row - grid.cells.data()), i) != nullptr;
            grid.widths[i] = std::max(grid.widths[i], spans ? 0 : row[i].width);
        }
    }
    for (const Span& span : array.spans) { // the last column of several takes what they lack
        double room = 0;
        for (size_t i = span.column; i < span.column + span.count; ++i) {
            room += grid.widths[i] + (i + 1 < span.column + span.count ? array.gapAfter[i] * em : 0);
        }
        grid.widths[span.column + span.count - 1] += std::max(0.0, grid.cells[span.row][span.column].width - room);
    }
    double x = array.leftGap * em;
    for (size_t i = 0; i < grid.widths.size(); ++i) {
        grid.lefts.push_back(x);
        x += grid.widths[i] + (i + 1 < grid.widths.size() ? array.gapAfter[i] * em : 0);
    }
    grid.width = x + array.rightGap * em;
    if (array.staggered && grid.cells.size() > 1) {
        grid.width += kStagger * em;
        grid.widths[0] = grid.width;
    }
}

double cellX(const Grid& grid, const Array& array, size_t row, size_t column, double width) {
    Column align = array.columns[column];
    if (array.staggered && grid.cells.size() > 1) {
        align = row == 0 ? Column::kLeft : row + 1 == grid.cells.size() ? Column::kRight : Column::kCenter;
    }
    double room = grid.widths[column];
    if (const Span* span = array.spanAt(row, column)) {
        const size_t last = column + span->count - 1;
        align = span->align;
        room = grid.lefts[last] + grid.widths[last] - grid.lefts[column];
    }
    const double spare = room - width;
    return grid.lefts[column] + (align == Column::kLeft ? 0 : align == Column::kRight ? spare : spare / 2);
}

/// Half way between two columns.
double columnEdge(const Grid& grid, const Array& array, size_t column, double em) {
    return grid.lefts[column] - array.gapAfter[column - 1] * em / 2;
}

/// Downwards from the array's top, where the rules above a row begin; of the row behind the last: its end.
double rowTop(const Grid& grid, const Array& array, size_t row, double em) {
    if (row >= grid.cells.size()) {
        return grid.height;
    }
    return grid.baselines[row] - grid.ascents[row] - lineRoom(row < array.lines.size() ? array.lines[row] : 0, em);
}

/// The rules before a column, in pieces of rows that have as many.
void drawBars(Picture& result, const Grid& grid, const Array& array, size_t column, double top, double em) {
    for (size_t row = 0; row < grid.cells.size();) {
        const int count = array.barsAt(row, column);
        size_t end = row + 1;
        while (end < grid.cells.size() && array.barsAt(end, column) == count) {
            ++end;
        }
        const double from = row == 0 ? 0 : rowTop(grid, array, row, em);
        const double to = rowTop(grid, array, end, em);
        const double room = lineRoom(quint8(count), em);
        double x = 0;
        if (column == grid.widths.size()) {
            x = grid.width - room;
        } else if (column > 0) {
            x = columnEdge(grid, array, column, em) - room / 2;
        }
        for (int bar = 0; bar < count; ++bar) {
            result.rule(x, top - from, kRule * em, to - from);
            x += (kRule + kDoubleGap) * em;
        }
        row = end;
    }
}

void drawLines(Picture& result, const Grid& grid, const Array& array, double top, double em) {
    for (size_t i = 0; i < array.lines.size() && i <= grid.cells.size(); ++i) {
        double y = grid.height - lineRoom(array.lines[i], em);
        if (i < grid.cells.size()) {
            y = grid.baselines[i] - grid.ascents[i] - lineRoom(array.lines[i], em);
        }
        for (int line = 0; line < array.lines[i]; ++line) {
            result.rule(0, top - y, grid.width, kRule * em);
            y += (kRule + kDoubleGap) * em;
        }
    }
    for (const PartialLine& line : array.partialLines) {
        if (line.row <= grid.cells.size() && line.first < grid.widths.size()) {
            const size_t last = std::min(line.last, grid.widths.size() - 1);
            const double left = line.first == 0 ? 0 : columnEdge(grid, array, line.first, em);
            const double right = last + 1 == grid.widths.size() ? grid.width : columnEdge(grid, array, last + 1, em);
            result.rule(left, top - rowTop(grid, array, line.row, em), right - left, kRule * em);
        }
    }
    for (size_t i = 0; i <= grid.widths.size(); ++i) {
        drawBars(result, grid, array, i, top, em);
    }
}

} // namespace

Picture Setter::array(const Array& array, Manner manner) {
    // Lines of a display are set like displays wherever they stand, but not larger than what is around them.
    const Manner cells{manner.isSmall() ? std::max(manner.style, array.style) : array.style, manner.cramped};
    const double em = size(manner);
    Grid grid;
    bool tagged = false;
    for (size_t i = 0; i < array.rows.size() && !m_failed; ++i) {
        grid.cells.emplace_back();
        for (size_t column = 0; column < array.rows[i].size(); ++column) {
            List cell = array.rows[i][column];
            if (array.alternating && column % 2 == 1) { // what is aligned there keeps its space to the left
                Node nothing;
                nothing.kind = Kind::kGroup;
                cell.insert(cell.begin(), std::move(nothing));
            }
            grid.cells.back().push_back(list(cell, cells));
        }
        grid.tags.push_back(array.tags[i] ? list(*array.tags[i], {Style::kText, false}) : Picture());
        tagged = tagged || array.tags[i].has_value();
    }
    Picture result;
    if (m_failed) {
        return result;
    }
    measureRows(grid, array, em);
    placeRows(grid, array, em);
    placeColumns(grid, array, em);
    double top = grid.height / 2 + axis(manner);
    if (array.anchor == 't') {
        top = grid.baselines.front();
    } else if (array.anchor == 'b') {
        top = grid.baselines.back();
    }
    result.width = grid.width;
    result.ascent = top;
    result.descent = grid.height - top;
    drawLines(result, grid, array, top, em);
    for (size_t row = 0; &array == m_lines && row + 1 < grid.cells.size(); ++row) {
        const double below = grid.baselines[row] + grid.descents[row];
        m_lineEnds.append((below + grid.baselines[row + 1] - grid.ascents[row + 1]) / 2);
    }
    for (size_t row = 0; row < grid.cells.size(); ++row) {
        for (size_t column = 0; column < grid.cells[row].size(); ++column) {
            Picture& cell = grid.cells[row][column];
            const double x = cellX(grid, array, row, column, cell.width);
            result.place(std::move(cell), x, top - grid.baselines[row]);
        }
    }
    if (tagged) {
        double widest = 0;
        for (const Picture& tag : grid.tags) {
            widest = std::max(widest, tag.width);
        }
        result.width += kTagGap * em + widest;
        for (size_t row = 0; row < grid.tags.size(); ++row) {
            const double x = result.width - grid.tags[row].width;
            result.place(std::move(grid.tags[row]), x, top - grid.baselines[row]);
        }
    }
    return result;
}

} // namespace alcuin::ui::math
