#include <QHash>

#include "math/tex/parser.h"

namespace alcuin::ui::math {

namespace {

using Type = Token::Type;

} // namespace

Parser::Handler Parser::handlerOf(QStringView name) {
    static const QHash<QString, Handler> table = [] {
        QHash<QString, Handler> handlers;
        const auto put = [&](Handler handler, const char* names) {
            for (const QString& each : QString::fromLatin1(names).split(QLatin1Char(' '))) {
                handlers.insert(each, handler);
            }
        };
        put(&Parser::alphabet,
            "mathrm mathup mathit mathnormal mathbf bold symbf mathbfit mathbb Bbb mathds mathbbm mathcal mathscr "
            "mathfrak mathsf mathsfit mathtt");
        put(&Parser::alphabetSwitch, "rm it bf cal frak sf tt");
        put(&Parser::atomClass, "mathord mathop mathbin mathrel mathopen mathclose mathpunct mathinner");
        put(&Parser::bigDelimiter,
            "big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm biggm Biggm");
        put(&Parser::binomial, "binom dbinom tbinom");
        put(&Parser::bold, "boldsymbol bm pmb");
        put(&Parser::box, "boxed fbox");
        put(&Parser::braket, "bra ket braket Bra Ket Braket");
        put(&Parser::cancel, "cancel bcancel xcancel cancelto");
        put(&Parser::chemistry, "ce cf pu");
        put(&Parser::colour, "color textcolor");
        put(&Parser::delimited, "left");
        put(&Parser::colourBox, "colorbox fcolorbox");
        put(&Parser::dots, "dots");
        put(&Parser::environment, "begin");
        put(&Parser::fraction, "frac dfrac tfrac cfrac");
        put(&Parser::generalFraction, "genfrac");
        put(&Parser::ignored,
            "displaylimits relax allowbreak nobreak nolinebreak notag nonumber protect null "
            "noindent centering hfill strut smallskip medskip bigskip tiny scriptsize footnotesize small "
            "normalsize large Large LARGE huge Huge");
        put(&Parser::kern, "hspace hspace* mspace kern mkern hskip mskip");
        put(&Parser::label, "label vspace");
        put(&Parser::limits, "limits nolimits");
        put(&Parser::modulo, "bmod mod pmod pod");
        put(&Parser::negated, "not");
        put(&Parser::operatorName, "operatorname operatorname* DeclareMathOperator");
        put(&Parser::overUnder, "stackrel overset underset");
        put(&Parser::phantom, "phantom hphantom vphantom smash mathstrut mathrlap rlap mathllap llap mathclap clap");
        put(&Parser::prescript, "prescript prescripts");
        put(&Parser::quantity, "SI qty si unit num ang SIrange qtyrange");
        put(&Parser::raised, "raisebox");
        put(&Parser::reference, "eqref ref");
        put(&Parser::root, "sqrt");
        put(&Parser::rule, "rule");
        put(&Parser::sideset, "sideset");
        put(&Parser::space, ", : > ; ! quad qquad enspace thinspace medspace thickspace negthinspace negmedspace "
                            "negthickspace enskip space nobreakspace");
        handlers.insert(QStringLiteral(" "), &Parser::space);
        handlers.insert(QStringLiteral("\n"), &Parser::space);
        put(&Parser::styleSwitch, "displaystyle textstyle scriptstyle scriptscriptstyle");
        put(&Parser::substack, "substack");
        put(&Parser::tag, "tag");
        put(&Parser::text, "text textrm textup textnormal mbox hbox textbf textit emph textsf texttt");
        handlers.remove(QStringLiteral("DeclareMathOperator"));
        return handlers;
    }();
    return table.value(name.toString(), nullptr);
}

bool Parser::ignored(QStringView, List&) {
    return true;
}

bool Parser::label(QStringView, List&) {
    QStringView inside;
    return m_lexer.braced(inside);
}

bool Parser::tag(QStringView, List& out) {
    Q_UNUSED(out)
    const Token star = m_lexer.peek();
    const bool bare = star.type == Type::kCharacter && star.code == U'*';
    if (bare) {
        m_lexer.next();
    }
    QStringView inside;
    List words;
    if (m_tag || !m_lexer.braced(inside) || !textRun(inside, Alphabet::kUpright, words)) {
        return false;
    }
    if (!bare) {
        words.insert(words.begin(), symbolNode(U'(', Atom::kOrd, {}));
        words.push_back(symbolNode(U')', Atom::kOrd, {}));
    }
    m_tag = std::move(words);
    return true;
}

} // namespace alcuin::ui::math
