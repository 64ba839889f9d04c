#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace alcuin::exchange {

/// RFC 4648, section 4, with padding.
std::string toBase64(std::string_view bytes);
/// Nothing for anything that toBase64 wouldn't write.
std::optional<std::string> fromBase64(std::string_view text);

} // namespace alcuin::exchange
