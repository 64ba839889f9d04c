#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "chat/jinja/ast.h"
#include "chat/jinja/lexer.h"

namespace alcuin::inference::chat::jinja {

/// Turns tokens into a Program, by recursive descent along Jinja 3.1's grammar. Every failure names its line.
/// Statements are in parser.cpp, expressions in parser_expressions.cpp.
class Parser {
public:
    /// Throws Failure.
    static std::shared_ptr<const Program> parse(std::string_view source);

private:
    explicit Parser(std::vector<Token> tokens);

    // Tokens.
    const Token& current() const {
        return tokens_[position_];
    }
    const Token& ahead() const {
        return tokens_[std::min(position_ + 1, tokens_.size() - 1)];
    }
    Token take();
    bool takeOperator(std::string_view symbol);
    bool takeName(std::string_view name);
    void expectOperator(std::string_view symbol);
    std::string expectName();
    void expectBlockEnd();
    [[noreturn]] void fail(std::string message) const;
    [[noreturn]] void failAt(int line, std::string message) const;

    // Nodes.
    NameId intern(const std::string& name);
    Expression* make(ExpressionKind kind, int line);
    Expression* makeBinary(Operator op, const Expression* left, const Expression* right, int line);
    Statement* makeStatement(StatementKind kind, int line);
    /// Computes the height of a finished expression and checks it.
    const Expression* finished(Expression* expression);

    // Statements.
    Body parseUntil(std::initializer_list<std::string_view> ends);
    Body parseBody(std::initializer_list<std::string_view> ends);
    /// A body whose end tag is taken too.
    Body parseWholeBody(std::string_view end);
    const Statement* parseStatement();
    const Statement* parseIf();
    const Statement* parseFor();
    const Statement* parseSet();
    const Statement* parseMacro();
    const Statement* parseCallBlock();
    const Statement* parseFilterBlock();
    const Statement* parseWith();
    const Statement* parsePrint();
    const Statement* parseGeneration();
    const Statement* parseLoopControl(StatementKind kind);
    void parseSignature(MacroDefinition& macro);
    void parseMacroBody(MacroDefinition& macro, std::string_view end);
    Target parseTarget(bool allowNamespace, std::string_view end);
    Target parseTargetPart(bool allowNamespace);

    // Expressions.
    const Expression* parseExpression(bool allowConditional = true);
    const Expression* parseConditional();
    const Expression* parseOr();
    const Expression* parseAnd();
    const Expression* parseNot();
    const Expression* parseCompare();
    const Expression* parseSum();
    const Expression* parseConcat();
    const Expression* parseProduct();
    const Expression* parsePower();
    const Expression* parseUnary(bool withFilters = true);
    const Expression* parsePrimary();
    const Expression* parseNamePrimary();
    const Expression* parseTuple(bool allowConditional, std::string_view end, bool inParentheses);
    const Expression* parseList();
    const Expression* parseDict();
    const Expression* parsePostfix(const Expression* node);
    const Expression* parseFilters(const Expression* node);
    const Expression* parseSubscript(const Expression* node);
    const Expression* parseIndex();
    const Expression* parseCall(const Expression* callee);
    const Expression* parseFilter(const Expression* input, bool withPipe);
    const Expression* parseTest(const Expression* input);
    void parseArguments(Expression& call);
    std::string parseDottedName();
    bool atTupleEnd(std::string_view end) const;

    std::vector<Token> tokens_;
    std::size_t position_ = 0;
    std::size_t depth_ = 0;
    std::size_t loops_ = 0; ///< enclosing loops that break and continue can reach
    std::vector<MacroDefinition*> macros_;
    std::shared_ptr<Program> program_;
    std::unordered_map<std::string, NameId> ids_;
};

/// Resolves the filters and tests of a program and refuses what doesn't exist. As in Jinja, an unknown one directly
/// under a condition is an error only when it is reached. Throws Failure.
void resolve(Program& program);

} // namespace alcuin::inference::chat::jinja
