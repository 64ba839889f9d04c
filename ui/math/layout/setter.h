#pragma once

#include <QGlyphRun>
#include <QList>

#include "math/font/math_font.h"
#include "math/layout/picture.h"
#include "math/tex/atoms.h"
#include "math/tex/parser.h"

namespace alcuin::ui::math {

/// The style something is set in. Cramped: superscripts rise less.
struct Manner {
    Style style = Style::kText;
    bool cramped = false;

    bool isDisplay() const {
        return style == Style::kDisplay;
    }
    /// 0, or how deep in scripts.
    int scriptLevel() const {
        return style == Style::kScriptScript ? 2 : style == Style::kScript ? 1 : 0;
    }
    bool isSmall() const {
        return style >= Style::kScript;
    }
    Manner crampedToo() const {
        return {style, true};
    }
    Manner superscript() const {
        return {style >= Style::kScript ? Style::kScriptScript : Style::kScript, cramped};
    }
    Manner subscript() const {
        return {superscript().style, true};
    }
    Manner numerator() const {
        return {style == Style::kDisplay ? Style::kText : superscript().style, cramped};
    }
    Manner denominator() const {
        return {numerator().style, true};
    }
};

/// Something set, with what its neighbours must know of it.
struct Piece {
    Picture picture;
    double italics = 0;     ///< how far its top right hangs over the width
    double hangingIn = 0;   ///< how far its bottom right falls short of the width: integrals
    bool character = false; ///< a single character: scripts don't depend on its height
    quint32 glyph = 0;      ///< of the character
    double attachment = -1; ///< where an accent belongs; -1: in the middle
};

/// Sets formulas by the rules of TeX with the lengths of an OpenType MATH table.
/// Source: The TeXbook, appendix G and chapter 18; the OpenType specification, MATH; MathML Core, 3.
class Setter {
public:
    Setter(const MathFont& font, double pixelSize) : m_font(font), m_pixelSize(pixelSize) {}

    Picture formula(const Formula& formula, bool display);

    /// Something couldn't be set: a character that no font has, or more than the limits allow.
    bool failed() const {
        return m_failed;
    }
    const QList<QGlyphRun>& words() const {
        return m_words;
    }
    /// Between the lines of a formula that is lines and nothing else: pixels downwards from its top.
    const QList<double>& lineEnds() const {
        return m_lineEnds;
    }

private:
    double size(Manner manner) const;
    double length(Constant constant, Manner manner) const {
        return m_font.constant(constant) * size(manner);
    }
    double axis(Manner manner) const {
        return length(Constant::kAxisHeight, manner);
    }

    // setter.cpp: lists and characters
    Picture list(const List& list, Manner manner);
    Piece piece(const Node& node, Manner manner);
    Picture glyph(quint32 glyph, Manner manner) const;
    quint32 glyphOf(char32_t code, Manner manner) const;
    Piece symbol(const Node& node, Manner manner);
    Piece nucleus(const List& list, Manner manner);
    Picture text(const QString& text, Alphabet alphabet, Manner manner);
    Picture otherWords(const QString& text, Manner manner);
    Picture primes(const List& list, Manner manner);

    // setter_scripts.cpp
    Piece scripts(const Node& node, Manner manner);
    Piece sideset(const Node& node, Manner manner);
    Picture limits(Piece base, const Node& node, Manner manner);
    Picture stacked(Picture base, const List* under, const List* over, double italics, Manner manner);
    Picture beside(Piece base, const Node& node, Manner manner);

    // setter_fractions.cpp
    Picture fraction(const Node& node, Manner manner);
    Picture fractionBody(const Node& node, Manner manner);
    Picture radical(const Node& node, Manner manner);

    // setter_stretch.cpp
    Picture stretched(char32_t code, double wanted, bool vertical, Manner manner);
    Picture assembled(const Construction& construction, double wanted, bool vertical, Manner manner) const;
    Picture delimiter(char32_t code, double wanted, Manner manner);
    Picture delimited(const Node& node, Manner manner);
    Picture enclosed(Picture content, char32_t left, char32_t right, double wanted, Manner manner);

    // setter_accents.cpp
    Piece accent(const Node& node, Manner manner);
    Picture stretch(const Node& node, Manner manner);
    Picture stretchedAccent(quint32 mark, double wanted, Manner manner) const;
    Picture arrow(const Node& node, Manner manner);
    Picture negated(const Node& node, Manner manner);
    Picture framed(const Node& node, Manner manner);
    Picture struck(const Node& node, Manner manner);
    Picture phantom(const Node& node, Manner manner);
    Picture rule(const Node& node, Manner manner) const;
    Picture raised(const Node& node, Manner manner);

    // setter_arrays.cpp
    Picture array(const Array& array, Manner manner);

    const MathFont& m_font;
    double m_pixelSize;
    QList<QGlyphRun> m_words;
    const Array* m_lines = nullptr; ///< what the whole formula is
    QList<double> m_lineEnds;
    size_t m_marks = 0;
    bool m_failed = false;
};

} // namespace alcuin::ui::math
