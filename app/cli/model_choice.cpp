#include "cli/model_choice.h"

#include <algorithm>
#include <cctype>
#include <system_error>

namespace alcuin::cli {

namespace {

namespace fs = std::filesystem;

std::string lowered(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

} // namespace

Outcome<std::vector<fs::path>> modelFiles(const fs::path& directory) {
    std::vector<fs::path> files;
    std::error_code problem;
    fs::directory_iterator it(directory, problem);
    if (problem == std::errc::no_such_file_or_directory) {
        return files;
    }
    for (; !problem && it != fs::directory_iterator(); it.increment(problem)) {
        if (lowered(it->path().extension().string()) == ".gguf") {
            files.push_back(it->path());
        }
    }
    if (problem) {
        return failure(fmt::format("The model directory {} couldn't be read: {}. Check that it is a directory that "
                                   "you may read, or name another one with --data-dir.",
                                   directory.string(), problem.message()));
    }
    std::sort(files.begin(), files.end());
    return files;
}

Outcome<fs::path> chooseModel(const std::string& name, const fs::path& directory) {
    std::error_code ignored;
    if (name.find('/') != std::string::npos || (!name.empty() && fs::exists(name, ignored))) {
        return fs::path(name);
    }
    const auto files = modelFiles(directory);
    if (!files) {
        return tl::unexpected(files.error());
    }
    if (name.empty()) {
        return files->empty() ? failure(howToGetAModel(directory)) : Outcome<fs::path>(files->front());
    }
    std::vector<fs::path> matches;
    for (const auto& file : *files) {
        if (file.filename() == name || file.stem() == name) {
            return file;
        }
        if (lowered(file.filename().string()).starts_with(lowered(name))) {
            matches.push_back(file);
        }
    }
    if (matches.size() == 1) {
        return matches.front();
    }
    if (matches.empty()) {
        return failure(fmt::format("There is no file {}, and no model of that name in {}. `alcuin models` shows which "
                                   "there are.",
                                   name, directory.string()));
    }
    return failure(fmt::format("{} can mean {} models in {}, {} and {} among them. Give more of the name.", name,
                               matches.size(), directory.string(), matches[0].filename().string(),
                               matches[1].filename().string()));
}

std::string howToGetAModel(const fs::path& directory) {
    return fmt::format("There is no model in {}. Put a GGUF file there, or run `./dev model` in Alcuin's source to "
                       "fetch a small one.",
                       directory.string());
}

} // namespace alcuin::cli
