#pragma once

#include "math/tex/node.h"

namespace alcuin::ui::math {

/// Spaces and what only says how the rest is set stand between atoms without being one.
bool hasAtom(const Node& node);

/// What each node of a list counts as: a binary operator without something on both sides is an ordinary sign.
/// Source: The TeXbook, appendix G, rules 5 and 6.
std::vector<Atom> atomsOf(const List& list);

/// The space between two atoms in 18ths of an em. Source: The TeXbook, chapter 18.
int spaceBetween(Atom left, Atom right, bool small);

} // namespace alcuin::ui::math
