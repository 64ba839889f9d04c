#include "highlight/pattern.h"

namespace alcuin::ui::highlight {

namespace {

CharSet range(char16_t from, char16_t to) {
    CharSet set;
    for (char16_t c = from; c <= to; ++c) {
        set.add(c);
    }
    return set;
}

/// The set that \x stands for; nothing if it stands for itself.
std::optional<CharSet> classOf(char16_t name) {
    CharSet set;
    switch (QChar::toLower(name)) {
    case u'd':
        set = range(u'0', u'9');
        break;
    case u'h':
        set = range(u'0', u'9');
        set.add(range(u'a', u'f'));
        set.add(range(u'A', u'F'));
        break;
    case u'w':
        set = range(u'0', u'9');
        set.add(range(u'a', u'z'));
        set.add(range(u'A', u'Z'));
        set.add(u'_');
        set.letters = true;
        break;
    case u's':
        set.add(u' ');
        set.add(u'\t');
        break;
    default:
        return {};
    }
    if (name < u'a') {
        set.invert();
    }
    return set;
}

} // namespace

/// Recursive descent over the text of one pattern; stops at the first error.
class Pattern::Reader {
public:
    Reader(const QString& text, bool ignoreCase, Pattern& pattern)
        : m_text(text), m_ignoreCase(ignoreCase), m_pattern(pattern) {}

    QString read() {
        m_pattern.m_alternatives = alternatives();
        if (m_error.isEmpty() && m_at < m_text.size()) {
            fail("a ) that closes nothing");
        }
        return m_error;
    }

private:
    void fail(const char* what) {
        if (m_error.isEmpty()) {
            m_error = QStringLiteral("%1, at %2 in %3").arg(QLatin1String(what)).arg(m_at).arg(m_text);
        }
    }
    bool more() const {
        return m_error.isEmpty() && m_at < m_text.size();
    }
    char16_t peek() const {
        return m_at < m_text.size() ? m_text.at(m_at).unicode() : u'\0';
    }
    bool take(const char* text) {
        const QLatin1String wanted(text);
        if (QStringView(m_text).mid(m_at).startsWith(wanted)) {
            m_at += int(wanted.size());
            return true;
        }
        return false;
    }

    std::vector<Sequence> alternatives() {
        std::vector<Sequence> all;
        do {
            all.push_back(sequence());
        } while (m_error.isEmpty() && take("|"));
        return all;
    }

    Sequence sequence() {
        Sequence nodes;
        while (more() && peek() != u'|' && peek() != u')') {
            Node node = element();
            if (!m_error.isEmpty()) {
                break;
            }
            quantify(node);
            const bool single = node.what == What::kLiteral && node.least == 1 && node.most == 1;
            if (single && !nodes.empty() && nodes.back().what == What::kLiteral && nodes.back().least == 1 &&
                nodes.back().most == 1) {
                nodes.back().literal += node.literal;
            } else {
                nodes.push_back(std::move(node));
            }
        }
        return nodes;
    }

    void quantify(Node& node) {
        const bool fits = node.what == What::kLiteral || node.what == What::kSet || node.what == What::kGroup;
        const char16_t sign = peek();
        if (sign != u'?' && sign != u'*' && sign != u'+') {
            return;
        }
        if (!fits) {
            return fail("nothing to repeat");
        }
        ++m_at;
        node.least = sign == u'+' ? 1 : 0;
        node.most = sign == u'?' ? 1 : kMany;
        if (peek() == u'?' || peek() == u'*' || peek() == u'+') {
            fail("two signs of repetition");
        }
        if (node.what == What::kLiteral && node.literal.at(0).unicode() < 128) { // a run of it is a run of a set
            node.what = What::kSet;
            const char16_t c = node.literal.at(0).unicode();
            node.set.add(c);
            if (m_ignoreCase && c >= u'a' && c <= u'z') {
                node.set.add(char16_t(c - 32));
            }
        }
    }

    Node element() {
        const char16_t c = peek();
        switch (c) {
        case u'(':
            return group();
        case u'[':
            return set();
        case u'\\':
            return escaped();
        case u'.':
            ++m_at;
            return {.what = What::kSet, .set = CharSet::all()};
        case u'^':
            ++m_at;
            return {.what = What::kLineStart};
        case u'$':
            ++m_at;
            return {.what = What::kLineEnd};
        case u'?':
        case u'*':
        case u'+':
            fail("nothing to repeat");
            return {};
        default:
            ++m_at;
            return literal(c);
        }
    }

    Node literal(char16_t c) const {
        const bool upper = m_ignoreCase && c >= u'A' && c <= u'Z';
        return {.what = What::kLiteral, .literal = QString(QChar(upper ? char16_t(c + 32) : c))};
    }

    Node escaped() {
        ++m_at;
        const char16_t c = peek();
        ++m_at;
        if (const auto set = classOf(c)) {
            return {.what = What::kSet, .set = *set};
        }
        if (c == u'b') {
            return {.what = What::kEdge};
        }
        if (c == u't') {
            return literal(u'\t');
        }
        if (c == u'1') {
            return {.what = What::kHeld};
        }
        if (QChar(c).isLetterOrNumber() || c == 0) {
            fail("an escape that means nothing");
        }
        return literal(c);
    }

    Node set() {
        ++m_at;
        CharSet set;
        const bool inverted = take("^");
        while (more() && peek() != u']') {
            char16_t from = peek();
            ++m_at;
            if (from == u'\\') {
                from = peek();
                ++m_at;
                if (const auto all = classOf(from)) {
                    set.add(*all);
                    continue;
                }
                if (from == u't') {
                    from = u'\t';
                } else if (QChar(from).isLetterOrNumber()) {
                    fail("an escape that means nothing");
                }
            }
            char16_t to = from;
            if (peek() == u'-' && m_at + 1 < m_text.size() && m_text.at(m_at + 1) != u']') {
                to = m_text.at(m_at + 1).unicode();
                m_at += 2;
            }
            if (from >= 128 || to >= 128 || to < from) {
                fail("a set has ASCII characters only, and ranges go up");
                return {};
            }
            set.add(range(from, to));
        }
        if (!take("]")) {
            fail("a [ without its ]");
        }
        if (m_ignoreCase) {
            for (char16_t c = u'a'; c <= u'z'; ++c) {
                const auto upper = char16_t(c - 32);
                if (set.contains(c) || set.contains(upper)) {
                    set.add(c);
                    set.add(upper);
                }
            }
        }
        if (inverted) {
            set.invert();
        }
        return {.what = What::kSet, .set = set};
    }

    Node behind(bool negated) {
        if (peek() != u'[') {
            fail("(?< wants a set");
            return {};
        }
        Node node = set();
        node.what = What::kBehind;
        node.negated = negated;
        close();
        return node;
    }

    void close() {
        if (!take(")")) {
            fail("a ( without its )");
        }
    }

    Node group() {
        ++m_at;
        if (take("?<!")) {
            return behind(true);
        }
        if (take("?<")) {
            return behind(false);
        }
        Node node{.what = What::kGroup};
        if (take("?!")) {
            node.what = What::kAhead;
            node.negated = true;
        } else if (take("?=")) {
            node.what = What::kAhead;
        } else if (!take("?:")) {
            node.group = ++m_pattern.m_groups;
            if (node.group > kMostGroups) {
                fail("too many groups");
                return {};
            }
        }
        if (++m_depth > kDeepest) {
            fail("groups nested too deeply");
            return {};
        }
        node.alternatives = alternatives();
        --m_depth;
        close();
        return node;
    }

    static constexpr int kDeepest = 8;
    const QString& m_text;
    bool m_ignoreCase;
    Pattern& m_pattern;
    QString m_error;
    int m_at = 0;
    int m_depth = 0;
};

tl::expected<Pattern, QString> Pattern::compile(const QString& text, bool ignoreCase) {
    Pattern pattern;
    pattern.m_ignoreCase = ignoreCase;
    if (const QString error = Reader(text, ignoreCase, pattern).read(); !error.isEmpty()) {
        return tl::unexpected(error);
    }
    for (Sequence& sequence : pattern.m_alternatives) {
        markEnd(sequence);
        const Start start = pattern.startOf(sequence);
        pattern.m_first.add(start.set);
        pattern.m_mayBeEmpty = pattern.m_mayBeEmpty || start.empty;
    }
    if (pattern.m_mayBeEmpty) {
        pattern.m_first = CharSet::all();
    }
    return pattern;
}

} // namespace alcuin::ui::highlight
