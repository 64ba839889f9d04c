#pragma once

#include <filesystem>

#include "cli/outcome.h"

namespace alcuin::cli {

/// `alcuin models`: what is in the model directory; a file that can't be used is listed with the reason.
Outcome<void> runModels(const std::filesystem::path& modelDirectory, bool json);

} // namespace alcuin::cli
