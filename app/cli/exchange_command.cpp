#include "cli/exchange_command.h"

#include <cstdio>

#include <CLI/CLI.hpp>
#include <QFile>
#include <QFileInfo>

#include <alcuin/storage/conversation_store.h>

#include "cli/standard_output.h"
#include "exchange/own_json.h"
#include "exchange/text.h"
#include "platform/data_lock.h"
#include "platform/directories.h"
#include "services/exchange_jobs.h"

namespace alcuin::cli {

namespace {

/// The data directory's conversations, held so that no window comes in between.
struct Held {
    app::DataLock lock;
    std::unique_ptr<storage::Database> database;
};

Outcome<Held> hold(const QString& directory) {
    auto lock = app::DataLock::take(directory);
    if (!lock) {
        return failure(lock.error().toStdString());
    }
    auto database = storage::Database::open(QFile::encodeName(directory).toStdString());
    if (!database) {
        return failure(database.error().message);
    }
    if (const auto marked = storage::ConversationStore(**database).markInterrupted(); !marked) {
        return failure(marked.error().message);
    }
    return Held{std::move(*lock), std::move(*database)};
}

app::ExportFormat formatOf(const std::string& name) {
    return name == "markdown" ? app::ExportFormat::kMarkdown
           : name == "html"   ? app::ExportFormat::kHtml
                              : app::ExportFormat::kJson;
}

Outcome<void> writeList(const std::vector<storage::Conversation>& conversations) {
    std::string lines;
    for (const auto& conversation : conversations) {
        lines += fmt::format("{}\t{}\t{}\n", conversation.id, exchange::isoTime(conversation.updatedAt),
                             exchange::cleanName(conversation.title));
    }
    return writeOut(lines);
}

/// The one conversation whose id begins so.
Outcome<storage::Id> resolved(const std::string& prefix, const std::vector<storage::Conversation>& all) {
    std::vector<storage::Id> fitting;
    for (const auto& conversation : all) {
        if (conversation.id.starts_with(prefix)) {
            fitting.push_back(conversation.id);
        }
    }
    if (fitting.size() == 1 && !prefix.empty()) {
        return fitting.front();
    }
    return failure(fitting.empty()
                       ? fmt::format("There is no conversation {}. `alcuin export --list` names all.", prefix)
                       : fmt::format("{} conversations begin with {}. Give more of the id.", fitting.size(), prefix));
}

Outcome<std::vector<storage::Id>> chosen(const ExportCommandOptions& options,
                                         const std::vector<storage::Conversation>& all) {
    std::vector<storage::Id> ids;
    for (const auto& prefix : options.ids) {
        auto id = resolved(prefix, all);
        if (!id) {
            return tl::unexpected(id.error());
        }
        ids.push_back(std::move(*id));
    }
    if (options.all) {
        for (auto each = all.rbegin(); each != all.rend(); ++each) { // the oldest first: an import keeps their order
            ids.push_back(each->id);
        }
    }
    return ids;
}

/// Piece by piece, so that no more than one conversation is in memory.
Outcome<void> writeToOutput(const app::ConversationShelf& shelf, const std::vector<storage::Id>& ids,
                            app::ExportFormat format, const app::ExportOptions& options) {
    const bool json = format == app::ExportFormat::kJson;
    std::string before = json ? exchange::ownJsonHead(storage::Sources::system().now()) : std::string();
    for (const auto& id : ids) {
        const auto tree = shelf.tree(id);
        if (!tree) {
            return failure(tree.error().message);
        }
        if (auto written = writeOut(before + app::exportedText(*tree, format, options)); !written) {
            return written;
        }
        before = ",\n";
    }
    const auto rest = ids.empty() ? before : std::string();
    return json ? writeOut(rest + exchange::ownJsonTail()) : Outcome<void>();
}

/// Says what came of it on standard error; a failure where anything went wrong.
Outcome<void> tell(const app::ExchangeReport& report) {
    fmt::print(stderr, "{}\n", report.summary().toStdString());
    for (const auto& problem : report.problems) {
        fmt::print(stderr, "alcuin: {}\n", problem.toStdString());
    }
    if (report.furtherProblems > 0) {
        fmt::print(stderr, "alcuin: {} more files or conversations couldn't be read.\n", report.furtherProblems);
    }
    return report.failed() ? Outcome<void>(silentFailure()) : Outcome<void>();
}

} // namespace

void declareExportOptions(CLI::App& command, ExportCommandOptions& options) {
    command.add_option("id", options.ids, "Conversations to export: their ids, or beginnings of them (see --list)");
    command.add_flag("--all", options.all, "Every conversation that isn't deleted");
    command.add_flag("--list", options.list, "List ids, times and titles, and export nothing");
    command
        .add_option("--format", options.format,
                    "json (whole, can be imported again), markdown or html (the branch that is shown)")
        ->check(CLI::IsMember({"json", "markdown", "html"}))
        ->capture_default_str();
    command.add_option("-o,--output", options.output,
                       "A file, or a folder that gets a file for each conversation; without it: standard output");
    command.add_flag("--without-tokens", options.withoutTokens, "Leave out the ids of answers' tokens (json)");
    command.footer("A file that is there is replaced; in a folder nothing is.");
}

void declareImportOptions(CLI::App& command, ImportCommandOptions& options) {
    command
        .add_option("path", options.paths,
                    "Files and folders: Alcuin's own JSON, ChatGPT (conversations.json or the .zip), Open WebUI, LM "
                    "Studio, GPT4All (.chat), Jan (a thread's folder)")
        ->required();
    command.footer(
        "What was imported before is recognised and left as it is. Each conversation is stored whole or not at "
        "all.");
}

Outcome<void> runExport(const ExportCommandOptions& options, const app::Directories& directories) {
    if (!options.list && !options.all && options.ids.empty()) {
        return failure("Give the ids of conversations, --all or --list.", kWrongUsage);
    }
    if (options.all && !options.ids.empty()) {
        return failure("Give either ids or --all.", kWrongUsage);
    }
    if (!QFileInfo::exists(directories.data + QStringLiteral("/alcuin.db"))) {
        return failure(fmt::format("There are no conversations in {}.", directories.data.toStdString()));
    }
    const auto held = hold(directories.data);
    if (!held) {
        return tl::unexpected(held.error());
    }
    const auto shelf = app::ConversationShelf::of(*held->database);
    const auto all = shelf.list();
    if (!all) {
        return failure(all.error().message);
    }
    if (options.list) {
        return writeList(*all);
    }
    const auto ids = chosen(options, *all);
    if (!ids) {
        return tl::unexpected(ids.error());
    }
    const auto format = formatOf(options.format);
    const app::ExportOptions wishes{!options.withoutTokens};
    if (!options.output.empty()) {
        return tell(exportConversations(shelf, *ids, format, QFile::decodeName(options.output.c_str()), wishes, {}));
    }
    if (format != app::ExportFormat::kJson && ids->size() != 1) {
        return failure("Several conversations need a folder: give one with -o.", kWrongUsage);
    }
    return writeToOutput(shelf, *ids, format, wishes);
}

Outcome<void> runImport(const ImportCommandOptions& options, const app::Directories& directories) {
    QStringList paths;
    for (const auto& path : options.paths) {
        paths << QFile::decodeName(path.c_str());
        if (!QFileInfo::exists(paths.back())) {
            return failure(fmt::format("There is no file or folder {}.", path));
        }
    }
    if (const auto made = directories.makeData(); !made) {
        return failure(made.error().toStdString());
    }
    const auto held = hold(directories.data);
    if (!held) {
        return tl::unexpected(held.error());
    }
    return tell(importConversations(app::ConversationShelf::of(*held->database), paths, {}));
}

} // namespace alcuin::cli
