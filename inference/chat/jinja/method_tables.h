#pragma once

#include <span>
#include <string_view>

#include "chat/jinja/values.h"

namespace alcuin::inference::chat::jinja {

/// A function by its name: a method, filter or test.
struct Method {
    std::string_view name;
    Function::Call call;
};

std::span<const Method> stringMethods();
std::span<const Method> textFilters();
std::span<const Method> sequenceFilters();
std::span<const Method> selectionFilters();
std::span<const Method> numberFilters();

} // namespace alcuin::inference::chat::jinja
