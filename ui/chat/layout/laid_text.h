#pragma once

#include <QColor>
#include <QList>
#include <QRectF>
#include <QTextLayout>

#include <memory>

#include "chat/layout/inline_math.h"
#include "chat/layout/look.h"
#include "chat/markdown/block.h"

class QPainter;

namespace alcuin::ui {

/// What is selected of a text, in its own characters.
struct TextRange {
    int from = 0;
    int to = 0;

    bool isEmpty() const {
        return to <= from;
    }
    /// The part inside [start, start + length), counted from start.
    TextRange within(int start, int length) const;
};

/// One text set in lines of a given width. Positions are UTF-16 offsets into the text.
class LaidText {
public:
    LaidText(const markdown::InlineText& text, const TextLook& look, Qt::LayoutDirection fallback,
             markdown::Align align = markdown::Align::kDefault);
    ~LaidText();
    LaidText(LaidText&&) noexcept;
    LaidText& operator=(LaidText&&) noexcept;

    /// Colours of parts of laidText(), over those that its spans have.
    void setColours(QList<QTextLayout::FormatRange> colours);
    /// Breaks the text into lines; returns the height in whole pixels.
    double layout(double width);
    double height() const {
        return m_height;
    }
    /// The widest line when nothing has to wrap; valid after layout().
    double naturalWidth() const;
    /// What is laid out: the text with a space for each formula.
    const QString& laidText() const {
        return m_math.laidText();
    }
    double widestFormula() const {
        return m_math.widest();
    }
    /// Of the first line, below the top.
    double firstBaseline() const;
    QList<double> lineBottoms() const;
    Qt::LayoutDirection direction() const {
        return m_direction;
    }

    void paint(QPainter& painter, QPointF at, const QRectF& clip, const Colors& colors, TextRange selection) const;

    int offsetAt(QPointF point) const;
    /// Rectangles over the whole line height, one or more a line (text of two directions is not contiguous).
    QList<QRectF> rectsOf(TextRange range) const;
    /// The link under the point, -1 for none.
    int linkAt(QPointF point) const;
    /// Where a link's characters stand.
    TextRange linkRange(int link) const;

private:
    void paintFills(QPainter& painter, QPointF at, const QRectF& clip, const Colors& colors) const;
    // Ranges and places of these count in the laid out text.
    void appendLineRects(QList<QRectF>& rects, int line, TextRange range) const;
    void appendGlyphRects(QList<QRectF>& rects, int line, TextRange range) const;
    QList<QRectF> laidRects(TextRange laid) const;
    QRectF formulaRect(const InlineMath::Object& object, int line) const;
    void setFormats();
    void appendKeyRoom(QList<QTextLayout::FormatRange>& formats) const;
    void paintFormulas(QPainter& painter, QPointF at, const QRectF& clip) const;
    int lineAt(double y) const;

    struct Line {
        double top = 0;
        double height = 0;
    };
    InlineMath m_math;
    std::unique_ptr<QTextLayout> m_layout;
    QList<Line> m_lines;
    QList<QTextLayout::FormatRange> m_colours;
    TextLook m_look;
    Qt::LayoutDirection m_direction = Qt::LeftToRight;
    bool m_hasKeys = false;
    double m_height = 0;
};

/// The direction of the first character that has one, else `fallback`.
Qt::LayoutDirection directionOf(const QString& text, Qt::LayoutDirection fallback);

} // namespace alcuin::ui
