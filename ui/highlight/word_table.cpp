#include "highlight/language.h"

#include <bit>

namespace alcuin::ui::highlight {

namespace {
char16_t folded(char16_t c, bool ignoreCase) {
    return ignoreCase && c >= u'A' && c <= u'Z' ? char16_t(c + 32) : c;
}
} // namespace

/// FNV-1a over UTF-16 units. Source: Fowler, Noll, Vo, draft-eastlake-fnv.
std::uint32_t WordTable::hashOf(QStringView word, bool ignoreCase) {
    std::uint32_t hash = 2166136261U;
    for (const QChar c : word) {
        hash = (hash ^ folded(c.unicode(), ignoreCase)) * 16777619U;
    }
    return hash;
}

bool WordTable::add(const QString& word, Word what, bool ignoreCase) {
    const QString text = ignoreCase ? word.toLower() : word;
    if (m_known.contains(text) || word.size() > kLongest) {
        return false;
    }
    m_known.insert(text, int(m_entries.size()));
    m_entries.push_back({text, what, hashOf(text, false)});
    return true;
}

void WordTable::finish() {
    m_known.clear();
    m_slots.assign(std::bit_ceil(2 * m_entries.size() + 2), 0);
    const size_t mask = m_slots.size() - 1;
    for (size_t i = 0; i < m_entries.size(); ++i) {
        size_t slot = m_entries[i].hash & mask;
        while (m_slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        m_slots[slot] = std::uint16_t(i + 1);
    }
}

const Word* WordTable::find(QStringView word, bool ignoreCase) const {
    if (word.size() > kLongest || m_slots.empty()) {
        return nullptr;
    }
    const std::uint32_t hash = hashOf(word, ignoreCase);
    const size_t mask = m_slots.size() - 1;
    for (size_t slot = hash & mask; m_slots[slot] != 0; slot = (slot + 1) & mask) {
        const Entry& entry = m_entries[m_slots[slot] - 1U];
        if (entry.hash != hash || entry.text.size() != word.size()) {
            continue;
        }
        bool same = true;
        for (int i = 0; i < int(word.size()) && same; ++i) {
            same = folded(word[i].unicode(), ignoreCase) == entry.text[i].unicode();
        }
        if (same) {
            return &entry.what;
        }
    }
    return nullptr;
}

} // namespace alcuin::ui::highlight
