#include "math/font/script_forms.h"

#include "math/font/table_reader.h"

#include <algorithm>

namespace alcuin::ui::math {

namespace {

constexpr int kMostFeatures = 1024;
constexpr int kMostLookups = 64;
constexpr int kMostSubtables = 64;
constexpr int kMostForms = 4;

enum LookupType : quint16 { kSingle = 1, kAlternate = 3, kExtension = 7 };

void readSingle(const TableReader& table, ScriptForms& forms) {
    const std::vector<quint32> glyphs = coverage(table.sub(2));
    for (size_t i = 0; i < glyphs.size(); ++i) {
        if (table.word(0) == 1) {
            forms[glyphs[i]].push_back(quint16(glyphs[i] + table.word(4)));
        } else if (i < table.word(4)) {
            forms[glyphs[i]].push_back(table.word(6 + 2 * qsizetype(i)));
        }
    }
}

void readAlternates(const TableReader& table, ScriptForms& forms) {
    const std::vector<quint32> glyphs = coverage(table.sub(2));
    const size_t count = std::min<size_t>(glyphs.size(), table.word(4));
    for (size_t i = 0; i < count; ++i) {
        const TableReader set = table.sub(6 + 2 * qsizetype(i));
        const int alternates = std::min<int>(set.word(0), kMostForms);
        for (int j = 0; j < alternates; ++j) {
            forms[glyphs[i]].push_back(set.word(2 + 2 * j));
        }
    }
}

void readLookup(const TableReader& lookup, ScriptForms& forms) {
    const int subtables = std::min<int>(lookup.word(4), kMostSubtables);
    for (int i = 0; i < subtables; ++i) {
        TableReader table = lookup.sub(6 + 2 * i);
        quint16 type = lookup.word(0);
        if (type == kExtension) {
            type = table.word(2);
            table = table.at(table.longWord(4));
        }
        if (type == kSingle) {
            readSingle(table, forms);
        } else if (type == kAlternate) {
            readAlternates(table, forms);
        }
    }
}

} // namespace

ScriptForms readScriptForms(const QByteArray& bytes) {
    constexpr quint32 kTag = ('s' << 24) | ('s' << 16) | ('t' << 8) | 'y';
    ScriptForms forms;
    const TableReader header(bytes);
    const TableReader features = header.sub(6);
    const TableReader lookups = header.sub(8);
    if (header.word(0) != 1 || features.isEmpty() || lookups.isEmpty()) {
        return forms;
    }
    const int count = std::min<int>(features.word(0), kMostFeatures);
    for (int i = 0; i < count; ++i) {
        if (features.longWord(2 + 6 * i) != kTag) {
            continue;
        }
        const TableReader feature = features.sub(2 + 6 * i + 4);
        const int indexes = std::min<int>(feature.word(2), kMostLookups);
        for (int j = 0; j < indexes; ++j) {
            readLookup(lookups.sub(2 + 2 * qsizetype(feature.word(4 + 2 * j))), forms);
        }
        break; // the same for every script of the world
    }
    return forms;
}

} // namespace alcuin::ui::math
