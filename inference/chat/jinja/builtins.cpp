#include <fmt/format.h>

#include "chat/jinja/arguments.h"
#include "chat/jinja/evaluator.h"
#include "chat/jinja/formatting.h"
#include "chat/jinja/strftime.h"

namespace alcuin::inference::chat::jinja {

namespace {

/// As Jinja's sandbox limits it.
constexpr std::int64_t kMaxRange = 100'000;

Value builtinRange(Evaluator& evaluator, const Value&, const Arguments& arguments) {
    if (!arguments.named.empty() || arguments.positional.empty() || arguments.positional.size() > 3) {
        raise("range() takes one to three positional arguments");
    }
    std::vector<std::int64_t> numbers;
    for (const auto& value : arguments.positional) {
        numbers.push_back(requireInteger(value));
    }
    auto range = std::make_shared<Range>();
    range->start = numbers.size() > 1 ? numbers[0] : 0;
    range->step = numbers.size() > 2 ? numbers[2] : 1;
    const std::int64_t stop = numbers.size() > 1 ? numbers[1] : numbers[0];
    range->stop = stop;
    if (range->step == 0) {
        raise("range() arg 3 must not be zero");
    }
    const bool forward = range->step > 0;
    if (forward ? stop > range->start : stop < range->start) {
        const std::int64_t distance =
            forward ? checkedSubtract(stop, range->start) : checkedSubtract(range->start, stop);
        const std::int64_t stride = forward ? range->step : checkedSubtract(0, range->step);
        range->count = (distance - 1) / stride + 1;
    }
    if (range->count > kMaxRange) {
        raise(fmt::format("range too big: the sandbox blocks ranges of more than {} items", kMaxRange));
    }
    checkedAdd(range->start, checkedMultiply(range->count, range->step));
    range->charge(evaluator.budget(), sizeof(Range));
    return Value::object(Kind::kRange, std::move(range));
}

void setKey(Evaluator& evaluator, Dict& dict, const Value& key, const Value& value) {
    requireHashable(evaluator.budget(), key);
    evaluator.budget().step(key.isString() ? 1 : dict.entries().size());
    dict.set(key, value);
}

Value builtinDict(Evaluator& evaluator, const Value&, const Arguments& arguments) {
    auto object = std::make_shared<Dict>();
    if (arguments.positional.size() > 1) {
        raise("dict() takes at most one positional argument");
    }
    if (!arguments.positional.empty()) {
        const Value& base = arguments.positional.front();
        if (base.is(Kind::kDict)) {
            for (const auto& [key, value] : base.as<Dict>().entries()) {
                setKey(evaluator, *object, key, value);
            }
        } else {
            for (const auto& pair : items(evaluator.budget(), base)) {
                const auto parts = items(evaluator.budget(), pair);
                if (parts.size() != 2) {
                    raise("dict() needs pairs of a key and a value");
                }
                setKey(evaluator, *object, parts[0], parts[1]);
            }
        }
    }
    for (const auto& [name, value] : arguments.named) {
        setKey(evaluator, *object, string(evaluator.budget(), name, name.origin), value);
    }
    return dict(evaluator.budget(), std::move(object));
}

Value builtinNamespace(Evaluator& evaluator, const Value&, const Arguments& arguments) {
    return evaluator.makeNamespace(arguments);
}

Value builtinCycler(Evaluator& evaluator, const Value&, const Arguments& arguments) {
    if (arguments.positional.empty()) {
        raise("at least one item has to be provided");
    }
    auto cycler = std::make_shared<Cycler>();
    std::size_t nesting = 0;
    for (const auto& item : arguments.positional) {
        nesting = std::max(nesting, item.nesting());
    }
    nest(*cycler, nesting);
    cycler->items = arguments.positional;
    cycler->charge(evaluator.budget(), sizeof(Cycler) + cycler->items.size() * sizeof(Value));
    return Value::object(Kind::kCycler, std::move(cycler));
}

Value builtinJoiner(Evaluator& evaluator, const Value&, const Arguments& arguments) {
    const Bound bound("joiner()", arguments, {"sep"}, 0);
    auto joiner = std::make_shared<Joiner>();
    joiner->separator = bound.valueOr(0, string(evaluator.budget(), ", "));
    nest(*joiner, joiner->separator.nesting());
    joiner->charge(evaluator.budget(), sizeof(Joiner));
    return Value::object(Kind::kJoiner, std::move(joiner));
}

Value builtinRaise(Evaluator& evaluator, const Value&, const Arguments& arguments) {
    const Bound bound("raise_exception()", arguments, {"message"}, 1);
    constexpr std::size_t kLongestMessage = 2000;
    const Value message = toString(evaluator.budget(), bound[0]);
    raise(std::string(message.view().substr(0, kLongestMessage)));
}

Value builtinStrftime(Evaluator& evaluator, const Value&, const Arguments& arguments) {
    const Bound bound("strftime_now()", arguments, {"format"}, 1);
    const TextPtr format = bound.text(0);
    return string(evaluator.budget(), strftime(evaluator.budget(), format->view(), evaluator.clock()()),
                  worstOrigin(*format));
}

Value builtinLipsum(Evaluator&, const Value&, const Arguments&) {
    raise("lipsum() isn't supported: a prompt isn't made of random text");
}

} // namespace

void addBuiltins(Evaluator::Globals& globals) {
    const auto add = [&](const char* name, Function::Call call) {
        auto function = std::make_shared<Function>();
        function->name = name;
        function->call = call;
        globals.emplace_back(name, Value::object(Kind::kFunction, std::move(function)));
    };
    add("range", builtinRange);
    add("dict", builtinDict);
    add("namespace", builtinNamespace);
    add("cycler", builtinCycler);
    add("joiner", builtinJoiner);
    add("raise_exception", builtinRaise);
    add("strftime_now", builtinStrftime);
    add("lipsum", builtinLipsum);
}

} // namespace alcuin::inference::chat::jinja
