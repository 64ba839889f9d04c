#pragma once

#include <string>
#include <string_view>

namespace alcuin::storage {

/// A line as it reads: Markdown's heading, quote, bullet, fence (with its language), emphasis, code ticks and links are
/// gone, their words stay. What only looks like a mark stays as well: "2**3", "snake_case", "__init__.py", a tick or a
/// bracket without its partner, and what lies beyond the first 1,000 bytes.
std::string withoutMarkdown(std::string_view line);

} // namespace alcuin::storage
