#pragma once

#include <string>
#include <utility>

#include <alcuin/inference/generation.h>

namespace alcuin::tests {

inline inference::Message message(std::string role, std::string content) {
    inference::Message result;
    result.role = std::move(role);
    result.content = std::move(content);
    return result;
}

} // namespace alcuin::tests
