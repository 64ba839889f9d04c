#include <csignal>
#include <cstdlib>
#include <memory>

#include <QFile>
#include <QString>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "application.h"
#include "cli/command_line.h"
#include "engines/local_loader.h"

namespace {

/// All modules log to standard error: warnings, or from the level that ALCUIN_LOG names ("debug", "info").
void setUpLogging(bool verbose) {
    auto logger = spdlog::stderr_logger_mt("alcuin");
    const char* level = std::getenv("ALCUIN_LOG");
    logger->set_level(level != nullptr ? spdlog::level::from_str(level)
                      : verbose        ? spdlog::level::info
                                       : spdlog::level::warn);
    spdlog::set_default_logger(std::move(logger));
}

} // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN); // a reader that went away is an error of write()
    const auto invocation = alcuin::cli::parseCommandLine(argc, argv);
    if (invocation.exitCode) {
        return *invocation.exitCode;
    }
    setUpLogging(invocation.verbose);
    if (invocation.command) {
        return invocation.command();
    }
    const alcuin::app::WindowOptions options{QString::fromStdString(invocation.dataDirectory),
                                             QString::fromStdString(invocation.file)};
    return alcuin::app::runWindow(argc, argv, options, [](const QString& statesDirectory) {
        alcuin::inference::RuntimeOptions runtime;
        runtime.snapshotDirectory = QFile::encodeName(statesDirectory).toStdString();
        return std::make_unique<alcuin::app::LocalLoader>(runtime);
    });
}
