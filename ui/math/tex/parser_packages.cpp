#include <QList>

#include <iterator>

#include "math/tex/chemistry.h"
#include "math/tex/colours.h"
#include "math/tex/macros.h"
#include "math/tex/parser.h"
#include "math/tex/units.h"

namespace alcuin::ui::math {

/// What a package's command comes to in the commands that are known: read by a parser of its own, set as one group.
bool Parser::translated(const QString& tex, List& out) {
    const Deeper deeper(m_depth);
    if (deeper.tooDeep() || tex.size() > Limits::kSource) {
        return false;
    }
    Parser inner(tex, m_depth, m_nodes);
    std::optional<Formula> inside = inner.formula();
    if (!inside || inside->tag) {
        return false;
    }
    m_nodes = inner.m_nodes;
    Node node = nodeOf(Kind::kGroup);
    node.list = std::move(inside->list);
    return add(out, std::move(node));
}

namespace {

/// "123 kJ/mol", "kJ//mol", "5": a number, a unit, or both, as they are typed; // makes a fraction.
std::optional<QString> texOfQuantity(QStringView typed) {
    const QChar first = typed.isEmpty() ? QChar() : typed.front();
    const bool counted = first.isDigit() || QStringView(u"+-.\u2212").contains(first);
    const qsizetype space = typed.indexOf(u' ');
    const QStringView number = !counted ? QStringView() : space < 0 ? typed : typed.left(space);
    const QStringView unit = !counted ? typed : space < 0 ? QStringView() : typed.mid(space + 1).trimmed();
    const auto digits = counted ? texOfNumber(number) : std::optional<QString>(QString());
    std::optional<QString> named = QString();
    if (const qsizetype over = unit.indexOf(u"//"); over > 0) {
        const auto above = texOfUnit(unit.left(over).trimmed());
        const auto below = texOfUnit(unit.mid(over + 2).trimmed());
        named = above && below ? std::optional<QString>(QStringLiteral("\\frac{%1}{%2}").arg(*above, *below))
                               : std::nullopt;
    } else if (!unit.isEmpty()) {
        named = texOfUnit(unit);
    }
    if (!digits || !named || (digits->isEmpty() && named->isEmpty())) {
        return std::nullopt;
    }
    return *digits + (digits->isEmpty() || named->isEmpty() ? QString() : QStringLiteral("\\,")) + *named;
}

} // namespace

bool Parser::chemistry(QStringView name, List& out) {
    QStringView inside;
    if (!m_lexer.braced(inside)) {
        return false;
    }
    if (name == u"pu") { // a number and a unit, as they are typed
        const auto tex = texOfQuantity(inside.trimmed());
        return tex && translated(*tex, out);
    }
    const auto tex = texOfChemistry(inside);
    return tex && translated(*tex, out);
}

bool Parser::quantity(QStringView name, List& out) {
    QStringView options;
    (void)m_lexer.bracketed(options); // how it looks is ours to say
    QStringView fields[3];
    const bool range = name == u"SIrange" || name == u"qtyrange";
    const bool measured = name == u"SI" || name == u"qty";
    const int count = range ? 3 : measured ? 2 : 1;
    for (int i = 0; i < count; ++i) {
        if (!m_lexer.braced(fields[i])) {
            return false;
        }
    }
    if (name == u"num" || name == u"ang") {
        const auto tex = name == u"num" ? texOfNumber(fields[0]) : texOfAngle(fields[0]);
        return tex && translated(*tex, out);
    }
    const auto unit = texOfUnit(fields[count - 1]);
    QString numbers;
    for (int i = 0; unit && i + 1 < count; ++i) {
        const auto number = texOfNumber(fields[i]);
        if (!number) {
            return false;
        }
        numbers += (i > 0 ? QStringLiteral("\\text{\u2013}") : QString()) + *number;
    }
    const bool raised = unit && (unit->startsWith(QLatin1String("\\mathrm{{}^{\\circ}}")) ||
                                 unit->startsWith(QLatin1String("\\mathrm{{}'")));
    const QString gap = numbers.isEmpty() || raised ? QString() : QStringLiteral("\\,");
    return unit && translated(numbers + gap + *unit, out);
}

/// \color{...} for what follows in its group, \textcolor{...}{...} for what is inside.
bool Parser::colour(QStringView name, List& out) {
    QStringView model;
    QStringView value;
    (void)m_lexer.bracketed(model);
    if (!m_lexer.braced(value)) {
        return false;
    }
    const auto ink = colourOf(model, value);
    if (!ink) {
        return false;
    }
    Node change = nodeOf(Kind::kColour);
    change.ink = *ink;
    if (name == u"color") {
        return add(out, std::move(change));
    }
    Node node = nodeOf(Kind::kGroup);
    node.list.push_back(std::move(change));
    List inside;
    if (!argument(inside)) {
        return false;
    }
    std::move(inside.begin(), inside.end(), std::back_inserter(node.list));
    return add(out, std::move(node));
}

bool Parser::shorthand(QStringView name, List& out) {
    const auto known = shorthandNamed(name);
    if (!known) {
        return false;
    }
    QList<QString> arguments;
    while (arguments.size() < known->arguments) {
        QStringView given;
        if (!m_lexer.braced(given)) {
            const Token token = m_lexer.peek();
            if (isListEnd(token)) {
                return false;
            }
            m_lexer.next();
            given = m_lexer.source().mid(token.start, token.end - token.start);
        }
        arguments.append(given.toString());
    }
    const auto tex = filledIn(known->body, arguments);
    if (!tex || !translated(*tex, out)) {
        return false;
    }
    if (Node& node = out.back(); node.list.size() == 1) { // an operator stays one, a fence a fence
        Node only = std::move(node.list.front());
        out.back() = std::move(only);
    }
    return true;
}

} // namespace alcuin::ui::math
