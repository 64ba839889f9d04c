#pragma once

#include <QColor>
#include <QGlyphRun>
#include <QHash>
#include <QList>
#include <QPainterPath>
#include <QPointF>
#include <QStringView>

#include <memory>

#include "math/font/math_font.h"

class QPainter;

namespace alcuin::ui::math {

struct Picture;
class Setter;

/// A formula that was set. A value that never changes; pixels, measured from its baseline.
class MathLayout {
public:
    double width() const {
        return m_width;
    }
    double ascent() const {
        return m_ascent;
    }
    double descent() const {
        return m_descent;
    }
    double height() const {
        return m_ascent + m_descent;
    }
    /// Where a page may end between the lines of an aligned formula, in order; downwards from its top.
    const QList<double>& lineEnds() const {
        return m_lineEnds;
    }
    /// `at` is the left end of the baseline. Parts with a colour of their own keep its hue, but are made as light or
    /// dark as they must be to be read where `ink` is. On paper letters whose baseline is outside of `clip`, in the
    /// painter's coordinates, aren't written at all, so that they aren't found on two pages; an empty one leaves
    /// nothing out.
    void paint(QPainter& painter, QPointF at, const QColor& ink, const QRectF& clip = {}) const;

private:
    friend std::unique_ptr<MathLayout> layoutMath(QStringView, const MathFont&, double, bool);

    /// Everything has a colour of its own, or 0 for the formula's.
    struct Run {
        QGlyphRun glyphs;
        quint32 ink = 0;
    };
    struct Outline {
        QPainterPath path;
        quint32 ink = 0;
        double ruleTop = 0; ///< of the rule that it meets, which is put on whole device pixels
        bool meetsRule = false;
    };
    struct Letter {
        QPainterPath path; ///< shared with all of the same glyph and size
        QPointF at;
        quint32 ink = 0;
    };
    class Inks;
    void take(const MathFont& font, const Setter& setter, const Picture& picture);
    void paintLetters(QPainter& painter, QPointF at, const Inks& inks, const QRectF& clip) const;
    void paintRules(QPainter& painter, QPointF at, const Inks& inks) const;

    struct Stroke {
        QLineF line;
        double thickness = 0;
        quint32 ink = 0;
    };
    struct Frame {
        QRectF rect;
        double thickness = 0;
        quint32 ink = 0;
    };
    struct Rule {
        QRectF rect;
        quint32 ink = 0;
    };
    double m_width = 0;
    double m_ascent = 0;
    double m_descent = 0;
    QList<double> m_lineEnds;
    QList<Run> m_runs;       ///< for paper: text stays text
    QList<Letter> m_letters; ///< the same for screens
    QList<Run> m_words;      ///< in other fonts
    QList<Outline> m_outlines;
    QList<Rule> m_grounds; ///< behind everything
    QList<Rule> m_rules;
    QList<Stroke> m_strokes;
    QList<Frame> m_frames;
};

/// Sets TeX's mathematics, written without its dollar signs. Null if it can't be set whole: the source is shown
/// instead. Bounded in time and memory whatever the text is; the limits are in tex/node.h. pixelSize: of the letters;
/// display: with the dimensions of a formula that stands on a line of its own.
std::unique_ptr<MathLayout> layoutMath(QStringView tex, const MathFont& font, double pixelSize, bool display);

/// The formula in words, for a screen reader; empty if it isn't understood.
QString spokenMath(QStringView tex);

} // namespace alcuin::ui::math
