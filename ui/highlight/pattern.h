#pragma once

#include <QString>
#include <QStringView>

#include <array>
#include <cstdint>
#include <tl/expected.hpp>
#include <vector>

namespace alcuin::ui::highlight {

/// Some characters: any of ASCII, and of the others the letters (with marks, digits and surrogate pairs), or the rest.
struct CharSet {
    std::array<std::uint64_t, 2> ascii{};
    bool letters = false;
    bool rest = false;

    bool contains(char16_t c) const;
    void add(char16_t c);
    void add(const CharSet& other);
    void invert();
    static CharSet all();
};

/// A small language of patterns that never backtracks, so that matching is linear in what is matched.
///
///     x         that character; \ before a sign takes its meaning away
///     . \d \h \w \s     any character, digit, hexadecimal digit, letter or digit or _, blank; \D \W \S the others
///     [a-z_\d] [^"]     one of these ASCII characters; none of these
///     ? * +     after one of the above or a group: optional, any number, at least one. They take all they can and
///               never give back: "a*a" matches nothing, which is what makes this linear
///     a|b ( )   the first alternative that matches is taken, whatever follows; groups are counted from 1
///     (?:a)     a group that isn't counted
///     (?=a) (?!a)       a follows; doesn't follow
///     (?<[a]) (?<![a])  the one character before is of that set; isn't (at the line's start: isn't)
///     \t          the tab
///     ^ $ \b    the line's start, its end, the edge of a word
///     \1        the text that the context holds
///
/// Every attempt is bounded: what isn't the pattern's very end looks at most kReach characters ahead and takes at most
/// kSteps steps; where that isn't enough the pattern doesn't match.
class Pattern {
public:
    static constexpr int kReach = 256;
    static constexpr int kSteps = 512;
    static constexpr int kMostGroups = 9;

    struct Group {
        int start = -1;
        int end = -1;
    };
    struct Match {
        int end = -1;
        std::array<Group, kMostGroups + 1> groups{}; ///< of those inside alternatives not taken start is -1
        int steps = 0;                               ///< characters and nodes looked at, also where nothing matched
    };

    static tl::expected<Pattern, QString> compile(const QString& text, bool ignoreCase);

    /// Matches at exactly `at`. What lies before it is seen by ^ \b and (?< only.
    bool match(QStringView line, int at, QStringView held, Match& out) const;
    /// Where it first matches in [from, limit); -1.
    int find(QStringView line, int from, int limit, QStringView held, qint64& steps) const;

    /// With what a match may begin; all, where it may be empty.
    const CharSet& first() const {
        return m_first;
    }
    bool mayBeEmpty() const {
        return m_mayBeEmpty;
    }
    int groupCount() const {
        return m_groups;
    }

private:
    enum class What : std::uint8_t { kLiteral, kSet, kLineStart, kLineEnd, kEdge, kHeld, kGroup, kAhead, kBehind };
    struct Node;
    using Sequence = std::vector<Node>;
    struct Node {
        What what = What::kLiteral;
        bool negated = false;   ///< of kAhead, kBehind
        bool unbounded = false; ///< runs as far as it goes: it ends the pattern
        int least = 1;
        int most = 1; ///< kMany: any number
        int group = 0;
        QString literal{};
        CharSet set{};
        std::vector<Sequence> alternatives{};
    };
    static constexpr int kMany = 1 << 30;
    class Reader;
    class Matcher;

    struct Start {
        CharSet set{};
        bool empty = true;
    };
    Start startOf(const Sequence& sequence) const;
    Start startOf(const Node& node) const;
    static void markEnd(Sequence& sequence);

    std::vector<Sequence> m_alternatives;
    CharSet m_first;
    int m_groups = 0;
    bool m_mayBeEmpty = false;
    bool m_ignoreCase = false;
};

} // namespace alcuin::ui::highlight
