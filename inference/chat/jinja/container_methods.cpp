#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "chat/jinja/arguments.h"
#include "chat/jinja/evaluator.h"
#include "chat/jinja/method_tables.h"

namespace alcuin::inference::chat::jinja {

namespace {

Value dictGet(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    if (!arguments.named.empty()) {
        raise("get() takes no keyword arguments");
    }
    const Bound bound("get()", arguments, {"key", "default"}, 1);
    requireHashable(evaluator.budget(), bound[0]);
    evaluator.budget().step(bound[0].isString() ? 1 : self.as<Dict>().entries().size());
    const Value* found = self.as<Dict>().find(bound[0]);
    return found != nullptr ? *found : bound.valueOr(1, Value::none());
}

template <DictView::What what>
Value dictView(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("a dict's view", arguments, {}, 0);
    auto view = std::make_shared<DictView>();
    view->what = what;
    nest(*view, self.nesting());
    view->dict = self;
    view->charge(evaluator.budget(), sizeof(DictView));
    return Value::object(Kind::kView, std::move(view), self.origin());
}

Value dictCopy(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("copy()", arguments, {}, 0);
    auto copy = std::make_shared<Dict>();
    for (const auto& [key, value] : self.as<Dict>().entries()) {
        evaluator.budget().step();
        copy->set(key, value);
    }
    return dict(evaluator.budget(), std::move(copy), self.origin());
}

Value arrayCopy(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("copy()", arguments, {}, 0);
    return list(evaluator.budget(), self.as<List>().items, self.origin());
}

Value itemCount(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("count()", arguments, {"value"}, 1);
    std::int64_t count = 0;
    for (const auto& item : items(evaluator.budget(), self)) {
        count += equal(evaluator.budget(), item, bound[0]) ? 1 : 0;
    }
    return Value::integer(count);
}

Value itemIndex(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("index()", arguments, {"value", "start", "stop"}, 1);
    const auto all = items(evaluator.budget(), self);
    const auto size = static_cast<std::int64_t>(all.size());
    const auto clamp = [&](std::int64_t index) {
        return std::clamp<std::int64_t>(index < 0 ? std::max(index, -size) + size : index, 0, size);
    };
    const std::int64_t stop = clamp(bound.integerOr(2, size));
    for (std::int64_t i = clamp(bound.integerOr(1, 0)); i < stop; ++i) {
        if (equal(evaluator.budget(), all[static_cast<std::size_t>(i)], bound[0])) {
            return Value::integer(i);
        }
    }
    raise("the value is not in the list");
}

Value isWhole(Evaluator&, const Value& self, const Arguments& arguments) {
    const Bound bound("is_integer()", arguments, {}, 0);
    const double value = self.asDouble();
    return Value::boolean(value - static_cast<double>(static_cast<std::int64_t>(std::clamp(value, -9.0e18, 9.0e18))) ==
                          0);
}

constexpr std::array<Method, 5> kDictMethods = {{
    {"copy", dictCopy},
    {"get", dictGet},
    {"items", dictView<DictView::What::kItems>},
    {"keys", dictView<DictView::What::kKeys>},
    {"values", dictView<DictView::What::kValues>},
}};
constexpr std::array<Method, 3> kListMethods = {{{"copy", arrayCopy}, {"count", itemCount}, {"index", itemIndex}}};
constexpr std::array<Method, 2> kTupleMethods = {{{"count", itemCount}, {"index", itemIndex}}};
constexpr std::array<Method, 1> kFloatMethods = {{{"is_integer", isWhole}}};

} // namespace

Function::Call findMethod(const Value& object, std::string_view name) {
    std::span<const Method> methods;
    switch (object.kind()) {
    case Kind::kString:
        methods = stringMethods();
        break;
    case Kind::kDict:
        methods = kDictMethods;
        break;
    case Kind::kList:
        methods = kListMethods;
        break;
    case Kind::kTuple:
    case Kind::kRange:
        methods = kTupleMethods;
        break;
    case Kind::kFloat:
        methods = kFloatMethods;
        break;
    default:
        return nullptr;
    }
    const auto found = std::find_if(methods.begin(), methods.end(), [&](const Method& m) { return m.name == name; });
    return found == methods.end() ? nullptr : found->call;
}

bool isRefusedMethod(const Value& object, std::string_view name) {
    static constexpr std::array<std::string_view, 8> kList = {"append", "clear", "pop",    "reverse",
                                                              "insert", "sort",  "extend", "remove"};
    static constexpr std::array<std::string_view, 5> kDict = {"clear", "pop", "popitem", "setdefault", "update"};
    if (object.is(Kind::kList)) {
        return std::find(kList.begin(), kList.end(), name) != kList.end();
    }
    return object.is(Kind::kDict) && std::find(kDict.begin(), kDict.end(), name) != kDict.end();
}

} // namespace alcuin::inference::chat::jinja
