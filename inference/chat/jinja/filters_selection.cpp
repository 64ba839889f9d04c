#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "chat/jinja/arguments.h"
#include "chat/jinja/formatting.h"
#include "chat/jinja/item_getter.h"
#include "chat/jinja/method_tables.h"
#include "chat/jinja/text_operations.h"

namespace alcuin::inference::chat::jinja {

Value withoutCase(Budget& budget, const Value& value) {
    return value.isString() ? inCase(budget, value, Case::kLower) : value;
}

ItemGetter::ItemGetter(Evaluator& evaluator, const Value& attribute, bool caseSensitive, bool several, Value otherwise)
    : evaluator_(evaluator), caseSensitive_(caseSensitive), otherwise_(std::move(otherwise)) {
    auto& budget = evaluator.budget();
    const auto cut = [&](const Value& text, char separator) {
        return split(budget, text, std::make_shared<Text>(std::string(1, separator), TextRun::kTrusted), -1);
    };
    if (!attribute.isString()) {
        paths_.push_back(attribute.is(Kind::kNone) ? Path{} : Path{attribute});
        return;
    }
    for (const auto& name : several ? cut(attribute, ',') : std::vector<Value>{attribute}) {
        Path path;
        for (const auto& part : cut(name, '.')) {
            const bool isIndex =
                !part.view().empty() && part.view().find_first_not_of("0123456789") == std::string_view::npos;
            path.push_back(isIndex ? Value::integer(parseInteger(part.view(), 10).value_or(0)) : part);
        }
        paths_.push_back(std::move(path));
    }
}

Value ItemGetter::follow(const Path& path, const Value& item) const {
    Value value = item;
    for (const auto& part : path) {
        value = evaluator_.item(value, part);
        if (value.isUndefined() && !otherwise_.is(Kind::kNone)) {
            value = otherwise_;
        }
    }
    return caseSensitive_ ? value : withoutCase(evaluator_.budget(), value);
}

Value ItemGetter::get(const Value& item) const {
    return follow(paths_.front(), item);
}

Value ItemGetter::getAll(const Value& item) const {
    std::vector<Value> all;
    for (const auto& path : paths_) {
        all.push_back(follow(path, item));
    }
    return list(evaluator_.budget(), std::move(all));
}

namespace {

Value map(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    auto& budget = evaluator.budget();
    std::vector<Value> result;
    if (!truthy(self)) {
        return iterator(budget, {});
    }
    if (arguments.positional.empty() && !arguments.named.empty() &&
        std::any_of(arguments.named.begin(), arguments.named.end(),
                    [](const auto& a) { return a.first == "attribute"; })) {
        const Bound bound("map", arguments, {"attribute", "default"}, 1);
        const ItemGetter getter(evaluator, bound[0], true, false, bound.valueOr(1, Value::none()));
        for (const auto& item : items(budget, self)) {
            result.push_back(getter.get(item));
        }
        return iterator(budget, std::move(result));
    }
    if (arguments.positional.empty()) {
        raise("map requires a filter argument");
    }
    Arguments rest = arguments;
    rest.positional.erase(rest.positional.begin());
    for (const auto& item : items(budget, self)) {
        result.push_back(evaluator.filter(arguments.positional.front(), item, rest));
    }
    return iterator(budget, std::move(result));
}

template <bool keep, bool byAttribute>
Value choose(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    auto& budget = evaluator.budget();
    if (!truthy(self)) {
        return iterator(budget, {});
    }
    Arguments rest = arguments;
    Value attribute = Value::none();
    if (byAttribute) {
        if (rest.positional.empty()) {
            raise("missing parameter for attribute name");
        }
        attribute = rest.positional.front();
        rest.positional.erase(rest.positional.begin());
    }
    Value name;
    if (!rest.positional.empty()) {
        name = rest.positional.front();
        rest.positional.erase(rest.positional.begin());
    }
    const bool hasTest = arguments.positional.size() > (byAttribute ? 1U : 0U);
    const ItemGetter getter(evaluator, attribute);
    std::vector<Value> result;
    for (const auto& item : items(budget, self)) {
        const Value subject = getter.get(item);
        if ((hasTest ? evaluator.test(name, subject, rest) : truthy(subject)) == keep) {
            result.push_back(item);
        }
    }
    return iterator(budget, std::move(result));
}

Value defaultFilter(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("default", arguments, {"default_value", "boolean"}, 0);
    if (self.isUndefined() || (bound.flagOr(1, false) && !truthy(self))) {
        return bound.has(0) ? bound[0] : string(evaluator.budget(), "");
    }
    return self;
}

Value attr(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("attr", arguments, {"name"}, 1);
    const TextPtr name = bound.text(0);
    Value found = evaluator.plainAttribute(self, name->view());
    if (found.isUndefined() && !found.shared()) {
        return undefined(evaluator.budget(),
                         fmt::format("'{} object' has no attribute '{}'", typeName(self), name->view()));
    }
    return found;
}

constexpr std::array<Method, 8> kFilters = {{
    {"attr", attr},
    {"d", defaultFilter},
    {"default", defaultFilter},
    {"map", map},
    {"reject", choose<false, false>},
    {"rejectattr", choose<false, true>},
    {"select", choose<true, false>},
    {"selectattr", choose<true, true>},
}};

} // namespace

std::span<const Method> selectionFilters() {
    return kFilters;
}

Function::Call findFilter(std::string_view name) {
    for (const auto filters : {textFilters(), sequenceFilters(), selectionFilters(), numberFilters()}) {
        const auto found =
            std::find_if(filters.begin(), filters.end(), [&](const Method& m) { return m.name == name; });
        if (found != filters.end()) {
            return found->call;
        }
    }
    return nullptr;
}

bool isRefusedFilter(std::string_view name) {
    static constexpr std::array<std::string_view, 4> kRefused = {"random", "striptags", "urlize", "wordwrap"};
    return std::find(kRefused.begin(), kRefused.end(), name) != kRefused.end();
}

Value Evaluator::filter(const Value& name, const Value& input, const Arguments& arguments) {
    const auto call = findFilter(requireText(name, "a filter's name")->view());
    if (call == nullptr) {
        raise(fmt::format("there is no filter '{}'", name.view()));
    }
    budget_.step();
    return call(*this, input, arguments);
}

} // namespace alcuin::inference::chat::jinja
