#include "math/tex/chemistry.h"

#include <algorithm>

namespace alcuin::ui::math {

namespace {

constexpr int kDeepest = 6; ///< of groups and labels in each other

struct Arrow {
    const char16_t* typed;
    const char16_t* bare;     ///< without words
    const char16_t* labelled; ///< with words over and under it
};
// The longer ones first: each is the beginning of one before it.
constexpr Arrow kArrows[] = {
    {u"<-->", u"\\longleftrightarrow ", u"\\xleftrightarrow"},
    {u"<=>>", u"\\xrightleftharpoons{\\quad}", u"\\xrightleftharpoons"},
    {u"<<=>", u"\\xrightleftharpoons{\\quad}", u"\\xrightleftharpoons"},
    {u"<=>", u"\\xrightleftharpoons{\\quad}", u"\\xrightleftharpoons"},
    {u"<->", u"\\longleftrightarrow ", u"\\xleftrightarrow"},
    {u"-->", u"\\longrightarrow ", u"\\xrightarrow"},
    {u"->", u"\\longrightarrow ", u"\\xrightarrow"},
    {u"<-", u"\\longleftarrow ", u"\\xleftarrow"},
    {u"\u2192", u"\\longrightarrow ", u"\\xrightarrow"},
    {u"\u27F6", u"\\longrightarrow ", u"\\xrightarrow"},
    {u"\u21CC", u"\\xrightleftharpoons{\\quad}", u"\\xrightleftharpoons"},
    {u"\u2194", u"\\longleftrightarrow ", u"\\xleftrightarrow"},
};

bool isMinus(QChar c) {
    return c == u'-' || c == QChar(0x2212) || c == QChar(0x2013);
}

class Chemistry {
public:
    Chemistry(QStringView source, int depth) : m_source(source), m_depth(depth) {}

    std::optional<QString> read() {
        bool good = m_depth <= kDeepest;
        while (good && m_at < m_source.size()) {
            good = piece();
        }
        return good ? std::optional<QString>(m_tex) : std::nullopt;
    }

private:
    QChar at(qsizetype place) const {
        return place >= 0 && place < m_source.size() ? m_source.at(place) : QChar(u' ');
    }
    bool endsWordAt(qsizetype place) const {
        return at(place).isSpace() || QStringView(u")]},;:").contains(at(place));
    }
    /// Writes something; `carries`: a number or a sign right behind it belongs to it.
    bool write(QStringView tex, bool carries) {
        m_tex += tex;
        m_carries = carries;
        m_gap = false;
        m_raised = false;
        m_lowered = false;
        m_before = false;
        return true;
    }
    /// The space that was typed before a formula, if it parts it from another.
    void gap() {
        if (m_gap && m_afterFormula) {
            m_tex += u"\\ ";
        }
        m_gap = false;
    }

    bool piece() {
        const QChar c = at(m_at);
        if (c.isSpace()) {
            ++m_at;
            m_gap = true;
            m_carries = false;
            return true;
        }
        if (arrow()) {
            return true;
        }
        if (c.isLetter()) {
            return letters();
        }
        if (c.isDigit()) {
            return m_carries ? count() : amount();
        }
        if (c == u'+' || isMinus(c)) {
            return sign(c == u'+');
        }
        switch (c.unicode()) {
        case '^':
        case '_':
            return script();
        case '(':
        case '[':
            return open();
        case ')':
        case ']':
            ++m_at;
            m_afterFormula = true;
            return write(QString(c), true);
        case '{':
            return group();
        case '\\':
            return command();
        case '$':
            return mathematics();
        default:
            return mark(c);
        }
    }

    bool arrow() {
        for (const Arrow& arrow : kArrows) {
            const QStringView typed(arrow.typed);
            if (!m_source.mid(m_at).startsWith(typed)) {
                continue;
            }
            m_at += typed.size();
            std::optional<QString> above = label();
            std::optional<QString> below = above ? label() : std::nullopt;
            m_afterFormula = false;
            if (!above) {
                return write(arrow.bare, false);
            }
            const QString under = below ? QStringLiteral("[{%1}]").arg(*below) : QString();
            return write(QString(QStringView(arrow.labelled).toString() + under + u'{' + *above + u'}'), false);
        }
        return false;
    }

    /// What stands in brackets right behind an arrow.
    std::optional<QString> label() {
        if (m_at >= m_source.size() || at(m_at) != u'[') {
            return std::nullopt;
        }
        int open = 0;
        for (qsizetype end = m_at; end < m_source.size(); ++end) {
            open += at(end) == u'[' || at(end) == u'{' ? 1 : at(end) == u']' || at(end) == u'}' ? -1 : 0;
            if (open == 0) {
                const QStringView inside = m_source.mid(m_at + 1, end - m_at - 1);
                m_at = end + 1;
                const auto tex = Chemistry(inside, m_depth + 1).read();
                return tex ? tex : QStringLiteral("\\text{%1}").arg(inside.toString().remove(u'\\'));
            }
        }
        return std::nullopt;
    }

    bool letters() {
        qsizetype end = m_at;
        while (end < m_source.size() && at(end).isLetter()) {
            ++end;
        }
        const QStringView word = m_source.mid(m_at, end - m_at);
        const bool alone = at(m_at - 1).isSpace() && endsWordAt(end);
        if (word == u"v" && alone) { // falls out
            m_at = end;
            return write(u"\\downarrow ", false);
        }
        const bool number =
            word.size() == 1 && word.front().isLower() && !m_carries && at(end).isSpace() && at(end + 1).isUpper();
        gap();
        m_at = end;
        if (number) { // so many of what follows
            m_afterFormula = false;
            return write(word.toString() + QStringLiteral("\\,"), false);
        }
        m_afterFormula = true;
        return write(QStringLiteral("\\mathrm{%1}").arg(word), true);
    }

    QStringView digits() {
        const qsizetype start = m_at;
        while (m_at < m_source.size() && at(m_at).isDigit()) {
            ++m_at;
        }
        return m_source.mid(start, m_at - start);
    }

    bool count() {
        write(QStringLiteral("_{%1}").arg(digits()), true);
        m_lowered = true;
        return true;
    }

    /// How many of what follows: 2, 0.5, 1/2.
    bool amount() {
        gap();
        QString number = digits().toString();
        if ((at(m_at) == u'.' || at(m_at) == u',') && at(m_at + 1).isDigit()) {
            number += at(m_at++) == u'.' ? QStringLiteral(".") : QStringLiteral("{,}");
            number += digits();
        } else if (at(m_at) == u'/' && at(m_at + 1).isDigit()) {
            ++m_at;
            number = QStringLiteral("\\tfrac{%1}{%2}").arg(number, digits().toString());
        }
        while (at(m_at).isSpace() && m_at < m_source.size()) {
            ++m_at;
        }
        const bool counts = at(m_at).isLetter() || QStringView(u"([{\\").contains(at(m_at));
        m_afterFormula = !counts;
        return write(number + (counts ? QStringLiteral("\\,") : QString()), false);
    }

    bool sign(bool plus) {
        const bool charge = m_carries && endsWordAt(m_at + 1);
        const bool bond = m_carries && !plus && !charge;
        ++m_at;
        if (charge && m_raised) { // a superscript and its sign are one
            m_tex.chop(1);
            m_tex += plus ? u"+}" : u"-}";
            return true;
        }
        if (charge) {
            m_tex += m_lowered ? u"{}" : u"";
            return write(plus ? u"^{+}" : u"^{-}", true);
        }
        if (bond) {
            m_afterFormula = true;
            return write(u"\\mathord{-}", false);
        }
        m_afterFormula = false;
        return write(plus ? u"+" : u"-", false);
    }

    /// Letters upright, signs as signs, a full stop as the dot of a radical.
    static std::optional<QString> scriptTex(QStringView text) {
        QString tex;
        for (const QChar c : text) {
            if (c.isLetter()) {
                tex += QStringLiteral("\\mathrm{%1}").arg(c);
            } else if (c == u'.' || c == QChar(0x2022) || c == QChar(0xB7)) {
                tex += u"\\bullet ";
            } else if (isMinus(c)) {
                tex += u'-';
            } else if (c.isDigit() || QStringView(u"+*/,()").contains(c) || c.isSpace()) {
                tex += c;
            } else {
                return std::nullopt;
            }
        }
        return tex;
    }

    bool script() {
        const bool raised = at(m_at++) == u'^';
        if (raised && (m_at >= m_source.size() || at(m_at).isSpace())) { // goes off
            return write(u"\\uparrow ", false);
        }
        QStringView inside;
        if (at(m_at) == u'{') {
            const qsizetype end = m_source.indexOf(u'}', m_at);
            if (end < 0) {
                return false;
            }
            inside = m_source.mid(m_at + 1, end - m_at - 1);
            m_at = end + 1;
        } else {
            const qsizetype start = m_at;
            while (at(m_at).isDigit() || (raised && (at(m_at) == u'.' || at(m_at) == u'*'))) {
                ++m_at;
            }
            const bool charge = raised && (at(m_at) == u'+' || isMinus(at(m_at)));
            if (charge || m_at == start) {
                ++m_at;
            }
            inside = m_source.mid(start, m_at - start);
        }
        auto tex = scriptTex(inside);
        if (!tex && inside.contains(u'\\')) {
            tex = inside.toString();
        }
        if (!tex || inside.isEmpty()) {
            return false;
        }
        const bool behind = m_carries || m_tex.endsWith(u'}');
        const bool carries = m_carries;
        if (!behind) { // an isotope's numbers stand before it
            gap();
            m_tex += m_tex.endsWith(u"\\prescripts") || m_before ? u"" : u"\\prescripts";
        } else if (raised && m_lowered) { // a charge stands behind a count, not over it
            m_tex += u"{}";
        }
        write(QString((raised ? u'^' : u'_') + QStringLiteral("{%1}").arg(*tex)), carries);
        m_raised = raised;
        m_lowered = !raised && behind;
        m_before = !behind;
        return true;
    }

    bool open() {
        static constexpr const char16_t* kStates[] = {u"(aq)", u"(s)", u"(l)", u"(g)", u"(v)", u"(^)"};
        for (const char16_t* state : kStates) {
            const QStringView typed(state);
            if (!m_source.mid(m_at).startsWith(typed)) {
                continue;
            }
            if (typed == u"(^)" || (typed == u"(v)" && m_gap)) {
                m_at += typed.size();
                return write(typed == u"(^)" ? u"\\uparrow " : u"\\downarrow ", false);
            }
            m_gap = false;
            m_at += typed.size();
            m_afterFormula = true;
            return write(QStringLiteral("\\,(\\mathrm{%1})").arg(typed.mid(1, typed.size() - 2)), true);
        }
        gap();
        m_afterFormula = false;
        return write(QString(at(m_at++)), false);
    }

    bool group() {
        int open = 0;
        for (qsizetype end = m_at; end < m_source.size(); ++end) {
            open += at(end) == u'{' ? 1 : at(end) == u'}' ? -1 : 0;
            if (open == 0) {
                const auto tex = Chemistry(m_source.mid(m_at + 1, end - m_at - 1), m_depth + 1).read();
                gap();
                m_at = end + 1;
                m_afterFormula = true;
                return tex && write(QString(u'{' + *tex + u'}'), true);
            }
        }
        return false;
    }

    /// A command with what stands in braces behind it, as it is; \bond{=} as the sign.
    bool command() {
        const qsizetype start = m_at++;
        while (m_at < m_source.size() && at(m_at).isLetter()) {
            ++m_at;
        }
        if (m_at == start + 1) {
            ++m_at;
        }
        const bool bond = m_source.mid(start, m_at - start) == u"\\bond";
        const qsizetype argument = m_at;
        while (m_at < m_source.size() && at(m_at) == u'{') {
            const qsizetype end = m_source.indexOf(u'}', m_at);
            if (end < 0) {
                return false;
            }
            m_at = end + 1;
        }
        if (bond) {
            const QStringView kind = m_source.mid(argument + 1, m_at - argument - 2);
            const bool known =
                kind == u"-" || kind == u"=" || kind == u"#" || kind == u"1" || kind == u"2" || kind == u"3";
            return known && write(kind == u"-" || kind == u"1"   ? u"\\mathord{-}"
                                  : kind == u"=" || kind == u"2" ? u"\\mathord{=}"
                                                                 : u"\\mathord{\\equiv}",
                                  false);
        }
        gap();
        m_afterFormula = true;
        return write(QString(m_source.mid(start, m_at - start).toString() + u' '), true);
    }

    bool mathematics() {
        const qsizetype end = m_source.indexOf(u'$', m_at + 1);
        if (end < 0) {
            return false;
        }
        gap();
        const QString inside = m_source.mid(m_at + 1, end - m_at - 1).toString();
        m_at = end + 1;
        m_afterFormula = true;
        return write(QString(u'{' + inside + u'}'), true);
    }

    bool mark(QChar c) {
        const bool close = m_carries && !at(m_at + 1).isSpace();
        ++m_at;
        switch (c.unicode()) {
        case '=':
            m_afterFormula = close;
            return write(close ? u"\\mathord{=}" : u"=", false);
        case '#':
            m_afterFormula = true;
            return write(u"\\mathord{\\equiv}", false);
        case '.':
        case '*':
        case 0xB7:
        case 0x22C5:
            m_afterFormula = false;
            return write(u"\\mathord{\\cdot}", false);
        case 0x2191:
            return write(u"\\uparrow ", false);
        case 0x2193:
            return write(u"\\downarrow ", false);
        case ',':
        case ';':
        case ':':
        case '/':
        case '|':
        case '\'':
            m_afterFormula = false;
            return write(QString(c), false);
        default:
            return false;
        }
    }

    QStringView m_source;
    int m_depth;
    qsizetype m_at = 0;
    QString m_tex;
    bool m_carries = false;      ///< numbers and signs belong to what was written last
    bool m_afterFormula = false; ///< what was written last is a formula, not a sign between two
    bool m_gap = false;          ///< a space was typed since
    bool m_raised = false;       ///< what was written last is a superscript
    bool m_lowered = false;      ///< ... a count, or another subscript
    bool m_before = false;       ///< ... a script of what follows
};

} // namespace

std::optional<QString> texOfChemistry(QStringView ce) {
    return Chemistry(ce, 0).read();
}

} // namespace alcuin::ui::math
