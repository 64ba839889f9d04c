#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>

#include <array>
#include <vector>

namespace alcuin::ui::math {

/// The lengths of the MATH table's MathConstants, in its order. Percentages are whole numbers, the rest design units.
enum class Constant : quint8 {
    kMathLeading,
    kAxisHeight,
    kAccentBaseHeight,
    kFlattenedAccentBaseHeight,
    kSubscriptShiftDown,
    kSubscriptTopMax,
    kSubscriptBaselineDropMin,
    kSuperscriptShiftUp,
    kSuperscriptShiftUpCramped,
    kSuperscriptBottomMin,
    kSuperscriptBaselineDropMax,
    kSubSuperscriptGapMin,
    kSuperscriptBottomMaxWithSubscript,
    kSpaceAfterScript,
    kUpperLimitGapMin,
    kUpperLimitBaselineRiseMin,
    kLowerLimitGapMin,
    kLowerLimitBaselineDropMin,
    kStackTopShiftUp,
    kStackTopDisplayStyleShiftUp,
    kStackBottomShiftDown,
    kStackBottomDisplayStyleShiftDown,
    kStackGapMin,
    kStackDisplayStyleGapMin,
    kStretchStackTopShiftUp,
    kStretchStackBottomShiftDown,
    kStretchStackGapAboveMin,
    kStretchStackGapBelowMin,
    kFractionNumeratorShiftUp,
    kFractionNumeratorDisplayStyleShiftUp,
    kFractionDenominatorShiftDown,
    kFractionDenominatorDisplayStyleShiftDown,
    kFractionNumeratorGapMin,
    kFractionNumDisplayStyleGapMin,
    kFractionRuleThickness,
    kFractionDenominatorGapMin,
    kFractionDenomDisplayStyleGapMin,
    kSkewedFractionHorizontalGap,
    kSkewedFractionVerticalGap,
    kOverbarVerticalGap,
    kOverbarRuleThickness,
    kOverbarExtraAscender,
    kUnderbarVerticalGap,
    kUnderbarRuleThickness,
    kUnderbarExtraDescender,
    kRadicalVerticalGap,
    kRadicalDisplayStyleVerticalGap,
    kRadicalRuleThickness,
    kRadicalExtraAscender,
    kRadicalKernBeforeDegree,
    kRadicalKernAfterDegree,
    kCount
};

/// A piece of a glyph that is built from several.
struct AssemblyPart {
    quint32 glyph = 0;
    int startConnector = 0;
    int endConnector = 0;
    int advance = 0; ///< along the direction it stretches in
    bool extender = false;
};

/// The sizes a glyph can be had in, smallest first, and the pieces for any size beyond.
struct Construction {
    struct Variant {
        quint32 glyph = 0;
        int advance = 0;
    };
    std::vector<Variant> variants;
    std::vector<AssemblyPart> parts;
    int italics = 0; ///< of the assembly
};

/// How far a script may move in at one corner of a glyph: kerns[i] holds below heights[i], the last above all.
struct CornerKern {
    std::vector<int> heights;
    std::vector<int> kerns;

    int at(int height) const;
};
enum class Corner : quint8 { kTopRight, kTopLeft, kBottomRight, kBottomLeft };

/// An OpenType MATH table. All lengths in design units.
/// Source: the OpenType specification, "MATH - The mathematical typesetting table".
struct MathTable {
    std::array<int, size_t(Constant::kCount)> constants{};
    int scriptPercent = 0;
    int scriptScriptPercent = 0;
    int displayOperatorMinHeight = 0;
    int radicalDegreeBottomRaisePercent = 0;
    int minConnectorOverlap = 0;
    QHash<quint32, int> italics;
    QHash<quint32, int> accentAttachment;
    QHash<quint32, std::array<CornerKern, 4>> kerns;
    QHash<quint32, Construction> vertical;
    QHash<quint32, Construction> horizontal;

    int of(Constant constant) const {
        return constants[size_t(constant)];
    }
    /// Reads the table's bytes, which may be anything. False if there are no constants in it.
    bool read(const QByteArray& bytes);
};

} // namespace alcuin::ui::math
