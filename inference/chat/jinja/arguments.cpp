#include "chat/jinja/arguments.h"

#include <fmt/format.h>

#include "chat/jinja/operators.h"

namespace alcuin::inference::chat::jinja {

Bound::Bound(std::string_view function, const Arguments& arguments, std::initializer_list<const char*> parameters,
             std::size_t required)
    : function_(function) {
    if (arguments.positional.size() > parameters.size()) {
        raise(fmt::format("{} takes at most {} argument(s), not {}", function, parameters.size(),
                          arguments.positional.size()));
    }
    for (std::size_t i = 0; i < arguments.positional.size(); ++i) {
        values_[i] = &arguments.positional[i];
    }
    for (const auto& [name, value] : arguments.named) {
        std::size_t index = 0;
        for (const char* parameter : parameters) {
            if (name == parameter) {
                break;
            }
            ++index;
        }
        if (index == parameters.size()) {
            raise(fmt::format("{} has no parameter '{}'", function, std::string_view(name)));
        }
        if (values_[index] != nullptr) {
            raise(fmt::format("{} got its parameter '{}' twice", function, std::string_view(name)));
        }
        values_[index] = &value;
    }
    for (std::size_t i = 0; i < required; ++i) {
        if (values_[i] == nullptr) {
            raise(fmt::format("{} needs the argument '{}'", function, parameters.begin()[i]));
        }
    }
}

Value Bound::valueOr(std::size_t index, Value otherwise) const {
    return has(index) ? *values_[index] : std::move(otherwise);
}

std::int64_t Bound::integerOr(std::size_t index, std::int64_t otherwise) const {
    return has(index) ? requireInteger(*values_[index]) : otherwise;
}

bool Bound::flagOr(std::size_t index, bool otherwise) const {
    return has(index) ? truthy(*values_[index]) : otherwise;
}

TextPtr Bound::text(std::size_t index) const {
    return requireText(*values_[index], function_);
}

std::int64_t requireInteger(const Value& value) {
    requireDefined(value);
    if (!value.isIntegral()) {
        raise(fmt::format("'{}' object cannot be interpreted as an integer", typeName(value)));
    }
    return value.asInt();
}

const TextPtr& requireText(const Value& value, std::string_view function) {
    requireDefined(value);
    if (!value.isString()) {
        raise(fmt::format("{} needs a string, not '{}'", function, typeName(value)));
    }
    return value.text();
}

} // namespace alcuin::inference::chat::jinja
