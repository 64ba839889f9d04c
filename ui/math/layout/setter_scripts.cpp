#include "math/layout/setter.h"

#include <algorithm>

namespace alcuin::ui::math {

namespace {
constexpr char32_t kPrime = 0x2032;

bool isPrimes(const List& list) {
    return !list.empty() && std::all_of(list.begin(), list.end(), [](const Node& node) {
        return node.kind == Kind::kSymbol && node.code == kPrime;
    });
}
} // namespace

Piece Setter::scripts(const Node& node, Manner manner) {
    Piece base = nucleus(node.list, manner);
    const bool limitsHere =
        !node.list.empty() && (node.place == Place::kLimits ||
                               (node.atom == Atom::kOp && node.place == Place::kBySize && manner.isDisplay()));
    Piece result;
    result.picture = limitsHere ? limits(std::move(base), node, manner) : beside(std::move(base), node, manner);
    return result;
}

/// The scripts before it stand at its own height, as if it had no width.
Piece Setter::sideset(const Node& node, Manner manner) {
    Piece base = nucleus(node.list, manner);
    Piece ghost;
    ghost.picture.ascent = base.picture.ascent;
    ghost.picture.descent = base.picture.descent;
    const auto scriptsOf = [&](size_t first) {
        Node scripts = nodeOf(Kind::kScripts);
        scripts.parts = {node.parts[first], node.parts[first + 1]};
        scripts.hasSub = !scripts.parts[0].empty();
        scripts.hasSup = !scripts.parts[1].empty();
        scripts.wide = first == 0;
        return scripts;
    };
    Piece result;
    const Node before = scriptsOf(0);
    if (before.hasSub || before.hasSup) {
        result.picture = beside(std::move(ghost), before, manner);
    }
    Picture behind = beside(std::move(base), scriptsOf(2), manner);
    const double x = result.picture.width;
    result.picture.width += behind.width;
    result.picture.placeGrowing(std::move(behind), x, 0);
    return result;
}

Picture Setter::limits(Piece base, const Node& node, Manner manner) {
    const double slant = std::max(base.italics, base.hangingIn);
    return stacked(std::move(base.picture), node.hasSub ? &node.parts[0] : nullptr,
                   node.hasSup ? &node.parts[1] : nullptr, slant, manner);
}

/// Something with one thing over it and one under it, each in the middle but for half of the slant.
/// Source: The TeXbook, appendix G, rule 13a.
Picture Setter::stacked(Picture base, const List* under, const List* over, double slant, Manner manner) {
    Picture above = over != nullptr ? list(*over, manner.superscript()) : Picture();
    Picture below = under != nullptr ? list(*under, manner.subscript()) : Picture();
    Picture result;
    result.width = std::max({base.width, above.width, below.width});
    const double middle = result.width / 2;
    const double baseX = middle - base.width / 2;
    if (over != nullptr) {
        const double gap = std::max(length(Constant::kUpperLimitGapMin, manner),
                                    length(Constant::kUpperLimitBaselineRiseMin, manner) - above.descent);
        const double raise = base.ascent + gap + above.descent;
        const double x = middle - above.width / 2 + slant / 2;
        result.placeGrowing(std::move(above), x, raise);
    }
    if (under != nullptr) {
        const double gap = std::max(length(Constant::kLowerLimitGapMin, manner),
                                    length(Constant::kLowerLimitBaselineDropMin, manner) - below.ascent);
        const double drop = base.descent + gap + below.ascent;
        const double x = middle - below.width / 2 - slant / 2;
        result.placeGrowing(std::move(below), x, -drop);
    }
    result.placeGrowing(std::move(base), baseX, 0);
    return result;
}

/// Source: The TeXbook, appendix G, rules 18a to 18f, with the MATH table's lengths.
Picture Setter::beside(Piece base, const Node& node, Manner manner) {
    const bool single = base.character;
    const bool marks = node.hasSup && isPrimes(node.parts[1]);
    Picture sup = !node.hasSup ? Picture()
                  : marks      ? primes(node.parts[1], manner.superscript())
                               : list(node.parts[1], manner.superscript());
    Picture sub = node.hasSub ? list(node.parts[0], manner.subscript()) : Picture();
    double up = single ? 0 : base.picture.ascent - length(Constant::kSuperscriptBaselineDropMax, manner);
    double down = single ? 0 : base.picture.descent + length(Constant::kSubscriptBaselineDropMin, manner);
    up = std::max(
        {up, length(manner.cramped ? Constant::kSuperscriptShiftUpCramped : Constant::kSuperscriptShiftUp, manner),
         sup.descent + length(Constant::kSuperscriptBottomMin, manner)});
    down = std::max(down, length(Constant::kSubscriptShiftDown, manner));
    if (!node.hasSup) {
        down = std::max(down, sub.ascent - length(Constant::kSubscriptTopMax, manner));
    } else if (node.hasSub) {
        const double gap = (up - sup.descent) - (sub.ascent - down);
        const double least = length(Constant::kSubSuperscriptGapMin, manner);
        if (gap < least) {
            down += least - gap;
            const double room = length(Constant::kSuperscriptBottomMaxWithSubscript, manner) - (up - sup.descent);
            if (room > 0) {
                up += room;
                down -= room;
            }
        }
    }
    double supX = base.picture.width + base.italics;
    double subX = base.picture.width - base.hangingIn;
    if (base.glyph != 0) {
        const double em = size(manner);
        supX += m_font.kern(base.glyph, Corner::kTopRight, (up - sup.descent) / em) * em;
        subX += m_font.kern(base.glyph, Corner::kBottomRight, (sub.ascent - down) / em) * em;
    }
    const double after = length(Constant::kSpaceAfterScript, manner);
    Picture result;
    if (node.wide) { // their ends stand together, at what they belong to
        result.width = std::max(sup.width, sub.width) + after;
        supX = result.width - after - sup.width;
        subX = result.width - after - sub.width;
    }
    result.width = std::max({result.width, node.hasSup ? supX + sup.width + after : 0,
                             node.hasSub ? subX + sub.width + after : 0, base.picture.width});
    result.placeGrowing(std::move(base.picture), 0, 0);
    if (node.hasSup) {
        result.placeGrowing(std::move(sup), supX, up);
    }
    if (node.hasSub) {
        result.placeGrowing(std::move(sub), subX, -down);
    }
    return result;
}

} // namespace alcuin::ui::math
