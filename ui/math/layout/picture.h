#pragma once

#include <QtGlobal>

#include <vector>

namespace alcuin::ui::math {

/// One thing to draw. Pixels, y downwards, from the origin of the picture it is in: the left end of its baseline.
struct Mark {
    enum class Kind : quint8 {
        kGlyph,   ///< at (x, y), in a font of `size` pixels
        kOutline, ///< the same, drawn exactly there: it meets a rule or another glyph
        kRule,    ///< filled, from (x, y), as large as (dx, dy)
        kLine,    ///< from (x, y) to (x + dx, y + dy), `size` thick
        kFrame,   ///< around (x, y, dx, dy), `size` thick
        kWords,   ///< a run of glyphs of other fonts, number `glyph` of the setter's
        kGround,  ///< like a rule, behind everything
    };
    Kind kind = Kind::kGlyph;
    quint32 glyph = 0;
    double x = 0;
    double y = 0;
    double size = 0;
    double dx = 0;
    double dy = 0;
    quint32 ink = 0; ///< 0xAARRGGBB; 0: the formula's
};

/// The alpha of an ink that is kept as it is, because it stands on a ground of its own, whatever the window's is.
constexpr quint32 kAsItIs = 0xFE000000;

/// What was set of a formula: TeX's box. Ascent and descent are measured from the baseline and may be negative.
struct Picture {
    double width = 0;
    double ascent = 0;
    double descent = 0;
    std::vector<Mark> marks;

    double height() const {
        return ascent + descent;
    }
    bool isEmpty() const {
        return marks.empty() && width == 0;
    }
    /// Puts another one in, its baseline raised, without changing the width.
    void place(Picture&& other, double x, double raise) {
        if (marks.empty() && x == 0 && raise == 0) {
            marks = std::move(other.marks);
            return;
        }
        for (Mark& mark : other.marks) {
            mark.x += x;
            mark.y -= raise;
            marks.push_back(mark);
        }
    }
    /// The same, and grows in height to hold it.
    void placeGrowing(Picture&& other, double x, double raise) {
        ascent = ascent > other.ascent + raise ? ascent : other.ascent + raise;
        descent = descent > other.descent - raise ? descent : other.descent - raise;
        place(std::move(other), x, raise);
    }
    /// Gives a colour to what has none.
    void colour(quint32 ink) {
        for (Mark& mark : marks) {
            mark.ink = mark.ink == 0 ? ink : mark.ink;
        }
    }
    void rule(double x, double top, double ruleWidth, double thickness) {
        marks.push_back({Mark::Kind::kRule, 0, x, -top, 0, ruleWidth, thickness, 0});
    }
};

} // namespace alcuin::ui::math
