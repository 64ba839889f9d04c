#pragma once

#include <functional>
#include <optional>
#include <string>

namespace alcuin::cli {

/// What the program was started for.
struct Invocation {
    std::string dataDirectory; ///< --data-dir; empty: the usual place
    std::string file;          ///< a model file to open in the window; empty: none
    bool verbose = false;
    /// Runs the subcommand and returns the program's exit code; empty: the window is wanted.
    std::function<int()> command;
    /// Set when there is nothing to run: --help, --version, or wrong usage; everything has been said then.
    std::optional<int> exitCode;
};

/// Parses the command line; prints help, version and complaints itself. Needs neither a display nor an application
/// object, and neither do the commands.
Invocation parseCommandLine(int argc, char** argv);

} // namespace alcuin::cli
