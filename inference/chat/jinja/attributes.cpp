#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "chat/jinja/arguments.h"
#include "chat/jinja/evaluator.h"
#include "chat/jinja/formatting.h"

namespace alcuin::inference::chat::jinja {

namespace {

/// Names that every Python object has, and that the sandbox refuses.
bool isInternal(std::string_view name) {
    static constexpr std::array<std::string_view, 18> kNames = {
        "__class__", "__doc__",    "__init__",         "__new__", "__eq__",     "__ne__",
        "__lt__",    "__le__",     "__gt__",           "__ge__",  "__hash__",   "__repr__",
        "__str__",   "__format__", "__getattribute__", "__dir__", "__reduce__", "__sizeof__"};
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

std::string ownerName(const Value& object) {
    return object.is(Kind::kNone) ? std::string("None") : fmt::format("{} object", typeName(object));
}

Value unsafe(Budget& budget, const Value& object, std::string_view name) {
    return undefined(budget, fmt::format("access to attribute '{}' of '{}' object is unsafe", name, typeName(object)));
}

Value method(Budget& budget, const Value& self, std::string_view name, Function::Call call) {
    auto function = std::make_shared<Function>();
    function->name = std::string(name);
    nest(*function, self.nesting());
    function->self = self;
    function->call = call;
    function->isMethod = true;
    function->charge(budget, sizeof(Function));
    return Value::object(Kind::kFunction, std::move(function));
}

Value loopCycle(Evaluator&, const Value& self, const Arguments& arguments) {
    if (arguments.positional.empty()) {
        raise("no items for cycling given");
    }
    return arguments.positional[self.as<Loop>().index % arguments.positional.size()];
}

Value loopChanged(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    auto& loop = self.as<Loop>();
    bool same = loop.hasChanged && loop.lastChanged.size() == arguments.positional.size();
    for (std::size_t i = 0; same && i < loop.lastChanged.size(); ++i) {
        same = equal(evaluator.budget(), loop.lastChanged[i], arguments.positional[i]);
    }
    std::size_t nesting = loop.nesting - 1;
    for (const auto& value : arguments.positional) {
        nesting = std::max(nesting, value.nesting());
    }
    nest(loop, nesting);
    loop.hasChanged = true;
    loop.lastChanged = arguments.positional;
    return Value::boolean(!same);
}

Value cyclerNext(Evaluator&, const Value& self, const Arguments&) {
    auto& cycler = self.as<Cycler>();
    const Value current = cycler.items[cycler.position];
    cycler.position = (cycler.position + 1) % cycler.items.size();
    return current;
}

Value cyclerReset(Evaluator&, const Value& self, const Arguments&) {
    self.as<Cycler>().position = 0;
    return Value::none();
}

} // namespace

Value Evaluator::missing(const Value& object, const Value& name) {
    if (name.isString()) {
        return undefined(budget_,
                         fmt::format("'{}' has no attribute '{}'", ownerName(object), name.view().substr(0, 200)));
    }
    TextBuilder text(budget_);
    addRepr(text, budget_, name);
    return undefined(budget_, fmt::format("{} has no element {}", ownerName(object), text.view().substr(0, 200)));
}

Value Evaluator::loopAttribute(const Value& object, std::string_view name) {
    const auto& loop = object.as<Loop>();
    const auto index = static_cast<std::int64_t>(loop.index);
    const auto size = static_cast<std::int64_t>(loop.items.size());
    const std::array<std::pair<std::string_view, std::int64_t>, 7> numbers = {{
        {"index", index + 1},
        {"index0", index},
        {"revindex", size - index},
        {"revindex0", size - index - 1},
        {"length", size},
        {"depth", static_cast<std::int64_t>(loop.depth)},
        {"depth0", static_cast<std::int64_t>(loop.depth) - 1},
    }};
    for (const auto& [attribute, value] : numbers) {
        if (name == attribute) {
            return Value::integer(value);
        }
    }
    if (name == "first") {
        return Value::boolean(index == 0);
    }
    if (name == "last") {
        return Value::boolean(index + 1 == size);
    }
    if (name == "previtem") {
        return index == 0 ? undefined(budget_, "there is no previous item") : loop.items[loop.index - 1];
    }
    if (name == "nextitem") {
        return index + 1 == size ? undefined(budget_, "there is no next item") : loop.items[loop.index + 1];
    }
    if (name == "cycle") {
        return method(budget_, object, name, loopCycle);
    }
    return name == "changed" ? method(budget_, object, name, loopChanged) : Value();
}

Value Evaluator::macroAttribute(const Value& object, std::string_view name) {
    const auto& macro = object.as<Macro>();
    if (name == "name") {
        return string(budget_, macro.name);
    }
    if (name == "arguments") {
        std::vector<Value> names;
        for (const auto& parameter : macro.definition->parameterNames) {
            names.push_back(string(budget_, parameter));
        }
        return tuple(budget_, std::move(names));
    }
    if (name == "catch_kwargs") {
        return Value::boolean(macro.definition->usesKwargs);
    }
    if (name == "catch_varargs") {
        return Value::boolean(macro.definition->usesVarargs);
    }
    return name == "caller" ? Value::boolean(macro.definition->usesCaller) : Value();
}

/// An undefined value without a hint where there is no such attribute.
Value Evaluator::plainAttribute(const Value& object, std::string_view name) {
    requireDefined(object);
    if (isInternal(name) || isRefusedMethod(object, name)) {
        return unsafe(budget_, object, name);
    }
    if (const auto call = findMethod(object, name)) {
        return method(budget_, object, name, call);
    }
    switch (object.kind()) {
    case Kind::kTuple:
        if (object.as<List>().grouped && (name == "grouper" || name == "list")) {
            return object.as<List>().items[name == "list" ? 1 : 0];
        }
        return {};
    case Kind::kNamespace: {
        const Value* value = object.as<Namespace>().find(name);
        return value == nullptr ? Value() : *value;
    }
    case Kind::kLoop:
        return loopAttribute(object, name);
    case Kind::kMacro:
        return macroAttribute(object, name);
    case Kind::kRange: {
        const auto& range = object.as<Range>();
        if (name == "start" || name == "step") {
            return Value::integer(name == "start" ? range.start : range.step);
        }
        return name == "stop" ? Value::integer(range.stop) : Value();
    }
    case Kind::kCycler:
        if (name == "current") {
            return object.as<Cycler>().items[object.as<Cycler>().position];
        }
        if (name == "next" || name == "reset") {
            return method(budget_, object, name, name == "next" ? cyclerNext : cyclerReset);
        }
        return {};
    default:
        return {};
    }
}

Value Evaluator::attribute(const Value& object, std::string_view name) {
    Value found = plainAttribute(object, name);
    // A namespace may hold an undefined value: that is an attribute too.
    if (!found.isUndefined() || found.shared()) {
        return found;
    }
    if (object.is(Kind::kDict)) {
        if (const Value* value = object.as<Dict>().find(name)) {
            return *value;
        }
    }
    return missing(object, string(budget_, std::string(name)));
}

Value Evaluator::item(const Value& object, const Value& index) {
    requireDefined(object);
    if (object.is(Kind::kDict)) {
        if (!index.is(Kind::kList) && !index.is(Kind::kDict)) {
            requireHashable(budget_, index);
            budget_.step(index.isString() ? 1 : object.as<Dict>().entries().size());
            if (const Value* value = object.as<Dict>().find(index)) {
                return *value;
            }
        }
    } else if (index.isIntegral() && (object.isArray() || object.isString() || object.is(Kind::kRange))) {
        const auto size = static_cast<std::int64_t>(length(object));
        const std::int64_t wanted = index.asInt();
        const std::int64_t at = wanted < 0 && wanted >= -size ? wanted + size : wanted;
        if (at >= 0 && at < size) {
            if (object.isString()) {
                return characterOf(budget_, object, static_cast<std::size_t>(at));
            }
            return object.is(Kind::kRange) ? Value::integer(rangeItem(object.as<Range>(), at), object.origin())
                                           : object.as<List>().items[static_cast<std::size_t>(at)];
        }
    }
    if (index.isString()) {
        Value found = plainAttribute(object, index.view());
        if (!found.isUndefined() || found.shared()) {
            return found;
        }
    }
    return missing(object, index);
}

} // namespace alcuin::inference::chat::jinja
