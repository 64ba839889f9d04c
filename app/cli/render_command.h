#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/outcome.h"

namespace CLI {
class App;
}

namespace alcuin::cli {

struct RenderOptions {
    std::optional<std::string> templateFile;
    std::optional<std::string> model;
    std::string input;
};

void declareRenderOptions(CLI::App& command, RenderOptions& options);

/// `alcuin render`: what a chat template makes of a JSON object, byte for byte.
Outcome<void> runRender(const RenderOptions& options, const std::filesystem::path& modelDirectory);

} // namespace alcuin::cli
