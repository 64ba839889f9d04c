#pragma once

#include <memory>
#include <vector>

#include "chat/jinja/values.h"

namespace alcuin::inference::chat::jinja {

struct Statement;
struct Scope;

/// The variable `loop` of a for loop, and what a recursive loop needs to run again on other items.
struct Loop final : Object {
    std::vector<Value> items;
    std::size_t index = 0; ///< of the item being visited
    std::size_t depth = 1;
    bool hasChanged = false;
    std::vector<Value> lastChanged;
    const Statement* statement = nullptr;
    std::shared_ptr<Scope> outer;
};

} // namespace alcuin::inference::chat::jinja
