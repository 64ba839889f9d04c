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

void measureRows(Grid& grid, const Array& array, double em) {
    const double leading = array.small ? 0 : array.leading * em;
    for (const auto& row : grid.cells) {
        double ascent = kStrutAbove * leading;
        double descent = kStrutBelow * leading;
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
            y += (array.rowGap[i] + array.jot + (tight ? kLineSkip : 0) + (array.small ? kSmallGap : 0)) * em;
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
            grid.widths[i] = std::max(grid.widths[i], row[i].width);
        }
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
    const double spare = grid.widths[column] - width;
    return grid.lefts[column] + (align == Column::kLeft ? 0 : align == Column::kRight ? spare : spare / 2);
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
    for (size_t i = 0; i < array.bars.size() && i <= grid.widths.size(); ++i) {
        double x = 0;
        if (i == grid.widths.size()) {
            x = grid.width - lineRoom(array.bars[i], em);
        } else if (i > 0) {
            x = grid.lefts[i] - array.gapAfter[i - 1] * em / 2 - lineRoom(array.bars[i], em) / 2;
        }
        for (int bar = 0; bar < array.bars[i]; ++bar) {
            result.rule(x, top, kRule * em, grid.height);
            x += (kRule + kDoubleGap) * em;
        }
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
