#pragma once

#include <filesystem>
#include <string>

#include "cli/outcome.h"

namespace alcuin::cli {

/// The exact bytes of a file, or of standard input for "-".
Outcome<std::string> readInput(const std::filesystem::path& path);

} // namespace alcuin::cli
