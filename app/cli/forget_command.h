#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/outcome.h"

namespace CLI {
class App;
}

namespace alcuin::cli {

struct ForgetOptions {
    std::vector<std::string> names;
    bool all = false;
};

void declareForgetOptions(CLI::App& command, ForgetOptions& options);

/// `alcuin forget`: deletes what `alcuin chat --keep` left on disk. A name that nothing is kept under is no failure.
Outcome<void> runForget(const ForgetOptions& options, const std::filesystem::path& keptDirectory);

} // namespace alcuin::cli
