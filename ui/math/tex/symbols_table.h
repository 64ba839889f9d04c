#pragma once

/// What LaTeX, amsmath and amssymb call characters, as Unicode has them. One line each: what the atom is, names, the
/// character, how it is read aloud where that isn't the first name.
namespace alcuin::ui::math {

/// g Greek letter, o ordinary, b binary, r relation, S and I large operators with limits and without, ( ) p i.
extern const char kSymbolTable[];
/// The same for characters that have no name of their own here.
extern const char kCharacterTable[];
/// l or s (with limits or without) | name | letters | words
extern const char kFunctionTable[];
/// a, w: fixed and wide
extern const char kAccentTable[];
/// o, u over and under; O, U take their scripts as a label
extern const char kStretchTable[];
extern const char kArrowTable[];
extern const char kDelimiterTable[];

} // namespace alcuin::ui::math
