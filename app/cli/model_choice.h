#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/outcome.h"

namespace alcuin::cli {

/// The model files of a directory, by name; empty if there is no such directory.
/// A directory that can't be read is a failure.
Outcome<std::vector<std::filesystem::path>> modelFiles(const std::filesystem::path& directory);

/// The file that -m means: a path, or the name of a model in the directory (with or without .gguf, or the beginning
/// of one name only, whatever its case). Without a name the first model there.
Outcome<std::filesystem::path> chooseModel(const std::string& name, const std::filesystem::path& directory);

/// How to get a model, for whoever has none.
std::string howToGetAModel(const std::filesystem::path& directory);

} // namespace alcuin::cli
