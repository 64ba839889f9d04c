#include "math/tex/colours.h"
#include "math/tex/parser.h"

#include <array>
#include <iterator>

namespace alcuin::ui::math {

/// \rule[raise]{width}{height}
bool Parser::rule(QStringView, List& out) {
    QStringView raise;
    QStringView width;
    QStringView height;
    const bool raised = m_lexer.bracketed(raise);
    if (!m_lexer.braced(width) || !m_lexer.braced(height)) {
        return false;
    }
    const auto up = raised ? lengthInEm(raise) : std::optional<double>(0);
    const auto wide = lengthInEm(width);
    const auto high = lengthInEm(height);
    if (!up || !wide || !high || *wide < 0) {
        return false;
    }
    Node node = nodeOf(Kind::kRule);
    node.amount = *wide;
    node.height = *high;
    node.raise = *up;
    return add(out, std::move(node));
}

/// \raisebox{length}{words}
bool Parser::raised(QStringView, List& out) {
    QStringView length;
    QStringView inside;
    Node node = nodeOf(Kind::kRaised);
    if (!m_lexer.braced(length) || !m_lexer.braced(inside)) {
        return false;
    }
    const auto raise = lengthInEm(length);
    node.raise = raise.value_or(0);
    return raise && textRun(inside, Alphabet::kUpright, node.list) && add(out, std::move(node));
}

/// \colorbox{ground}{words} and \fcolorbox{frame}{ground}{words}. The frame is drawn in the colour of the letters
/// around it: a frame in a colour of its own says nothing that the ground doesn't.
bool Parser::colourBox(QStringView name, List& out) {
    QStringView model;
    QStringView frame;
    QStringView ground;
    QStringView inside;
    (void)m_lexer.bracketed(model);
    const bool framed = name == u"fcolorbox";
    if ((framed && (!m_lexer.braced(frame) || !colourOf(model, frame))) || !m_lexer.braced(ground) ||
        !m_lexer.braced(inside)) {
        return false;
    }
    const auto fill = colourOf(model, ground);
    Node node = nodeOf(Kind::kFramed);
    node.wide = !framed;
    node.fill = fill.value_or(0);
    return fill && textRun(inside, Alphabet::kUpright, node.list) && add(out, std::move(node));
}

/// The label itself stands where its number would: which number that is, only the whole document knows. What stands
/// before a colon, as in eq:energy, says of what kind it is.
bool Parser::reference(QStringView name, List& out) {
    QStringView label;
    if (!m_lexer.braced(label) || label.trimmed().isEmpty()) {
        return false;
    }
    const QString plain = label.mid(label.indexOf(u':') + 1).trimmed().toString();
    Node node = nodeOf(Kind::kText);
    node.alphabet = Alphabet::kUpright;
    node.text = name == u"eqref" ? QStringLiteral("(%1)").arg(plain) : plain;
    return !plain.isEmpty() && add(out, std::move(node));
}

/// \sideset{_a^b}{_c^d}\prod: scripts at an operator's corners, which may have limits besides.
bool Parser::sideset(QStringView, List& out) {
    Node node = nodeOf(Kind::kSideset, Atom::kOp);
    node.parts.resize(4);
    for (size_t side = 0; side < 2; ++side) {
        QStringView typed;
        if (!m_lexer.braced(typed)) {
            return false;
        }
        Parser inner(typed, m_depth, m_nodes);
        std::optional<Formula> scripts = inner.formula();
        const bool none = scripts && scripts->list.empty();
        if (!scripts || scripts->tag ||
            (!none && (scripts->list.size() != 1 || scripts->list[0].kind != Kind::kScripts ||
                       !scripts->list[0].list.empty()))) {
            return false;
        }
        m_nodes = inner.m_nodes;
        for (size_t i = 0; !none && i < 2; ++i) {
            node.parts[2 * side + i] = std::move(scripts->list[0].parts[i]);
        }
    }
    if (isListEnd(m_lexer.peek()) || !atom(node.list) || node.list.empty() || node.list.back().atom != Atom::kOp) {
        return false;
    }
    node.place = node.list.back().place;
    node.text = node.list.back().text;
    return add(out, std::move(node));
}

} // namespace alcuin::ui::math
