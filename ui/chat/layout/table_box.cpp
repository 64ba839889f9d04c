#include "chat/layout/table_box.h"

#include "chat/paint/pieces.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace alcuin::ui {

namespace {

constexpr double kWidestWord = 11;    ///< in em; longer words are broken rather than widen the column
constexpr double kWidestFormula = 24; ///< in em; wider ones are made smaller
constexpr double kWidestColumn = 1e5;
constexpr double kLeastColumn = 8; ///< pixels, about one letter
constexpr int kMeasured = 400;     ///< characters of a cell whose words are measured
constexpr double kBarRoom = 10;

double longestWordOf(const QString& text, const QFontMetricsF& metrics, double most) {
    double longest = 0;
    for (const QStringView word : QStringView(text).left(kMeasured).split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        longest = std::max(longest, metrics.horizontalAdvance(word.toString()));
        if (longest >= most) {
            return most;
        }
    }
    return longest;
}

} // namespace

TableBox::TableBox(const markdown::Block& block, const Look& look, Place place)
    : m_look(look), m_mirrored(directionOf(markdown::flatText(block), look.direction) == Qt::RightToLeft) {
    const markdown::Table& table = block.table;
    int offset = 0;
    int link = 0;
    const auto count = table.columns.size();
    m_cells.reserve(size_t(table.cells.size()));
    for (qsizetype i = 0; i < table.cells.size(); ++i) {
        const markdown::InlineText& text = table.cells.at(i);
        TextLook cellLook = look.text(place);
        if (i < count) {
            cellLook.font.setWeight(QFont::DemiBold);
        }
        const bool code = std::ranges::any_of(
            text.spans, [](const markdown::Span& span) { return (span.style & markdown::kCodeSpan) != 0; });
        const QFontMetricsF metrics(code ? cellLook.codeFont : cellLook.font);
        m_cells.push_back(
            {LaidText(text, cellLook, m_mirrored ? Qt::RightToLeft : Qt::LeftToRight, table.columns.at(i % count)),
             offset, int(text.text.size()), link, int(text.links.size()), 0});
        Cell& cell = m_cells.back();
        cell.longestWord = std::max(longestWordOf(cell.text.laidText(), metrics, kWidestWord * look.em),
                                    std::min(cell.text.widestFormula(), kWidestFormula * look.em));
        offset += int(text.text.size()) + 1;
        link += int(text.links.size());
    }
    m_natural.assign(size_t(count), 0);
    m_least.assign(size_t(count), 0);
    for (size_t i = 0; i < m_cells.size(); ++i) {
        Cell& cell = m_cells[i];
        cell.text.layout(kWidestColumn);
        const size_t column = i % size_t(count);
        m_natural[column] = std::max(m_natural[column], std::ceil(cell.text.naturalWidth()) + 1);
        m_least[column] = std::max(m_least[column], std::ceil(cell.longestWord) + 1);
    }
}

/// Every column gets its longest word; what is left is shared evenly, and no column takes more than it can use.
std::vector<double> TableBox::columnWidths(double width) const {
    const double room = width - 2 * kCellMargin * columns();
    std::vector<double> widths = m_least;
    double left = room - std::accumulate(m_least.begin(), m_least.end(), 0.0);
    if (m_alwaysFits && left < 0) {
        const double share = std::max(0.0, room) / (room - left);
        for (double& one : widths) {
            one = std::max(kLeastColumn, std::floor(one * share));
        }
        return widths;
    }
    std::vector<size_t> order(widths.size());
    std::iota(order.begin(), order.end(), size_t(0));
    const auto wish = [this](size_t i) { return std::max(0.0, m_natural[i] - m_least[i]); };
    std::ranges::sort(order, {}, wish);
    for (size_t i = 0; i < order.size() && left > 0; ++i) {
        const double share = std::min(wish(order[i]), std::floor(left / double(order.size() - i)));
        widths[order[i]] += share;
        left -= share;
    }
    return widths;
}

/// Lays out a row's cells from the one named on, their first lines on one line, however high a formula in one of them
/// is; returns how high they are together.
double TableBox::layoutRow(size_t first, const std::vector<double>& widths) {
    double baseline = 0;
    for (size_t column = 0; column < widths.size(); ++column) {
        Cell& cell = m_cells[first + column];
        cell.text.layout(widths[column]);
        baseline = cell.length > 0 ? std::max(baseline, cell.text.firstBaseline()) : baseline;
    }
    double height = 0;
    for (size_t column = 0; column < widths.size(); ++column) {
        Cell& cell = m_cells[first + column];
        cell.drop = cell.length > 0 ? std::round(baseline - cell.text.firstBaseline()) : 0;
        height = std::max(height, cell.drop + cell.text.height());
    }
    return height;
}

double TableBox::layout(double width) {
    const std::vector<double> widths = columnWidths(width);
    m_left.assign(1, 0);
    for (const double column : widths) {
        m_left.push_back(m_left.back() + column + 2 * kCellMargin);
    }
    m_scroll.content = m_left.back();
    m_scroll.room = width;
    m_top.assign(1, 0);
    for (size_t i = 0; i < m_cells.size(); i += widths.size()) {
        m_top.push_back(m_top.back() + layoutRow(i, widths) + 2 * kCellMargin - 2);
    }
    const bool scrolls = m_scroll.maximum() > 0;
    m_scroll.track = QRectF(0, m_top.back() + 4, width, 5);
    m_scroll.scrollTo(m_scroll.offset);
    return std::ceil(m_top.back() + (scrolls ? kBarRoom : 1));
}

QPointF TableBox::cellOrigin(int cell) const {
    const int column = cell % columns();
    const double y = m_top[size_t(cell / columns())] + kCellMargin - 1 + m_cells[size_t(cell)].drop;
    if (m_mirrored) {
        const double right = std::max(m_scroll.room, m_scroll.content) - m_scroll.offset;
        return {right - m_left[size_t(column) + 1] + kCellMargin, y};
    }
    return {m_left[size_t(column)] + kCellMargin - m_scroll.offset, y};
}

void TableBox::paint(QPainter& painter, QPointF at, const BoxPaint& paint) {
    painter.save();
    painter.setClipRect(QRectF(at.x() - 1, at.y(), m_scroll.room + 2, m_top.back() + 1), Qt::IntersectClip);
    paintMarks(painter, at, *this, paint);
    const double width = std::min(m_scroll.content, m_scroll.room);
    const double left = m_mirrored ? at.x() + m_scroll.room - width : at.x();
    for (size_t row = 0; row + 1 < m_top.size(); ++row) {
        const QRectF place(left, at.y() + m_top[row], width, m_top[row + 1] - m_top[row]);
        if (!place.intersects(paint.clip)) {
            continue;
        }
        const bool header = row == 0;
        painter.fillRect(QRectF(place.left(), place.bottom(), width, 1),
                         header ? mixed(paint.look.colors.line, paint.look.colors.ink3, 0.5) : paint.look.colors.line);
        for (int column = 0; column < columns(); ++column) {
            const int index = int(row) * columns() + column;
            const Cell& cell = m_cells[size_t(index)];
            cell.text.paint(painter, at + cellOrigin(index), paint.clip, paint.look.colors,
                            paint.selection.within(cell.offset, cell.length));
        }
    }
    painter.restore();
    paintSideScroll(painter, at, m_scroll, paint.look.colors, paint.scrollHovered);
}

int TableBox::cellAt(QPointF point) const {
    const auto row = std::upper_bound(m_top.begin() + 1, m_top.end() - 1, point.y()) - m_top.begin() - 1;
    const double x = m_mirrored ? std::max(m_scroll.room, m_scroll.content) - m_scroll.offset - point.x()
                                : point.x() + m_scroll.offset;
    const auto column = std::upper_bound(m_left.begin() + 1, m_left.end() - 1, x) - m_left.begin() - 1;
    return std::clamp(int(row) * columns() + int(column), 0, int(m_cells.size()) - 1);
}

int TableBox::offsetAt(QPointF point) const {
    if (m_cells.empty()) {
        return 0;
    }
    const int index = cellAt(point);
    const Cell& cell = m_cells[size_t(index)];
    return cell.offset + cell.text.offsetAt(point - cellOrigin(index));
}

QList<QRectF> TableBox::rectsOf(TextRange range) const {
    QList<QRectF> rects;
    for (int i = 0; i < int(m_cells.size()); ++i) {
        const Cell& cell = m_cells[size_t(i)];
        for (const QRectF& rect : cell.text.rectsOf(range.within(cell.offset, cell.length))) {
            rects.append(rect.translated(cellOrigin(i)));
        }
    }
    return rects;
}

int TableBox::linkAt(QPointF point) const {
    if (m_cells.empty()) {
        return -1;
    }
    const int index = cellAt(point);
    const Cell& cell = m_cells[size_t(index)];
    const int link = cell.text.linkAt(point - cellOrigin(index));
    return link < 0 ? -1 : cell.firstLink + link;
}

TextRange TableBox::linkRange(int link) const {
    for (const Cell& cell : m_cells) {
        if (link >= cell.firstLink && link < cell.firstLink + cell.links) {
            const TextRange range = cell.text.linkRange(link - cell.firstLink);
            return {cell.offset + range.from, cell.offset + range.to};
        }
    }
    return {};
}

double TableBox::naturalWidth() const {
    return m_scroll.content;
}

double TableBox::firstBaseline() const {
    return m_cells.empty() ? 0 : kCellMargin + m_cells.front().drop + m_cells.front().text.firstBaseline();
}

/// Between rows; in a row so high that it hardly fits a page, where none of its cells has a line.
QList<double> TableBox::breaks() const {
    constexpr double kHighRow = 240;
    QList<double> breaks;
    for (size_t row = 0; row + 1 < m_top.size(); ++row) {
        const bool high = m_top[row + 1] - m_top[row] > kHighRow;
        const size_t first = row * size_t(columns());
        const size_t last = first + size_t(columns());
        const auto tallest =
            std::max_element(m_cells.begin() + std::ptrdiff_t(first), m_cells.begin() + std::ptrdiff_t(last),
                             [](const Cell& a, const Cell& b) { return a.bottom() < b.bottom(); });
        for (const double bottom : high ? tallest->text.lineBottoms() : QList<double>()) {
            const double y = tallest->drop + bottom;
            const bool free = std::all_of(
                m_cells.begin() + std::ptrdiff_t(first), m_cells.begin() + std::ptrdiff_t(last), [y](const Cell& cell) {
                    const QList<double> lines = cell.text.lineBottoms();
                    const double within = y - cell.drop;
                    return lines.isEmpty() || within >= lines.last() - 0.5 ||
                           std::ranges::any_of(lines, [within](double end) { return std::abs(end - within) < 0.5; });
                });
            if (free && y < tallest->bottom()) {
                breaks.append(m_top[row] + kCellMargin - 1 + y);
            }
        }
        breaks.append(m_top[row + 1] + 1); // its line belongs to the row
    }
    return breaks;
}

double TableBox::headerHeight() const {
    return m_top.size() > 1 ? m_top[1] + 1 : 0;
}

SideScroll* TableBox::sideScroll() {
    return &m_scroll;
}

bool TableBox::isText(QPointF point) const {
    return point.y() < m_top.back();
}

} // namespace alcuin::ui
