#include "chat/jinja/parser.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace alcuin::inference::chat::jinja {

namespace {

/// Statements and parentheses inside one another; far beyond any template, and what the stack bears.
constexpr std::size_t kMaxDepth = 100;

constexpr std::size_t kMaxSource = 4U << 20U;

class DepthGuard {
public:
    explicit DepthGuard(std::size_t& depth) : depth_(depth) {
        ++depth_;
    }
    DepthGuard(const DepthGuard&) = delete;
    DepthGuard& operator=(const DepthGuard&) = delete;
    ~DepthGuard() {
        --depth_;
    }

private:
    std::size_t& depth_;
};

constexpr std::array<std::string_view, 6> kOtherFiles = {"extends", "include", "import", "from", "block", "autoescape"};

} // namespace

std::shared_ptr<const Program> Parser::parse(std::string_view source) {
    if (source.size() > kMaxSource) {
        throw Failure{fmt::format("the template is longer than {} bytes", kMaxSource), 1};
    }
    Parser parser(tokenize(source));
    parser.program_->body = parser.parseUntil({});
    resolve(*parser.program_);
    return parser.program_;
}

Parser::Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)), program_(std::make_shared<Program>()) {}

Token Parser::take() {
    Token token = current();
    if (position_ + 1 < tokens_.size()) {
        ++position_;
    }
    return token;
}

bool Parser::takeOperator(std::string_view symbol) {
    if (!current().isOperator(symbol)) {
        return false;
    }
    take();
    return true;
}

bool Parser::takeName(std::string_view name) {
    if (!current().isName(name)) {
        return false;
    }
    take();
    return true;
}

void Parser::expectOperator(std::string_view symbol) {
    if (!takeOperator(symbol)) {
        fail(fmt::format("expected '{}', got {}", symbol, describe(current())));
    }
}

std::string Parser::expectName() {
    if (current().kind != TokenKind::kName) {
        fail(fmt::format("expected a name, got {}", describe(current())));
    }
    return take().text;
}

void Parser::expectBlockEnd() {
    if (current().kind != TokenKind::kBlockEnd) {
        fail(fmt::format("expected %}}, got {}", describe(current())));
    }
    take();
}

void Parser::fail(std::string message) const {
    failAt(current().line, std::move(message));
}

void Parser::failAt(int line, std::string message) const {
    throw Failure{std::move(message), line};
}

NameId Parser::intern(const std::string& name) {
    const auto [found, isNew] = ids_.emplace(name, static_cast<NameId>(program_->names.size()));
    if (isNew) {
        program_->names.push_back(name);
    }
    return found->second;
}

Statement* Parser::makeStatement(StatementKind kind, int line) {
    program_->statements.push_back(std::make_unique<Statement>());
    Statement* statement = program_->statements.back().get();
    statement->kind = kind;
    statement->line = line;
    return statement;
}

Body Parser::parseUntil(std::initializer_list<std::string_view> ends) {
    Body body;
    for (;;) {
        const int line = current().line;
        switch (current().kind) {
        case TokenKind::kEnd:
            if (ends.size() > 0) {
                fail(fmt::format("the template ends before {{% {} %}}", *ends.begin()));
            }
            return body;
        case TokenKind::kData: {
            Statement* text = makeStatement(StatementKind::kText, line);
            text->text = std::make_shared<Text>(take().text, TextRun::kTrusted);
            body.push_back(text);
            break;
        }
        case TokenKind::kPrintBegin: {
            take();
            Statement* print = makeStatement(StatementKind::kPrint, line);
            print->expressions.push_back(parseTuple(true, {}, false));
            if (current().kind != TokenKind::kPrintEnd) {
                fail(fmt::format("expected }}}}, got {}", describe(current())));
            }
            take();
            body.push_back(print);
            break;
        }
        case TokenKind::kBlockBegin: {
            take();
            if (current().kind == TokenKind::kName &&
                std::find(ends.begin(), ends.end(), current().text) != ends.end()) {
                return body;
            }
            body.push_back(parseStatement());
            expectBlockEnd();
            break;
        }
        default:
            fail(fmt::format("unexpected {}", describe(current())));
        }
    }
}

Body Parser::parseBody(std::initializer_list<std::string_view> ends) {
    takeOperator(":");
    expectBlockEnd();
    return parseUntil(ends);
}

Body Parser::parseWholeBody(std::string_view end) {
    Body body = parseBody({end});
    take();
    return body;
}

const Statement* Parser::parseStatement() {
    const DepthGuard guard(depth_);
    if (depth_ > kMaxDepth) {
        fail(fmt::format("statements nest more than {} deep", kMaxDepth));
    }
    if (current().kind != TokenKind::kName) {
        fail(fmt::format("expected a tag's name, got {}", describe(current())));
    }
    using Parse = const Statement* (Parser::*)();
    static constexpr std::array<std::pair<std::string_view, Parse>, 9> kTags = {{
        {"if", &Parser::parseIf},
        {"for", &Parser::parseFor},
        {"set", &Parser::parseSet},
        {"macro", &Parser::parseMacro},
        {"call", &Parser::parseCallBlock},
        {"filter", &Parser::parseFilterBlock},
        {"with", &Parser::parseWith},
        {"print", &Parser::parsePrint},
        {"generation", &Parser::parseGeneration},
    }};
    const std::string& tag = current().text;
    for (const auto& [name, parse] : kTags) {
        if (tag == name) {
            return (this->*parse)();
        }
    }
    if (tag == "break" || tag == "continue") {
        return parseLoopControl(tag == "break" ? StatementKind::kBreak : StatementKind::kContinue);
    }
    if (std::find(kOtherFiles.begin(), kOtherFiles.end(), tag) != kOtherFiles.end()) {
        fail(fmt::format("{{% {} %}} isn't available in a chat template", tag));
    }
    fail(fmt::format("unknown tag '{}'", tag));
}

const Statement* Parser::parseIf() {
    Statement* statement = makeStatement(StatementKind::kIf, take().line);
    for (;;) {
        statement->expressions.push_back(parseTuple(false, {}, false));
        statement->bodies.push_back(parseBody({"endif", "elif", "else"}));
        const std::string tag = take().text;
        if (tag == "elif") {
            continue;
        }
        statement->bodies.push_back(tag == "else" ? parseWholeBody("endif") : Body{});
        return statement;
    }
}

const Statement* Parser::parseFor() {
    Statement* statement = makeStatement(StatementKind::kFor, take().line);
    statement->targets.push_back(parseTarget(false, "in"));
    if (!takeName("in")) {
        fail(fmt::format("expected 'in', got {}", describe(current())));
    }
    statement->expressions.push_back(parseTuple(false, "recursive", false));
    statement->expressions.push_back(takeName("if") ? parseExpression() : nullptr);
    statement->recursive = takeName("recursive");
    statement->name = intern("loop");
    ++loops_;
    statement->bodies.push_back(parseBody({"endfor", "else"}));
    --loops_;
    statement->bodies.push_back(take().text == "else" ? parseWholeBody("endfor") : Body{});
    return statement;
}

const Statement* Parser::parseSet() {
    const int line = take().line;
    Target target = parseTarget(true, {});
    Statement* statement = makeStatement(StatementKind::kSet, line);
    if (takeOperator("=")) {
        statement->expressions.push_back(parseTuple(true, {}, false));
    } else {
        statement->kind = StatementKind::kSetBlock;
        statement->expressions.push_back(current().isOperator("|") ? parseFilter(nullptr, true) : nullptr);
        statement->bodies.push_back(parseWholeBody("endset"));
    }
    statement->targets.push_back(std::move(target));
    return statement;
}

void Parser::parseSignature(MacroDefinition& macro) {
    expectOperator("(");
    while (!current().isOperator(")")) {
        if (!macro.parameters.empty()) {
            expectOperator(",");
        }
        const std::string name = expectName();
        if (std::find(macro.parameterNames.begin(), macro.parameterNames.end(), name) != macro.parameterNames.end()) {
            fail(fmt::format("the parameter '{}' stands twice", name));
        }
        macro.parameterNames.push_back(name);
        macro.parameters.push_back(intern(name));
        if (takeOperator("=")) {
            macro.defaults.push_back(parseExpression());
        } else if (!macro.defaults.empty()) {
            fail("a parameter without a default follows one with a default");
        }
    }
    take();
}

void Parser::parseMacroBody(MacroDefinition& macro, std::string_view end) {
    intern("caller");
    intern("varargs");
    intern("kwargs");
    macros_.push_back(&macro);
    const std::size_t loops = std::exchange(loops_, 0);
    macro.body = parseWholeBody(end);
    loops_ = loops;
    macros_.pop_back();
}

const Statement* Parser::parseMacro() {
    Statement* statement = makeStatement(StatementKind::kMacro, take().line);
    statement->macro = std::make_unique<MacroDefinition>();
    statement->macro->name = expectName();
    statement->name = intern(statement->macro->name);
    parseSignature(*statement->macro);
    parseMacroBody(*statement->macro, "endmacro");
    return statement;
}

const Statement* Parser::parseCallBlock() {
    Statement* statement = makeStatement(StatementKind::kCallBlock, take().line);
    statement->macro = std::make_unique<MacroDefinition>();
    if (current().isOperator("(")) {
        parseSignature(*statement->macro);
    }
    const Expression* call = parseExpression();
    if (call->kind != ExpressionKind::kCall) {
        failAt(statement->line, "a call block needs a call");
    }
    statement->expressions.push_back(call);
    parseMacroBody(*statement->macro, "endcall");
    return statement;
}

const Statement* Parser::parseFilterBlock() {
    Statement* statement = makeStatement(StatementKind::kFilterBlock, take().line);
    statement->expressions.push_back(parseFilter(nullptr, false));
    statement->bodies.push_back(parseWholeBody("endfilter"));
    return statement;
}

const Statement* Parser::parseWith() {
    Statement* statement = makeStatement(StatementKind::kWith, take().line);
    while (current().kind != TokenKind::kBlockEnd) {
        if (!statement->targets.empty()) {
            expectOperator(",");
        }
        statement->targets.push_back(parseTarget(false, {}));
        expectOperator("=");
        statement->expressions.push_back(parseExpression());
    }
    statement->bodies.push_back(parseWholeBody("endwith"));
    return statement;
}

const Statement* Parser::parsePrint() {
    Statement* statement = makeStatement(StatementKind::kPrint, take().line);
    while (current().kind != TokenKind::kBlockEnd) {
        if (!statement->expressions.empty()) {
            expectOperator(",");
        }
        statement->expressions.push_back(parseExpression());
    }
    return statement;
}

const Statement* Parser::parseGeneration() {
    Statement* statement = makeStatement(StatementKind::kScope, take().line);
    const std::size_t loops = std::exchange(loops_, 0);
    statement->bodies.push_back(parseWholeBody("endgeneration"));
    loops_ = loops;
    return statement;
}

const Statement* Parser::parseLoopControl(StatementKind kind) {
    if (loops_ == 0) {
        fail(fmt::format("'{}' stands outside of a loop", current().text));
    }
    return makeStatement(kind, take().line);
}

Target Parser::parseTargetPart(bool allowNamespace) {
    Target target;
    target.line = current().line;
    if (takeOperator("(")) {
        const DepthGuard guard(depth_);
        if (depth_ > kMaxDepth) {
            fail(fmt::format("parentheses nest more than {} deep", kMaxDepth));
        }
        target = parseTarget(allowNamespace, {});
        expectOperator(")");
        return target;
    }
    if (current().kind != TokenKind::kName) {
        fail(fmt::format("can't assign to {}", describe(current())));
    }
    const std::string name = take().text;
    static constexpr std::array<std::string_view, 6> kConstants = {"true", "false", "none", "True", "False", "None"};
    if (std::find(kConstants.begin(), kConstants.end(), name) != kConstants.end()) {
        failAt(target.line, fmt::format("can't assign to '{}'", name));
    }
    target.name = intern(name);
    if (allowNamespace && takeOperator(".")) {
        target.kind = Target::Kind::kNamespace;
        target.attribute = expectName();
        program_->loaded.insert(name);
    }
    return target;
}

Target Parser::parseTarget(bool allowNamespace, std::string_view end) {
    Target first = parseTargetPart(allowNamespace);
    if (!current().isOperator(",")) {
        return first;
    }
    Target tuple;
    tuple.kind = Target::Kind::kTuple;
    tuple.line = first.line;
    tuple.parts.push_back(std::move(first));
    while (takeOperator(",")) {
        if (atTupleEnd(end) || current().isOperator("=")) {
            break;
        }
        tuple.parts.push_back(parseTargetPart(allowNamespace));
    }
    return tuple;
}

} // namespace alcuin::inference::chat::jinja
