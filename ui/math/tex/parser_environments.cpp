#include "math/tex/parser.h"

#include <algorithm>
#include <iterator>

namespace alcuin::ui::math {

namespace {

using Type = Token::Type;

constexpr double kQuad = 1;
constexpr double kPairGap = 1;         ///< between two pairs of aligned columns: amsmath, \minalignsep
constexpr double kWidePairGap = 2;     ///< the same where the formula has the line for itself
constexpr double kJot = 0.3;           ///< between the lines of a display. Source: The LaTeX Companion, amsmath
constexpr double kBarGap = 0.5;        ///< \arraycolsep
constexpr double kSmallGap = 5.0 / 18; ///< between the columns of a small matrix: \thickspace
constexpr double kThinGap = 3.0 / 18;

enum class Shape : quint8 { kMatrix, kSmallMatrix, kCases, kAligned, kGathered, kMultline, kArray, kSubarray, kPlain };

struct Environment {
    const char16_t* name;
    Shape shape;
    char32_t left = 0;
    char32_t right = 0;
    bool numbered = false; ///< stands alone on its line: may have an asterisk
    bool counted = false;  ///< an argument says how many pairs
    Style style = Style::kText;
};

constexpr Environment kEnvironments[] = {
    {u"matrix", Shape::kMatrix},
    {u"pmatrix", Shape::kMatrix, U'(', U')'},
    {u"bmatrix", Shape::kMatrix, U'[', U']'},
    {u"Bmatrix", Shape::kMatrix, U'{', U'}'},
    {u"vmatrix", Shape::kMatrix, U'|', U'|'},
    {u"Vmatrix", Shape::kMatrix, 0x2016, 0x2016},
    {u"smallmatrix", Shape::kSmallMatrix},
    {u"psmallmatrix", Shape::kSmallMatrix, U'(', U')'},
    {u"bsmallmatrix", Shape::kSmallMatrix, U'[', U']'},
    {u"vsmallmatrix", Shape::kSmallMatrix, U'|', U'|'},
    {u"cases", Shape::kCases, U'{', 0},
    {u"dcases", Shape::kCases, U'{', 0, false, false, Style::kDisplay},
    {u"rcases", Shape::kCases, 0, U'}'},
    {u"drcases", Shape::kCases, 0, U'}', false, false, Style::kDisplay},
    {u"aligned", Shape::kAligned},
    {u"alignedat", Shape::kAligned, 0, 0, false, true},
    {u"align", Shape::kAligned, 0, 0, true},
    {u"alignat", Shape::kAligned, 0, 0, true, true},
    {u"flalign", Shape::kAligned, 0, 0, true},
    {u"split", Shape::kAligned},
    {u"eqnarray", Shape::kArray, 0, 0, true, false, Style::kDisplay},
    {u"gather", Shape::kGathered, 0, 0, true},
    {u"gathered", Shape::kGathered},
    {u"multline", Shape::kMultline, 0, 0, true},
    {u"multlined", Shape::kMultline},
    {u"array", Shape::kArray},
    {u"subarray", Shape::kSubarray},
    {u"equation", Shape::kPlain, 0, 0, true},
    {u"displaymath", Shape::kPlain},
    {u"math", Shape::kPlain},
};

const Environment* environmentNamed(QStringView name) {
    const bool starred = name.endsWith(u'*');
    const QStringView plain = starred ? name.chopped(1) : name;
    for (const Environment& environment : kEnvironments) {
        if (plain == QStringView(environment.name)) {
            const bool star = environment.numbered || environment.shape == Shape::kMatrix;
            return starred && !star ? nullptr : &environment;
        }
    }
    return nullptr;
}

void setShape(Array& array, const Environment& environment) {
    array.style = environment.style;
    switch (environment.shape) {
    case Shape::kMatrix:
        array.name = QStringLiteral("matrix");
        array.gapAfter = {kQuad};
        break;
    case Shape::kSmallMatrix:
        array.name = QStringLiteral("matrix");
        array.gapAfter = {kSmallGap};
        array.leftGap = array.rightGap = kThinGap;
        array.style = Style::kScript;
        array.small = true;
        break;
    case Shape::kCases:
        array.name = QStringLiteral("cases");
        array.columns = {Column::kLeft};
        array.gapAfter = {kQuad};
        array.leading = 1.44;
        break;
    case Shape::kAligned:
        array.name = QStringLiteral("lines");
        array.columns = {Column::kRight, Column::kLeft};
        array.gapAfter = {0, environment.counted ? 0 : environment.numbered ? kWidePairGap : kPairGap};
        array.style = Style::kDisplay;
        array.alternating = true;
        array.jot = kJot;
        break;
    case Shape::kGathered:
    case Shape::kMultline:
        array.name = QStringLiteral("lines");
        array.columns = {Column::kCenter};
        array.style = Style::kDisplay;
        array.jot = kJot;
        array.staggered = environment.shape == Shape::kMultline;
        break;
    case Shape::kArray:
        array.name = QStringLiteral("table");
        array.gapAfter = {2 * kBarGap};
        if (environment.numbered) { // eqnarray
            array.columns = {Column::kRight, Column::kCenter, Column::kLeft};
            array.gapAfter = {0.28};
            array.jot = kJot;
        }
        break;
    case Shape::kSubarray:
        array.name = QStringLiteral("lines");
        array.style = Style::kScript;
        array.small = true;
        break;
    case Shape::kPlain:
        break;
    }
}

/// Columns beyond the named ones take them again from the first, as pairs do, or the last one.
void fillColumns(Array& array) {
    size_t count = 1;
    for (const auto& row : array.rows) {
        count = std::max(count, row.size());
    }
    if (array.columns.empty()) {
        array.columns = {Column::kCenter};
    }
    if (array.gapAfter.empty()) {
        array.gapAfter = {kQuad};
    }
    const auto fill = [&](auto& values, size_t size) {
        const size_t period = values.size();
        while (values.size() < size) {
            values.push_back(array.alternating ? values[values.size() % period] : values.back());
        }
        values.resize(size);
    };
    fill(array.columns, count);
    fill(array.gapAfter, count);
    array.bars.resize(count + 1, 0);
}

Node arrayNode(Array array, char32_t left, char32_t right) {
    Node node;
    node.kind = Kind::kArray;
    node.atom = Atom::kInner;
    fillColumns(array);
    node.array = std::make_shared<const Array>(std::move(array));
    if (left == 0 && right == 0) {
        node.atom = Atom::kOrd;
        return node;
    }
    Node around;
    around.kind = Kind::kDelimited;
    around.atom = Atom::kInner;
    around.code = left;
    around.right = right;
    around.parts.resize(1);
    around.parts[0].push_back(std::move(node));
    return around;
}

} // namespace

bool isEnvironment(QStringView name) {
    return environmentNamed(name) != nullptr;
}

bool Parser::environment(QStringView, List& out) {
    QStringView name;
    if (!m_lexer.braced(name)) {
        return false;
    }
    name = name.trimmed();
    const Environment* environment = environmentNamed(name);
    if (environment == nullptr) {
        return false;
    }
    Array array;
    setShape(array, *environment);
    QStringView option;
    const qsizetype before = m_lexer.position();
    if (m_lexer.bracketed(option)) {
        const bool column = environment->shape == Shape::kMatrix && name.endsWith(u'*');
        if (column && !arrayColumns(option, array)) {
            return false;
        }
        if (!column && option != u"t" && option != u"c" && option != u"b") {
            m_lexer.seek(before); // a first cell that begins with a bracket
        } else if (!column) {
            array.anchor = char(option.at(0).unicode());
        }
    }
    const bool columns =
        environment->shape == Shape::kSubarray || (environment->shape == Shape::kArray && !environment->numbered);
    QStringView argument;
    const bool taken = (!columns && !environment->counted) || m_lexer.braced(argument);
    if (!taken || (columns && !arrayColumns(argument, array))) {
        return false;
    }
    if (!rows(array, name)) {
        return false;
    }
    if (environment->shape == Shape::kPlain) {
        if (array.rows.size() != 1 || array.rows[0].size() != 1) {
            return false;
        }
        if (array.tags[0]) {
            m_tag = std::move(array.tags[0]);
        }
        Node style;
        style.kind = Kind::kStyle;
        style.style = name == u"math" ? Style::kText : Style::kDisplay;
        Node node;
        node.kind = Kind::kGroup;
        node.list.push_back(std::move(style));
        std::move(array.rows[0][0].begin(), array.rows[0][0].end(), std::back_inserter(node.list));
        return add(out, std::move(node));
    }
    return add(out, arrayNode(std::move(array), environment->left, environment->right));
}

bool Parser::substack(QStringView, List& out) {
    if (m_lexer.next().type != Type::kOpen) {
        return false;
    }
    Array array;
    array.name = QStringLiteral("lines");
    array.columns = {Column::kCenter};
    array.style = Style::kScript;
    array.small = true;
    if (!rows(array, {}) || m_lexer.next().type != Type::kClose) {
        return false;
    }
    return add(out, arrayNode(std::move(array), 0, 0));
}

} // namespace alcuin::ui::math
