#pragma once

#include <string_view>

#include "cli/outcome.h"

namespace alcuin::cli {

/// Writes to standard output at once. Where the reader is gone (a closed pipe) the failure has no message: that isn't
/// worth one. SIGPIPE must be ignored.
Outcome<void> writeOut(std::string_view text);

/// Writes text so that it ends in exactly one newline: newlines at its end are held back until more text comes.
class LineEndedOutput {
public:
    Outcome<void> write(std::string_view text);
    Outcome<void> finish();

private:
    std::string heldBack_;
};

} // namespace alcuin::cli
