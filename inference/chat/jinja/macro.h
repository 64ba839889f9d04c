#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chat/jinja/ast.h"

namespace alcuin::inference::chat::jinja {

/// The variables of a body, and the scope it stands in.
struct Scope {
    std::shared_ptr<Scope> parent;
    std::vector<std::pair<NameId, Value>> variables;
    bool isKept = false; ///< a macro refers to it: the evaluator empties it at the end

    const Value* find(NameId name) const {
        for (const auto& [id, value] : variables) {
            if (id == name) {
                return &value;
            }
        }
        return nullptr;
    }
    void set(NameId name, Value value) {
        for (auto& [id, old] : variables) {
            if (id == name) {
                old = std::move(value);
                return;
            }
        }
        variables.emplace_back(name, std::move(value));
    }
};

/// A macro with the scope it was defined in.
struct Macro final : Object {
    std::string name; ///< empty: the body of a call block
    const MacroDefinition* definition = nullptr;
    std::shared_ptr<Scope> scope;
};

} // namespace alcuin::inference::chat::jinja
