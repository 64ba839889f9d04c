#include "math/tex/atoms.h"

namespace alcuin::ui::math {

bool hasAtom(const Node& node) {
    return node.kind != Kind::kSpace && node.kind != Kind::kStyle && node.kind != Kind::kColour;
}

std::vector<Atom> atomsOf(const List& list) {
    std::vector<Atom> atoms(list.size(), Atom::kOrd);
    size_t before = list.size();
    for (size_t i = 0; i < list.size(); ++i) {
        if (!hasAtom(list[i])) {
            continue;
        }
        atoms[i] = list[i].atom;
        const Atom last = before < list.size() ? atoms[before] : Atom::kOpen;
        if (atoms[i] == Atom::kBin && (last == Atom::kBin || last == Atom::kOp || last == Atom::kRel ||
                                       last == Atom::kOpen || last == Atom::kPunct)) {
            atoms[i] = Atom::kOrd;
        }
        const bool ends = atoms[i] == Atom::kRel || atoms[i] == Atom::kClose || atoms[i] == Atom::kPunct;
        if (ends && last == Atom::kBin && before < list.size()) {
            atoms[before] = Atom::kOrd;
        }
        before = i;
    }
    if (before < list.size() && atoms[before] == Atom::kBin) {
        atoms[before] = Atom::kOrd;
    }
    return atoms;
}

int spaceBetween(Atom left, Atom right, bool small) {
    // Rows: the left atom; negative: only where it isn't small. Order: Ord Op Bin Rel Open Close Punct Inner.
    static constexpr int kSpaces[8][8] = {
        {0, 3, -4, -5, 0, 0, 0, -3},     {3, 3, 0, -5, 0, 0, 0, -3},     {-4, -4, 0, 0, -4, 0, 0, -4},
        {-5, -5, 0, 0, -5, 0, 0, -5},    {0, 0, 0, 0, 0, 0, 0, 0},       {0, 3, -4, -5, 0, 0, 0, -3},
        {-3, -3, 0, -3, -3, -3, -3, -3}, {-3, 3, -4, -5, -3, 0, -3, -3},
    };
    const int space = kSpaces[int(left)][int(right)];
    return space >= 0 ? space : small ? 0 : -space;
}

} // namespace alcuin::ui::math
