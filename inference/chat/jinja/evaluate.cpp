#include <algorithm>

#include <fmt/format.h>

#include "chat/jinja/arguments.h"
#include "chat/jinja/evaluator.h"
#include "chat/jinja/formatting.h"

namespace alcuin::inference::chat::jinja {

namespace {

/// Calls of evaluate() inside one another, through all macros. At about 600 bytes of stack a level this stays well
/// below the smallest default stack of a thread, 1 MiB.
constexpr std::size_t kMaxFrames = 1000;

} // namespace

class Evaluator::InFrame {
public:
    explicit InFrame(std::size_t& frames) : frames_(frames) {
        if (frames_ >= kMaxFrames) {
            raise(fmt::format("the template goes more than {} expressions deep", kMaxFrames));
        }
        ++frames_;
    }
    InFrame(const InFrame&) = delete;
    InFrame& operator=(const InFrame&) = delete;
    ~InFrame() {
        --frames_;
    }

private:
    std::size_t& frames_;
};

Value Evaluator::evaluate(const Expression& expression) {
    const InFrame frame(frames_);
    budget_.step();
    line_ = expression.line;
    switch (expression.kind) {
    case ExpressionKind::kConstant:
        return expression.constant;
    case ExpressionKind::kName:
        return evaluateName(expression);
    case ExpressionKind::kList:
    case ExpressionKind::kTuple:
        return evaluateArray(expression);
    case ExpressionKind::kDict:
        return evaluateDict(expression);
    case ExpressionKind::kNot: {
        const Value value = evaluate(*expression.parts[0]);
        return Value::boolean(!truthy(value));
    }
    case ExpressionKind::kNegate:
        return negate(evaluate(*expression.parts[0]));
    case ExpressionKind::kPositive:
        return positive(evaluate(*expression.parts[0]));
    case ExpressionKind::kBinary:
        return evaluateBinary(expression);
    case ExpressionKind::kConcat:
        return evaluateConcat(expression);
    case ExpressionKind::kCompare:
        return evaluateCompare(expression);
    case ExpressionKind::kAnd:
    case ExpressionKind::kOr:
        return evaluateLogic(expression);
    case ExpressionKind::kConditional:
        return evaluateConditional(expression);
    case ExpressionKind::kAttribute: {
        const Value object = evaluate(*expression.parts[0]);
        line_ = expression.line;
        return attribute(object, expression.text);
    }
    case ExpressionKind::kItem:
        return evaluateItem(expression);
    case ExpressionKind::kCall:
        return evaluateCall(expression, nullptr);
    case ExpressionKind::kFilter:
        return evaluateFilter(expression, nullptr);
    case ExpressionKind::kTest:
        return evaluateTest(expression);
    case ExpressionKind::kSlice:
        break;
    }
    raise("a slice stands outside of [ ]");
}

Value Evaluator::evaluateName(const Expression& expression) {
    for (const Scope* scope = scope_.get(); scope != nullptr; scope = scope->parent.get()) {
        if (const Value* value = scope->find(expression.name)) {
            return *value;
        }
    }
    if (hasGlobal_[expression.name]) {
        return globals_[expression.name];
    }
    return undefined(budget_, fmt::format("'{}' is undefined", program_.names[expression.name]));
}

Value Evaluator::evaluateArray(const Expression& expression) {
    std::vector<Value> all;
    all.reserve(expression.parts.size());
    for (const Expression* part : expression.parts) {
        all.push_back(evaluate(*part));
    }
    return expression.kind == ExpressionKind::kList ? list(budget_, std::move(all)) : tuple(budget_, std::move(all));
}

Value Evaluator::evaluateDict(const Expression& expression) {
    auto object = std::make_shared<Dict>();
    for (std::size_t i = 0; i + 1 < expression.parts.size(); i += 2) {
        const Value key = evaluate(*expression.parts[i]);
        requireHashable(budget_, key);
        budget_.step(key.isString() ? 1 : object->entries().size());
        object->set(key, evaluate(*expression.parts[i + 1]));
    }
    return dict(budget_, std::move(object));
}

Value Evaluator::evaluateConcat(const Expression& expression) {
    TextBuilder builder(budget_);
    std::uint32_t origin = TextRun::kTrusted;
    for (const Expression* part : expression.parts) {
        const Value value = evaluate(*part);
        addString(builder, budget_, value);
        origin = builder.size() == 0 ? value.origin() : origin;
    }
    return Value::string(builder.finish(origin));
}

Value Evaluator::evaluateCompare(const Expression& expression) {
    Value left = evaluate(*expression.parts[0]);
    for (std::size_t i = 0; i < expression.operators.size(); ++i) {
        Value right = evaluate(*expression.parts[i + 1]);
        line_ = expression.line;
        if (!compare(budget_, expression.operators[i], left, right)) {
            return Value::boolean(false);
        }
        left = std::move(right);
    }
    return Value::boolean(true);
}

Value Evaluator::evaluateLogic(const Expression& expression) {
    Value left = evaluate(*expression.parts[0]);
    if (truthy(left) == (expression.kind == ExpressionKind::kOr)) {
        return left;
    }
    return evaluate(*expression.parts[1]);
}

Value Evaluator::evaluateConditional(const Expression& expression) {
    if (truthy(evaluate(*expression.parts[0]))) {
        return evaluate(*expression.parts[1]);
    }
    if (expression.parts[2] != nullptr) {
        return evaluate(*expression.parts[2]);
    }
    return undefined(budget_, "the inline if-expression evaluated to false and has no else");
}

Value Evaluator::evaluateBinary(const Expression& expression) {
    const Value left = evaluate(*expression.parts[0]);
    const Value right = evaluate(*expression.parts[1]);
    line_ = expression.line;
    return arithmetic(budget_, expression.operators[0], left, right);
}

Value Evaluator::evaluateItem(const Expression& expression) {
    const Value object = evaluate(*expression.parts[0]);
    if (expression.parts[1]->kind == ExpressionKind::kSlice) {
        return evaluateSlice(object, *expression.parts[1]);
    }
    const Value index = evaluate(*expression.parts[1]);
    line_ = expression.line;
    return item(object, index);
}

Value Evaluator::evaluateSlice(const Value& object, const Expression& slice) {
    const auto part = [&](std::size_t i) {
        return slice.parts[i] == nullptr ? Value::none() : evaluate(*slice.parts[i]);
    };
    const Value start = part(0);
    const Value stop = part(1);
    const Value step = part(2);
    line_ = slice.line;
    return sliced(budget_, object, start, stop, step);
}

Arguments Evaluator::evaluateArguments(const Expression& expression) {
    Arguments arguments;
    for (std::size_t i = 1; i < expression.parts.size(); ++i) {
        arguments.positional.push_back(evaluate(*expression.parts[i]));
    }
    for (const auto& [name, value] : expression.named) {
        arguments.named.emplace_back(name, evaluate(*value));
    }
    if (expression.morePositional != nullptr) {
        const auto more = items(budget_, evaluate(*expression.morePositional));
        arguments.positional.insert(arguments.positional.end(), more.begin(), more.end());
    }
    if (expression.moreNamed != nullptr) {
        const Value more = evaluate(*expression.moreNamed);
        if (!more.is(Kind::kDict)) {
            raise(fmt::format("the argument behind ** must be a mapping, not {}", typeName(more)));
        }
        for (const auto& [key, value] : more.as<Dict>().entries()) {
            const Name name(std::string(requireText(key, "an argument's name")->view()), worstOrigin(*key.text()));
            for (const auto& [other, otherValue] : arguments.named) {
                if (other == name) {
                    raise(fmt::format("the argument '{}' stands twice", std::string_view(name)));
                }
            }
            budget_.step(arguments.named.size());
            arguments.named.emplace_back(name, value);
        }
    }
    line_ = expression.line;
    return arguments;
}

Value Evaluator::evaluateCall(const Expression& expression, const Value* caller) {
    const Value callee = evaluate(*expression.parts[0]);
    Arguments arguments = evaluateArguments(expression);
    if (caller != nullptr) {
        arguments.named.emplace_back("caller", *caller);
    }
    return call(callee, arguments);
}

Value Evaluator::evaluateFilter(const Expression& expression, const Value* body) {
    const Expression* inner = expression.parts[0];
    Value input;
    if (inner != nullptr) {
        // A block's filters end in one without an input: the body goes there.
        const bool isChain = body != nullptr && inner->kind == ExpressionKind::kFilter;
        input = isChain ? evaluateFilter(*inner, body) : evaluate(*inner);
    } else if (body != nullptr) {
        input = *body;
    }
    const Arguments arguments = evaluateArguments(expression);
    if (expression.builtin == nullptr) {
        raise(fmt::format("there is no filter '{}'", expression.text));
    }
    return expression.builtin(*this, input, arguments);
}

Value Evaluator::evaluateTest(const Expression& expression) {
    const Value input = evaluate(*expression.parts[0]);
    const Arguments arguments = evaluateArguments(expression);
    if (expression.builtin == nullptr) {
        raise(fmt::format("there is no test '{}'", expression.text));
    }
    return expression.builtin(*this, input, arguments);
}

} // namespace alcuin::inference::chat::jinja
