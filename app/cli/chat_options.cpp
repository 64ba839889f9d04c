#include "cli/chat_options.h"

#include <map>

#include <CLI/CLI.hpp>

#include "cli/kv_option.h"

namespace alcuin::cli {

namespace {

constexpr int kMaxThreads = 1024;

void declareSampling(CLI::App& command, SamplingWishes& sampling) {
    command.add_option("--temperature", sampling.temperature, "0: always the likeliest token (greedy)")
        ->check(CLI::Range(0.0, 100.0));
    command.add_option("--top-k", sampling.topK, "Only the K likeliest tokens; 0: off")->check(CLI::NonNegativeNumber);
    command.add_option("--top-p", sampling.topP, "Only the likeliest tokens that reach this probability; 1: off")
        ->check(CLI::Range(0.0, 1.0));
    command.add_option("--min-p", sampling.minP, "Only tokens at least this likely, seen from the likeliest; 0: off")
        ->check(CLI::Range(0.0, 1.0));
    command.add_option("--repetition-penalty", sampling.repetitionPenalty, "Makes tokens seen lately rarer; 1: off")
        ->check(CLI::Range(0.01, 100.0));
    command.add_option("--seed", sampling.seed, "The same seed gives the same text; none: a fresh one is drawn");
    command.footer("What isn't said about sampling is as the model's makers advise.");
}

} // namespace

inference::SamplingParameters SamplingWishes::over(inference::SamplingParameters advised) const {
    advised.temperature = temperature.value_or(advised.temperature);
    advised.topK = topK.value_or(advised.topK);
    advised.topP = topP.value_or(advised.topP);
    advised.minP = minP.value_or(advised.minP);
    advised.repetitionPenalty = repetitionPenalty.value_or(advised.repetitionPenalty);
    advised.seed = seed;
    return advised;
}

void declareChatOptions(CLI::App& command, ChatOptions& options) {
    command.add_option("-m,--model", options.model, "A model file, or the name of one in the model directory");
    auto* prompt = command.add_option("-p,--prompt", options.prompt, "What to ask; -: read it from standard input");
    command.add_option("-f,--file", options.promptFile, "Read what to ask from a file")->excludes(prompt);
    command.add_option("--system", options.system, "The system message");
    declareSampling(command, options.sampling);
    command.add_option("--max-tokens", options.maxTokens, "Tokens to write at most; -1: until the context is full")
        ->check(CLI::IsMember({-1}) | CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--stop", options.stop, "End the answer before this text; may be given several times")
        ->allow_extra_args(false);
    command.add_option("--threads", options.threads, "Threads to compute with; 0: one for each core")
        ->check(CLI::Range(0, kMaxThreads))
        ->capture_default_str();
    command.add_option("--context", options.contextLength, "Tokens the context holds; 0: the model's own")
        ->capture_default_str();
    const std::map<std::string, inference::ComputeMode> modes{{"fast", inference::ComputeMode::kFast},
                                                              {"f32", inference::ComputeMode::kF32}};
    command.add_option("--compute", options.compute, "fast, or f32 for full precision")
        ->transform(CLI::Transformer(modes))
        ->option_text("fast|f32");
    declareKvOption(command, options.kv);
    command
        .add_option(
            "--keep", options.keep,
            "Keep on disk what is read, under this name: a chat of the same name that begins with the same text "
            "doesn't read it again. `alcuin forget` deletes it")
        ->option_text("NAME")
        ->check([](const std::string& name) { return name.empty() ? "a name is needed" : std::string(); });
    command.add_flag("--json", options.json, "Print one JSON object when the answer is complete");
    command.add_flag("--show-reasoning", options.showReasoning, "Print the model's reasoning to standard error");
}

} // namespace alcuin::cli
