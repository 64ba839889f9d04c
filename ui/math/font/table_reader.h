#pragma once

#include <QByteArray>

#include <vector>

namespace alcuin::ui::math {

/// Big-endian numbers at places that may lie outside: those are 0.
class TableReader {
public:
    explicit TableReader(const QByteArray& bytes, qsizetype start = 0) : m_bytes(&bytes), m_start(start) {}

    quint16 word(qsizetype at) const {
        const qsizetype i = m_start + at;
        if (i < 0 || i + 1 >= m_bytes->size()) {
            return 0;
        }
        return quint16((quint8(m_bytes->at(i)) << 8) | quint8(m_bytes->at(i + 1)));
    }
    int value(qsizetype at) const {
        return qint16(word(at));
    }
    /// The table whose 16-bit offset stands at `at`; empty if that is 0.
    TableReader sub(qsizetype at) const {
        const quint16 offset = word(at);
        return TableReader(*m_bytes, offset == 0 ? m_bytes->size() : m_start + offset);
    }
    quint32 longWord(qsizetype at) const {
        return (quint32(word(at)) << 16) | word(at + 2);
    }
    /// The table that begins so many bytes behind this one's beginning.
    TableReader at(qsizetype offset) const {
        return TableReader(*m_bytes, m_start + offset);
    }
    bool isEmpty() const {
        return m_start >= m_bytes->size();
    }

private:
    const QByteArray* m_bytes; ///< never null
    qsizetype m_start = 0;
};

/// The glyphs of an OpenType Coverage table, in the order of their indexes.
std::vector<quint32> coverage(const TableReader& table);

} // namespace alcuin::ui::math
