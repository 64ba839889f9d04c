#include "math/tex/alphabets.h"
#include "math/tex/chemistry.h"
#include "math/tex/colours.h"
#include "math/tex/parser.h"
#include "math/tex/symbols.h"

#include <iterator>

namespace alcuin::ui::math {

namespace {

Alphabet textAlphabet(QStringView name, Alphabet outer) {
    if (name == u"textbf") {
        return Alphabet::kBold;
    }
    if (name == u"textit" || name == u"emph") {
        return Alphabet::kItalic;
    }
    if (name == u"textsf") {
        return Alphabet::kSans;
    }
    if (name == u"texttt") {
        return Alphabet::kMonospace;
    }
    return outer;
}

bool isTextCommand(QStringView name) {
    return name == u"text" || name == u"textrm" || name == u"textup" || name == u"textnormal" || name == u"mbox" ||
           name == u"hbox" || textAlphabet(name, Alphabet::kDefault) != Alphabet::kDefault;
}

Node textNode(const QString& text, Alphabet alphabet) {
    Node node;
    node.kind = Kind::kText;
    node.alphabet = alphabet;
    node.text = text;
    return node;
}

/// What a command stands for between words; empty for what isn't one character.
QString textSign(QStringView name) {
    if (name == u" " || name == u"\n" || name == u"space" || name == u"nobreakspace") {
        return QStringLiteral(" ");
    }
    if (name == u"," || name == u"thinspace") {
        return QString(QChar(0x2009));
    }
    if (name == u"quad") {
        return QString(QChar(0x2003));
    }
    if (name == u"ldots" || name == u"dots" || name == u"textellipsis") {
        return QString(QChar(0x2026));
    }
    if (name == u"textendash" || name == u"textemdash") {
        return QString(QChar(name == u"textendash" ? 0x2013 : 0x2014));
    }
    if (name == u"{" || name == u"}" || name == u"textbackslash") {
        return name == u"textbackslash" ? QStringLiteral("\\") : name.toString();
    }
    if (name == u"textasciitilde") {
        return QStringLiteral("~");
    }
    const Symbol* symbol = symbolNamed(name);
    return symbol != nullptr && symbol->atom == Atom::kOrd ? QString::fromUcs4(&symbol->code, 1) : QString();
}

} // namespace

bool Parser::text(QStringView name, List& out) {
    QStringView inside;
    if (!m_lexer.braced(inside)) { // one letter without braces
        const Token token = m_lexer.next();
        return token.type == Token::Type::kCharacter &&
               add(out, textNode(QString::fromUcs4(&token.code, 1), textAlphabet(name, Alphabet::kUpright)));
    }
    Node node;
    node.kind = Kind::kGroup;
    if (!textRun(inside, textAlphabet(name, Alphabet::kUpright), node.list)) {
        return false;
    }
    return node.list.size() == 1 ? add(out, Node(std::move(node.list.front()))) : add(out, std::move(node));
}

bool Parser::textRun(QStringView source, Alphabet alphabet, List& out) {
    const Deeper deeper(m_depth);
    if (deeper.tooDeep()) {
        return false;
    }
    Lexer lexer(source);
    QString run;
    while (lexer.position() < source.size()) {
        if (!textPiece(lexer, alphabet, run, out)) {
            return false;
        }
    }
    return run.isEmpty() || add(out, textNode(run, alphabet));
}

/// What packages define between words: a colour, a chemical formula.
bool Parser::textPackage(Lexer& lexer, QStringView name, Alphabet alphabet, List& out) {
    QStringView model;
    QStringView first;
    (void)lexer.bracketed(model);
    if (!lexer.braced(first)) {
        return false;
    }
    if (name == u"ce") {
        const auto tex = texOfChemistry(first);
        return tex && translated(*tex, out);
    }
    QStringView inside;
    const auto ink = colourOf(model, first);
    Node node = nodeOf(Kind::kGroup);
    node.list.push_back(nodeOf(Kind::kColour));
    node.list.back().ink = ink.value_or(0);
    return ink && lexer.braced(inside) && textRun(inside, alphabet, node.list) && add(out, std::move(node));
}

/// Reads one character or command between words. Formulas inside are read by a parser of their own.
bool Parser::textPiece(Lexer& lexer, Alphabet alphabet, QString& run, List& out) {
    const QStringView source = lexer.source();
    const auto flush = [&] { return run.isEmpty() || add(out, textNode(std::exchange(run, QString()), alphabet)); };
    const auto formula = [&](qsizetype from, QStringView close) {
        const qsizetype end = source.indexOf(close, from);
        if (end < 0 || !flush()) {
            return false;
        }
        Parser inner(source.mid(from, end - from), m_depth, m_nodes);
        std::optional<Formula> inside = inner.formula();
        lexer.seek(end + close.size());
        if (!inside || inside->tag) {
            return false;
        }
        m_nodes = inner.m_nodes;
        Node node;
        node.kind = Kind::kGroup;
        node.list = std::move(inside->list);
        return add(out, std::move(node));
    };
    qsizetype position = lexer.position();
    const QChar first = source.at(position);
    if (first == u'$') {
        return formula(position + 1, u"$");
    }
    if (first == u'{') {
        QStringView inside;
        return flush() && lexer.braced(inside) && textRun(inside, alphabet, out);
    }
    if (first != u'\\') {
        const char32_t code = characterAt(source, position);
        lexer.seek(position);
        const bool space = first.isSpace() || first == u'~';
        if (space && run.endsWith(u' ')) {
            return true;
        }
        run += space ? QStringLiteral(" ") : QString::fromUcs4(&code, 1);
        return first != u'}' && (space || code >= 0x20);
    }
    const Token token = lexer.next();
    if (token.name == u"(") {
        return formula(lexer.position(), u"\\)");
    }
    if (token.name == u"textcolor" || token.name == u"ce") {
        return flush() && textPackage(lexer, token.name, alphabet, out);
    }
    if (isTextCommand(token.name)) {
        QStringView inside;
        return flush() && lexer.braced(inside) && textRun(inside, textAlphabet(token.name, alphabet), out);
    }
    const QString sign = textSign(token.name);
    run += sign;
    if (!token.name.isEmpty() && token.name.front().isLetter()) { // spaces behind a command's letters end it
        qsizetype end = lexer.position();
        while (end < source.size() && source.at(end).isSpace()) {
            ++end;
        }
        lexer.seek(end);
    }
    return !sign.isEmpty();
}

} // namespace alcuin::ui::math
