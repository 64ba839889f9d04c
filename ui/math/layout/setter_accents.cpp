#include "math/layout/setter.h"

#include <QColor>

#include <algorithm>
#include <cmath>

#include "theme/theme.h"

namespace alcuin::ui::math {

namespace {

constexpr double kGap = 0.1;             ///< em between something and what is stretched over it
constexpr double kArrowSides = 7.0 / 18; ///< em of the label's size that an arrow is longer, each side: amsmath
constexpr double kArrowLeast = 1;        ///< em
constexpr double kFrameGap = 0.3;        ///< em: \fboxsep, 3pt
constexpr double kArrowHead = 0.3;       ///< em
constexpr double kArrowTurn = 0.45;      ///< of each side of the head, in radians
constexpr double kFrameRule = 0.04;      ///< em: \fboxrule, 0.4pt
constexpr double kStrike = 0.06;         ///< em

/// An accent takes the place of the dot.
char32_t withoutDot(char32_t code) {
    switch (code) {
    case 0x1D456:
        return 0x1D6A4;
    case 0x1D457:
        return 0x1D6A5;
    case U'i':
        return 0x131;
    case U'j':
        return 0x237;
    default:
        return code;
    }
}

/// A colour on a ground of its own: as it was asked for, or black or white, whichever is read better there.
quint32 inkOn(quint32 ground, quint32 own) {
    if (own != 0) {
        return (own & 0xFFFFFF) | kAsItIs;
    }
    const QColor colour = QColor::fromRgb(ground | 0xFF000000);
    const bool dark = contrastOf(QColor(Qt::white), colour) > contrastOf(QColor(Qt::black), colour);
    return (dark ? 0xFFFFFF : 0) | kAsItIs;
}

/// The accent that an arrow over letters is; 0 for what stands alone.
char32_t overLetters(char32_t arrow) {
    switch (arrow) {
    case 0x2192:
        return 0x20D7;
    case 0x2190:
        return 0x20D6;
    case 0x2194:
        return 0x20E1;
    case 0x21C0:
        return 0x20D1;
    case 0x21BC:
        return 0x20D0;
    default:
        return 0;
    }
}

} // namespace

/// The widest form of an accent that isn't wider than what it stands over, or one that is built as wide.
Picture Setter::stretchedAccent(quint32 mark, double wanted, Manner manner) const {
    const double em = size(manner);
    const Construction* sizes = m_font.horizontal(mark);
    if (sizes != nullptr && !sizes->parts.empty() && !sizes->variants.empty() &&
        m_font.em(sizes->variants.back().advance) * em < wanted) {
        return assembled(*sizes, wanted, false, manner);
    }
    quint32 index = mark;
    for (size_t i = 0; sizes != nullptr && i < sizes->variants.size(); ++i) {
        index = m_font.em(sizes->variants[i].advance) * em <= wanted ? sizes->variants[i].glyph : index;
    }
    Picture sign = glyph(index, manner);
    const QRectF ink = m_font.bounds(index);
    Picture result; // accents have no width of their own
    result.width = ink.width() * em;
    result.placeGrowing(std::move(sign), -ink.left() * em, 0);
    return result;
}

/// Source: The TeXbook, appendix G, rule 12.
Piece Setter::accent(const Node& node, Manner manner) {
    const double em = size(manner);
    Piece base;
    if (node.list.size() == 1 && node.list.front().kind == Kind::kSymbol) {
        Node letter = node.list.front();
        letter.code = withoutDot(letter.code);
        base = symbol(letter, manner.crampedToo());
    } else {
        base = nucleus(node.list, manner.crampedToo());
    }
    quint32 mark = glyphOf(node.code, manner);
    if (mark == 0) {
        m_failed = true;
        return base;
    }
    if (node.wide) {
        if (const Construction* sizes = m_font.horizontal(mark)) {
            for (const Construction::Variant& variant : sizes->variants) {
                if (m_font.bounds(variant.glyph).width() * em <= base.picture.width + base.italics) {
                    mark = variant.glyph;
                }
            }
        }
    }
    const double raise =
        base.picture.ascent - std::min(base.picture.ascent, m_font.constant(Constant::kAccentBaseHeight) * em);
    const double at = base.attachment >= 0 ? base.attachment : base.picture.width / 2;
    Picture sign = glyph(mark, manner);
    const double signX = at - m_font.accentAttachment(mark) * em;
    Piece result;
    result.picture.width = base.picture.width;
    result.italics = base.italics;
    result.character = base.character;
    result.attachment = base.attachment;
    result.picture.placeGrowing(std::move(base.picture), 0, 0);
    result.picture.placeGrowing(std::move(sign), signX, raise);
    return result;
}

/// Source: The TeXbook, appendix G, rules 9 and 10, for rules; for the others the gap is our own.
Picture Setter::stretch(const Node& node, Manner manner) {
    Picture base = list(node.list, node.above ? manner.crampedToo() : manner);
    Picture result;
    result.width = base.width;
    if (node.code == 0) {
        const double gap = length(node.above ? Constant::kOverbarVerticalGap : Constant::kUnderbarVerticalGap, manner);
        const double rule =
            length(node.above ? Constant::kOverbarRuleThickness : Constant::kUnderbarRuleThickness, manner);
        const double extra =
            length(node.above ? Constant::kOverbarExtraAscender : Constant::kUnderbarExtraDescender, manner);
        const double top = node.above ? base.ascent + gap + rule : -base.descent - gap;
        result.rule(0, top, base.width, rule);
        result.ascent = node.above ? top + extra : base.ascent;
        result.descent = node.above ? base.descent : base.descent + gap + rule + extra;
        result.placeGrowing(std::move(base), 0, 0);
        return result;
    }
    if (const quint32 mark = node.above ? glyphOf(overLetters(node.code), manner) : 0; mark != 0) {
        Picture sign = stretchedAccent(mark, base.width, manner);
        const double raise = base.ascent - std::min(base.ascent, length(Constant::kAccentBaseHeight, manner));
        const double x = (base.width - sign.width) / 2;
        result.placeGrowing(std::move(base), 0, 0);
        result.placeGrowing(std::move(sign), x, raise);
        return result;
    }
    Picture sign = stretched(node.code, base.width, false, manner);
    const double gap = kGap * size(manner);
    const double raise = node.above ? base.ascent + gap + sign.descent : -(base.descent + gap + sign.ascent);
    result.width = std::max(base.width, sign.width);
    const double signX = (result.width - sign.width) / 2;
    const double baseX = (result.width - base.width) / 2;
    result.ascent = base.ascent;
    result.descent = base.descent;
    result.placeGrowing(std::move(base), baseX, 0);
    result.placeGrowing(std::move(sign), signX, raise);
    return result;
}

Picture Setter::arrow(const Node& node, Manner manner) {
    const double em = size(manner);
    Picture above = list(node.parts[1], manner.superscript());
    Picture below = node.hasSub ? list(node.parts[0], manner.subscript()) : Picture();
    const double wanted =
        std::max(std::max(above.width, below.width) + 2 * kArrowSides * size(manner.superscript()), kArrowLeast * em);
    Picture sign = stretched(node.code, wanted, false, manner);
    Picture result;
    result.width = std::max(wanted, sign.width);
    const double gap = kGap * em;
    const double up = sign.ascent + gap + above.descent;
    const double down = sign.descent + gap + below.ascent;
    const double aboveX = (result.width - above.width) / 2;
    const double belowX = (result.width - below.width) / 2;
    const double signX = (result.width - sign.width) / 2;
    result.ascent = sign.ascent;
    result.descent = sign.descent;
    result.placeGrowing(std::move(sign), signX, 0);
    result.placeGrowing(std::move(above), aboveX, up);
    if (node.hasSub) {
        result.placeGrowing(std::move(below), belowX, -down);
    }
    return result;
}

Picture Setter::negated(const Node& node, Manner manner) {
    Picture result = list(node.list, manner);
    const quint32 slash = m_font.glyphOf(U'/');
    if (slash == 0) {
        m_failed = true;
        return result;
    }
    Picture sign = glyph(slash, manner);
    const QRectF ink = m_font.bounds(slash);
    const double x = result.width / 2 - ink.center().x() * size(manner);
    const double raise = (result.ascent - result.descent) / 2 - (sign.ascent - sign.descent) / 2;
    result.placeGrowing(std::move(sign), x, raise);
    return result;
}

Picture Setter::framed(const Node& node, Manner manner) {
    Picture content = list(node.list, manner);
    const double gap = kFrameGap * size(manner);
    const double rule = node.wide ? 0 : kFrameRule * size(manner);
    Picture result;
    result.width = content.width + 2 * (gap + rule);
    result.ascent = content.ascent + gap + rule;
    result.descent = content.descent + gap + rule;
    if (node.fill != 0) {
        result.marks.push_back(
            {Mark::Kind::kGround, 0, 0, -result.ascent, 0, result.width, result.height(), node.fill | 0xFF000000});
        for (Mark& mark : content.marks) {
            mark.ink = mark.kind == Mark::Kind::kGround ? mark.ink : inkOn(node.fill, mark.ink);
        }
    }
    if (!node.wide) {
        result.marks.push_back(
            {Mark::Kind::kFrame, 0, 0, -result.ascent, rule, result.width, result.ascent + result.descent, 0});
    }
    result.place(std::move(content), gap + rule, 0);
    return result;
}

Picture Setter::struck(const Node& node, Manner manner) {
    Picture result = list(node.list, manner);
    const double rule = kStrike * size(manner);
    const double over = 0.08 * size(manner);
    const double top = -result.ascent - over;
    const double bottom = result.descent + over;
    if (node.level & kRising) {
        result.marks.push_back({Mark::Kind::kLine, 0, -over, bottom, rule, result.width + 2 * over, top - bottom, 0});
    }
    if (node.level & kArrowed) { // two strokes back from the tip, a sixth of a turn apart
        const double head = kArrowHead * size(manner);
        const double angle = std::atan2(top - bottom, result.width + 2 * over);
        for (const double turn : {-kArrowTurn, kArrowTurn}) {
            result.marks.push_back({Mark::Kind::kLine, 0, result.width + over, top, rule,
                                    -head * std::cos(angle + turn), -head * std::sin(angle + turn), 0});
        }
    }
    if (node.level & kFalling) {
        result.marks.push_back({Mark::Kind::kLine, 0, -over, top, rule, result.width + 2 * over, bottom - top, 0});
    }
    if (!node.parts.empty()) {
        Picture value = list(node.parts[0], manner.superscript());
        const double x = result.width + 2 * over;
        result.width = x + value.width;
        const double raise = over - top - value.ascent / 2;
        result.placeGrowing(std::move(value), x, raise);
    }
    return result;
}

Picture Setter::rule(const Node& node, Manner manner) const {
    const double em = size(manner);
    Picture result;
    result.width = node.amount * em;
    result.ascent = (node.raise + node.height) * em;
    result.descent = -node.raise * em;
    if (node.amount > 0 && node.height > 0) {
        result.rule(0, result.ascent, result.width, node.height * em);
    }
    return result;
}

Picture Setter::raised(const Node& node, Manner manner) {
    Picture content = list(node.list, manner);
    Picture result;
    result.width = content.width;
    const double raise = node.raise * size(manner);
    result.ascent = content.ascent + raise;
    result.descent = content.descent - raise;
    result.place(std::move(content), 0, raise);
    return result;
}

Picture Setter::phantom(const Node& node, Manner manner) {
    Picture result = list(node.list, manner);
    if (node.level & kHidden) {
        result.marks.clear();
    }
    if (node.level & (kToTheLeft | kInTheMiddle)) {
        Picture moved;
        moved.ascent = result.ascent;
        moved.descent = result.descent;
        const double x = -result.width / (node.level & kInTheMiddle ? 2 : 1);
        moved.place(std::move(result), x, 0);
        result = std::move(moved);
    }
    if (node.level & kNoWidth) {
        result.width = 0;
    }
    if (node.level & kNoAscent) {
        result.ascent = 0;
    }
    if (node.level & kNoDescent) {
        result.descent = 0;
    }
    return result;
}

} // namespace alcuin::ui::math
