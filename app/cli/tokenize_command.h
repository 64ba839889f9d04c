#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/outcome.h"

namespace CLI {
class App;
}

namespace alcuin::cli {

struct TokenizeOptions {
    std::string model;
    std::optional<std::string> text;
    std::optional<std::string> file;
    bool json = false;
    bool beginningOfText = false;
    bool special = false;
};

void declareTokenizeOptions(CLI::App& command, TokenizeOptions& options);

/// `alcuin tokenize`: ids and pieces of a text, one a line.
Outcome<void> runTokenize(const TokenizeOptions& options, const std::filesystem::path& modelDirectory);

} // namespace alcuin::cli
