#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chat/jinja/text.h"

namespace alcuin::inference::chat::jinja {

enum class Kind : std::uint8_t {
    kUndefined,
    kNone,
    kBool,
    kInt,
    kBigInt, ///< from 2^63 to 2^64 - 1, as an input's JSON may have it: printed and compared, never computed with
    kFloat,
    kString,
    kList,
    kTuple,
    kDict,
    kRange,
    kView,     ///< what items(), keys() and values() of a dict give
    kIterator, ///< can be gone through once, as a Python generator
    kNamespace,
    kMacro,
    kFunction,
    kLoop,
    kCycler,
    kJoiner,
};

/// A value of the template language. Numbers and containers carry an origin too: what is printed of them takes it,
/// so a digit or bracket out of an untrusted input never counts as the template's own text.
class Value {
public:
    Value() = default; ///< an undefined value without a hint
    static Value none();
    static Value boolean(bool value, std::uint32_t origin = TextRun::kTrusted);
    static Value integer(std::int64_t value, std::uint32_t origin = TextRun::kTrusted);
    static Value big(std::uint64_t value, std::uint32_t origin);
    static Value real(double value, std::uint32_t origin = TextRun::kTrusted);
    static Value string(TextPtr text, bool markup = false);
    static Value object(Kind kind, std::shared_ptr<Object> object, std::uint32_t origin = TextRun::kTrusted);

    Kind kind() const {
        return kind_;
    }
    bool is(Kind kind) const {
        return kind_ == kind;
    }
    bool isUndefined() const {
        return kind_ == Kind::kUndefined;
    }
    bool isString() const {
        return kind_ == Kind::kString;
    }
    /// A list or a tuple.
    bool isArray() const {
        return kind_ == Kind::kList || kind_ == Kind::kTuple;
    }
    /// What Python counts as int: a bool too.
    bool isIntegral() const {
        return kind_ == Kind::kInt || kind_ == Kind::kBool;
    }
    bool isNumber() const {
        return isIntegral() || kind_ == Kind::kFloat || kind_ == Kind::kBigInt;
    }
    /// HTML that is safe as it stands: Python's Markup.
    bool isMarkup() const {
        return markup_;
    }
    std::uint32_t origin() const;

    bool asBool() const {
        return integer_ != 0;
    }
    std::int64_t asInt() const { ///< of a bool or int
        return integer_;
    }
    std::uint64_t asBig() const {
        return static_cast<std::uint64_t>(integer_);
    }
    double asDouble() const; ///< of any number
    const TextPtr& text() const {
        return text_;
    }
    std::string_view view() const {
        return text_->view();
    }
    template <typename T>
    T& as() const {
        return static_cast<T&>(*object_);
    }
    const std::shared_ptr<Object>& shared() const {
        return object_;
    }
    std::size_t nesting() const {
        return object_ ? object_->nesting : 0;
    }
    Value withMarkup(bool markup) const;

private:
    Kind kind_ = Kind::kUndefined;
    bool markup_ = false;
    std::uint32_t origin_ = TextRun::kTrusted;
    union {
        std::int64_t integer_ = 0;
        double real_;
    };
    std::shared_ptr<Object> object_;
    TextPtr text_;
};

/// Why a value is undefined: said when something is done with it that needs a value.
struct Undefined final : Object {
    std::string hint;
};

struct List final : Object { ///< and tuple
    std::vector<Value> items;
    bool grouped = false; ///< a tuple of the groupby filter, with the attributes grouper and list
};

class Dict final : public Object {
public:
    using Entry = std::pair<Value, Value>;
    const std::vector<Entry>& entries() const {
        return entries_;
    }
    /// Null if there is none. The key must be hashable.
    const Value* find(const Value& key) const;
    const Value* find(std::string_view key) const;
    /// Sets or replaces; the place of a replaced entry stays.
    void set(const Value& key, Value value);

private:
    std::size_t position(const Value& key) const;
    std::size_t position(std::string_view key) const;

    /// From this size on keys are looked up in the map.
    static constexpr std::size_t kIndexed = 8;
    std::vector<Entry> entries_;
    std::map<std::string_view, std::size_t> byName_;
};

struct Range final : Object {
    std::int64_t start = 0;
    std::int64_t stop = 0; ///< as given, not always reached
    std::int64_t step = 1;
    std::int64_t count = 0;
};

struct DictView final : Object {
    enum class What : std::uint8_t { kItems, kKeys, kValues };
    What what = What::kItems;
    Value dict;
};

struct Iterator final : Object {
    std::vector<Value> items;
    std::size_t next = 0;
    const char* typeName = "generator";
};

/// The name of an argument or attribute. It may come from a dict's key, and be printed again.
struct Name : std::string {
    Name(std::string name, std::uint32_t nameOrigin = TextRun::kTrusted) // NOLINT: a plain string is a name
        : std::string(std::move(name)), origin(nameOrigin) {}
    std::uint32_t origin;
};

/// The only thing a template can change; the evaluator empties it at the end, so cycles through it don't leak.
struct Namespace final : Object {
    std::vector<std::pair<Name, Value>> attributes;
    Value* find(std::string_view name);
};

struct Cycler final : Object {
    std::vector<Value> items;
    std::size_t position = 0;
};

struct Joiner final : Object {
    Value separator;
    bool used = false;
};

/// Arguments of one call, as written.
struct Arguments {
    std::vector<Value> positional;
    std::vector<std::pair<Name, Value>> named;
};

class Evaluator;
/// A builtin function, or a method with the value it belongs to.
struct Function final : Object {
    using Call = Value (*)(Evaluator& evaluator, const Value& self, const Arguments& arguments);
    std::string name;
    Value self;
    Call call = nullptr;
    bool isMethod = false;
};

/// What Python calls the value's type: "str", "list", "dict_items".
std::string_view typeName(const Value& value);

Value undefined(Budget& budget, std::string hint);
Value list(Budget& budget, std::vector<Value> items, std::uint32_t origin = TextRun::kTrusted);
Value tuple(Budget& budget, std::vector<Value> items, std::uint32_t origin = TextRun::kTrusted);
Value iterator(Budget& budget, std::vector<Value> items, const char* typeName = "generator");
Value string(Budget& budget, std::string bytes, std::uint32_t origin = TextRun::kTrusted);
/// Charges a filled container and checks how deep it nests.
Value dict(Budget& budget, std::shared_ptr<Dict> dict, std::uint32_t origin = TextRun::kTrusted);
/// Sets `nesting` of `object` to one more than its parts' and checks it.
void nest(Object& object, std::size_t partsNesting);

} // namespace alcuin::inference::chat::jinja
