#include "math/font/math_table.h"

#include "math/font/table_reader.h"

#include <algorithm>

namespace alcuin::ui::math {

namespace {

constexpr int kMostParts = 64;
constexpr int kMostVariants = 64;
constexpr int kMostKerns = 64;
constexpr int kMathValue = 4; ///< bytes of a MathValueRecord: the value and a device table's place

/// Coverage and count, then one MathValueRecord for each glyph.
void readValues(const TableReader& table, QHash<quint32, int>& values) {
    if (table.isEmpty()) {
        return;
    }
    const std::vector<quint32> glyphs = coverage(table.sub(0));
    const size_t count = std::min<size_t>(glyphs.size(), table.word(2));
    for (size_t i = 0; i < count; ++i) {
        values.insert(glyphs[i], table.value(4 + kMathValue * qsizetype(i)));
    }
}

CornerKern cornerKern(const TableReader& table) {
    CornerKern kern;
    if (table.isEmpty()) {
        return kern;
    }
    const int count = std::min<int>(table.word(0), kMostKerns);
    for (int i = 0; i < count; ++i) {
        kern.heights.push_back(table.value(2 + kMathValue * i));
    }
    for (int i = 0; i <= count; ++i) {
        kern.kerns.push_back(table.value(2 + kMathValue * (count + i)));
    }
    return kern;
}

void readKerns(const TableReader& table, QHash<quint32, std::array<CornerKern, 4>>& kerns) {
    if (table.isEmpty()) {
        return;
    }
    const std::vector<quint32> glyphs = coverage(table.sub(0));
    const size_t count = std::min<size_t>(glyphs.size(), table.word(2));
    for (size_t i = 0; i < count; ++i) {
        std::array<CornerKern, 4> corners;
        for (size_t corner = 0; corner < corners.size(); ++corner) {
            corners[corner] = cornerKern(table.sub(4 + 8 * qsizetype(i) + 2 * qsizetype(corner)));
        }
        kerns.insert(glyphs[i], corners);
    }
}

Construction construction(const TableReader& table) {
    Construction result;
    const int variants = std::min<int>(table.word(2), kMostVariants);
    for (int i = 0; i < variants; ++i) {
        result.variants.push_back({table.word(4 + 4 * i), table.word(6 + 4 * i)});
    }
    const TableReader assembly = table.sub(0);
    if (!assembly.isEmpty()) {
        result.italics = assembly.value(0);
        const int parts = std::min<int>(assembly.word(4), kMostParts);
        for (int i = 0; i < parts; ++i) {
            const qsizetype at = 6 + 10 * i;
            result.parts.push_back({assembly.word(at), assembly.word(at + 2), assembly.word(at + 4),
                                    assembly.word(at + 6), (assembly.word(at + 8) & 1) != 0});
        }
    }
    return result;
}

void readConstructions(const TableReader& variants, int coverageAt, int countAt, int first,
                       QHash<quint32, Construction>& constructions) {
    const std::vector<quint32> glyphs = coverage(variants.sub(coverageAt));
    const size_t count = std::min<size_t>(glyphs.size(), variants.word(countAt));
    for (size_t i = 0; i < count; ++i) {
        const TableReader table = variants.sub(first + 2 * qsizetype(i));
        if (!table.isEmpty()) {
            constructions.insert(glyphs[i], construction(table));
        }
    }
}

} // namespace

int CornerKern::at(int height) const {
    if (kerns.empty()) {
        return 0;
    }
    const auto found = std::upper_bound(heights.begin(), heights.end(), height);
    return kerns[size_t(found - heights.begin())];
}

bool MathTable::read(const QByteArray& bytes) {
    const TableReader header(bytes);
    const TableReader constantsTable = header.sub(4);
    if (header.word(0) != 1 || constantsTable.isEmpty()) {
        return false;
    }
    scriptPercent = constantsTable.value(0);
    scriptScriptPercent = constantsTable.value(2);
    displayOperatorMinHeight = constantsTable.word(6);
    for (size_t i = 0; i < constants.size(); ++i) {
        constants[i] = constantsTable.value(8 + kMathValue * qsizetype(i));
    }
    radicalDegreeBottomRaisePercent = constantsTable.value(8 + kMathValue * qsizetype(constants.size()));

    const TableReader glyphInfo = header.sub(6);
    if (!glyphInfo.isEmpty()) {
        readValues(glyphInfo.sub(0), italics);
        readValues(glyphInfo.sub(2), accentAttachment);
        readKerns(glyphInfo.sub(6), kerns);
    }
    const TableReader variants = header.sub(8);
    if (!variants.isEmpty()) {
        constexpr int kFirst = 10;
        minConnectorOverlap = variants.word(0);
        readConstructions(variants, 2, 6, kFirst, vertical);
        readConstructions(variants, 4, 8, kFirst + 2 * variants.word(6), horizontal);
    }
    // What sizes depend on must be usable: a font that has it wrong can't set formulas.
    return scriptPercent > 0 && scriptScriptPercent > 0 && of(Constant::kFractionRuleThickness) > 0 &&
           of(Constant::kAxisHeight) > 0;
}

} // namespace alcuin::ui::math
