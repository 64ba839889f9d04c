#include <QHash>

#include <cmath>

#include "math/tex/parser.h"

namespace alcuin::ui::math {

namespace {

using Type = Token::Type;

constexpr double kMu = 1.0 / 18; ///< of an em

} // namespace

std::optional<double> lengthInEm(QStringView text) {
    text = text.trimmed();
    static constexpr struct {
        const char16_t* unit;
        double em;
    } kUnits[] = {{u"em", 1},     {u"ex", 0.43},   {u"mu", kMu},   {u"pt", 0.1}, {u"px", 0.075},
                  {u"cm", 2.845}, {u"mm", 0.2845}, {u"in", 7.227}, {u"pc", 1.2}};
    for (const auto& unit : kUnits) {
        if (text.endsWith(QStringView(unit.unit))) {
            bool good = false;
            const double number = text.chopped(2).trimmed().toDouble(&good);
            if (good && std::abs(number) < 1000) {
                return number * unit.em;
            }
            return std::nullopt;
        }
    }
    return std::nullopt;
}

bool Parser::kern(QStringView name, List& out) {
    QStringView length;
    if (name == u"hspace" || name == u"mspace") {
        if (const Token token = m_lexer.peek(); token.type == Type::kCharacter && token.code == U'*') {
            m_lexer.next();
        }
    }
    if (!m_lexer.braced(length)) { // \kern3mu: a number and two letters
        const Token first = m_lexer.peek();
        qsizetype end = first.start;
        const QStringView source = m_lexer.source();
        const auto isNumber = [](QChar c) { return c.isDigit() || c == u'.' || c == u'-' || c == u'+'; };
        while (end < source.size() && isNumber(source.at(end))) {
            ++end;
        }
        if (end + 2 > source.size()) {
            return false;
        }
        length = source.mid(first.start, end + 2 - first.start);
        m_lexer.seek(end + 2);
    }
    const auto amount = lengthInEm(length);
    Node node = nodeOf(Kind::kSpace);
    node.amount = amount.value_or(0);
    return amount && add(out, std::move(node));
}

bool Parser::space(QStringView name, List& out) {
    static const QHash<QString, double> table = {{QStringLiteral(","), 3 * kMu},
                                                 {QStringLiteral("thinspace"), 3 * kMu},
                                                 {QStringLiteral(":"), 4 * kMu},
                                                 {QStringLiteral(">"), 4 * kMu},
                                                 {QStringLiteral("medspace"), 4 * kMu},
                                                 {QStringLiteral(";"), 5 * kMu},
                                                 {QStringLiteral("thickspace"), 5 * kMu},
                                                 {QStringLiteral("!"), -3 * kMu},
                                                 {QStringLiteral("negthinspace"), -3 * kMu},
                                                 {QStringLiteral("negmedspace"), -4 * kMu},
                                                 {QStringLiteral("negthickspace"), -5 * kMu},
                                                 {QStringLiteral("quad"), 1},
                                                 {QStringLiteral("qquad"), 2},
                                                 {QStringLiteral("enspace"), 0.5},
                                                 {QStringLiteral("enskip"), 0.5}};
    Node node = nodeOf(Kind::kSpace);
    node.amount = table.value(name.toString(), 0.25); // the others are a space between words
    return add(out, std::move(node));
}

bool Parser::styleSwitch(QStringView name, List& out) {
    Node node = nodeOf(Kind::kStyle);
    node.style = name == u"displaystyle"  ? Style::kDisplay
                 : name == u"textstyle"   ? Style::kText
                 : name == u"scriptstyle" ? Style::kScript
                                          : Style::kScriptScript;
    return add(out, std::move(node));
}

} // namespace alcuin::ui::math
