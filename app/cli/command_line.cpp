#include "cli/command_line.h"

#include <cstdio>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <QString>

#include "cli/bench_command.h"
#include "cli/chat_command.h"
#include "cli/chat_options.h"
#include "cli/exchange_command.h"
#include "cli/forget_command.h"
#include "cli/models_command.h"
#include "cli/outcome.h"
#include "cli/plan_command.h"
#include "cli/quantize_command.h"
#include "cli/render_command.h"
#include "cli/synth_command.h"
#include "cli/tokenize_command.h"
#include "platform/directories.h"

namespace alcuin::cli {

namespace {

/// Everything that parsing fills in.
struct Arguments {
    std::string dataDirectory;
    std::string file;
    bool verbose = false;
    BenchOptions bench;
    ChatOptions chat;
    ForgetOptions forget;
    ExportCommandOptions exporting;
    ImportCommandOptions importing;
    TokenizeOptions tokenize;
    RenderOptions render;
    PlanOptions plan;
    bool modelsJson = false;
    SynthCommandOptions synth;
    QuantizeOptions quantize;
    std::function<Outcome<void>(const std::filesystem::path& modelDirectory)> chosen;
};

app::Directories directoriesOf(const Arguments& arguments) {
    return app::Directories::locate(QString::fromStdString(arguments.dataDirectory));
}

std::filesystem::path keptDirectory(const Arguments& arguments) {
    return directoriesOf(arguments).kept.toStdString();
}

Outcome<void> runChat(const Arguments& arguments, const std::filesystem::path& modelDirectory) {
    if (!arguments.chat.keep.empty()) {
        if (const auto made = directoriesOf(arguments).makeData(); !made) {
            return failure(made.error().toStdString());
        }
    }
    return runChat(arguments.chat, modelDirectory, keptDirectory(arguments));
}

CLI::App* addCommand(CLI::App& app, Arguments& arguments, const char* name, const char* description,
                     std::function<Outcome<void>(const std::filesystem::path&)> run) {
    auto* command = app.add_subcommand(name, description);
    command->fallthrough(); // --data-dir and --verbose may stand behind the command too
    command->callback([&arguments, run = std::move(run)] { arguments.chosen = run; });
    return command;
}

void declare(CLI::App& app, Arguments& arguments) {
    app.set_version_flag("--version", "alcuin " ALCUIN_VERSION);
    app.add_option("--data-dir", arguments.dataDirectory,
                   "Where conversations, settings and models are kept (usually $XDG_DATA_HOME/alcuin)");
    app.add_flag("--verbose", arguments.verbose, "Log what the engine does to standard error");
    app.add_option("file", arguments.file, "A model file to open in the window")->check(CLI::ExistingFile);
    app.require_subcommand(0, 1);
    app.footer("Without a command the window opens. Exit codes: 0 success, 1 failure, 2 wrong usage.");

    auto& a = arguments;
    using Path = std::filesystem::path;
    declareChatOptions(*addCommand(app, a, "chat", "Ask a model, or talk with it where no question is given",
                                   [&a](const Path& models) { return runChat(a, models); }),
                       a.chat);
    declareForgetOptions(*addCommand(app, a, "forget", "Delete what chat --keep left on disk",
                                     [&a](const Path&) { return runForget(a.forget, keptDirectory(a)); }),
                         a.forget);
    declareExportOptions(*addCommand(app, a, "export", "Write conversations to files: JSON, Markdown, HTML",
                                     [&a](const Path&) { return runExport(a.exporting, directoriesOf(a)); }),
                         a.exporting);
    declareImportOptions(*addCommand(app, a, "import", "Take in conversations of other programs, and exports",
                                     [&a](const Path&) { return runImport(a.importing, directoriesOf(a)); }),
                         a.importing);
    declareTokenizeOptions(*addCommand(app, a, "tokenize", "Show the tokens of a text",
                                       [&a](const Path& models) { return runTokenize(a.tokenize, models); }),
                           a.tokenize);
    declareRenderOptions(*addCommand(app, a, "render", "Show what a chat template makes of a conversation",
                                     [&a](const Path& models) { return runRender(a.render, models); }),
                         a.render);
    declarePlanOptions(*addCommand(app, a, "plan", "Say how much memory a model will take",
                                   [&a](const Path& models) { return runPlan(a.plan, models); }),
                       a.plan);
    declareBenchOptions(*addCommand(app, a, "bench", "Measure a model on this machine, beside the machine's own limit",
                                    [&a](const Path& models) { return runBenchCommand(a.bench, models); }),
                        a.bench);
    declareSynthOptions(*addCommand(app, a, "synth", "Write a model file of random weights, for measuring and testing",
                                    [&a](const Path&) { return runSynth(a.synth); }),
                        a.synth);
    declareQuantizeOptions(*addCommand(app, a, "quantize", "Write a model file's weights in another type",
                                       [&a](const Path&) { return runQuantize(a.quantize); }),
                           a.quantize);
    addCommand(app, a, "models", "List the models in the model directory", [&a](const Path& models) {
        return runModels(models, a.modelsJson);
    })->add_flag("--json", a.modelsJson, "Print a JSON array");
}

int report(const Outcome<void>& outcome) {
    if (outcome) {
        return kSuccess;
    }
    if (!outcome.error().message.empty()) {
        fmt::print(stderr, "alcuin: {}\n", outcome.error().message);
    }
    return outcome.error().exitCode;
}

int runCommand(const Arguments& arguments) {
    const auto directories = directoriesOf(arguments);
    try {
        return report(arguments.chosen(std::filesystem::path(directories.models.toStdString())));
    } catch (const std::bad_alloc&) {
        return report(failure("There wasn't enough memory. Close other programs, or choose a smaller model."));
    } catch (const std::exception& error) {
        return report(failure(fmt::format("Something unexpected happened: {}.", error.what())));
    }
}

} // namespace

Invocation parseCommandLine(int argc, char** argv) {
    CLI::App app("A desktop assistant that thinks on your own machine", "alcuin");
    const auto arguments = std::make_shared<Arguments>();
    declare(app, *arguments);
    Invocation invocation;
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& asked) { // --help, --version
        invocation.exitCode = app.exit(asked);
        return invocation;
    } catch (const CLI::ParseError& error) {
        const auto commands = app.get_subcommands();
        const std::string command = commands.empty() ? std::string() : " " + commands.front()->get_name();
        fmt::print(stderr, "alcuin: {}\nTry `alcuin{} --help`.\n", error.what(), command);
        invocation.exitCode = kWrongUsage;
        return invocation;
    }
    invocation.dataDirectory = arguments->dataDirectory;
    invocation.file = arguments->file;
    invocation.verbose = arguments->verbose;
    if (arguments->chosen) {
        invocation.command = [arguments] { return runCommand(*arguments); };
    }
    return invocation;
}

} // namespace alcuin::cli
