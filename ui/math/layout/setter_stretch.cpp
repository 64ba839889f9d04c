#include "math/layout/setter.h"

#include <algorithm>
#include <cmath>

namespace alcuin::ui::math {

namespace {

constexpr int kMostPieces = 400; ///< of one stretched sign

/// An assembly with each extender repeated, and how much any two neighbours may overlap.
struct Chain {
    std::vector<const AssemblyPart*> parts;
    int length = 0; ///< with the least overlaps
    int slack = 0;  ///< what overlaps may grow by

    Chain(const Construction& construction, int repeats, int overlap) {
        for (const AssemblyPart& part : construction.parts) {
            for (int i = 0; i < (part.extender ? repeats : 1); ++i) {
                parts.push_back(&part);
            }
        }
        for (size_t i = 0; i < parts.size(); ++i) {
            length += parts[i]->advance;
            if (i > 0) {
                length -= std::min(overlap, most(i));
                slack += std::max(0, most(i) - overlap);
            }
        }
    }
    /// The longest overlap between a piece and the one before it.
    int most(size_t i) const {
        return std::min(parts[i - 1]->endConnector, parts[i]->startConnector);
    }
};

} // namespace

Picture Setter::assembled(const Construction& construction, double wanted, bool vertical, Manner manner) const {
    const double em = size(manner);
    const int overlap = int(std::lround(m_font.minConnectorOverlap() / m_font.em(1)));
    const int target = int(std::ceil(std::min(wanted / em / m_font.em(1), 1e6)));
    int extenders = 0;
    for (const AssemblyPart& part : construction.parts) {
        extenders += part.extender ? 1 : 0;
    }
    int repeats = 1;
    if (extenders > 0) {
        const int one = Chain(construction, 1, overlap).length;
        const int step = Chain(construction, 2, overlap).length - one;
        if (step > 0 && target > one) {
            repeats = std::min(1 + (target - one + step - 1) / step, kMostPieces / extenders);
        }
    }
    const Chain chain(construction, repeats, overlap);
    const double surplus = std::max(0, chain.length - target);
    const double share = chain.slack > 0 ? std::min(1.0, surplus / chain.slack) : 0;

    Picture result;
    double along = 0;
    double across = 0;
    for (size_t i = 0; i < chain.parts.size(); ++i) {
        const AssemblyPart& part = *chain.parts[i];
        if (i > 0) {
            const int most = chain.most(i);
            along -= (std::min(overlap, most) + share * std::max(0, most - overlap)) * m_font.em(1) * em;
        }
        Picture glyph = this->glyph(part.glyph, manner);
        glyph.marks.front().kind = Mark::Kind::kOutline;
        if (vertical) { // upwards from the baseline
            across = std::max(across, glyph.width);
            const double raise = along + glyph.descent;
            result.place(std::move(glyph), 0, raise);
        } else {
            result.ascent = std::max(i == 0 ? glyph.ascent : result.ascent, glyph.ascent);
            result.descent = std::max(i == 0 ? glyph.descent : result.descent, glyph.descent);
            const double left = m_font.bounds(part.glyph).left() * em;
            result.place(std::move(glyph), along - left, 0);
        }
        along += m_font.em(part.advance) * em;
    }
    result.width = vertical ? across : along;
    if (vertical) {
        result.ascent = along;
        result.descent = 0;
    }
    return result;
}

/// A sign at least `wanted` pixels high or wide, as far as the font goes.
Picture Setter::stretched(char32_t code, double wanted, bool vertical, Manner manner) {
    const quint32 base = m_font.glyphOf(code);
    if (base == 0) {
        m_failed = true;
        return {};
    }
    const double em = size(manner);
    const QRectF box = m_font.bounds(base);
    const Construction* sizes = vertical ? m_font.vertical(base) : m_font.horizontal(base);
    quint32 index = base;
    bool enough = (vertical ? box.height() : box.width()) * em >= wanted;
    if (sizes != nullptr) {
        for (size_t i = 0; i < sizes->variants.size() && !enough; ++i) {
            index = sizes->variants[i].glyph;
            enough = m_font.em(sizes->variants[i].advance) * em >= wanted;
        }
        if (!enough && !sizes->parts.empty()) {
            return assembled(*sizes, wanted, vertical, manner);
        }
    }
    Picture result = glyph(index, manner);
    if (!vertical) { // as wide as its ink: accents have no width of their own
        const QRectF ink = m_font.bounds(index);
        Picture shifted;
        shifted.width = ink.width() * em;
        shifted.ascent = result.ascent;
        shifted.descent = result.descent;
        shifted.place(std::move(result), -ink.left() * em, 0);
        return shifted;
    }
    return result;
}

/// A delimiter around the axis; a space where there is none.
Picture Setter::delimiter(char32_t code, double wanted, Manner manner) {
    constexpr double kNullDelimiter = 0.12;
    Picture result;
    if (code == 0) {
        result.width = kNullDelimiter * m_pixelSize;
        return result;
    }
    Picture sign = stretched(code, wanted, true, manner);
    const double raise = axis(manner) - (sign.ascent - sign.descent) / 2;
    result.width = sign.width;
    result.ascent = sign.ascent + raise;
    result.descent = sign.descent - raise;
    result.place(std::move(sign), 0, raise);
    return result;
}

Picture Setter::enclosed(Picture content, char32_t left, char32_t right, double wanted, Manner manner) {
    Picture result;
    Picture opening = delimiter(left, wanted, manner);
    Picture closing = delimiter(right, wanted, manner);
    const double first = opening.width;
    const double second = first + content.width;
    result.width = second + closing.width;
    result.placeGrowing(std::move(content), first, 0);
    result.placeGrowing(std::move(opening), 0, 0);
    result.placeGrowing(std::move(closing), second, 0);
    return result;
}

/// Source: The TeXbook, appendix G, rule 19.
Picture Setter::delimited(const Node& node, Manner manner) {
    constexpr double kFactor = 0.901;  ///< \delimiterfactor
    constexpr double kShortfall = 0.5; ///< em: \delimitershortfall, 5pt
    std::vector<Picture> parts;
    double reach = 0;
    for (const List& part : node.parts) {
        parts.push_back(list(part, manner));
        reach = std::max({reach, parts.back().ascent - axis(manner), parts.back().descent + axis(manner)});
    }
    const double wanted = std::max(2 * reach * kFactor, 2 * reach - kShortfall * size(manner));
    Picture result;
    const auto put = [&](Picture&& next) {
        const double width = next.width;
        result.placeGrowing(std::move(next), result.width, 0);
        result.width += width;
    };
    put(delimiter(node.code, wanted, manner));
    for (size_t i = 0; i < parts.size(); ++i) {
        put(std::move(parts[i]));
        if (i < node.middles.size()) {
            put(delimiter(node.middles[i], wanted, manner));
        }
    }
    put(delimiter(node.right, wanted, manner));
    return result;
}

} // namespace alcuin::ui::math
