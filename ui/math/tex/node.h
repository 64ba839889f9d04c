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
    kScripts,   ///< list: the nucleus; parts: sub, sup; each may be missing
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
    kSpace,     ///< amount in em
    kStyle,     ///< what follows in its list is set in style
    kPhantom,   ///< list, invisible; see Phantom
    kFramed,    ///< list in a box
    kStruck,    ///< list struck out; see Strike
    kNegated,   ///< list with a slash through it
    kTag,       ///< list at the end of the line
    kColour,    ///< what follows in its list is set in ink
};

enum Phantom : quint8 { kHidden = 1, kNoWidth = 2, kNoAscent = 4, kNoDescent = 8, kToTheLeft = 16, kInTheMiddle = 32 };
enum Strike : quint8 { kRising = 1, kFalling = 2, kArrowed = 4 };

struct Node;
using List = std::vector<Node>;

enum class Column : quint8 { kLeft, kCenter, kRight };

/// Rows of cells with what stands between them.
struct Array {
    std::vector<std::vector<List>> rows;
    std::vector<Column> columns;           ///< of the columns that are named; the last goes on
    std::vector<double> gapAfter;          ///< em between column i and i + 1
    std::vector<quint8> bars;              ///< vertical rules before column i; one more entry at the end
    std::vector<double> rowGap;            ///< em, extra, below row i
    std::vector<quint8> lines;             ///< horizontal rules above row i; one more entry at the end
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
    quint32 ink = 0; ///< 0xAARRGGBB; 0: that of what is around it
    double amount = 0;
    QString text; ///< an operator's or a text's letters; how a symbol is read aloud, where a table names it
    List list;
    std::vector<List> parts;
    std::vector<char32_t> middles;
    std::shared_ptr<const Array> array;
    std::optional<Style> forced; ///< of a fraction: dfrac, tfrac
};

inline Node nodeOf(Kind kind, Atom atom = Atom::kOrd) {
    Node node;
    node.kind = kind;
    node.atom = atom;
    return node;
}

} // namespace alcuin::ui::math
