#include <iterator>

#include "math/tex/parser.h"
#include "math/tex/symbols.h"

namespace alcuin::ui::math {

bool Parser::wrap(List& out, Kind kind, QStringView) {
    Node node = nodeOf(kind);
    return argument(node.list) && add(out, std::move(node));
}

bool Parser::stretch(QStringView name, List& out) {
    const Stretch* kind = stretchNamed(name);
    Node node = nodeOf(Kind::kStretch);
    node.code = kind->code;
    node.above = kind->above;
    node.place = kind->limits ? Place::kLimits : Place::kBeside;
    node.text = kind->spoken;
    return argument(node.list) && add(out, std::move(node));
}

bool Parser::arrow(QStringView name, List& out) {
    const Symbol* symbol = extensibleArrowNamed(name);
    Node node = nodeOf(Kind::kArrow, Atom::kRel);
    node.code = symbol->code;
    node.text = symbol->spoken;
    node.parts.resize(2);
    return optionalArgument(node.parts[0], node.hasSub) && argument(node.parts[1]) && add(out, std::move(node));
}

bool Parser::overUnder(QStringView name, List& out) {
    Node node = nodeOf(Kind::kOverUnder, name == u"stackrel" ? Atom::kRel : Atom::kOrd);
    node.parts.resize(2);
    const bool under = name == u"underset";
    (under ? node.hasSub : node.hasSup) = true;
    if (!argument(node.parts[under ? 0 : 1]) || !argument(node.list)) {
        return false;
    }
    if (name != u"stackrel" && node.list.size() == 1) {
        const Atom atom = node.list.front().atom;
        node.atom = atom == Atom::kBin || atom == Atom::kRel ? atom : Atom::kOrd;
    }
    return add(out, std::move(node));
}

bool Parser::phantom(QStringView name, List& out) {
    Node node = nodeOf(Kind::kPhantom);
    if (name == u"mathstrut") {
        node.level = kHidden | kNoWidth;
        node.list.push_back(symbolNode(U'(', Atom::kOrd, {}));
        return add(out, std::move(node));
    }
    if (name.endsWith(u"lap")) {
        const bool left = name.endsWith(u"llap");
        node.level = quint8(kNoWidth | (left ? kToTheLeft : name.endsWith(u"clap") ? kInTheMiddle : 0));
        return argument(node.list) && add(out, std::move(node));
    }
    node.level = name == u"phantom"    ? kHidden
                 : name == u"hphantom" ? kHidden | kNoAscent | kNoDescent
                 : name == u"vphantom" ? kHidden | kNoWidth
                                       : kNoAscent | kNoDescent;
    if (QStringView side; name == u"smash" && m_lexer.bracketed(side)) {
        if (side != u"t" && side != u"b") {
            return false;
        }
        node.level = side == u"t" ? kNoAscent : kNoDescent;
    }
    return argument(node.list) && add(out, std::move(node));
}

bool Parser::prescript(QStringView name, List& out) {
    Node node = nodeOf(Kind::kScripts);
    node.parts.resize(2);
    node.wide = true;
    if (name == u"prescripts") { // our own: they are written as scripts of it
        return add(out, std::move(node));
    }
    node.hasSub = node.hasSup = true;
    return argument(node.parts[1]) && argument(node.parts[0]) && add(out, std::move(node)) && argument(out);
}

bool Parser::box(QStringView name, List& out) {
    Node node = nodeOf(Kind::kFramed);
    if (name == u"fbox") {
        QStringView inside;
        return m_lexer.braced(inside) && textRun(inside, Alphabet::kUpright, node.list) && add(out, std::move(node));
    }
    Node style = nodeOf(Kind::kStyle); // wherever it stands: amsmath, \boxed
    style.style = Style::kDisplay;
    List inside;
    if (!argument(inside)) {
        return false;
    }
    node.list.push_back(std::move(style));
    std::move(inside.begin(), inside.end(), std::back_inserter(node.list));
    return add(out, std::move(node));
}

bool Parser::cancel(QStringView name, List& out) {
    Node node = nodeOf(Kind::kStruck);
    if (name == u"cancelto") { // the value that it comes to stands at the arrow's head
        node.level = kRising | kArrowed;
        node.parts.resize(1);
        return argument(node.parts[0]) && argument(node.list) && add(out, std::move(node));
    }
    node.level = name == u"cancel" ? kRising : name == u"bcancel" ? kFalling : kRising | kFalling;
    return argument(node.list) && add(out, std::move(node));
}

bool Parser::limits(QStringView name, List& out) {
    if (out.empty() || (out.back().atom != Atom::kOp && out.back().kind != Kind::kScripts)) {
        return false;
    }
    out.back().place = name == u"limits" ? Place::kLimits : Place::kBeside;
    return true;
}

} // namespace alcuin::ui::math
