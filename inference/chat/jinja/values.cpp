#include "chat/jinja/values.h"

#include <algorithm>

#include <fmt/format.h>

#include "chat/jinja/operators.h"

namespace alcuin::inference::chat::jinja {

namespace {

/// Containers inside containers: deep enough for any schema, shallow enough to recurse over on a small stack.
constexpr std::size_t kMaxNesting = 128;

std::size_t deepest(const std::vector<Value>& items) {
    std::size_t nesting = 0;
    for (const auto& item : items) {
        nesting = std::max(nesting, item.nesting());
    }
    return nesting;
}

Value array(Budget& budget, Kind kind, std::vector<Value> items, std::uint32_t origin) {
    auto object = std::make_shared<List>();
    nest(*object, deepest(items));
    object->items = std::move(items);
    object->charge(budget, sizeof(List) + object->items.capacity() * sizeof(Value));
    return Value::object(kind, std::move(object), origin);
}

} // namespace

Value Value::none() {
    Value value;
    value.kind_ = Kind::kNone;
    return value;
}

Value Value::boolean(bool flag, std::uint32_t origin) {
    Value value;
    value.kind_ = Kind::kBool;
    value.integer_ = flag ? 1 : 0;
    value.origin_ = origin;
    return value;
}

Value Value::integer(std::int64_t number, std::uint32_t origin) {
    Value value;
    value.kind_ = Kind::kInt;
    value.integer_ = number;
    value.origin_ = origin;
    return value;
}

Value Value::big(std::uint64_t number, std::uint32_t origin) {
    Value value;
    value.kind_ = Kind::kBigInt;
    value.integer_ = static_cast<std::int64_t>(number);
    value.origin_ = origin;
    return value;
}

Value Value::real(double number, std::uint32_t origin) {
    Value value;
    value.kind_ = Kind::kFloat;
    value.real_ = number;
    value.origin_ = origin;
    return value;
}

Value Value::string(TextPtr text, bool markup) {
    Value value;
    value.kind_ = Kind::kString;
    value.markup_ = markup;
    value.text_ = std::move(text);
    return value;
}

Value Value::object(Kind kind, std::shared_ptr<Object> object, std::uint32_t origin) {
    Value value;
    value.kind_ = kind;
    value.object_ = std::move(object);
    value.origin_ = origin;
    return value;
}

std::uint32_t Value::origin() const {
    return kind_ == Kind::kString ? text_->origin() : origin_;
}

double Value::asDouble() const {
    switch (kind_) {
    case Kind::kFloat:
        return real_;
    case Kind::kBigInt:
        return static_cast<double>(asBig());
    default:
        return static_cast<double>(integer_);
    }
}

Value Value::withMarkup(bool markup) const {
    Value copy = *this;
    copy.markup_ = markup;
    return copy;
}

std::size_t Dict::position(std::string_view key) const {
    if (entries_.size() > kIndexed) {
        const auto found = byName_.find(key);
        return found == byName_.end() ? entries_.size() : found->second;
    }
    std::size_t at = 0;
    while (at < entries_.size() && !(entries_[at].first.isString() && entries_[at].first.view() == key)) {
        ++at;
    }
    return at;
}

std::size_t Dict::position(const Value& key) const {
    if (key.isString()) {
        return position(key.view());
    }
    std::size_t at = 0;
    while (at < entries_.size() && (entries_[at].first.isString() || !sameKey(entries_[at].first, key))) {
        ++at;
    }
    return at;
}

const Value* Dict::find(const Value& key) const {
    const std::size_t at = position(key);
    return at < entries_.size() ? &entries_[at].second : nullptr;
}

const Value* Dict::find(std::string_view key) const {
    const std::size_t at = position(key);
    return at < entries_.size() ? &entries_[at].second : nullptr;
}

void Dict::set(const Value& key, Value value) {
    const std::size_t at = position(key);
    if (at < entries_.size()) {
        entries_[at].second = std::move(value);
        return;
    }
    entries_.emplace_back(key, std::move(value));
    if (entries_.size() == kIndexed + 1) {
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            if (entries_[i].first.isString()) {
                byName_.emplace(entries_[i].first.view(), i);
            }
        }
    } else if (entries_.size() > kIndexed && key.isString()) {
        byName_.emplace(entries_.back().first.view(), entries_.size() - 1);
    }
}

Value* Namespace::find(std::string_view name) {
    for (auto& [key, value] : attributes) {
        if (key == name) {
            return &value;
        }
    }
    return nullptr;
}

std::string_view typeName(const Value& value) {
    switch (value.kind()) {
    case Kind::kUndefined:
        return "Undefined";
    case Kind::kNone:
        return "NoneType";
    case Kind::kBool:
        return "bool";
    case Kind::kInt:
    case Kind::kBigInt:
        return "int";
    case Kind::kFloat:
        return "float";
    case Kind::kString:
        return value.isMarkup() ? "Markup" : "str";
    case Kind::kList:
        return "list";
    case Kind::kTuple:
        return "tuple";
    case Kind::kDict:
        return "dict";
    case Kind::kRange:
        return "range";
    case Kind::kView:
        switch (value.as<DictView>().what) {
        case DictView::What::kItems:
            return "dict_items";
        case DictView::What::kKeys:
            return "dict_keys";
        default:
            return "dict_values";
        }
    case Kind::kIterator:
        return value.as<Iterator>().typeName;
    case Kind::kNamespace:
        return "Namespace";
    case Kind::kMacro:
        return "Macro";
    case Kind::kFunction:
        return "function";
    case Kind::kLoop:
        return "LoopContext";
    case Kind::kCycler:
        return "Cycler";
    case Kind::kJoiner:
        return "Joiner";
    }
    return "object";
}

void nest(Object& object, std::size_t partsNesting) {
    object.nesting = partsNesting + 1;
    if (object.nesting > kMaxNesting) {
        raise(fmt::format("values nest more than {} deep", kMaxNesting));
    }
}

Value undefined(Budget& budget, std::string hint) {
    auto object = std::make_shared<Undefined>();
    object->hint = std::move(hint);
    object->charge(budget, sizeof(Undefined) + object->hint.capacity());
    return Value::object(Kind::kUndefined, std::move(object));
}

Value list(Budget& budget, std::vector<Value> items, std::uint32_t origin) {
    return array(budget, Kind::kList, std::move(items), origin);
}

Value tuple(Budget& budget, std::vector<Value> items, std::uint32_t origin) {
    return array(budget, Kind::kTuple, std::move(items), origin);
}

Value iterator(Budget& budget, std::vector<Value> items, const char* typeName) {
    auto object = std::make_shared<Iterator>();
    nest(*object, deepest(items));
    object->items = std::move(items);
    object->typeName = typeName;
    object->charge(budget, sizeof(Iterator) + object->items.capacity() * sizeof(Value));
    return Value::object(Kind::kIterator, std::move(object));
}

Value string(Budget& budget, std::string bytes, std::uint32_t origin) {
    return Value::string(makeText(budget, std::move(bytes), origin));
}

Value dict(Budget& budget, std::shared_ptr<Dict> dict, std::uint32_t origin) {
    std::size_t nesting = 0;
    for (const auto& [key, value] : dict->entries()) {
        nesting = std::max({nesting, key.nesting(), value.nesting()});
    }
    nest(*dict, nesting);
    constexpr std::size_t kIndexNode = 64; ///< of the map by name, estimated
    dict->charge(budget,
                 sizeof(Dict) + dict->entries().capacity() * sizeof(Dict::Entry) + dict->entries().size() * kIndexNode);
    return Value::object(Kind::kDict, std::move(dict), origin);
}

} // namespace alcuin::inference::chat::jinja
