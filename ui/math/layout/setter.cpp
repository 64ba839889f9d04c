#include "math/layout/setter.h"

#include <QTextLayout>

#include <algorithm>
#include <cmath>

#include "math/tex/alphabets.h"

namespace alcuin::ui::math {

namespace {

constexpr double kTagGap = 2; ///< em between a formula and its tag

} // namespace

double Setter::size(Manner manner) const {
    switch (manner.style) {
    case Style::kScript:
        return m_pixelSize * m_font.scriptScale();
    case Style::kScriptScript:
        return m_pixelSize * m_font.scriptScriptScale();
    default:
        return m_pixelSize;
    }
}

Picture Setter::formula(const Formula& formula, bool display) {
    const Manner manner{display ? Style::kDisplay : Style::kText, false};
    const bool lines = formula.list.size() == 1 && formula.list.front().kind == Kind::kArray;
    m_lines = lines && formula.list.front().array->name == QLatin1String("lines") ? formula.list.front().array.get()
                                                                                  : nullptr;
    Picture picture = list(formula.list, manner);
    if (formula.tag) {
        const double x = picture.width + kTagGap * m_pixelSize;
        Picture tag = list(*formula.tag, {Style::kText, false});
        picture.width = x + tag.width;
        picture.placeGrowing(std::move(tag), x, 0);
    }
    const double most = Limits::kExtent * m_pixelSize;
    if (!(picture.width <= most) || !(picture.height() <= most) || picture.marks.size() > Limits::kMarks) {
        m_failed = true;
    }
    return picture;
}

Picture Setter::list(const List& list, Manner manner) {
    const std::vector<Atom> atoms = atomsOf(list);
    Picture result;
    size_t before = list.size();
    quint32 ink = 0;
    for (size_t i = 0; i < list.size() && !m_failed; ++i) {
        const Node& node = list[i];
        if (node.kind == Kind::kStyle) {
            manner.style = node.style;
            continue;
        }
        if (node.kind == Kind::kColour) {
            ink = node.ink;
            continue;
        }
        if (node.kind == Kind::kSpace) {
            const bool here = !node.forced || (*node.forced == Style::kScript ? manner.isSmall() : manner.isDisplay());
            result.width += here ? node.amount * size(manner) : 0;
            continue;
        }
        if (before < list.size()) {
            result.width += spaceBetween(atoms[before], atoms[i], manner.isSmall()) * size(manner) / 18;
        }
        before = i;
        Piece set = piece(node, manner);
        const double width = set.picture.width + set.italics;
        if (ink != 0) {
            set.picture.colour(ink);
        }
        result.placeGrowing(std::move(set.picture), result.width, 0);
        result.width += width;
    }
    m_marks += result.marks.size() > Limits::kMarks ? Limits::kMarks + 1 : 0;
    m_failed = m_failed || m_marks > Limits::kMarks;
    return result;
}

Piece Setter::piece(const Node& node, Manner manner) {
    Piece result;
    switch (node.kind) {
    case Kind::kSymbol:
        return symbol(node, manner);
    case Kind::kGroup:
        return nucleus(node.list, manner);
    case Kind::kScripts:
        return scripts(node, manner);
    case Kind::kAccent:
        return accent(node, manner);
    case Kind::kSideset:
        return sideset(node, manner);
    case Kind::kRule:
        result.picture = rule(node, manner);
        break;
    case Kind::kRaised:
        result.picture = raised(node, manner);
        break;
    case Kind::kOperator:
        result.picture = list(node.list, manner);
        break;
    case Kind::kText:
        result.picture = text(node.text, node.alphabet, manner);
        break;
    case Kind::kFraction:
        result.picture = fraction(node, manner);
        break;
    case Kind::kRadical:
        result.picture = radical(node, manner);
        break;
    case Kind::kStretch:
        result.picture = stretch(node, manner);
        break;
    case Kind::kOverUnder:
        result.picture = stacked(list(node.list, manner), node.hasSub ? &node.parts[0] : nullptr,
                                 node.hasSup ? &node.parts[1] : nullptr, 0, manner);
        break;
    case Kind::kArrow:
        result.picture = arrow(node, manner);
        break;
    case Kind::kDelimited:
        result.picture = delimited(node, manner);
        break;
    case Kind::kBigDelim: {
        // Source: amsmath: 1, 1.5, 2 and 2.5 times 1.2 times the height of a parenthesis.
        constexpr double kFactor = 0.901; ///< \delimiterfactor
        const double paren = 1.2 * m_font.bounds(m_font.glyphOf(U'(')).height() * size(manner);
        const double wanted = 0.5 * (1 + node.level) * paren;
        result.picture = delimiter(node.code, wanted * kFactor, manner);
        result.picture.ascent = std::max(result.picture.ascent, wanted / 2 + axis(manner));
        result.picture.descent = std::max(result.picture.descent, wanted / 2 - axis(manner));
        break;
    }
    case Kind::kArray:
        result.picture = array(*node.array, manner);
        break;
    case Kind::kPhantom:
        result.picture = phantom(node, manner);
        break;
    case Kind::kFramed:
        result.picture = framed(node, manner);
        break;
    case Kind::kStruck:
        result.picture = struck(node, manner);
        break;
    case Kind::kNegated:
        result.picture = negated(node, manner);
        break;
    default:
        break;
    }
    return result;
}

Picture Setter::glyph(quint32 glyph, Manner manner) const {
    const double em = size(manner);
    const QRectF box = m_font.bounds(glyph);
    Picture result;
    result.width = m_font.advance(glyph) * em;
    result.ascent = -box.top() * em;
    result.descent = box.bottom() * em;
    result.marks.push_back({Mark::Kind::kGlyph, glyph, 0, 0, em, 0, 0, 0});
    return result;
}

/// 0 if the font has neither the character nor the plain letter that it is a form of.
quint32 Setter::glyphOf(char32_t code, Manner manner) const {
    quint32 index = m_font.glyphOf(code);
    if (index == 0) {
        index = m_font.glyphOf(plainLetter(code).letter);
    }
    return m_font.scriptForm(index, manner.scriptLevel());
}

Piece Setter::symbol(const Node& node, Manner manner) {
    Piece result;
    result.character = node.atom != Atom::kOp; // scripts of operators go by their size
    quint32 index = glyphOf(node.code, manner);
    if (index == 0) {
        result.picture = otherWords(QString::fromUcs4(&node.code, 1), manner);
        return result;
    }
    const double em = size(manner);
    if (node.wide && manner.isDisplay()) {
        if (const Construction* sizes = m_font.vertical(index)) {
            for (const Construction::Variant& variant : sizes->variants) {
                index = variant.glyph;
                if (m_font.em(variant.advance) >= m_font.displayOperatorMinHeight()) {
                    break;
                }
            }
        }
    }
    result.glyph = index;
    result.picture = glyph(index, manner);
    result.italics = m_font.italics(index) * em;
    result.attachment = m_font.accentAttachment(index) * em;
    if (node.atom == Atom::kOp) { // operators stand in the middle of the line
        Picture centered;
        centered.width = result.picture.width;
        const double raise = (result.picture.descent - result.picture.ascent) / 2 + axis(manner);
        centered.ascent = result.picture.ascent + raise;
        centered.descent = result.picture.descent - raise;
        centered.place(std::move(result.picture), 0, raise);
        result.picture = std::move(centered);
        if (m_font.bounds(index).right() <= m_font.advance(index)) { // what slants is inside the width
            result.hangingIn = result.italics;
            result.italics = 0;
        }
    }
    return result;
}

/// A list of one thing is that thing.
Piece Setter::nucleus(const List& list, Manner manner) {
    if (list.size() == 1 && hasAtom(list.front())) {
        return piece(list.front(), manner);
    }
    Piece result;
    result.picture = this->list(list, manner);
    return result;
}

/// Primes are drawn raised already in fonts of this kind: they are set so that they hang from the superscript's top.
/// Two, three or four are one sign.
Picture Setter::primes(const List& list, Manner manner) {
    static constexpr char32_t kPrimes[] = {0x2032, 0x2033, 0x2034, 0x2057};
    Picture result;
    for (size_t left = list.size(); left > 0;) {
        size_t taken = std::min(left, std::size(kPrimes));
        while (taken > 1 && m_font.glyphOf(kPrimes[taken - 1]) == 0) {
            --taken;
        }
        left -= taken;
        const quint32 index = glyphOf(kPrimes[taken - 1], manner);
        if (index == 0) {
            return this->list(list, manner);
        }
        Picture mark = glyph(index, manner);
        const double drop = std::max(0.0, -mark.descent);
        result.ascent = mark.ascent - drop;
        const double width = mark.width;
        result.place(std::move(mark), result.width, -drop);
        result.width += width;
    }
    return result;
}

Picture Setter::text(const QString& text, Alphabet alphabet, Manner manner) {
    const auto characters = text.toUcs4();
    Picture result;
    const double em = size(manner);
    for (const char32_t plain : characters) {
        if (plain == U' ' || plain == 0x2009 || plain == 0x2003) {
            const double gap = plain == U' ' ? m_font.advance(m_font.glyphOf(U' ')) : plain == 0x2003 ? 1 : 1.0 / 6;
            result.width += (gap > 0 ? gap : 0.25) * em;
            continue;
        }
        const quint32 index = glyphOf(inAlphabet(plain, alphabet), manner);
        if (index == 0) {
            return otherWords(text, manner);
        }
        Picture letter = glyph(index, manner);
        const double width = letter.width;
        result.placeGrowing(std::move(letter), result.width, 0);
        result.width += width;
    }
    return result;
}

/// Words in letters that the font for formulas doesn't have, in whichever font does.
Picture Setter::otherWords(const QString& text, Manner manner) {
    constexpr qsizetype kMostRuns = 256;
    QTextLayout layout(text, m_font.wordFont(size(manner)));
    layout.beginLayout();
    QTextLine line = layout.createLine();
    if (line.isValid()) {
        line.setLineWidth(1e6);
    }
    layout.endLayout();
    Picture result;
    if (!line.isValid() || m_words.size() > kMostRuns) {
        m_failed = true;
        return result;
    }
    result.width = line.naturalTextWidth();
    result.ascent = line.ascent();
    result.descent = line.descent();
    for (QGlyphRun run : layout.glyphRuns()) {
        const auto indexes = run.glyphIndexes();
        m_failed = m_failed || std::any_of(indexes.begin(), indexes.end(), [](quint32 index) { return index == 0; });
        auto positions = run.positions();
        for (QPointF& position : positions) {
            position -= QPointF(0, line.ascent());
        }
        run.setPositions(positions);
        result.marks.push_back({Mark::Kind::kWords, quint32(m_words.size()), 0, 0, 0, 0, 0, 0});
        m_words.append(run);
    }
    return result;
}

} // namespace alcuin::ui::math
