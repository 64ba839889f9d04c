// alcuin_search_bench: fills a database with made-up conversations, searches it 200 times, and says how long that took.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <SQLiteCpp/Database.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <alcuin/storage/conversation_store.h>
#include <alcuin/storage/database.h>
#include <alcuin/storage/import_store.h>
#include <alcuin/storage/search_reader.h>
#include <alcuin/storage/search_upkeep.h>

#include "talk.h"
#include "tokenizer.h"

using namespace alcuin;
using namespace alcuin::bench;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::uint32_t kSeed = 20251123;
constexpr storage::TimeMs kNow = 1'760'000'000'000;
constexpr storage::TimeMs kTwoYearsMs = 2LL * 365 * 86'400'000;

struct Options {
    std::size_t messages = 1'000'000;
    std::size_t hits = 50;
    std::string directory; ///< empty: one that is removed
    std::string json;
    bool deletions = false;
    bool rebuild = false;
    bool background = false;
    double seconds = 1e9; ///< of each background work that is measured
};

double msSince(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

[[noreturn]] void stop(const std::string& message) {
    std::fputs((message + '\n').c_str(), stderr);
    std::exit(1);
}

template <typename T>
T taken(storage::Result<T> result) {
    if (!result) {
        stop(result.error().message);
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
}

double at(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    const auto index = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5);
    return values[index];
}

nlohmann::json summary(const std::vector<double>& ms) {
    return {{"searches", ms.size()}, {"p50_ms", at(ms, 0.5)}, {"p95_ms", at(ms, 0.95)}, {"max_ms", at(ms, 1.0)}};
}

/// Three words from the middle of each of some messages.
std::vector<std::string> phrasesFrom(const storage::ConversationTree& tree) {
    std::vector<std::string> phrases;
    for (const auto& message : tree.messages) {
        const auto& text = message.parts.front().text;
        std::size_t begin = text.find(' ', text.size() / 2);
        std::size_t end = begin;
        for (int words = 0; words < 3 && end != std::string::npos; ++words) {
            end = text.find(' ', end + 1);
        }
        if (end != std::string::npos) {
            phrases.push_back(text.substr(begin + 1, end - begin - 1));
        }
    }
    return phrases;
}

/// Conversations until there are so many messages; spread over two years, the newest last. What is there is left out.
std::vector<std::string> fill(storage::Database& database, Talk& talk, const Options& options) {
    const std::size_t conversations = std::max<std::size_t>(1, options.messages / Talk::kMessagesEach);
    const auto there = taken(storage::ConversationStore(database).list()).size();
    storage::ImportStore store(database);
    std::vector<std::string> phrases;
    for (std::size_t i = 0; i < conversations; ++i) {
        const auto share = static_cast<double>(i + 1) / static_cast<double>(conversations);
        auto tree = talk.conversation(std::min(options.messages, Talk::kMessagesEach),
                                      kNow - kTwoYearsMs + static_cast<storage::TimeMs>(share * kTwoYearsMs));
        if (i % std::max<std::size_t>(1, conversations / 15) == 0) {
            const auto more = phrasesFrom(tree);
            phrases.insert(phrases.end(), more.begin(), more.begin() + std::min<std::ptrdiff_t>(2, std::ssize(more)));
        }
        if (i >= there) {
            (void)taken(store.add(std::move(tree), {"bench", std::to_string(i), i}));
        }
        if (i >= there && i % 500 == 499) {
            std::fprintf(stderr, "%zu of %zu conversations\n", i + 1, conversations);
        }
    }
    return phrases;
}

/// Does what the index needs in the background; how long that took in all, and the longest step.
nlohmann::json upkeep(storage::Database& database, double seconds = 1e9) {
    storage::SearchUpkeep work(database);
    std::vector<double> steps;
    const auto begin = Clock::now();
    const auto pending = taken(work.pending());
    bool more = pending.any;
    while (more && msSince(begin) < 1000 * seconds) {
        const auto step = Clock::now();
        more = taken(work.step());
        steps.push_back(msSince(step));
    }
    if (steps.empty()) {
        return {{"steps", 0}};
    }
    return {{"steps", steps.size()},
            {"messages", pending.messages - taken(work.pending()).messages},
            {"done", !more},
            {"total_s", msSince(begin) / 1000},
            {"p50_ms", at(steps, 0.5)},
            {"p95_ms", at(steps, 0.95)},
            {"over_50_ms", std::count_if(steps.begin(), steps.end(), [](double ms) { return ms > 50; })},
            {"longest_ms", at(steps, 1.0)}};
}

nlohmann::json searchAll(const std::filesystem::path& file, const std::vector<Search>& searches, std::size_t limit) {
    const auto reader = taken(storage::SearchReader::open(file));
    std::map<std::string, std::vector<double>> byKind;
    std::vector<double> all;
    std::string slowest;
    std::size_t hits = 0;
    for (const auto& search : searches) {
        const auto begin = Clock::now();
        const auto found = taken(reader->find(search.text, limit));
        const double ms = msSince(begin);
        slowest = all.empty() || ms > *std::max_element(all.begin(), all.end()) ? search.text : slowest;
        byKind[search.kind].push_back(ms);
        all.push_back(ms);
        hits += found.size();
    }
    nlohmann::json result{{"all", summary(all)}, {"slowest", slowest}, {"hits", hits}};
    for (const auto& [kind, ms] : byKind) {
        result["kinds"][kind] = summary(ms);
    }
    return result;
}

/// Every 200th conversation goes: the purge's time, and the index's rewriting.
nlohmann::json deletions(storage::Database& database, double seconds) {
    storage::ConversationStore store(database);
    const auto listed = taken(store.list());
    std::size_t removed = 0;
    for (std::size_t i = 0; i < listed.size(); i += 200) {
        taken(store.remove(listed[i].id));
        ++removed;
    }
    const auto begin = Clock::now();
    std::vector<double> steps;
    for (bool more = true; more;) {
        const auto step = Clock::now();
        more = taken(store.purgeStep(storage::Sources::system().now() + 1)).more;
        steps.push_back(msSince(step));
    }
    const double purgeMs = msSince(begin);
    return {{"conversations", removed},
            {"purge_ms", purgeMs},
            {"purge_steps", steps.size()},
            {"purge_p50_ms", at(steps, 0.5)},
            {"purge_p95_ms", at(steps, 0.95)},
            {"purge_over_50_ms", std::count_if(steps.begin(), steps.end(), [](double ms) { return ms > 50; })},
            {"purge_longest_ms", at(steps, 1.0)},
            {"tidying", upkeep(database, seconds)}};
}

/// As after an upgrade from a version without an index: everything is to be taken in.
void forgetIndex(const std::filesystem::path& file) {
    SQLite::Database raw(file.string(), SQLite::OPEN_READWRITE);
    storage::registerTokenizer(raw.getHandle());
    raw.exec("BEGIN; DELETE FROM search_documents; INSERT INTO search_words (search_words) VALUES ('delete-all');"
             "INSERT OR REPLACE INTO search_upkeep SELECT 'fill', max(sequence) + 1 FROM messages; COMMIT;");
}

void print(const char* title, const nlohmann::json& result) {
    fmt::print("{}: p50 {:.2f} ms, p95 {:.2f} ms, max {:.2f} ms (\"{}\"), {} hits\n", title,
               result["all"]["p50_ms"].get<double>(), result["all"]["p95_ms"].get<double>(),
               result["all"]["max_ms"].get<double>(), result["slowest"].get<std::string>(), result["hits"].get<int>());
    for (const auto& [kind, times] : result["kinds"].items()) {
        fmt::print("  {:28} {:3}  p50 {:7.2f}  p95 {:7.2f}  max {:7.2f} ms\n", kind, times["searches"].get<int>(),
                   times["p50_ms"].get<double>(), times["p95_ms"].get<double>(), times["max_ms"].get<double>());
    }
}

/// What is done in the background of a database that is filled, without any search.
nlohmann::json background(const Options& options, const std::filesystem::path& directory) {
    nlohmann::json result;
    auto database = taken(storage::Database::open(directory));
    if (options.deletions) {
        result["deletions"] = deletions(*database, options.seconds);
    }
    if (options.rebuild) {
        const auto file = database->path();
        database.reset();
        forgetIndex(file);
        database = taken(storage::Database::open(directory));
        result["rebuild"] = upkeep(*database, options.seconds);
    }
    fmt::print("{}\n", result.dump(2));
    return result;
}

nlohmann::json run(const Options& options, const std::filesystem::path& directory) {
    if (options.background) {
        return background(options, directory);
    }
    nlohmann::json result{{"messages", options.messages}, {"hits_each", options.hits}, {"seed", kSeed}};
    auto database = taken(storage::Database::open(directory));
    const auto file = database->path();
    Talk talk(kSeed);
    const auto begin = Clock::now();
    const auto phrases = fill(*database, talk, options);
    result["fill_s"] = msSince(begin) / 1000;
    (void)upkeep(*database);
    result["file_bytes"] = std::filesystem::file_size(file);
    const auto searches = fixedSearches(talk, phrases);
    result["first"] = searchAll(file, searches, options.hits);
    result["again"] = searchAll(file, searches, options.hits);
    fmt::print("{} messages, {:.0f} MB, filled in {:.1f} s; {} searches\n", options.messages,
               result["file_bytes"].get<double>() / 1e6, result["fill_s"].get<double>(), searches.size());
    print("first", result["first"]);
    print("again", result["again"]);
    if (options.deletions) {
        result["deletions"] = deletions(*database, options.seconds);
        fmt::print("deletions: {}\n", result["deletions"].dump());
    }
    if (options.rebuild) {
        database.reset();
        forgetIndex(file);
        database = taken(storage::Database::open(directory));
        result["rebuild"] = upkeep(*database, options.seconds);
        fmt::print("taking in all messages: {}\n", result["rebuild"].dump());
        result["rebuilt"] = searchAll(file, searches, options.hits);
        print("after that", result["rebuilt"]);
    }
    return result;
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App program("Fills a database with made-up conversations and searches it 200 times.");
    program.add_option("--messages", options.messages, "how many")
        ->capture_default_str()
        ->check(CLI::Range(200, 100'000'000));
    program.add_option("--hits", options.hits, "how many a search gives at most")->capture_default_str();
    program.add_option(
        "--directory", options.directory,
        "where the database is; one that is filled already is used as it is (default: one that is removed)");
    program.add_option("--json", options.json, "write the results there, too");
    program.add_flag("--deletions", options.deletions, "then delete some conversations and measure that");
    program.add_flag("--rebuild", options.rebuild, "then build the index anew in the background's steps");
    program.add_flag("--background", options.background, "only these two, on a --directory that is filled");
    program.add_option("--seconds", options.seconds, "how long the index is worked on at most, each time");
    CLI11_PARSE(program, argc, argv);
    const bool keep = !options.directory.empty();
    const std::filesystem::path directory =
        keep ? std::filesystem::path(options.directory)
             : std::filesystem::temp_directory_path() / fmt::format("alcuin-search-bench-{}", getpid());
    const auto result = run(options, directory);
    if (!options.json.empty()) {
        std::FILE* file = std::fopen(options.json.c_str(), "w");
        if (file == nullptr) {
            stop(options.json + " can't be written.");
        }
        fmt::print(file, "{}\n", result.dump(2));
        std::fclose(file);
    }
    if (!keep) {
        std::filesystem::remove_all(directory);
    }
    return 0;
}
