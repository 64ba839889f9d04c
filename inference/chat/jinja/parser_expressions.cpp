#include <algorithm>

#include <fmt/format.h>

#include "chat/jinja/parser.h"

namespace alcuin::inference::chat::jinja {

namespace {

/// Expressions inside one another, chains of operators included: every level is one call of the evaluator.
constexpr std::size_t kMaxHeight = 200;

constexpr std::size_t kMaxParentheses = 100;

} // namespace

Expression* Parser::make(ExpressionKind kind, int line) {
    program_->expressions.push_back(std::make_unique<Expression>());
    Expression* expression = program_->expressions.back().get();
    expression->kind = kind;
    expression->line = line;
    return expression;
}

const Expression* Parser::finished(Expression* expression) {
    std::size_t height = 0;
    const auto look = [&height](const Expression* part) { height = std::max(height, part ? part->height : 0); };
    std::for_each(expression->parts.begin(), expression->parts.end(), look);
    for (const auto& [name, value] : expression->named) {
        look(value);
    }
    look(expression->morePositional);
    look(expression->moreNamed);
    expression->height = height + 1;
    if (expression->height > kMaxHeight) {
        failAt(expression->line, fmt::format("an expression nests more than {} deep", kMaxHeight));
    }
    return expression;
}

Expression* Parser::makeBinary(Operator op, const Expression* left, const Expression* right, int line) {
    Expression* node = make(ExpressionKind::kBinary, line);
    node->operators = {op};
    node->parts = {left, right};
    finished(node);
    return node;
}

const Expression* Parser::parseExpression(bool allowConditional) {
    ++depth_;
    if (depth_ > kMaxParentheses) {
        fail(fmt::format("expressions nest more than {} deep", kMaxParentheses));
    }
    const Expression* expression = allowConditional ? parseConditional() : parseOr();
    --depth_;
    return expression;
}

const Expression* Parser::parseConditional() {
    const Expression* value = parseOr();
    while (current().isName("if")) {
        Expression* node = make(ExpressionKind::kConditional, take().line);
        const Expression* condition = parseOr();
        const Expression* otherwise = takeName("else") ? parseExpression() : nullptr;
        node->parts = {condition, value, otherwise};
        value = finished(node);
    }
    return value;
}

const Expression* Parser::parseOr() {
    const Expression* left = parseAnd();
    while (current().isName("or")) {
        Expression* node = make(ExpressionKind::kOr, take().line);
        node->parts = {left, parseAnd()};
        left = finished(node);
    }
    return left;
}

const Expression* Parser::parseAnd() {
    const Expression* left = parseNot();
    while (current().isName("and")) {
        Expression* node = make(ExpressionKind::kAnd, take().line);
        node->parts = {left, parseNot()};
        left = finished(node);
    }
    return left;
}

const Expression* Parser::parseNot() {
    std::vector<int> lines;
    while (current().isName("not")) {
        lines.push_back(take().line);
    }
    const Expression* node = parseCompare();
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        Expression* negation = make(ExpressionKind::kNot, *line);
        negation->parts = {node};
        node = finished(negation);
    }
    return node;
}

const Expression* Parser::parseCompare() {
    static constexpr std::array<std::pair<std::string_view, Operator>, 6> kComparisons = {{
        {"==", Operator::kEqual},
        {"!=", Operator::kNotEqual},
        {"<", Operator::kLess},
        {"<=", Operator::kLessEqual},
        {">", Operator::kGreater},
        {">=", Operator::kGreaterEqual},
    }};
    const int line = current().line;
    const Expression* first = parseSum();
    Expression* node = nullptr;
    for (;;) {
        Operator op = Operator::kIn;
        const auto symbol = std::find_if(kComparisons.begin(), kComparisons.end(),
                                         [this](const auto& entry) { return current().isOperator(entry.first); });
        if (symbol != kComparisons.end()) {
            op = symbol->second;
        } else if (current().isName("not") && ahead().isName("in")) {
            op = Operator::kNotIn;
            take();
        } else if (!current().isName("in")) {
            break;
        }
        take();
        if (node == nullptr) {
            node = make(ExpressionKind::kCompare, line);
            node->parts = {first};
        }
        node->operators.push_back(op);
        node->parts.push_back(parseSum());
    }
    return node == nullptr ? first : finished(node);
}

const Expression* Parser::parseSum() {
    const Expression* left = parseConcat();
    while (current().isOperator("+") || current().isOperator("-")) {
        const Token token = take();
        left = makeBinary(token.text == "+" ? Operator::kAdd : Operator::kSubtract, left, parseConcat(), token.line);
    }
    return left;
}

const Expression* Parser::parseConcat() {
    const int line = current().line;
    const Expression* first = parseProduct();
    if (!current().isOperator("~")) {
        return first;
    }
    Expression* node = make(ExpressionKind::kConcat, line);
    node->parts = {first};
    while (takeOperator("~")) {
        node->parts.push_back(parseProduct());
    }
    return finished(node);
}

const Expression* Parser::parseProduct() {
    const Expression* left = parsePower();
    for (;;) {
        Operator op = Operator::kMultiply;
        if (current().isOperator("/")) {
            op = Operator::kDivide;
        } else if (current().isOperator("//")) {
            op = Operator::kFloorDivide;
        } else if (current().isOperator("%")) {
            op = Operator::kModulo;
        } else if (!current().isOperator("*")) {
            return left;
        }
        const int line = take().line;
        left = makeBinary(op, left, parsePower(), line);
    }
}

const Expression* Parser::parsePower() {
    const Expression* left = parseUnary();
    while (current().isOperator("**")) {
        const int line = take().line;
        left = makeBinary(Operator::kPower, left, parseUnary(), line);
    }
    return left;
}

const Expression* Parser::parseUnary(bool withFilters) {
    const Expression* node = nullptr;
    if (current().isOperator("-") || current().isOperator("+")) {
        const Token sign = take();
        Expression* unary = make(sign.text == "-" ? ExpressionKind::kNegate : ExpressionKind::kPositive, sign.line);
        ++depth_;
        if (depth_ > kMaxParentheses) {
            fail(fmt::format("expressions nest more than {} deep", kMaxParentheses));
        }
        unary->parts = {parseUnary(false)};
        --depth_;
        node = finished(unary);
    } else {
        node = parsePrimary();
    }
    node = parsePostfix(node);
    return withFilters ? parseFilters(node) : node;
}

const Expression* Parser::parseNamePrimary() {
    const Token token = take();
    Expression* node = make(ExpressionKind::kConstant, token.line);
    if (token.text == "true" || token.text == "True" || token.text == "false" || token.text == "False") {
        node->constant = Value::boolean(token.text == "true" || token.text == "True");
    } else if (token.text == "none" || token.text == "None") {
        node->constant = Value::none();
    } else {
        node->kind = ExpressionKind::kName;
        node->name = intern(token.text);
        program_->loaded.insert(token.text);
        for (MacroDefinition* macro : macros_) {
            macro->usesCaller = macro->usesCaller || token.text == "caller";
            macro->usesVarargs = macro->usesVarargs || token.text == "varargs";
            macro->usesKwargs = macro->usesKwargs || token.text == "kwargs";
        }
    }
    return node;
}

const Expression* Parser::parsePrimary() {
    const int line = current().line;
    switch (current().kind) {
    case TokenKind::kName:
        return parseNamePrimary();
    case TokenKind::kString: {
        std::string joined;
        while (current().kind == TokenKind::kString) {
            joined += take().text;
        }
        Expression* node = make(ExpressionKind::kConstant, line);
        node->constant = Value::string(std::make_shared<Text>(std::move(joined), TextRun::kTrusted));
        return node;
    }
    case TokenKind::kInteger: {
        Expression* node = make(ExpressionKind::kConstant, line);
        node->constant = Value::integer(take().integer);
        return node;
    }
    case TokenKind::kFloat: {
        Expression* node = make(ExpressionKind::kConstant, line);
        node->constant = Value::real(take().real);
        return node;
    }
    default:
        break;
    }
    if (takeOperator("(")) {
        const Expression* node = parseTuple(true, {}, true);
        expectOperator(")");
        return node;
    }
    if (current().isOperator("[")) {
        return parseList();
    }
    if (current().isOperator("{")) {
        return parseDict();
    }
    fail(fmt::format("unexpected {}", describe(current())));
}

bool Parser::atTupleEnd(std::string_view end) const {
    return current().kind == TokenKind::kPrintEnd || current().kind == TokenKind::kBlockEnd ||
           current().isOperator(")") || (!end.empty() && current().isName(end));
}

const Expression* Parser::parseTuple(bool allowConditional, std::string_view end, bool inParentheses) {
    const int line = current().line;
    std::vector<const Expression*> parts;
    bool isTuple = false;
    for (;;) {
        if (!parts.empty()) {
            expectOperator(",");
        }
        if (atTupleEnd(end)) {
            break;
        }
        parts.push_back(parseExpression(allowConditional));
        if (!current().isOperator(",")) {
            break;
        }
        isTuple = true;
    }
    if (!isTuple) {
        if (!parts.empty()) {
            return parts.front();
        }
        if (!inParentheses) {
            fail(fmt::format("expected an expression, got {}", describe(current())));
        }
    }
    Expression* node = make(ExpressionKind::kTuple, line);
    node->parts = std::move(parts);
    return finished(node);
}

const Expression* Parser::parseList() {
    Expression* node = make(ExpressionKind::kList, take().line);
    while (!current().isOperator("]")) {
        if (!node->parts.empty()) {
            expectOperator(",");
        }
        if (current().isOperator("]")) {
            break;
        }
        node->parts.push_back(parseExpression());
    }
    take();
    return finished(node);
}

const Expression* Parser::parseDict() {
    Expression* node = make(ExpressionKind::kDict, take().line);
    while (!current().isOperator("}")) {
        if (!node->parts.empty()) {
            expectOperator(",");
        }
        if (current().isOperator("}")) {
            break;
        }
        node->parts.push_back(parseExpression());
        expectOperator(":");
        node->parts.push_back(parseExpression());
    }
    take();
    return finished(node);
}

const Expression* Parser::parsePostfix(const Expression* node) {
    for (;;) {
        if (current().isOperator(".") || current().isOperator("[")) {
            node = parseSubscript(node);
        } else if (current().isOperator("(")) {
            node = parseCall(node);
        } else {
            return node;
        }
    }
}

const Expression* Parser::parseFilters(const Expression* node) {
    for (;;) {
        if (current().isOperator("|")) {
            node = parseFilter(node, true);
        } else if (current().isName("is")) {
            node = parseTest(node);
        } else if (current().isOperator("(")) {
            node = parseCall(node);
        } else {
            return node;
        }
    }
}

const Expression* Parser::parseSubscript(const Expression* object) {
    const Token token = take();
    if (token.text == ".") {
        const Token member = take();
        Expression* node = make(ExpressionKind::kAttribute, token.line);
        if (member.kind == TokenKind::kName) {
            node->text = member.text;
            node->parts = {object};
            return finished(node);
        }
        if (member.kind != TokenKind::kInteger) {
            failAt(member.line, "expected a name or a number behind '.'");
        }
        Expression* index = make(ExpressionKind::kConstant, member.line);
        index->constant = Value::integer(member.integer);
        node->kind = ExpressionKind::kItem;
        node->parts = {object, index};
        return finished(node);
    }
    std::vector<const Expression*> indices;
    while (!current().isOperator("]")) {
        if (!indices.empty()) {
            expectOperator(",");
        }
        indices.push_back(parseIndex());
    }
    take();
    Expression* node = make(ExpressionKind::kItem, token.line);
    if (indices.size() == 1) {
        node->parts = {object, indices.front()};
    } else {
        Expression* tuple = make(ExpressionKind::kTuple, token.line);
        tuple->parts = std::move(indices);
        node->parts = {object, finished(tuple)};
    }
    return finished(node);
}

const Expression* Parser::parseIndex() {
    const int line = current().line;
    std::vector<const Expression*> parts(3, nullptr);
    if (!current().isOperator(":")) {
        parts[0] = parseExpression();
        if (!current().isOperator(":")) {
            return parts[0];
        }
    }
    take();
    const auto atEnd = [this] { return current().isOperator("]") || current().isOperator(","); };
    if (!current().isOperator(":") && !atEnd()) {
        parts[1] = parseExpression();
    }
    if (takeOperator(":") && !atEnd()) {
        parts[2] = parseExpression();
    }
    Expression* node = make(ExpressionKind::kSlice, line);
    node->parts = std::move(parts);
    return finished(node);
}

void Parser::parseArguments(Expression& call) {
    const int line = current().line;
    expectOperator("(");
    const auto ensure = [&](bool holds) {
        if (!holds) {
            failAt(line, "a call's arguments stand in the wrong order");
        }
    };
    bool first = true;
    while (!current().isOperator(")")) {
        if (!first) {
            expectOperator(",");
            if (current().isOperator(")")) {
                break;
            }
        }
        first = false;
        if (takeOperator("*")) {
            ensure(call.morePositional == nullptr && call.moreNamed == nullptr);
            call.morePositional = parseExpression();
        } else if (takeOperator("**")) {
            ensure(call.moreNamed == nullptr);
            call.moreNamed = parseExpression();
        } else if (current().kind == TokenKind::kName && ahead().isOperator("=")) {
            ensure(call.moreNamed == nullptr);
            const std::string name = take().text;
            take();
            for (const auto& [other, value] : call.named) {
                if (other == name) {
                    fail(fmt::format("the argument '{}' stands twice", name));
                }
            }
            call.named.emplace_back(name, parseExpression());
        } else {
            ensure(call.morePositional == nullptr && call.moreNamed == nullptr && call.named.empty());
            call.parts.push_back(parseExpression());
        }
    }
    take();
}

const Expression* Parser::parseCall(const Expression* callee) {
    Expression* node = make(ExpressionKind::kCall, current().line);
    node->parts = {callee};
    parseArguments(*node);
    return finished(node);
}

std::string Parser::parseDottedName() {
    std::string name = expectName();
    while (takeOperator(".")) {
        name += "." + expectName();
    }
    return name;
}

const Expression* Parser::parseFilter(const Expression* input, bool withPipe) {
    while (!withPipe || current().isOperator("|")) {
        if (withPipe) {
            take();
        }
        withPipe = true;
        Expression* node = make(ExpressionKind::kFilter, current().line);
        node->text = parseDottedName();
        node->parts = {input};
        if (current().isOperator("(")) {
            parseArguments(*node);
        }
        input = finished(node);
    }
    return input;
}

const Expression* Parser::parseTest(const Expression* input) {
    const int line = take().line;
    const bool negated = takeName("not");
    Expression* node = make(ExpressionKind::kTest, line);
    node->text = parseDottedName();
    node->parts = {input};
    const auto kind = current().kind;
    const bool startsArgument = kind == TokenKind::kName || kind == TokenKind::kString || kind == TokenKind::kInteger ||
                                kind == TokenKind::kFloat || current().isOperator("[") || current().isOperator("{");
    if (current().isOperator("(")) {
        parseArguments(*node);
    } else if (startsArgument && !current().isName("else") && !current().isName("or") && !current().isName("and")) {
        if (current().isName("is")) {
            fail("tests can't be chained");
        }
        node->parts.push_back(parsePostfix(parsePrimary()));
    }
    const Expression* result = finished(node);
    if (negated) {
        Expression* negation = make(ExpressionKind::kNot, line);
        negation->parts = {result};
        result = finished(negation);
    }
    return result;
}

} // namespace alcuin::inference::chat::jinja
