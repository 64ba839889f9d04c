#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "limits.h"
#include "result.h"

namespace alcuin::exchange {

/// "PK", as archives begin.
bool looksLikeZip(std::string_view bytes);

/// Unpacks, in memory and one after the other, those entries of an archive whose names `wanted` says yes to, and hands
/// each to `take`. Nothing is written anywhere, so names do no harm. Errors: not an archive, damaged, encrypted, too
/// many entries, or more than limits.fileBytes altogether, whatever the entries claim to hold.
Result<void> readZip(std::string_view bytes, const Limits& limits, const std::function<bool(std::string_view)>& wanted,
                     const std::function<void(const std::string& name, const std::string& content)>& take);

} // namespace alcuin::exchange
