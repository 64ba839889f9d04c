#include "cli/bench_reopen.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include <CLI/CLI.hpp>

#include "cli/bench_requests.h"
#include "cli/bench_text.h"
#include "cli/bench_times.h"
#include "cli/page_cache.h"
#include "cli/scratch_directory.h"

namespace alcuin::cli {

namespace {

using inference::Runtime;
using inference::TextEngine;

constexpr const char* kOwner = "bench";

/// A runtime with one model, as a program that was just started has it.
struct Opened {
    std::shared_ptr<Runtime> runtime;
    std::shared_ptr<TextEngine> engine;
};

Outcome<Opened> open(const std::filesystem::path& model, const ReopenPlan& plan,
                     const std::filesystem::path& snapshots) {
    inference::RuntimeOptions options;
    options.threads = plan.threads;
    options.snapshotDirectory = snapshots;
    auto runtime = Runtime::create(options);
    if (!runtime) {
        return failure(runtime.error());
    }
    auto engine = (*runtime)->load({.path = model, .kv = plan.kv}, {}, {});
    if (!engine) {
        return failure(engine.error());
    }
    return Opened{std::move(*runtime), std::move(*engine)};
}

/// A new question at the end of the conversation, each with words of its own.
inference::GenerationRequest goOn(const std::string& conversation, std::uint64_t seed) {
    constexpr std::size_t kQuestionWords = 8;
    auto request = benchQuestion(conversation, 1);
    request.messages.resize(3);
    request.messages[1].role = "assistant";
    request.messages[1].content = "I have read it.";
    request.messages[2].role = "user";
    BenchRandom random(seed, 1, 0);
    request.messages[2].content = randomWords(kQuestionWords, random);
    request.snapshotOwner = kOwner;
    return request;
}

Outcome<inference::Finished> ask(TextEngine& engine, inference::GenerationRequest request) {
    auto handle = engine.submit(std::move(request));
    if (!handle) {
        return failure(handle.error());
    }
    return waitForEnd(*handle);
}

/// Snapshots are written behind an answer's end.
Outcome<void> waitUntilSaved(const TextEngine& engine, std::size_t tokens) {
    constexpr auto kPatience = std::chrono::seconds(20); // without any progress
    constexpr auto kGlance = std::chrono::milliseconds(10);
    std::uint64_t saved = 0;
    auto end = std::chrono::steady_clock::now() + kPatience;
    while (saved < tokens) {
        const auto now = engine.metrics().snapshots.savedTokens;
        if (now != saved) {
            end = std::chrono::steady_clock::now() + kPatience;
        } else if (std::chrono::steady_clock::now() > end) {
            return failure(fmt::format("Only {} of {} tokens were written to the snapshot.", saved, tokens));
        }
        saved = now;
        std::this_thread::sleep_for(kGlance);
    }
    return {};
}

/// Reads the conversation cold, goes on with it, and leaves its snapshot behind.
Outcome<std::string> closeOne(const std::filesystem::path& model, const ReopenPlan& plan, std::uint64_t seed,
                              const std::filesystem::path& snapshots, ReopenRound& round) {
    const auto opened = open(model, plan, snapshots);
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    auto text = textOfTokens(*opened->engine, plan.tokens, seed);
    if (!text) {
        return tl::unexpected(text.error());
    }
    const auto cold = ask(*opened->engine, goOn(text->words, seed + 1));
    if (!cold) {
        return tl::unexpected(cold.error());
    }
    const auto cached = ask(*opened->engine, goOn(text->words, seed + 2));
    if (!cached) {
        return tl::unexpected(cached.error());
    }
    round.coldMs = cold->timings.timeToFirstTokenMs;
    round.cachedMs = cached->timings.timeToFirstTokenMs;
    round.promptTokens = cold->usage.promptTokens;
    round.cachedTokens = cached->usage.cachedTokens;
    constexpr std::size_t kPartInParts = 10;
    if (auto saved = waitUntilSaved(*opened->engine, plan.tokens - plan.tokens / kPartInParts); !saved) {
        return tl::unexpected(saved.error());
    }
    return std::move(text->words);
}

Outcome<ReopenRound> runRound(const std::filesystem::path& model, const ReopenPlan& plan, std::uint64_t seed) {
    const auto scratch = ScratchDirectory::create(plan.directory);
    if (!scratch) {
        return tl::unexpected(scratch.error());
    }
    ReopenRound round;
    const auto conversation = closeOne(model, plan, seed, scratch->path(), round);
    if (!conversation) {
        return tl::unexpected(conversation.error());
    }
    const auto opened = open(model, plan, scratch->path());
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    const auto evicted = evictFromPageCache(scratch->path());
    if (!evicted) {
        return tl::unexpected(evicted.error());
    }
    round.snapshotBytes = evicted->bytes;
    round.snapshotResident = evicted->resident;
    const auto reopened = ask(*opened->engine, goOn(*conversation, seed + 3));
    if (!reopened) {
        return tl::unexpected(reopened.error());
    }
    round.snapshotMs = reopened->timings.timeToFirstTokenMs;
    round.restoredTokens = reopened->usage.restoredTokens;
    return round;
}

double medianOf(const std::vector<ReopenRound>& rounds, double ReopenRound::*field) {
    std::vector<double> values;
    values.reserve(rounds.size());
    for (const auto& round : rounds) {
        values.push_back(round.*field);
    }
    std::ranges::sort(values);
    return values[values.size() / 2];
}

nlohmann::ordered_json toJson(const ReopenRound& round) {
    return {{"cold_ms", round.coldMs},
            {"cached_ms", round.cachedMs},
            {"snapshot_ms", round.snapshotMs},
            {"prompt_tokens", round.promptTokens},
            {"cached_tokens", round.cachedTokens},
            {"restored_tokens", round.restoredTokens},
            {"snapshot_bytes", round.snapshotBytes},
            {"snapshot_resident", round.snapshotResident}};
}

} // namespace

void declareReopenOptions(CLI::App& command, ReopenPlan& plan) {
    constexpr const char* kGroup = "Reopening";
    command.add_option("--reopen", plan.tokens, "Go on with a conversation of so many tokens: cold, cached, from disk")
        ->check(CLI::Range(std::size_t{16}, std::size_t{1'000'000}))
        ->group(kGroup);
    command.add_option("--rounds", plan.rounds, "Conversations, each of its own words; medians are shown")
        ->check(CLI::Range(std::size_t{1}, std::size_t{100}))
        ->capture_default_str()
        ->group(kGroup);
    command.add_option("--directory", plan.directory, "A directory on the disk that snapshots are to be read from")
        ->check(CLI::ExistingDirectory)
        ->group(kGroup);
}

Outcome<ReopenReport> runReopenBench(const std::filesystem::path& path, const ReopenPlan& plan,
                                     const BenchProgress& progress) {
    ReopenReport report;
    report.model = path.filename().string();
    const std::size_t rounds = plan.quick ? 1 : plan.rounds;
    for (std::size_t round = 0; round < rounds; ++round) {
        progress(fmt::format("round {} of {}", round + 1, rounds));
        constexpr std::uint64_t kSeedsARound = 4;
        auto measured = runRound(path, plan, (plan.seed * rounds + round) * kSeedsARound);
        if (!measured) {
            return tl::unexpected(measured.error());
        }
        report.rounds.push_back(*measured);
    }
    return report;
}

std::string toJson(const ReopenReport& report) {
    const double cold = medianOf(report.rounds, &ReopenRound::coldMs);
    const double cached = medianOf(report.rounds, &ReopenRound::cachedMs);
    const double snapshot = medianOf(report.rounds, &ReopenRound::snapshotMs);
    nlohmann::ordered_json json{{"model", report.model},
                                {"cold_ms", cold},
                                {"cached_ms", cached},
                                {"snapshot_ms", snapshot},
                                {"cached_ratio", cold / cached},
                                {"snapshot_ratio", cold / snapshot},
                                {"rounds", nlohmann::ordered_json::array()}};
    for (const auto& round : report.rounds) {
        json["rounds"].push_back(toJson(round));
    }
    return printed(json);
}

std::string toTable(const ReopenReport& report) {
    const double cold = medianOf(report.rounds, &ReopenRound::coldMs);
    const double cached = medianOf(report.rounds, &ReopenRound::cachedMs);
    const double snapshot = medianOf(report.rounds, &ReopenRound::snapshotMs);
    const auto& last = report.rounds.back();
    std::string text = fmt::format("{}; a conversation of {} tokens, a new question's first token; medians of {}\n\n",
                                   report.model, last.promptTokens, report.rounds.size());
    text += fmt::format("cold                {:>10.1f} ms\n", cold);
    text += fmt::format("read before         {:>10.1f} ms  {:>6.1f} x sooner  {} tokens found\n", cached, cold / cached,
                        last.cachedTokens);
    text += fmt::format("from its snapshot   {:>10.1f} ms  {:>6.1f} x sooner  {} tokens brought back from {:.1f} MB\n",
                        snapshot, cold / snapshot, last.restoredTokens, static_cast<double>(last.snapshotBytes) / 1e6);
    constexpr double kNotable = 0.01;
    if (last.snapshotResident > kNotable) {
        text +=
            fmt::format("{:.0f}% of the snapshot stayed in the system's page cache: choose a --directory on a disk\n",
                        last.snapshotResident * 100);
    }
    return text;
}

} // namespace alcuin::cli
