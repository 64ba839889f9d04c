#pragma once

#include <QStringView>

#include "math/tex/node.h"

namespace alcuin::ui::math {

/// A character that LaTeX or amsmath has a name for.
struct Symbol {
    char32_t code = 0;
    Atom atom = Atom::kOrd;
    bool largeOperator = false; ///< grows in display style
    bool limits = false;        ///< its scripts stand above and below in display style
    bool slants = false;        ///< a letter: alphabets change it
    QString spoken;
};

/// Null for a name that isn't a symbol's.
const Symbol* symbolNamed(QStringView name);
/// What is known of a character typed as such; null for one that is in no table.
const Symbol* symbolOf(char32_t character);

/// A function set upright like \sin.
struct Function {
    QString letters; ///< "lim sup" for \limsup
    QString spoken;
    bool limits = false;
};
const Function* functionNamed(QStringView name);

/// An accent of one character: \hat, \vec.
struct AccentMark {
    char32_t code = 0;
    bool wide = false;
    QString spoken;
};
const AccentMark* accentNamed(QStringView name);

/// Something that stretches over or under its contents: \overbrace, \overrightarrow, \overline.
struct Stretch {
    char32_t code = 0; ///< 0: a rule
    bool above = true;
    bool limits = false; ///< scripts become its label
    QString spoken;
};
const Stretch* stretchNamed(QStringView name);

/// \xrightarrow and its like.
const Symbol* extensibleArrowNamed(QStringView name);

/// What may stand after \left, \right, \middle and \big: 0x0 for ".", nullopt for what can't.
std::optional<char32_t> delimiterNamed(QStringView nameOrCharacter);

} // namespace alcuin::ui::math
