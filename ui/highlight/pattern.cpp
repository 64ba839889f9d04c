#include "highlight/pattern.h"

#include <algorithm>

namespace alcuin::ui::highlight {

namespace {

char16_t folded(char16_t c) {
    return c >= u'A' && c <= u'Z' ? char16_t(c + 32) : c;
}

bool isWord(char16_t c) {
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'_' ||
           (c >= 128 && (QChar(c).isLetterOrNumber() || QChar(c).isSurrogate()));
}

} // namespace

bool CharSet::contains(char16_t c) const {
    if (c < 128) {
        return (ascii[c >> 6] >> (c & 63) & 1) != 0;
    }
    if (letters == rest) {
        return letters;
    }
    return (QChar(c).isLetterOrNumber() || QChar(c).isMark() || QChar(c).isSurrogate()) ? letters : rest;
}

void CharSet::add(char16_t c) {
    if (c < 128) {
        ascii[c >> 6] |= std::uint64_t(1) << (c & 63);
    }
}

void CharSet::add(const CharSet& other) {
    ascii[0] |= other.ascii[0];
    ascii[1] |= other.ascii[1];
    letters = letters || other.letters;
    rest = rest || other.rest;
}

void CharSet::invert() {
    ascii = {~ascii[0], ~ascii[1]};
    letters = !letters;
    rest = !rest;
}

CharSet CharSet::all() {
    CharSet set;
    set.invert();
    return set;
}

/// One attempt.
class Pattern::Matcher {
public:
    Matcher(const Pattern& pattern, QStringView line, int start, QStringView held, Match& out)
        : m_pattern(pattern), m_line(line), m_start(start), m_held(held), m_out(out), m_at(start) {}

    bool run() {
        const bool found = alternatives(m_pattern.m_alternatives);
        m_out.end = found ? m_at : -1;
        m_out.steps = m_steps + m_looked;
        return found;
    }

private:
    bool alternatives(const std::vector<Sequence>& all) {
        const int at = m_at;
        for (const Sequence& sequence : all) {
            m_at = at;
            if (this->sequence(sequence)) {
                return true;
            }
        }
        m_at = at;
        return false;
    }

    bool sequence(const Sequence& nodes) {
        return std::ranges::all_of(nodes, [this](const Node& node) { return repeated(node); });
    }

    bool repeated(const Node& node) {
        if (node.what == What::kSet) {
            return setRun(node);
        }
        if (node.most == 1 && node.least == 1) {
            return once(node);
        }
        for (int count = 0; count < node.most; ++count) {
            const int at = m_at;
            if (!node.unbounded && at - m_start > kReach) {
                return count >= node.least;
            }
            if (!once(node)) {
                m_at = at;
                return count >= node.least;
            }
            if (m_at == at) {
                return true;
            }
        }
        return true;
    }

    bool setRun(const Node& node) {
        int most = int(m_line.size()) - m_at;
        if (!node.unbounded) {
            most = std::min(most, m_start + kReach - m_at);
        }
        most = std::min(most, node.most);
        int count = 0;
        while (count < most && node.set.contains(m_line[m_at + count].unicode())) {
            ++count;
        }
        m_at += count;
        m_looked += count + 1;
        return count >= node.least;
    }

    bool text(QStringView wanted) {
        if (m_line.size() - m_at < wanted.size()) {
            return false;
        }
        for (int i = 0; i < int(wanted.size()); ++i) {
            const char16_t c = m_line[m_at + i].unicode();
            if ((m_pattern.m_ignoreCase ? folded(c) : c) != wanted[i].unicode()) {
                return false;
            }
        }
        m_at += int(wanted.size());
        return true;
    }

    bool isWordAt(int at) const {
        return at >= 0 && at < m_line.size() && isWord(m_line[at].unicode());
    }

    bool once(const Node& node) {
        if (!node.unbounded && ++m_steps > kSteps) {
            return false;
        }
        switch (node.what) {
        case What::kLiteral:
            return text(node.literal);
        case What::kSet:
            return setRun(node);
        case What::kLineStart:
            return m_at == 0;
        case What::kLineEnd:
            return m_at == m_line.size();
        case What::kEdge:
            return isWordAt(m_at - 1) != isWordAt(m_at);
        case What::kHeld:
            return text(m_held);
        case What::kBehind:
            return (m_at > 0 && node.set.contains(m_line[m_at - 1].unicode())) != node.negated;
        case What::kAhead: {
            const int at = m_at;
            const bool found = alternatives(node.alternatives);
            m_at = at;
            return found != node.negated;
        }
        case What::kGroup: {
            const int at = m_at;
            if (!alternatives(node.alternatives)) {
                return false;
            }
            if (node.group > 0) {
                m_out.groups[size_t(node.group)] = {at, m_at};
            }
            return true;
        }
        }
        return false;
    }

    const Pattern& m_pattern;
    QStringView m_line;
    int m_start;
    QStringView m_held;
    Match& m_out;
    int m_at;
    int m_steps = 0;  ///< against kSteps
    int m_looked = 0; ///< in runs, which have a bound of their own
};

bool Pattern::match(QStringView line, int at, QStringView held, Match& out) const {
    for (int i = 0; i <= m_groups; ++i) {
        out.groups[size_t(i)] = {};
    }
    return Matcher(*this, line, at, held, out).run();
}

int Pattern::find(QStringView line, int from, int limit, QStringView held, qint64& steps) const {
    Match found;
    for (int at = from; at < limit; ++at) {
        ++steps;
        if (m_first.contains(line[at].unicode())) {
            const bool here = match(line, at, held, found);
            steps += found.steps;
            if (here) {
                return at;
            }
        }
    }
    return -1;
}

Pattern::Start Pattern::startOf(const Node& node) const {
    Start start;
    switch (node.what) {
    case What::kLiteral: {
        const char16_t c = node.literal.at(0).unicode();
        start.set.add(c);
        if (m_ignoreCase && c >= u'a' && c <= u'z') {
            start.set.add(char16_t(c - 32));
        }
        start.set.letters = start.set.rest = c >= 128;
        start.empty = false;
        break;
    }
    case What::kSet:
        start = {node.set, false};
        break;
    case What::kHeld: // what is held may be empty
        start = {CharSet::all(), true};
        break;
    case What::kGroup:
        start.empty = false;
        for (const Sequence& sequence : node.alternatives) {
            const Start one = startOf(sequence);
            start.set.add(one.set);
            start.empty = start.empty || one.empty;
        }
        break;
    default:
        break;
    }
    start.empty = start.empty || node.least == 0;
    return start;
}

Pattern::Start Pattern::startOf(const Sequence& sequence) const {
    Start start;
    for (const Node& node : sequence) {
        const Start one = startOf(node);
        start.set.add(one.set);
        if (!one.empty) {
            start.empty = false;
            break;
        }
    }
    return start;
}

/// What ends a pattern can't fail after it ran, so it may run as far as it likes.
void Pattern::markEnd(Sequence& sequence) {
    if (sequence.empty()) {
        return;
    }
    Node& last = sequence.back();
    if (last.what == What::kSet) {
        last.unbounded = true;
    } else if (last.what == What::kGroup && last.most == 1) {
        for (Sequence& inner : last.alternatives) {
            markEnd(inner);
        }
    }
}

} // namespace alcuin::ui::highlight
