#pragma once

#include <string>
#include <string_view>

namespace alcuin::inference::chat::jinja {

/// The text of a string literal between its quotes, escapes resolved as in Python. Throws Failure with this line.
std::string unescaped(std::string_view literal, int line);

} // namespace alcuin::inference::chat::jinja
