#include "math/layout/setter.h"

#include <algorithm>

namespace alcuin::ui::math {

namespace {
constexpr double kNullDelimiter = 0.12; ///< em of the whole formula's size: \nulldelimiterspace, 1.2pt
constexpr double kStrutAscent = 0.84;   ///< em, of \cfrac's parts: \strut
constexpr double kStrutDescent = 0.36;
} // namespace

Picture Setter::fraction(const Node& node, Manner manner) {
    if (node.forced) {
        manner.style = *node.forced;
    }
    Picture body = fractionBody(node, manner);
    if (node.code == 0 && node.right == 0) {
        Picture result;
        const double gap = kNullDelimiter * m_pixelSize;
        result.width = body.width + (node.wide ? 1 : 2) * gap;
        result.placeGrowing(std::move(body), gap, 0);
        return result;
    }
    // \delim1 and \delim2 of TeX's fonts, in em.
    const double wanted = (manner.isDisplay() ? 2.39 : 1.01) * size(manner);
    return enclosed(std::move(body), node.code, node.right, wanted, manner);
}

/// Source: The TeXbook, appendix G, rules 15a to 15d, with the MATH table's lengths.
Picture Setter::fractionBody(const Node& node, Manner manner) {
    const bool display = manner.isDisplay();
    const Manner above = node.wide ? manner : manner.numerator();
    const Manner below = node.wide ? manner.crampedToo() : manner.denominator();
    Picture top = list(node.parts[0], above);
    Picture bottom = list(node.parts[1], below);
    if (node.wide) {
        top.ascent = std::max(top.ascent, kStrutAscent * size(manner));
        top.descent = std::max(top.descent, kStrutDescent * size(manner));
    }
    const double rule = node.amount < 0 ? length(Constant::kFractionRuleThickness, manner) : node.amount * size(manner);
    const auto pick = [&](Constant inDisplay, Constant inText) { return length(display ? inDisplay : inText, manner); };
    double up = 0;
    double down = 0;
    if (rule > 0) {
        up = pick(Constant::kFractionNumeratorDisplayStyleShiftUp, Constant::kFractionNumeratorShiftUp);
        down = pick(Constant::kFractionDenominatorDisplayStyleShiftDown, Constant::kFractionDenominatorShiftDown);
        const double over = pick(Constant::kFractionNumDisplayStyleGapMin, Constant::kFractionNumeratorGapMin);
        const double under = pick(Constant::kFractionDenomDisplayStyleGapMin, Constant::kFractionDenominatorGapMin);
        up = std::max(up, axis(manner) + rule / 2 + over + top.descent);
        down = std::max(down, bottom.ascent + under + rule / 2 - axis(manner));
    } else {
        up = pick(Constant::kStackTopDisplayStyleShiftUp, Constant::kStackTopShiftUp);
        down = pick(Constant::kStackBottomDisplayStyleShiftDown, Constant::kStackBottomShiftDown);
        const double least = pick(Constant::kStackDisplayStyleGapMin, Constant::kStackGapMin);
        const double gap = (up - top.descent) - (bottom.ascent - down);
        if (gap < least) {
            up += (least - gap) / 2;
            down += (least - gap) / 2;
        }
    }
    Picture result;
    result.width = std::max(top.width, bottom.width);
    const double topX = (result.width - top.width) / 2;
    const double bottomX = (result.width - bottom.width) / 2;
    result.placeGrowing(std::move(top), topX, up);
    result.placeGrowing(std::move(bottom), bottomX, -down);
    if (rule > 0) {
        result.rule(0, axis(manner) + rule / 2, result.width, rule);
    }
    return result;
}

/// Source: The TeXbook, appendix G, rule 11; the index by the MATH table's kerns.
Picture Setter::radical(const Node& node, Manner manner) {
    Picture content = list(node.list, manner.crampedToo());
    const double rule = length(Constant::kRadicalRuleThickness, manner);
    double gap =
        length(manner.isDisplay() ? Constant::kRadicalDisplayStyleVerticalGap : Constant::kRadicalVerticalGap, manner);
    const double inner = std::max(content.height(), 0.0);
    Picture sign = stretched(0x221A, inner + gap + rule, true, manner);
    const double spare = sign.height() - (inner + gap + rule);
    if (spare > 0) {
        gap += spare / 2;
    }
    const double top = content.ascent + gap + rule;
    const double raise = top - sign.ascent;
    const double signBottom = sign.descent - raise;
    const double signHeight = sign.height();
    double x = 0;
    Picture result;
    if (node.hasSup) {
        Picture index = list(node.parts[0], {Style::kScriptScript, true});
        const double before = length(Constant::kRadicalKernBeforeDegree, manner);
        const double after = length(Constant::kRadicalKernAfterDegree, manner);
        const double indexRaise = m_font.radicalDegreeRaise() * signHeight - signBottom + index.descent;
        x = std::max(0.0, before + index.width + after);
        const double indexX = std::max(0.0, x - after - index.width);
        result.placeGrowing(std::move(index), indexX, indexRaise);
    }
    const double signWidth = sign.width;
    for (Mark& mark : sign.marks) {
        mark.kind = Mark::Kind::kOutline;
    }
    result.placeGrowing(std::move(sign), x, raise);
    x += signWidth;
    result.rule(x, top, content.width, rule);
    result.width = x + content.width;
    result.placeGrowing(std::move(content), x, 0);
    result.ascent = std::max(result.ascent, top + length(Constant::kRadicalExtraAscender, manner));
    return result;
}

} // namespace alcuin::ui::math
