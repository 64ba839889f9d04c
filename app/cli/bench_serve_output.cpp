#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/bench_serve.h"
#include "cli/bench_times.h"

namespace alcuin::cli {

namespace {

constexpr std::size_t kMostTokens = 100'000;

void declareRange(CLI::App& command, const char* name, TokenRange& range, const char* description) {
    command
        .add_option_function<std::vector<std::size_t>>(
            name,
            [&range, name](const std::vector<std::size_t>& ends) {
                if (ends[0] == 0 || ends[0] > ends[1] || ends[1] > kMostTokens) {
                    throw CLI::ValidationError(
                        name, fmt::format("must be LEAST,MOST with 1 <= LEAST <= MOST <= {}", kMostTokens));
                }
                range = {ends[0], ends[1]};
            },
            description)
        ->delimiter(',')
        ->expected(2)
        ->type_name("LEAST,MOST")
        ->default_str(fmt::format("{},{}", range.least, range.most))
        ->group("Serving");
}

const char* nameOf(inference::Priority priority) {
    return priority == inference::Priority::kInteractive ? "interactive" : "normal";
}

std::string cells(const inference::Percentiles& times) {
    return fmt::format("{:>10}{:>10}{:>10} ", shown(times.p50, times), shown(times.p90, times),
                       shown(times.p99, times));
}

} // namespace

void declareServeOptions(CLI::App& command, ServePlan& plan) {
    constexpr const char* kGroup = "Serving";
    command.add_flag("--serve-like", plan.wanted, "Clients that each ask again as soon as they have their answer")
        ->group(kGroup);
    command.add_option("--clients", plan.clients, "Clients at once; each number is measured")
        ->delimiter(',')
        ->check(CLI::Range(std::size_t{1}, std::size_t{128}))
        ->capture_default_str()
        ->group(kGroup);
    command.add_option("--priority", plan.priority, "Of all requests: interactive answers keep a time between tokens")
        ->transform(CLI::Transformer(std::map<std::string, inference::Priority>{
            {"interactive", inference::Priority::kInteractive}, {"normal", inference::Priority::kNormal}}))
        ->option_text("interactive|normal")
        ->group(kGroup);
    declareRange(command, "--prompt-tokens", plan.prompt, "Tokens of a prompt");
    declareRange(command, "--output-tokens", plan.output, "Tokens of an answer");
    command.add_option("--seconds", plan.seconds, "What is measured, after a start; 0: 32 for 1 client, 90 for 32")
        ->check(CLI::Range(0.0, 3600.0))
        ->group(kGroup);
    command.add_option("--requests", plan.requests, "Of each client, instead of a time; 0: as many as fit")
        ->check(CLI::Range(std::size_t{0}, std::size_t{100'000}))
        ->group(kGroup);
}

std::string toJson(const ServeReport& report) {
    nlohmann::ordered_json json{{"model", report.model},
                                {"device", report.device},
                                {"vocabulary", report.vocabulary},
                                {"seed", report.seed},
                                {"priority", nameOf(report.priority)},
                                {"first_request",
                                 {{"prompt_tokens", report.first.prompt.size()},
                                  {"output_tokens", report.first.outputTokens},
                                  {"first_token", report.first.prompt.front()},
                                  {"last_token", report.first.prompt.back()}}},
                                {"results", nlohmann::ordered_json::array()}};
    for (const ServeResult& result : report.results) {
        json["results"].push_back({{"clients", result.clients},
                                   {"requests_per_second", result.requestsPerSecond},
                                   {"tokens_per_second", result.tokensPerSecond},
                                   {"ttft_ms", toJson(result.firstToken)},
                                   {"token_ms", toJson(result.betweenTokens)},
                                   {"batch", {{"mean", result.batch.mean}, {"max", result.batch.max}}},
                                   {"requests_finished", result.finished},
                                   {"seconds", result.seconds}});
    }
    return printed(json);
}

std::string toTable(const ServeReport& report) {
    std::string text = fmt::format("{}; {}; {} requests; times in ms\n\n{:>7}{:>12}{:>10}{:>31}{:>31}{:>13}\n",
                                   report.model, report.device, nameOf(report.priority), "", "", "",
                                   "until the first token", "between tokens", "batch");
    text += fmt::format("{:>7}{:>12}{:>10}{:>11}{:>10}{:>10}{:>11}{:>10}{:>10}{:>8}{:>5}\n", "clients", "requests/s",
                        "tokens/s", "p50", "p90", "p99", "p50", "p90", "p99", "mean", "max");
    for (const ServeResult& each : report.results) {
        text += fmt::format("{:>7}{:>12.3f}{:>10.1f} {}{}{:>8.1f}{:>5}\n", each.clients, each.requestsPerSecond,
                            each.tokensPerSecond, cells(each.firstToken), cells(each.betweenTokens), each.batch.mean,
                            each.batch.max);
    }
    return text;
}

} // namespace alcuin::cli
