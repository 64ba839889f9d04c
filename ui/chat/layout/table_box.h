#pragma once

#include <vector>

#include "chat/layout/box.h"

namespace alcuin::ui {

/// A table with lines between its rows. Cells wrap; when even the longest words don't fit, it scrolls sideways.
class TableBox : public Box {
public:
    static constexpr double kCellMargin = Space::k2;

    TableBox(const markdown::Block& block, const Look& look, Place place);

    /// On paper nothing scrolls: where even the longest words don't fit, they are broken.
    void setAlwaysFits() {
        m_alwaysFits = true;
    }
    double layout(double width) override;
    void paint(QPainter& painter, QPointF at, const BoxPaint& paint) override;
    int offsetAt(QPointF point) const override;
    QList<QRectF> rectsOf(TextRange range) const override;
    int linkAt(QPointF point) const override;
    TextRange linkRange(int link) const override;
    double naturalWidth() const override;
    double firstBaseline() const override;
    QList<double> breaks() const override;
    double headerHeight() const override;
    SideScroll* sideScroll() override;
    bool isText(QPointF point) const override;

private:
    struct Cell {
        LaidText text;
        int offset = 0; ///< of its first character in the flat text
        int length = 0;
        int firstLink = 0;
        int links = 0;
        double longestWord = 0;
        double drop = 0; ///< from the row's top, so that the first lines of a row stand on one line

        double bottom() const {
            return drop + text.height();
        }
    };
    std::vector<double> columnWidths(double width) const;
    double layoutRow(size_t first, const std::vector<double>& widths);
    int cellAt(QPointF point) const;
    QPointF cellOrigin(int cell) const;
    int columns() const {
        return int(m_natural.size());
    }

    Look m_look;
    std::vector<Cell> m_cells;
    std::vector<double> m_natural; ///< width of each column when nothing wraps
    std::vector<double> m_least;   ///< width of its longest word, bounded
    std::vector<double> m_left;    ///< of each column; one more entry at the end
    std::vector<double> m_top;     ///< of each row; one more entry at the end
    SideScroll m_scroll;
    bool m_mirrored = false;
    bool m_alwaysFits = false;
};

} // namespace alcuin::ui
