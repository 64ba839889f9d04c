#include <algorithm>

#include <fmt/format.h>

#include "chat/jinja/arguments.h"
#include "chat/jinja/evaluator.h"
#include "chat/jinja/formatting.h"

namespace alcuin::inference::chat::jinja {

namespace {

/// Takes the argument of this name out, if there is one.
bool takeNamed(std::vector<std::pair<Name, Value>>& named, std::string_view name, Value& value) {
    const auto found = std::find_if(named.begin(), named.end(), [&](const auto& entry) { return entry.first == name; });
    if (found == named.end()) {
        return false;
    }
    value = std::move(found->second);
    named.erase(found);
    return true;
}

} // namespace

Value Evaluator::makeMacro(const MacroDefinition& definition) {
    auto macro = std::make_shared<Macro>();
    macro->name = definition.name;
    macro->definition = &definition;
    macro->scope = scope_;
    macro->charge(budget_, sizeof(Macro) + sizeof(Scope));
    keep(scope_);
    return Value::object(Kind::kMacro, std::move(macro));
}

void Evaluator::runCallBlock(const Statement& statement, TextBuilder& output) {
    const Value caller = makeMacro(*statement.macro);
    addString(output, budget_, evaluateCall(*statement.expressions.front(), &caller));
}

Value Evaluator::call(const Value& callee, const Arguments& arguments) {
    budget_.step();
    switch (callee.kind()) {
    case Kind::kMacro:
        return callMacro(callee.as<Macro>(), arguments);
    case Kind::kFunction: {
        const auto& function = callee.as<Function>();
        if (function.self.isString()) {
            budget_.work(function.self.text()->size());
        }
        return function.call(*this, function.self, arguments);
    }
    case Kind::kLoop:
        return callLoop(callee.as<Loop>(), arguments);
    case Kind::kJoiner: {
        auto& joiner = callee.as<Joiner>();
        if (std::exchange(joiner.used, true)) {
            return joiner.separator;
        }
        return string(budget_, "");
    }
    default:
        requireDefined(callee);
        raise(fmt::format("'{}' object is not callable", typeName(callee)));
    }
}

Value Evaluator::callLoop(const Loop& loop, const Arguments& arguments) {
    const Bound bound("loop()", arguments, {"iterable"}, 1);
    if (!loop.statement->recursive) {
        raise("the loop must have the 'recursive' marker to be called recursively");
    }
    const Budget::Descent descent(budget_);
    const auto outer = std::exchange(scope_, loop.outer);
    TextBuilder output(budget_);
    runLoop(*loop.statement, bound[0], loop.depth + 1, output);
    scope_ = outer;
    return Value::string(output.finish());
}

Value Evaluator::callMacro(const Macro& macro, const Arguments& arguments) {
    const Budget::Descent descent(budget_);
    const MacroDefinition& definition = *macro.definition;
    const std::size_t count = definition.parameters.size();
    const int line = line_;
    auto named = arguments.named;
    auto scope = newScope(macro.scope);
    const auto outer = std::exchange(scope_, scope);
    const std::size_t firstDefault = count - definition.defaults.size();
    bool hasCallerParameter = false;
    for (std::size_t i = 0; i < count; ++i) {
        Value value;
        hasCallerParameter = hasCallerParameter || definition.parameterNames[i] == "caller";
        if (i < arguments.positional.size()) {
            value = arguments.positional[i];
        } else if (!takeNamed(named, definition.parameterNames[i], value)) {
            value =
                i >= firstDefault
                    ? evaluate(*definition.defaults[i - firstDefault])
                    : undefined(budget_, fmt::format("parameter '{}' was not provided", definition.parameterNames[i]));
        }
        scope->set(definition.parameters[i], std::move(value));
    }
    line_ = line;
    if (definition.usesCaller && !hasCallerParameter) {
        Value caller;
        if (!takeNamed(named, "caller", caller)) {
            caller = undefined(budget_, "No caller defined");
        }
        scope->set(idOf("caller"), std::move(caller));
    }
    if (definition.usesKwargs) {
        auto rest = std::make_shared<Dict>();
        for (auto& [name, value] : named) {
            rest->set(string(budget_, name, name.origin), std::move(value));
        }
        scope->set(idOf("kwargs"), dict(budget_, std::move(rest)));
    } else if (!named.empty()) {
        raise(fmt::format("macro '{}' takes no keyword argument '{}'", macro.name,
                          std::string_view(named.front().first)));
    }
    if (definition.usesVarargs) {
        const std::size_t taken = std::min(count, arguments.positional.size());
        scope->set(idOf("varargs"), tuple(budget_, {arguments.positional.begin() + static_cast<std::ptrdiff_t>(taken),
                                                    arguments.positional.end()}));
    } else if (arguments.positional.size() > count) {
        raise(fmt::format("macro '{}' takes not more than {} argument(s)", macro.name, count));
    }
    TextBuilder output(budget_);
    run(definition.body, output);
    scope_ = outer;
    line_ = line;
    return Value::string(output.finish());
}

Value Evaluator::makeNamespace(const Arguments& arguments) {
    auto space = std::make_shared<Namespace>();
    const auto add = [&](const Name& name, const Value& value) {
        if (name.starts_with('_')) {
            raise(fmt::format("a namespace can't hold the attribute '{}': it begins with an underscore",
                              std::string_view(name)));
        }
        if (Value* old = space->find(name)) {
            *old = value;
        } else {
            space->attributes.emplace_back(name, value);
        }
    };
    if (arguments.positional.size() > 1) {
        raise("namespace() takes at most one positional argument");
    }
    if (!arguments.positional.empty()) {
        const Value& base = arguments.positional.front();
        if (!base.is(Kind::kDict)) {
            requireDefined(base);
            raise(fmt::format("namespace() needs a mapping, not '{}'", typeName(base)));
        }
        for (const auto& [key, value] : base.as<Dict>().entries()) {
            budget_.step(space->attributes.size());
            const TextPtr& name = requireText(key, "namespace()");
            add(Name(std::string(name->view()), worstOrigin(*name)), value);
        }
    }
    for (const auto& [name, value] : arguments.named) {
        add(name, value);
    }
    space->charge(budget_, sizeof(Namespace) + space->attributes.capacity() * sizeof(std::pair<Name, Value>));
    namespaces_.push_back(space);
    return Value::object(Kind::kNamespace, std::move(space));
}

} // namespace alcuin::inference::chat::jinja
