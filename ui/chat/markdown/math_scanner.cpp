#include "chat/markdown/math_scanner.h"

#include "math/tex/parser.h"

#include <algorithm>

namespace alcuin::ui::markdown {

namespace {

constexpr qsizetype kLongestInline = 2000;   ///< bytes
constexpr qsizetype kLongestDisplay = 20000; ///< bytes

bool isAlnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Signs that words don't hold.
bool hasMathSign(QByteArrayView text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return QByteArrayView("\\^_=+*/<>|{}()[]&!").contains(c); });
}

/// What stands between \[ and \] in the middle of a line and isn't only text in brackets that were escaped.
bool isBracketedMath(QByteArrayView text) {
    for (qsizetype i = 0; i + 1 < text.size(); ++i) {
        if (text.at(i) == '=' || (text.at(i) == '\\' && isAlnum(text.at(i + 1)))) {
            return true;
        }
    }
    return !text.isEmpty() && isSpace(text.front()) && isSpace(text.back()) && hasMathSign(text);
}

/// Words with a space between them and nothing that only formulas have.
bool isProse(QByteArrayView text) {
    if (hasMathSign(text)) {
        return false;
    }
    qsizetype letters = 0;
    qsizetype longest = 0;
    bool space = false;
    for (const char c : text) {
        letters = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? letters + 1 : 0;
        longest = std::max(longest, letters);
        space = space || isSpace(c);
    }
    return space && longest >= 2;
}

} // namespace

std::vector<MathScanner::Formula> MathScanner::find() {
    std::vector<Formula> found;
    for (qsizetype at = 0; at < m_text.size();) {
        const char c = m_text.at(at);
        qsizetype end = 0;
        if (c == '`') {
            at = afterCodeSpan(at);
            continue;
        }
        if (c == 'h' && (m_text.sliced(at).startsWith("http://") || m_text.sliced(at).startsWith("https://"))) {
            while (at < m_text.size() && !isSpace(m_text.at(at)) && !QByteArrayView("<>()").contains(m_text.at(at))) {
                ++at;
            }
            continue;
        }
        if (c == '$') {
            qsizetype run = at;
            while (run < m_text.size() && m_text.at(run) == '$') {
                ++run;
            }
            end = run - at == 1 ? dollarFormula(at) : run - at == 2 ? displayFormula(at) : 0;
            if (end == 0) {
                at = run;
                continue;
            }
        } else if (c == '\\' && at + 1 < m_text.size()) {
            const char next = m_text.at(at + 1);
            end = next == '('   ? bracketFormula(at, ')')
                  : next == '[' ? bracketFormula(at, ']')
                  : next == 'b' ? std::max(environment(at), boxedAnswer(at))
                                : 0;
            if (end == 0) {
                at += 2;
                continue;
            }
        }
        if (end > 0) {
            found.push_back({at, end});
            at = end;
        } else {
            ++at;
        }
    }
    return found;
}

/// Where a code span that begins here ends, else where its backticks do.
qsizetype MathScanner::afterCodeSpan(qsizetype at) {
    if (!m_ticksKnown) {
        m_ticksKnown = true;
        for (qsizetype i = 0; i < m_text.size();) {
            const qsizetype start = i;
            while (i < m_text.size() && m_text.at(i) == '`') {
                ++i;
            }
            if (i > start) {
                m_ticks[i - start].push_back(start);
            } else {
                ++i;
            }
        }
    }
    qsizetype run = at;
    while (run < m_text.size() && m_text.at(run) == '`') {
        ++run;
    }
    const std::vector<qsizetype>& places = m_ticks[run - at];
    const auto next = std::upper_bound(places.begin(), places.end(), at);
    return next == places.end() ? run : *next + (run - at);
}

/// The first place from `from` on where `sign` stands and no backslash makes it another one. `known` remembers it.
qsizetype MathScanner::nextUnescaped(qsizetype from, QByteArrayView sign, qsizetype& known) {
    if (known >= from) {
        return known;
    }
    qsizetype i = from;
    for (; i < m_text.size(); ++i) {
        if (m_text.sliced(i).startsWith(sign)) {
            break;
        }
        if (m_text.at(i) == '\\') {
            ++i;
        }
    }
    known = std::min(i, m_text.size());
    return known;
}

/// The whole rest, if nothing can be known of its end yet.
qsizetype MathScanner::unclosed(qsizetype at, bool display) const {
    const bool open = m_last && !m_text.sliced(at + 2).trimmed().isEmpty() && m_text.size() - at <= kLongestDisplay &&
                      linesFit(at, m_text.size(), display);
    return open ? m_text.size() : 0;
}

bool MathScanner::beginsLine(qsizetype at) const {
    while (at > 0 && (m_text.at(at - 1) == ' ' || m_text.at(at - 1) == '>')) {
        --at;
    }
    return at == 0 || m_text.at(at - 1) == '\n';
}

bool MathScanner::endsLine(qsizetype at) const {
    while (at < m_text.size() && (m_text.at(at) == ' ' || m_text.at(at) == '\r')) {
        ++at;
    }
    return at == m_text.size() || m_text.at(at) == '\n';
}

/// The lines that a formula goes on in may begin nothing else, and stand in as many quotes as its first.
bool MathScanner::linesFit(qsizetype from, qsizetype to, bool display) const {
    if (!m_text.sliced(from, to - from).contains('\n')) {
        return true;
    }
    qsizetype line = from;
    while (line > 0 && m_text.at(line - 1) != '\n') {
        --line;
    }
    const auto quotes = [&](qsizetype at, qsizetype& text) {
        int count = 0;
        for (text = at; text < to && (m_text.at(text) == ' ' || m_text.at(text) == '\t' || m_text.at(text) == '>');
             ++text) {
            count += m_text.at(text) == '>' ? 1 : 0;
        }
        return count;
    };
    qsizetype text = 0;
    const int depth = quotes(line, text);
    int breaks = 0;
    for (qsizetype at = m_text.indexOf('\n', from); at >= 0 && at < to; at = m_text.indexOf('\n', at + 1)) {
        if (quotes(at + 1, text) < depth) {
            return false;
        }
        const char first = text < to ? m_text.at(text) : '\n';
        if (!display && (++breaks > 1 || QByteArrayView("-+*#>|").contains(first))) {
            return false;
        }
    }
    return true;
}

bool MathScanner::isFormula(qsizetype from, qsizetype to, bool ownLine) const {
    const QByteArrayView inside = m_text.sliced(from, to - from);
    return !inside.trimmed().isEmpty() && (ownLine || !isProse(inside));
}

qsizetype MathScanner::dollarFormula(qsizetype at) {
    const qsizetype from = at + 1;
    if (from >= m_text.size() || isSpace(m_text.at(from)) || (at > 0 && isAlnum(m_text.at(at - 1)))) {
        return 0;
    }
    const qsizetype to = nextUnescaped(from, "$", m_dollar);
    if (to >= m_text.size() || to - from > kLongestInline || isSpace(m_text.at(to - 1))) {
        return 0;
    }
    const QByteArrayView inside = m_text.sliced(from, to - from);
    if (to + 1 < m_text.size()) {
        const char next = m_text.at(to + 1);
        const QByteArrayView rest = m_text.sliced(to + 1).first(std::min<qsizetype>(3, m_text.size() - to - 1));
        const bool ending = rest.startsWith("th") || rest.startsWith("st") || rest.startsWith("nd") ||
                            rest.startsWith("rd") || (next == 's' && (rest.size() < 2 || !isAlnum(rest.at(1))));
        if (next == '$' || isDigit(next) || (isAlnum(next) && !ending && !hasMathSign(inside))) {
            return 0;
        }
    }
    return isFormula(from, to, false) && !inside.contains('`') && linesFit(at, to, false) ? to + 1 : 0;
}

qsizetype MathScanner::displayFormula(qsizetype at) {
    const qsizetype from = at + 2;
    const qsizetype to = nextUnescaped(from, "$$", m_dollars);
    if (to >= m_text.size()) {
        return beginsLine(at) ? unclosed(at, true) : 0;
    }
    const bool ownLine = beginsLine(at) && endsLine(to + 2);
    return to - from <= kLongestDisplay && isFormula(from, to, ownLine) && linesFit(at, to, true) ? to + 2 : 0;
}

qsizetype MathScanner::bracketFormula(qsizetype at, char close) {
    const qsizetype from = at + 2;
    const bool display = close == ']';
    const char sign[] = {'\\', close, '\0'};
    const qsizetype to = nextUnescaped(from, sign, display ? m_square : m_round);
    const bool ownLine = display && beginsLine(at);
    if (to >= m_text.size()) {
        const bool begun = from >= m_text.size() || isSpace(m_text.at(from));
        return !display || (ownLine && begun) ? unclosed(at, display) : 0;
    }
    // A bracket that is only escaped: \[1\] and \[see below\] in the middle of a line.
    const QByteArrayView inside = m_text.sliced(from, to - from);
    if (display && !(ownLine && endsLine(to + 2)) && !isBracketedMath(inside)) {
        return 0;
    }
    const qsizetype longest = display ? kLongestDisplay : kLongestInline;
    return to - from <= longest && isFormula(from, to, ownLine && endsLine(to + 2)) && linesFit(at, to, display)
               ? to + 2
               : 0;
}

qsizetype MathScanner::environment(qsizetype at) {
    const QByteArrayView rest = m_text.sliced(at, std::min<qsizetype>(m_text.size() - at, 40));
    constexpr int kMostFailures = 40; // each may look far
    if (!rest.startsWith("\\begin{") || m_failures > kMostFailures) {
        return 0;
    }
    constexpr qsizetype kBegin = 7;
    const qsizetype brace = rest.indexOf('}');
    if (brace < 0 || !math::isEnvironment(QString::fromUtf8(rest.sliced(kBegin, brace - kBegin)))) {
        return 0;
    }
    const QByteArray name = rest.sliced(kBegin, brace - kBegin).toByteArray();
    const QByteArray begin = "\\begin{" + name + "}";
    const QByteArray end = "\\end{" + name + "}";
    int depth = 0;
    const qsizetype most = std::min(m_text.size(), at + kLongestDisplay);
    for (qsizetype i = at; i < most; ++i) {
        if (m_text.at(i) != '\\') {
            continue;
        }
        if (m_text.sliced(i).startsWith(begin)) {
            ++depth;
        } else if (m_text.sliced(i).startsWith(end) && --depth == 0) {
            const qsizetype to = i + end.size();
            return linesFit(at, to, true) ? to : 0;
        }
        ++i;
    }
    ++m_failures;
    return most == m_text.size() && beginsLine(at) ? unclosed(at, true) : 0;
}

/// \boxed{...} without signs around it, as models write their last line.
qsizetype MathScanner::boxedAnswer(qsizetype at) const {
    constexpr QByteArrayView kBoxed("\\boxed{");
    if (!m_text.sliced(at).startsWith(kBoxed)) {
        return 0;
    }
    int depth = 0;
    const qsizetype most = std::min(m_text.size(), at + kLongestInline);
    for (qsizetype i = at + kBoxed.size() - 1; i < most; ++i) {
        const char c = m_text.at(i);
        if (c == '\\') {
            ++i;
        } else if (c == '{') {
            ++depth;
        } else if (c == '}' && --depth == 0) {
            return linesFit(at, i + 1, false) ? i + 1 : 0;
        }
    }
    return 0;
}

} // namespace alcuin::ui::markdown
