#include "math/tex/macros.h"

#include <QHash>
#include <QList>

#include <algorithm>

#include "math/tex/lexer.h"
#include "math/tex/node.h"

namespace alcuin::ui::math {

namespace {

constexpr int kMostSteps = 1000;
constexpr int kMostArguments = 9;

bool isLetter(QChar c) {
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

/// A text that ends in a command's letters, so that a letter behind it would become part of its name.
bool endsInCommand(QStringView text) {
    qsizetype at = text.size();
    while (at > 0 && isLetter(text.at(at - 1))) {
        --at;
    }
    qsizetype slashes = 0;
    while (at - slashes > 0 && text.at(at - slashes - 1) == u'\\') {
        ++slashes;
    }
    return at < text.size() && slashes % 2 == 1;
}

void join(QString& text, QStringView more) {
    if (!more.isEmpty() && isLetter(more.front()) && endsInCommand(text)) {
        text += u' ';
    }
    text += more;
}

struct Macro {
    int arguments = 0;
    std::optional<QString> first; ///< what the first one is where none is given in brackets
    QString body;
};

enum class Definition : quint8 { kNone, kCommand, kPlain, kLet, kOperator, kDelimiters };

Definition definitionNamed(QStringView name) {
    if (name == u"newcommand" || name == u"renewcommand" || name == u"providecommand") {
        return Definition::kCommand;
    }
    if (name == u"def" || name == u"gdef" || name == u"edef" || name == u"xdef") {
        return Definition::kPlain;
    }
    if (name == u"DeclareMathOperator") {
        return Definition::kOperator;
    }
    if (name == u"DeclarePairedDelimiter") {
        return Definition::kDelimiters;
    }
    return name == u"let" ? Definition::kLet : Definition::kNone;
}

/// Reads one definition whose first command was just read.
class DefinitionReader {
public:
    explicit DefinitionReader(Lexer& lexer) : m_lexer(lexer) {}

    bool read(Definition kind, QString& name, Macro& macro) {
        const bool starred = star();
        if (!readName(kind, name)) {
            return false;
        }
        QStringView body;
        switch (kind) {
        case Definition::kCommand:
            return counted(macro) && braced(body) && take(macro, body);
        case Definition::kPlain:
            return numbered(macro) && braced(body) && take(macro, body);
        case Definition::kOperator:
            return braced(body) && take(macro, QStringLiteral("\\operatorname%1{%2}")
                                                   .arg(starred ? QStringLiteral("*") : QString(), body.toString()));
        case Definition::kDelimiters: {
            QStringView right;
            macro.arguments = 1;
            return braced(body) && braced(right) &&
                   take(macro, QStringLiteral("\\left%1 #1 \\right%2").arg(body.toString(), right.toString()));
        }
        case Definition::kLet:
            return let(macro);
        case Definition::kNone:
            break;
        }
        return false;
    }

private:
    static bool take(Macro& macro, QStringView body) {
        macro.body = body.toString();
        return true;
    }
    bool star() {
        const Token token = m_lexer.peek();
        const bool found = token.type == Token::Type::kCharacter && token.code == U'*';
        if (found) {
            m_lexer.next();
        }
        return found;
    }
    bool braced(QStringView& inside) {
        return m_lexer.braced(inside);
    }
    /// \name, or {\name} where that is usual.
    bool readName(Definition kind, QString& name) {
        QStringView inside;
        const bool braces = kind != Definition::kPlain && kind != Definition::kLet && m_lexer.braced(inside);
        Lexer inner(inside);
        const Token token = braces ? inner.next() : m_lexer.next();
        name = token.name.toString();
        const bool whole = !braces || inner.next().type == Token::Type::kEnd;
        return whole && token.type == Token::Type::kCommand && !name.isEmpty();
    }
    bool counted(Macro& macro) {
        QStringView count;
        if (!m_lexer.bracketed(count)) {
            return true;
        }
        bool good = false;
        macro.arguments = count.trimmed().toInt(&good);
        if (QStringView first; m_lexer.bracketed(first)) {
            macro.first = first.toString();
        }
        return good && macro.arguments >= 0 && macro.arguments <= kMostArguments &&
               (!macro.first || macro.arguments > 0);
    }
    /// #1#2 and so on; arguments that other signs end aren't known.
    bool numbered(Macro& macro) {
        for (Token token = m_lexer.peek(); token.type == Token::Type::kCharacter; token = m_lexer.peek()) {
            m_lexer.next();
            const Token digit = m_lexer.next();
            if (token.code != U'#' || digit.code != U'1' + char32_t(macro.arguments) ||
                ++macro.arguments > kMostArguments) {
                return false;
            }
        }
        return true;
    }
    bool let(Macro& macro) {
        Token token = m_lexer.next();
        if (token.type == Token::Type::kCharacter && token.code == U'=') {
            token = m_lexer.next();
        }
        const bool good = token.type == Token::Type::kCommand || token.type == Token::Type::kCharacter;
        return good && take(macro, m_lexer.source().mid(token.start, token.end - token.start));
    }

    Lexer& m_lexer;
};

class Expander {
public:
    explicit Expander(QStringView tex) : m_rest(tex.toString()) {}

    std::optional<QString> run() {
        qsizetype at = 0;
        while ((at = m_rest.indexOf(u'\\', at)) >= 0) {
            Lexer lexer(m_rest);
            lexer.seek(at);
            const Token token = lexer.next();
            const Definition kind = definitionNamed(token.name);
            const auto macro = m_macros.constFind(token.name.toString());
            if (kind == Definition::kNone && macro == m_macros.constEnd()) {
                at = token.end;
                continue;
            }
            join(m_done, QStringView(m_rest).left(at));
            QString written;
            const bool good = kind == Definition::kNone ? use(*macro, lexer, written) : define(kind, lexer);
            if (!good || ++m_steps > kMostSteps) {
                return std::nullopt;
            }
            join(written, QStringView(m_rest).mid(lexer.position()));
            m_rest = written;
            at = 0;
            if (m_done.size() + m_rest.size() > Limits::kSource) {
                return std::nullopt;
            }
        }
        join(m_done, m_rest);
        return m_done.size() <= Limits::kSource ? std::optional<QString>(m_done) : std::nullopt;
    }

private:
    bool define(Definition kind, Lexer& lexer) {
        QString name;
        Macro macro;
        if (!DefinitionReader(lexer).read(kind, name, macro)) {
            return false;
        }
        m_macros.insert(name, macro);
        return true;
    }
    bool use(const Macro& macro, Lexer& lexer, QString& written) {
        QList<QString> arguments;
        QStringView given;
        if (macro.first) {
            arguments.append(lexer.bracketed(given) ? given.toString() : *macro.first);
        }
        while (arguments.size() < macro.arguments) {
            if (lexer.braced(given)) {
                arguments.append(given.toString());
                continue;
            }
            const Token token = lexer.next();
            if (token.type == Token::Type::kEnd || token.type == Token::Type::kClose) {
                return false;
            }
            arguments.append(lexer.source().mid(token.start, token.end - token.start).toString());
        }
        const auto body = filledIn(macro.body, arguments);
        written = body.value_or(QString());
        return body.has_value();
    }

    QString m_done;
    QString m_rest;
    QHash<QString, Macro> m_macros;
    int m_steps = 0;
};

} // namespace

bool definesMacros(QStringView tex) {
    return tex.contains(u"command") || tex.contains(u"def\\") || tex.contains(u"\\let\\") || tex.contains(u"\\Declare");
}

std::optional<QString> filledIn(QStringView body, const QList<QString>& arguments) {
    QString text;
    qsizetype copied = 0;
    for (qsizetype at = body.indexOf(u'#'); at >= 0; at = body.indexOf(u'#', copied)) {
        const int number = at + 1 < body.size() ? body.at(at + 1).digitValue() : -1;
        const bool escaped = at > 0 && body.at(at - 1) == u'\\';
        if (!escaped && (number < 1 || number > arguments.size())) {
            return std::nullopt;
        }
        join(text, body.mid(copied, at - copied));
        join(text, escaped ? QStringView(u"#") : QStringView(arguments.at(number - 1)));
        copied = at + (escaped ? 1 : 2);
        if (text.size() > Limits::kSource) {
            return std::nullopt;
        }
    }
    join(text, body.mid(copied));
    return text;
}

QString definitionsIn(QStringView tex) {
    QString definitions;
    if (!definesMacros(tex)) {
        return definitions;
    }
    for (qsizetype at = tex.indexOf(u'\\'); at >= 0;) {
        Lexer lexer(tex);
        lexer.seek(at);
        const Token token = lexer.next();
        const Definition kind = definitionNamed(token.name);
        QString name;
        Macro macro;
        if (kind != Definition::kNone && DefinitionReader(lexer).read(kind, name, macro)) {
            definitions += tex.mid(at, lexer.position() - at);
            if (definitions.back().isLetter()) { // a command's letters mustn't go on with what follows
                definitions += u' ';
            }
        }
        at = tex.indexOf(u'\\', kind == Definition::kNone ? token.end : lexer.position());
    }
    return definitions;
}

std::optional<QString> expandMacros(QStringView tex) {
    return Expander(tex).run();
}

std::optional<Shorthand> shorthandNamed(QStringView name) {
    static const QHash<QString, Shorthand> table = {
        {QStringLiteral("abs"), {1, QStringLiteral("\\left|#1\\right|")}},
        {QStringLiteral("norm"), {1, QStringLiteral("\\left\\|#1\\right\\|")}},
        {QStringLiteral("ceil"), {1, QStringLiteral("\\left\\lceil #1\\right\\rceil")}},
        {QStringLiteral("floor"), {1, QStringLiteral("\\left\\lfloor #1\\right\\rfloor")}},
        {QStringLiteral("set"), {1, QStringLiteral("\\left\\{\\,#1\\,\\right\\}")}},
        {QStringLiteral("ketbra"), {2, QStringLiteral("\\left|#1\\right\\rangle\\!\\left\\langle #2\\right|")}},
        {QStringLiteral("expval"), {1, QStringLiteral("\\left\\langle #1\\right\\rangle")}},
        {QStringLiteral("innerproduct"), {2, QStringLiteral("\\left\\langle #1\\middle|#2\\right\\rangle")}},
        {QStringLiteral("dv"), {2, QStringLiteral("\\frac{\\mathrm{d}#1}{\\mathrm{d}#2}")}},
        {QStringLiteral("pdv"), {2, QStringLiteral("\\frac{\\partial #1}{\\partial #2}")}},
        {QStringLiteral("dd"), {1, QStringLiteral("\\mathop{}\\!\\mathrm{d}#1")}},
        {QStringLiteral("ensuremath"), {1, QStringLiteral("#1")}},
        {QStringLiteral("celsius"), {0, QStringLiteral("{}^{\\circ}\\mathrm{C}")}},
        {QStringLiteral("qed"), {0, QStringLiteral("\\blacksquare")}},
        {QStringLiteral("defeq"), {0, QStringLiteral("\\coloneqq")}},
        {QStringLiteral("colonequals"), {0, QStringLiteral("\\coloneqq")}},
        {QStringLiteral("dotsi"), {0, QStringLiteral("\\!\\cdots")}},
        {QStringLiteral("hdots"), {0, QStringLiteral("\\ldots")}},
        {QStringLiteral("idotsint"), {0, QStringLiteral("\\int\\!\\cdots\\!\\int")}},
        {QStringLiteral("cmark"), {0, QStringLiteral("\\checkmark")}},
        {QStringLiteral("infin"), {0, QStringLiteral("\\infty")}},
        {QStringLiteral("vartriangle"), {0, QStringLiteral("\\triangle")}},
        {QStringLiteral("R"), {0, QStringLiteral("\\mathbb{R}")}},
        {QStringLiteral("N"), {0, QStringLiteral("\\mathbb{N}")}},
        {QStringLiteral("Z"), {0, QStringLiteral("\\mathbb{Z}")}},
        {QStringLiteral("Q"), {0, QStringLiteral("\\mathbb{Q}")}},
        {QStringLiteral("C"), {0, QStringLiteral("\\mathbb{C}")}},
        {QStringLiteral("Reals"), {0, QStringLiteral("\\mathbb{R}")}},
        {QStringLiteral("argmax"), {0, QStringLiteral("\\operatorname*{arg\\,max}")}},
        {QStringLiteral("argmin"), {0, QStringLiteral("\\operatorname*{arg\\,min}")}},
        {QStringLiteral("Tr"), {0, QStringLiteral("\\operatorname{Tr}")}},
        {QStringLiteral("tr"), {0, QStringLiteral("\\operatorname{tr}")}},
        {QStringLiteral("rank"), {0, QStringLiteral("\\operatorname{rank}")}},
        {QStringLiteral("sgn"), {0, QStringLiteral("\\operatorname{sgn}")}},
        {QStringLiteral("sign"), {0, QStringLiteral("\\operatorname{sign}")}},
        {QStringLiteral("diag"), {0, QStringLiteral("\\operatorname{diag}")}},
        {QStringLiteral("Var"), {0, QStringLiteral("\\operatorname{Var}")}},
        {QStringLiteral("Cov"), {0, QStringLiteral("\\operatorname{Cov}")}},
        {QStringLiteral("lcm"), {0, QStringLiteral("\\operatorname{lcm}")}}};
    const auto found = table.constFind(name.toString());
    return found == table.constEnd() ? std::nullopt : std::optional<Shorthand>(*found);
}

} // namespace alcuin::ui::math
