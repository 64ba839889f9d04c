#pragma once

#include <string>
#include <vector>

#include "cli/outcome.h"

namespace CLI {
class App;
}

namespace alcuin::app {
struct Directories;
}

namespace alcuin::cli {

struct ExportCommandOptions {
    std::string format = "json";
    std::string output; ///< a file or a folder; empty: standard output
    std::vector<std::string> ids;
    bool all = false;
    bool list = false;
    bool withoutTokens = false;
};

struct ImportCommandOptions {
    std::vector<std::string> paths;
};

void declareExportOptions(CLI::App& command, ExportCommandOptions& options);
void declareImportOptions(CLI::App& command, ImportCommandOptions& options);

/// `alcuin export`: conversations of the data directory as JSON, Markdown or HTML. Refuses while a window uses it.
Outcome<void> runExport(const ExportCommandOptions& options, const app::Directories& directories);

/// `alcuin import`: takes files and folders of other programs, and exports, into the data directory. Refuses while a
/// window uses it. A failure where something couldn't be read; what could be was taken in.
Outcome<void> runImport(const ImportCommandOptions& options, const app::Directories& directories);

} // namespace alcuin::cli
