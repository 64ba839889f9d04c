#pragma once

#include <vector>

#include "chat/jinja/evaluator.h"

namespace alcuin::inference::chat::jinja {

/// A string in lower case; anything else as it is.
Value withoutCase(Budget& budget, const Value& value);

/// What the `attribute` argument of a filter reads from an item: "name", "a.b.0", an index, or, with `several`,
/// a list of those with commas between. None: the item itself.
class ItemGetter {
public:
    ItemGetter(Evaluator& evaluator, const Value& attribute, bool caseSensitive = true, bool several = false,
               Value otherwise = Value::none());

    Value get(const Value& item) const;
    /// A list of everything that `several` attributes read.
    Value getAll(const Value& item) const;

private:
    using Path = std::vector<Value>;
    Value follow(const Path& path, const Value& item) const;

    Evaluator& evaluator_;
    std::vector<Path> paths_;
    bool caseSensitive_;
    Value otherwise_;
};

} // namespace alcuin::inference::chat::jinja
