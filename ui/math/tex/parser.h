#pragma once

#include "math/tex/lexer.h"
#include "math/tex/node.h"

namespace alcuin::ui::math {

/// A formula as it was understood.
struct Formula {
    List list;
    std::optional<List> tag;
};

/// Reads TeX's mathematics. Nothing if any of it isn't known, or if it exceeds Limits: a formula is set whole or not at
/// all. `tex` stands without its dollar signs.
std::optional<Formula> parseTex(QStringView tex);

/// \begin{name} begins something that parseTex() knows.
bool isEnvironment(QStringView name);

/// The formula in words, for those who hear it.
QString speak(const Formula& formula);

/// Reads one formula. A function that returns false has met what isn't known; nothing is read after that.
class Parser {
public:
    explicit Parser(QStringView source, int depth = 0, int nodes = 0)
        : m_lexer(source), m_depth(depth), m_nodes(nodes) {}

    std::optional<Formula> formula();

private:
    using Handler = bool (Parser::*)(QStringView, List&);
    static Handler handlerOf(QStringView name);

    // parser.cpp: lists and what stands in them
    bool list(List& out);
    bool element(List& out);
    bool atom(List& out);
    bool group(List& out);
    bool character(char32_t code, List& out);
    bool command(QStringView name, List& out);
    bool scripts(List& out);
    bool primes(List& out);
    bool typedScript(char32_t code, List& out);
    bool infix(QStringView name, List& numerator, List& denominator);
    bool argument(List& out);
    bool optionalArgument(List& out, bool& found);
    bool add(List& out, Node node);
    bool wrap(List& out, Kind kind, QStringView name);
    Node symbolNode(char32_t code, Atom atom, const QString& spoken) const;
    bool isListEnd(const Token& token) const;

    // one function for each kind of command: parser_letters.cpp, parser_fences.cpp, parser_around.cpp,
    // parser_spaces.cpp, parser_text.cpp, parser_boxes.cpp; parser_commands.cpp knows which command is whose
    bool accent(QStringView name, List& out);
    bool alphabet(QStringView name, List& out);
    bool alphabetSwitch(QStringView name, List& out);
    bool arrow(QStringView name, List& out);
    bool atomClass(QStringView name, List& out);
    bool bigDelimiter(QStringView name, List& out);
    bool binomial(QStringView name, List& out);
    bool bold(QStringView name, List& out);
    bool box(QStringView name, List& out);
    bool braket(QStringView name, List& out);
    bool cancel(QStringView name, List& out);
    bool delimited(QStringView name, List& out);
    bool dots(QStringView name, List& out);
    bool fraction(QStringView name, List& out);
    bool generalFraction(QStringView name, List& out);
    bool ignored(QStringView name, List& out);
    bool kern(QStringView name, List& out);
    bool label(QStringView name, List& out);
    bool limits(QStringView name, List& out);
    bool modulo(QStringView name, List& out);
    bool negated(QStringView name, List& out);
    bool operatorName(QStringView name, List& out);
    bool overUnder(QStringView name, List& out);
    bool phantom(QStringView name, List& out);
    bool raised(QStringView name, List& out);
    bool reference(QStringView name, List& out);
    bool rule(QStringView name, List& out);
    bool sideset(QStringView name, List& out);
    bool colourBox(QStringView name, List& out);
    bool prescript(QStringView name, List& out);
    bool root(QStringView name, List& out);
    bool space(QStringView name, List& out);
    bool stretch(QStringView name, List& out);
    bool styleSwitch(QStringView name, List& out);
    bool tag(QStringView name, List& out);
    bool text(QStringView name, List& out);
    bool textRun(QStringView source, Alphabet alphabet, List& out);
    bool textPiece(Lexer& lexer, Alphabet alphabet, QString& run, List& out);
    bool textPackage(Lexer& lexer, QStringView name, Alphabet alphabet, List& out);
    bool delimiter(char32_t& code);

    // parser_packages.cpp: what is written out in other commands first; colours
    bool chemistry(QStringView name, List& out);
    bool colour(QStringView name, List& out);
    bool quantity(QStringView name, List& out);
    bool shorthand(QStringView name, List& out);
    bool translated(const QString& tex, List& out);

    // parser_environments.cpp: what has rows; parser_rows.cpp: the rows themselves
    bool environment(QStringView name, List& out);
    bool substack(QStringView name, List& out);
    bool rows(Array& array, QStringView end);
    bool rowStart(Array& array);
    bool rowEnd(Array& array);
    bool partialLine(Array& array);
    bool cells(Array& array, std::vector<List>& row);
    bool columnGap(QStringView between, double& gap);
    bool arrayColumns(QStringView typed, Array& array);

    Lexer m_lexer;
    Alphabet m_alphabet = Alphabet::kDefault;
    bool m_bold = false;
    bool m_stopAtBracket = false;
    int m_depth = 0;
    int m_nodes = 0;
    int m_cells = 0;
    std::optional<List> m_tag;
};

/// Counts one level deeper as long as it lives.
class Deeper {
public:
    explicit Deeper(int& depth) : m_depth(++depth) {}
    ~Deeper() {
        --m_depth;
    }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    bool tooDeep() const {
        return m_depth > Limits::kDepth;
    }

private:
    int& m_depth;
};

/// A length like "2em", "-3pt", "4mu" in em; nothing for what isn't one.
std::optional<double> lengthInEm(QStringView text);

} // namespace alcuin::ui::math
