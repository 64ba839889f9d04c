#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "chat/jinja/budget.h"

namespace alcuin::inference::chat::jinja {

/// The local time by a format of C's strftime, in English whatever the program's locale, as Python's datetime writes
/// a time without zone: %f is the microsecond, %z and %Z are empty; glibc's flags -, _, 0, ^ are known.
std::string strftime(Budget& budget, std::string_view format, std::chrono::system_clock::time_point time);

} // namespace alcuin::inference::chat::jinja
