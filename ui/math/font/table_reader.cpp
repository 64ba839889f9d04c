#include "math/font/table_reader.h"

namespace alcuin::ui::math {

std::vector<quint32> coverage(const TableReader& table) {
    std::vector<quint32> glyphs;
    if (table.isEmpty()) {
        return glyphs;
    }
    const int count = table.word(2);
    if (table.word(0) == 1) {
        for (int i = 0; i < count; ++i) {
            glyphs.push_back(table.word(4 + 2 * i));
        }
    } else if (table.word(0) == 2) {
        for (int i = 0; i < count && glyphs.size() < 0x10000; ++i) {
            const quint32 last = table.word(4 + 6 * i + 2);
            for (quint32 glyph = table.word(4 + 6 * i); glyph <= last && glyphs.size() < 0x10000; ++glyph) {
                glyphs.push_back(glyph);
            }
        }
    }
    return glyphs;
}

} // namespace alcuin::ui::math
