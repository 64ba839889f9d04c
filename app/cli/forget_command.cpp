#include "cli/forget_command.h"

#include <CLI/CLI.hpp>

#include <alcuin/inference/runtime.h>

namespace alcuin::cli {

void declareForgetOptions(CLI::App& command, ForgetOptions& options) {
    auto* names = command.add_option("name", options.names, "Names that were given to `alcuin chat --keep`");
    command.add_flag("--all", options.all, "Everything that is kept, under whatever name")->excludes(names);
}

Outcome<void> runForget(const ForgetOptions& options, const std::filesystem::path& keptDirectory) {
    if (options.names.empty() && !options.all) {
        return failure("Give the names to forget, or --all.", kWrongUsage);
    }
    std::error_code missing;
    if (!std::filesystem::exists(std::filesystem::symlink_status(keptDirectory, missing))) {
        return {};
    }
    const auto runtime = inference::Runtime::create({.threads = 1, .snapshotDirectory = keptDirectory});
    if (!runtime) {
        return failure(runtime.error());
    }
    auto forgotten = options.all ? (*runtime)->purgeSnapshotsExcept({}) : inference::Result<void>();
    for (const auto& name : options.names) {
        if (forgotten) {
            forgotten = (*runtime)->purgeSnapshots(name);
        }
    }
    return forgotten ? Outcome<void>() : failure(forgotten.error());
}

} // namespace alcuin::cli
