#pragma once

#include <QString>

#include "math/tex/parser.h"

namespace alcuin::ui::math {

/// Writes a tree as MathML. Each function appends one element for one node, or nothing.
class MathMlWriter {
public:
    explicit MathMlWriter(bool display = true) : m_display(display) {}
    QString formula(const Formula& formula);

private:
    /// The nodes from `from` on, one after the other, with the spaces between them.
    void list(const List& list, size_t from = 0);
    /// The list as exactly one element.
    void row(const List& list);
    /// The same where scripts or the parts of a fraction stand.
    void smallRow(const List& list);
    void node(const Node& node, Atom atom, int before, int after);

    // mathml.cpp: characters and what scripts hang on
    void symbol(const Node& node, Atom atom, int before, int after);
    void sign(char32_t code, const QString& attributes);
    void text(const Node& node);
    void scripts(const Node& node);
    /// What stands at a base that `base` writes: its scripts behind it, or over and under it.
    template <typename Base>
    void withScripts(const Node& node, bool over, const Base& base) {
        const char* tag = node.hasSub && node.hasSup ? (over ? "munderover" : "msubsup")
                          : node.hasSub              ? (over ? "munder" : "msub")
                                                     : (over ? "mover" : "msup");
        open(tag);
        base();
        if (node.hasSub) {
            smallRow(node.parts[0]);
        }
        if (node.hasSup) {
            smallRow(node.parts[1]);
        }
        close(tag);
    }
    void prescripts(const Node& node);
    void sideset(const Node& node);
    void fraction(const Node& node);
    void radical(const Node& node);
    void delimited(const Node& node);
    void fence(char32_t code, const char* form);
    void bigDelimiter(const Node& node);

    // mathml_around.cpp: what stands over, under and around something; tables
    void accent(const Node& node);
    void stretch(const Node& node);
    void ruled(const List& list, bool above);
    void overUnder(const Node& node);
    void arrow(const Node& node);
    void framed(const Node& node);
    void struck(const Node& node);
    void negated(const Node& node);
    void phantom(const Node& node);
    void rule(const Node& node);
    void raised(const Node& node);
    void array(const Array& array);
    void cell(const Array& array, size_t row, size_t column);

    void open(const char* tag, const QString& attributes = {});
    void close(const char* tag);

    QString m_out;
    bool m_display;       ///< the whole formula has a line for itself
    bool m_small = false; ///< in scripts, where only some spaces are kept
};

/// "0.278em"
QString emText(double amount);

} // namespace alcuin::ui::math
