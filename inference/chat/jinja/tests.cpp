#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "chat/jinja/arguments.h"
#include "chat/jinja/evaluator.h"
#include "chat/jinja/formatting.h"
#include "chat/jinja/method_tables.h"

namespace alcuin::inference::chat::jinja {

namespace {

template <bool (*holds)(const Value&)>
Value plain(Evaluator&, const Value& self, const Arguments& arguments) {
    const Bound bound("the test", arguments, {}, 0);
    return Value::boolean(holds(self));
}

bool isDefined(const Value& v) {
    return !v.isUndefined();
}
bool isUndefined(const Value& v) {
    return v.isUndefined();
}
bool isNone(const Value& v) {
    return v.is(Kind::kNone);
}
bool isBoolean(const Value& v) {
    return v.is(Kind::kBool);
}
bool isTrue(const Value& v) {
    return v.is(Kind::kBool) && v.asBool();
}
bool isFalse(const Value& v) {
    return v.is(Kind::kBool) && !v.asBool();
}
bool isInteger(const Value& v) {
    return v.is(Kind::kInt) || v.is(Kind::kBigInt);
}
bool isFloat(const Value& v) {
    return v.is(Kind::kFloat);
}
bool isNumber(const Value& v) {
    return v.isNumber();
}
bool isString(const Value& v) {
    return v.isString();
}
bool isMapping(const Value& v) {
    return v.is(Kind::kDict);
}
bool isSequence(const Value& v) {
    return v.isString() || v.isArray() || v.is(Kind::kDict) || v.is(Kind::kRange) || v.isUndefined();
}
bool isIterableValue(const Value& v) {
    return isIterable(v);
}
bool isEscaped(const Value& v) {
    return v.isMarkup();
}
bool isCallable(const Value& v) {
    return v.is(Kind::kMacro) || v.is(Kind::kFunction) || v.is(Kind::kLoop) || v.is(Kind::kJoiner) || v.isUndefined();
}

template <Operator op>
Value comparison(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("the test", arguments, {"other"}, 1);
    return Value::boolean(compare(evaluator.budget(), op, self, bound[0]));
}

template <int rest>
Value parity(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("the test", arguments, {}, 0);
    auto& budget = evaluator.budget();
    const Value modulo = arithmetic(budget, Operator::kModulo, self, Value::integer(2));
    return Value::boolean(equal(budget, modulo, Value::integer(rest)));
}

Value divisible(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Bound bound("divisibleby", arguments, {"num"}, 1);
    auto& budget = evaluator.budget();
    return Value::boolean(equal(budget, arithmetic(budget, Operator::kModulo, self, bound[0]), Value::integer(0)));
}

template <bool upper>
Value inCaseTest(Evaluator& evaluator, const Value& self, const Arguments& arguments) {
    const Value text = toPlainString(evaluator.budget(), self);
    return findMethod(text, upper ? "isupper" : "islower")(evaluator, text, arguments);
}

Value same(Evaluator&, const Value& self, const Arguments& arguments) {
    const Bound bound("sameas", arguments, {"other"}, 1);
    const Value& other = bound[0];
    if (self.kind() != other.kind()) {
        return Value::boolean(false);
    }
    switch (self.kind()) {
    case Kind::kNone:
        return Value::boolean(true);
    case Kind::kBool:
    case Kind::kInt:
        return Value::boolean(self.asInt() == other.asInt());
    case Kind::kFloat:
        return Value::boolean(false);
    case Kind::kString:
        return Value::boolean(self.text() == other.text() || self.view() == other.view());
    default:
        return Value::boolean(self.shared() == other.shared());
    }
}

template <Function::Call (*lookUp)(std::string_view)>
Value exists(Evaluator&, const Value& self, const Arguments& arguments) {
    const Bound bound("the test", arguments, {}, 0);
    return Value::boolean(self.isString() && lookUp(self.view()) != nullptr);
}

constexpr std::array<Method, 39> kTests = {{
    {"!=", comparison<Operator::kNotEqual>},
    {"<", comparison<Operator::kLess>},
    {"<=", comparison<Operator::kLessEqual>},
    {"==", comparison<Operator::kEqual>},
    {">", comparison<Operator::kGreater>},
    {">=", comparison<Operator::kGreaterEqual>},
    {"boolean", plain<isBoolean>},
    {"callable", plain<isCallable>},
    {"defined", plain<isDefined>},
    {"divisibleby", divisible},
    {"eq", comparison<Operator::kEqual>},
    {"equalto", comparison<Operator::kEqual>},
    {"escaped", plain<isEscaped>},
    {"even", parity<0>},
    {"false", plain<isFalse>},
    {"filter", exists<findFilter>},
    {"float", plain<isFloat>},
    {"ge", comparison<Operator::kGreaterEqual>},
    {"greaterthan", comparison<Operator::kGreater>},
    {"gt", comparison<Operator::kGreater>},
    {"in", comparison<Operator::kIn>},
    {"integer", plain<isInteger>},
    {"iterable", plain<isIterableValue>},
    {"le", comparison<Operator::kLessEqual>},
    {"lessthan", comparison<Operator::kLess>},
    {"lower", inCaseTest<false>},
    {"lt", comparison<Operator::kLess>},
    {"mapping", plain<isMapping>},
    {"ne", comparison<Operator::kNotEqual>},
    {"none", plain<isNone>},
    {"number", plain<isNumber>},
    {"odd", parity<1>},
    {"sameas", same},
    {"sequence", plain<isSequence>},
    {"string", plain<isString>},
    {"test", exists<findTest>},
    {"true", plain<isTrue>},
    {"undefined", plain<isUndefined>},
    {"upper", inCaseTest<true>},
}};

} // namespace

Function::Call findTest(std::string_view name) {
    const auto found = std::find_if(kTests.begin(), kTests.end(), [&](const Method& m) { return m.name == name; });
    return found == kTests.end() ? nullptr : found->call;
}

bool Evaluator::test(const Value& name, const Value& input, const Arguments& arguments) {
    const auto call = findTest(requireText(name, "a test's name")->view());
    if (call == nullptr) {
        raise(fmt::format("there is no test '{}'", name.view()));
    }
    budget_.step();
    return truthy(call(*this, input, arguments));
}

} // namespace alcuin::inference::chat::jinja
