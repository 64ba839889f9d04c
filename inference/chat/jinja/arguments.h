#pragma once

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "chat/jinja/values.h"

namespace alcuin::inference::chat::jinja {

/// Arguments of a builtin bound to its parameters, as Python binds them.
class Bound {
public:
    /// Fails if an argument has no parameter, stands twice, or one of the first `required` is missing.
    Bound(std::string_view function, const Arguments& arguments, std::initializer_list<const char*> parameters,
          std::size_t required);

    bool has(std::size_t index) const {
        return values_[index] != nullptr;
    }
    const Value& operator[](std::size_t index) const {
        return *values_[index];
    }
    Value valueOr(std::size_t index, Value otherwise) const;
    std::int64_t integerOr(std::size_t index, std::int64_t otherwise) const;
    bool flagOr(std::size_t index, bool otherwise) const;
    /// Must be a string.
    TextPtr text(std::size_t index) const;

private:
    std::string_view function_;
    std::array<const Value*, 8> values_{};
};

/// An integer as Python's __index__ gives it; fails on anything else.
std::int64_t requireInteger(const Value& value);
const TextPtr& requireText(const Value& value, std::string_view function);

} // namespace alcuin::inference::chat::jinja
