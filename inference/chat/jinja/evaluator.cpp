#include "chat/jinja/evaluator.h"

#include <algorithm>

#include <fmt/format.h>

#include "chat/jinja/formatting.h"

namespace alcuin::inference::chat::jinja {

/// Makes a scope the current one until the end of a block.
class Evaluator::InScope {
public:
    InScope(Evaluator& evaluator, std::shared_ptr<Scope> scope)
        : evaluator_(evaluator), outer_(std::exchange(evaluator.scope_, std::move(scope))) {}
    InScope(const InScope&) = delete;
    InScope& operator=(const InScope&) = delete;
    ~InScope() {
        evaluator_.scope_ = std::move(outer_);
    }

private:
    Evaluator& evaluator_;
    std::shared_ptr<Scope> outer_;
};

Evaluator::Evaluator(const Program& program, Budget& budget, const Clock& clock, const Globals& globals)
    : program_(program)
    , budget_(budget)
    , clock_(clock)
    , globals_(program.names.size())
    , hasGlobal_(program.names.size(), false)
    , scope_(std::make_shared<Scope>()) {
    for (const auto& [name, value] : globals) {
        const NameId id = idOf(name);
        if (id < globals_.size()) {
            globals_[id] = value;
            hasGlobal_[id] = true;
        }
    }
}

Evaluator::~Evaluator() {
    for (const auto& space : namespaces_) {
        const auto emptied = std::move(space->attributes);
        space->attributes.clear();
    }
    for (const auto& scope : kept_) {
        const auto emptied = std::move(scope->variables);
        scope->variables.clear();
    }
}

NameId Evaluator::idOf(std::string_view name) const {
    const auto found = std::find(program_.names.begin(), program_.names.end(), name);
    return static_cast<NameId>(found - program_.names.begin());
}

std::shared_ptr<Scope> Evaluator::newScope(std::shared_ptr<Scope> parent) {
    auto scope = std::make_shared<Scope>();
    scope->parent = std::move(parent);
    return scope;
}

void Evaluator::keep(std::shared_ptr<Scope> scope) {
    for (; scope && !scope->isKept; scope = scope->parent) {
        scope->isKept = true;
        kept_.push_back(scope);
    }
}

void Evaluator::render(TextBuilder& output) {
    run(program_.body, output);
}

Evaluator::Flow Evaluator::run(const Body& body, TextBuilder& output) {
    for (const Statement* statement : body) {
        const Flow flow = run(*statement, output);
        if (flow != Flow::kNext) {
            return flow;
        }
    }
    return Flow::kNext;
}

Evaluator::Flow Evaluator::run(const Statement& statement, TextBuilder& output) {
    budget_.step();
    line_ = statement.line;
    switch (statement.kind) {
    case StatementKind::kText:
        output.add(*statement.text);
        return Flow::kNext;
    case StatementKind::kPrint:
        for (const Expression* expression : statement.expressions) {
            addString(output, budget_, evaluate(*expression));
        }
        return Flow::kNext;
    case StatementKind::kIf:
        return runIf(statement, output);
    case StatementKind::kFor:
        return runFor(statement, output);
    case StatementKind::kSet:
        assign(statement.targets.front(), evaluate(*statement.expressions.front()));
        return Flow::kNext;
    case StatementKind::kSetBlock:
        return runSetBlock(statement, output);
    case StatementKind::kMacro:
        scope_->set(statement.name, makeMacro(*statement.macro));
        return Flow::kNext;
    case StatementKind::kCallBlock:
        runCallBlock(statement, output);
        return Flow::kNext;
    case StatementKind::kFilterBlock:
        return runFilterBlock(statement, output);
    case StatementKind::kWith:
        return runWith(statement, output);
    case StatementKind::kScope: {
        const InScope inner(*this, newScope(scope_));
        return run(statement.bodies.front(), output);
    }
    case StatementKind::kBreak:
        return Flow::kBreak;
    case StatementKind::kContinue:
        return Flow::kContinue;
    }
    return Flow::kNext;
}

Evaluator::Flow Evaluator::runIf(const Statement& statement, TextBuilder& output) {
    for (std::size_t i = 0; i < statement.expressions.size(); ++i) {
        if (truthy(evaluate(*statement.expressions[i]))) {
            return run(statement.bodies[i], output);
        }
    }
    return run(statement.bodies.back(), output);
}

Evaluator::Flow Evaluator::runFor(const Statement& statement, TextBuilder& output) {
    const Value iterable = evaluate(*statement.expressions[0]);
    line_ = statement.line;
    return runLoop(statement, iterable, 1, output);
}

std::vector<Value> Evaluator::selected(const Statement& statement, const Value& iterable) {
    std::vector<Value> all = items(budget_, iterable);
    const Expression* condition = statement.expressions[1];
    if (condition == nullptr) {
        return all;
    }
    std::vector<Value> chosen;
    for (auto& item : all) {
        auto scope = newScope(scope_);
        assign(statement.targets.front(), item, *scope);
        const InScope inner(*this, std::move(scope));
        if (truthy(evaluate(*condition))) {
            chosen.push_back(std::move(item));
        }
    }
    return chosen;
}

Evaluator::Flow Evaluator::runLoop(const Statement& statement, const Value& iterable, std::size_t depth,
                                   TextBuilder& output) {
    auto loop = std::make_shared<Loop>();
    loop->items = selected(statement, iterable);
    loop->depth = depth;
    loop->statement = &statement;
    loop->outer = scope_;
    std::size_t nesting = 0;
    for (const auto& item : loop->items) {
        nesting = std::max(nesting, item.nesting());
    }
    nest(*loop, nesting);
    loop->charge(budget_, sizeof(Loop) + loop->items.capacity() * sizeof(Value));
    if (loop->items.empty()) {
        const InScope inner(*this, newScope(scope_));
        return run(statement.bodies[1], output);
    }
    const Value loopValue = Value::object(Kind::kLoop, loop);
    std::shared_ptr<Scope> scope;
    for (std::size_t i = 0; i < loop->items.size(); ++i) {
        budget_.step();
        loop->index = i;
        if (!scope || scope.use_count() > 1) {
            scope = newScope(loop->outer);
        }
        scope->variables.clear();
        scope->set(statement.name, loopValue);
        line_ = statement.line;
        assign(statement.targets.front(), loop->items[i], *scope);
        const InScope inner(*this, scope);
        if (run(statement.bodies[0], output) == Flow::kBreak) {
            break;
        }
    }
    return Flow::kNext;
}

Evaluator::Flow Evaluator::runSetBlock(const Statement& statement, TextBuilder&) {
    TextBuilder captured(budget_);
    {
        const InScope inner(*this, newScope(scope_));
        const Flow flow = run(statement.bodies.front(), captured);
        if (flow != Flow::kNext) {
            return flow;
        }
    }
    Value value = Value::string(captured.finish());
    if (statement.expressions.front() != nullptr) {
        value = evaluateFilter(*statement.expressions.front(), &value);
    }
    assign(statement.targets.front(), value);
    return Flow::kNext;
}

Evaluator::Flow Evaluator::runFilterBlock(const Statement& statement, TextBuilder& output) {
    TextBuilder captured(budget_);
    const InScope inner(*this, newScope(scope_));
    const Flow flow = run(statement.bodies.front(), captured);
    if (flow != Flow::kNext) {
        return flow;
    }
    const Value body = Value::string(captured.finish());
    addString(output, budget_, evaluateFilter(*statement.expressions.front(), &body));
    return Flow::kNext;
}

Evaluator::Flow Evaluator::runWith(const Statement& statement, TextBuilder& output) {
    auto scope = newScope(scope_);
    for (std::size_t i = 0; i < statement.targets.size(); ++i) {
        assign(statement.targets[i], evaluate(*statement.expressions[i]), *scope);
    }
    const InScope inner(*this, std::move(scope));
    return run(statement.bodies.front(), output);
}

void Evaluator::assign(const Target& target, const Value& value) {
    assign(target, value, *scope_);
}

void Evaluator::assign(const Target& target, const Value& value, Scope& scope) {
    if (target.kind == Target::Kind::kName) {
        scope.set(target.name, value);
        return;
    }
    if (target.kind == Target::Kind::kTuple) {
        if (!isIterable(value)) {
            requireDefined(value);
            raise(fmt::format("cannot unpack non-iterable {} object", typeName(value)));
        }
        const auto parts = items(budget_, value);
        if (parts.size() != target.parts.size()) {
            raise(fmt::format("expected {} values to unpack, got {}", target.parts.size(), parts.size()));
        }
        for (std::size_t i = 0; i < parts.size(); ++i) {
            assign(target.parts[i], parts[i], scope);
        }
        return;
    }
    const Value* space = nullptr;
    for (const Scope* s = scope_.get(); s != nullptr && space == nullptr; s = s->parent.get()) {
        space = s->find(target.name);
    }
    if (space == nullptr && hasGlobal_[target.name]) {
        space = &globals_[target.name];
    }
    if (space == nullptr || !space->is(Kind::kNamespace)) {
        raise("cannot assign attribute on non-namespace object");
    }
    if (target.attribute.starts_with('_')) {
        raise(fmt::format("a namespace can't hold the attribute '{}': it begins with an underscore", target.attribute));
    }
    auto& attributes = space->as<Namespace>();
    if (Value* old = attributes.find(target.attribute)) {
        *old = value;
    } else {
        budget_.hold(sizeof(std::pair<Name, Value>));
        attributes.attributes.emplace_back(target.attribute, value);
    }
}

} // namespace alcuin::inference::chat::jinja
