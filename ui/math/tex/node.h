#pragma once

#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace alcuin::ui::math {

/// What a formula may be made of. Beyond them it isn't set.
struct Limits {
    static constexpr qsizetype kSource = 16384; ///< UTF-16 code units
    static constexpr int kDepth = 48;           ///< of groups in groups
    static constexpr int kNodes = 6000;
    static constexpr int kCells = 1200;
    static constexpr int kColumns = 40;
    static constexpr double kExtent = 1500; ///< em, each way
    static constexpr size_t kMarks = 40000;
};

/// The classes of atoms; spacing depends on them alone. Source: The TeXbook, chapter 18.
enum class Atom : quint8 { kOrd, kOp, kBin, kRel, kOpen, kClose, kPunct, kInner };

enum class Alphabet : quint8 {
    kDefault, ///< letters slanted, the rest upright
    kUpright,
    kItalic,
    kBold,
    kBoldItalic,
    kDoubleStruck,
    kCalligraphic,
    kFraktur,
    kBoldFraktur,
    kSans,
    kSansBold,
    kSansItalic,
    kMonospace,
};

enum class Style : quint8 { kDisplay, kText, kScript, kScriptScript };

/// Where an operator's scripts stand.
enum class Place : quint8 { kBySize, kLimits, kBeside };

enum class Kind : quint8 {
    kSymbol,    ///< code (its alphabet already applied)
    kGroup,     ///< list: {...}, or \mathbin{...} with its atom
    kOperator,  ///< text: sin, lim
    kText,      ///< text in an upright, bold … alphabet, spaces kept
    kScripts,   ///< list: the nucleus; parts: sub, sup; each may be missing; wide: they belong to what follows
    kFraction,  ///< parts: numerator, denominator; code and right: delimiters; amount: rule in em, -1 the font's
    kRadical,   ///< list; parts: index, if any
    kAccent,    ///< list under the combining character code; wide: stretches
    kStretch,   ///< list with something as wide as it over (above) or under it: code, or a rule if code is 0
    kOverUnder, ///< list with parts[0] under and parts[1] over it, each possibly missing
    kArrow,     ///< code as long as parts[0] under and parts[1] over it need
    kDelimited, ///< parts between code, middles and right, as high as they need
    kBigDelim,  ///< code in size level 1 to 4
    kMiddle,    ///< \middle: only while parsing
    kArray,     ///< array
    kSpace,     ///< amount in em; forced: in this style (kScript: in all scripts) alone
    kStyle,     ///< what follows in its list is set in style
    kPhantom,   ///< list, invisible; see Phantom
    kFramed,    ///< list in a box, with a rule around it unless `wide`; on the colour `fill`, if any
    kStruck,    ///< list struck out; parts[0], if any, at the stroke's head; see Strike
    kNegated,   ///< list with a slash through it
    kTag,       ///< list at the end of the line
    kColour,    ///< what follows in its list is set in ink
    kRule,      ///< a black box, amount em wide and height em high, standing at raise
    kRaised,    ///< list, raised
    kSideset,   ///< list: an operator; parts: sub and sup before it, sub and sup behind it, each possibly empty
};

enum Phantom : quint8 { kHidden = 1, kNoWidth = 2, kNoAscent = 4, kNoDescent = 8, kToTheLeft = 16, kInTheMiddle = 32 };
enum Strike : quint8 { kRising = 1, kFalling = 2, kArrowed = 4 };

struct Node;
using List = std::vector<Node>;

enum class Column : quint8 { kLeft, kCenter, kRight };

/// A cell that takes the place of several; those behind it are empty.
struct Span {
    size_t row = 0;
    size_t column = 0;
    size_t count = 1;
    Column align = Column::kCenter;
    quint8 barBefore = 0; ///< vertical rules, in the place of the columns' own
    quint8 barAfter = 0;
};

/// A rule above a row, from one column to another.
struct PartialLine {
    size_t row = 0;
    size_t first = 0;
    size_t last = 0;
};

/// Rows of cells with what stands between them.
struct Array {
    std::vector<std::vector<List>> rows;
    std::vector<Column> columns;  ///< of the columns that are named; the last goes on
    std::vector<double> gapAfter; ///< em between column i and i + 1
    std::vector<quint8> bars;     ///< vertical rules before column i; one more entry at the end
    std::vector<double> rowGap;   ///< em, extra, below row i
    std::vector<quint8> lines;    ///< horizontal rules above row i; one more entry at the end
    std::vector<Span> spans;
    std::vector<PartialLine> partialLines;
    std::vector<std::optional<List>> tags; ///< of each row
    Style style = Style::kText;            ///< of the cells
    double leading = 1.2;                  ///< em from baseline to baseline
    double jot = 0;                        ///< em, extra, between rows
    double leftGap = 0;                    ///< em
    double rightGap = 0;
    char anchor = 'c';        ///< the baseline: t, c, b
    bool alternating = false; ///< even columns begin with an empty atom, as relations are aligned there
    bool staggered = false;   ///< first row to the left, last to the right
    bool small = false;       ///< no struts: rows as low as they are
    QString name;             ///< "matrix", "cases": for reading it aloud

    /// The span whose first cell this is.
    const Span* spanAt(size_t row, size_t column) const {
        for (const Span& span : spans) {
            if (span.row == row && span.column == column) {
                return &span;
            }
        }
        return nullptr;
    }
    /// How many rules stand before a column in a row: its own, unless a span says otherwise.
    int barsAt(size_t row, size_t column) const {
        int count = column < bars.size() ? bars[column] : 0;
        for (const Span& span : spans) {
            if (span.row == row && column >= span.column && column <= span.column + span.count) {
                const bool first = column == span.column;
                const bool behind = column == span.column + span.count;
                // What stands between two columns belongs to the left one.
                count = behind ? span.barAfter : !first ? 0 : column == 0 ? span.barBefore : count;
            }
        }
        return count;
    }
};

struct Node {
    Kind kind = Kind::kSymbol;
    Atom atom = Atom::kOrd;
    Alphabet alphabet = Alphabet::kDefault;
    Style style = Style::kText;
    Place place = Place::kBySize;
    bool above = true;
    bool wide = false;
    bool hasSub = false;
    bool hasSup = false;
    quint8 level = 0; ///< of a big delimiter; flags of phantoms and strikes
    char32_t code = 0;
    char32_t right = 0;
    quint32 ink = 0;  ///< 0xAARRGGBB; 0: that of what is around it
    quint32 fill = 0; ///< 0xAARRGGBB; 0: none
    double amount = 0;
    double height = 0; ///< em
    double raise = 0;  ///< em
    QString text;      ///< an operator's or a text's letters; how a symbol is read aloud, where a table names it
    List list;
    std::vector<List> parts;
    std::vector<char32_t> middles;
    std::shared_ptr<const Array> array;
    std::optional<Style> forced; ///< of a fraction: dfrac, tfrac; of a space: see there
};

inline Node nodeOf(Kind kind, Atom atom = Atom::kOrd) {
    Node node;
    node.kind = kind;
    node.atom = atom;
    return node;
}

} // namespace alcuin::ui::math
