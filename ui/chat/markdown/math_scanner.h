#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QHash>

#include <vector>

namespace alcuin::ui::markdown {

/// Finds the formulas of one paragraph: of lines without an empty one or a fence between them. Takes time in
/// proportion to the text, whatever it is.
class MathScanner {
public:
    struct Formula {
        qsizetype start = 0;
        qsizetype end = 0;
    };
    /// last: nothing follows, so that a formula without an end may still get it.
    MathScanner(QByteArrayView paragraph, bool last) : m_text(paragraph), m_last(last) {}

    std::vector<Formula> find();

private:
    qsizetype afterCodeSpan(qsizetype at);
    qsizetype dollarFormula(qsizetype at);
    qsizetype displayFormula(qsizetype at);
    qsizetype bracketFormula(qsizetype at, char close);
    qsizetype environment(qsizetype at);
    qsizetype boxedAnswer(qsizetype at) const;
    qsizetype nextUnescaped(qsizetype from, QByteArrayView sign, qsizetype& known);
    qsizetype unclosed(qsizetype at, bool display) const;
    bool isFormula(qsizetype from, qsizetype to, bool ownLine) const;
    bool beginsLine(qsizetype at) const;
    bool endsLine(qsizetype at) const;
    bool linesFit(qsizetype from, qsizetype to, bool display) const;

    QByteArrayView m_text;
    bool m_last;
    qsizetype m_dollar = -1; ///< the next sign of each kind, as far as it was looked for
    qsizetype m_dollars = -1;
    qsizetype m_round = -1;
    qsizetype m_square = -1;
    QHash<qsizetype, std::vector<qsizetype>> m_ticks; ///< places of runs of backticks, by length
    bool m_ticksKnown = false;
    int m_failures = 0;
};

} // namespace alcuin::ui::markdown
