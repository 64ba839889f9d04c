#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <alcuin/storage/records.h>

#include "json_text.h"

namespace alcuin::exchange {

/// Looks into JSON from outside, where anything may be missing or of another type: none of these throws.

/// The member, or a null value where there is none or `json` isn't an object.
const Json& at(const Json& json, std::string_view key);
/// The string, or an empty one.
std::string text(const Json& json);
inline std::string text(const Json& json, std::string_view key) {
    return text(at(json, key));
}
bool truth(const Json& json, std::string_view key);
/// The number, or `otherwise` where there is none or it lies outside of what an integer of 53 bits holds.
double number(const Json& json, double otherwise = 0);
std::int64_t integer(const Json& json, std::int64_t otherwise = 0);

/// Times as programs write them: seconds or milliseconds since 1970, as a number of either kind. Told apart by their
/// size: seconds reach 1e11 in the year 5138. 0: none, or not between 1970 and 9999.
storage::TimeMs time(const Json& json);

} // namespace alcuin::exchange
