#include "cli/chat_command.h"

#include <cstdio>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <alcuin/inference/runtime.h>
#include <alcuin/inference/text_engine.h>

#include "cli/answer_printer.h"
#include "cli/conversation.h"
#include "cli/model_choice.h"
#include "cli/standard_output.h"
#include "cli/text_input.h"

namespace alcuin::cli {

namespace {

using inference::TextEngine;

/// Shows how far loading is, where somebody watches.
class LoadProgressLine {
public:
    void show(const inference::LoadProgress& at) {
        if (!watched_ || at.bytesTotal == 0) {
            return;
        }
        const auto percent = static_cast<int>(at.bytesDone * 100 / at.bytesTotal);
        if (percent != shown_) {
            shown_ = percent;
            fmt::print(stderr, "\rloading {} %", percent);
        }
    }
    ~LoadProgressLine() {
        if (shown_ >= 0) {
            std::fputs("\r\033[K", stderr);
        }
    }

private:
    bool watched_ = ::isatty(STDERR_FILENO) != 0;
    int shown_ = -1;
};

Outcome<std::shared_ptr<TextEngine>> loadEngine(const ChatOptions& options, const std::filesystem::path& modelDirectory,
                                                const std::filesystem::path& keptDirectory) {
    const auto path = chooseModel(options.model, modelDirectory);
    if (!path) {
        return tl::unexpected(path.error());
    }
    inference::RuntimeOptions runtimeOptions{.threads = options.threads};
    if (!options.keep.empty()) {
        runtimeOptions.snapshotDirectory = keptDirectory;
    }
    auto runtime = inference::Runtime::create(runtimeOptions);
    if (!runtime) {
        return failure(runtime.error());
    }
    LoadProgressLine line;
    auto engine = (*runtime)->load(
        {.path = *path, .compute = options.compute, .contextLength = options.contextLength, .kv = options.kv},
        [&line](const inference::LoadProgress& at) { line.show(at); }, {});
    if (!engine) {
        return failure(engine.error());
    }
    return std::move(*engine);
}

Outcome<std::string> readPrompt(const ChatOptions& options) {
    if (options.prompt && *options.prompt != "-") {
        return *options.prompt;
    }
    auto text = readInput(options.promptFile.value_or("-"));
    if (text && text->ends_with('\n')) {
        text->pop_back(); // the end of the last line, not part of what is asked
    }
    return text;
}

std::string toJson(const Answer& answer, const TextEngine& engine) {
    const auto& usage = answer.finished.usage;
    const auto& timings = answer.finished.timings;
    const nlohmann::ordered_json json{
        {"model", engine.modelInfo().name},
        {"text", answer.text},
        {"reasoning", answer.reasoning},
        {"tokens", answer.tokens},
        {"finish_reason", reasonName(answer.finished.reason)},
        {"seed", usage.seed},
        {"usage",
         {{"prompt_tokens", usage.promptTokens},
          {"cached_tokens", usage.cachedTokens},
          {"restored_tokens", usage.restoredTokens},
          {"completion_tokens", usage.completionTokens},
          {"total_tokens", usage.promptTokens + usage.completionTokens},
          {"context_length", usage.contextLength}}},
        {"timings",
         {{"queue_ms", timings.queueMs},
          {"prefill_ms", timings.prefillMs},
          {"time_to_first_token_ms", timings.timeToFirstTokenMs},
          {"decode_ms", timings.decodeMs},
          {"prefill_tokens_per_second", prefillSpeed(answer.finished)},
          {"decode_tokens_per_second", decodeSpeed(answer.finished)}}},
    };
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Outcome<void> answerOnce(TextEngine& engine, const ChatOptions& options, std::string prompt) {
    Conversation conversation(engine, options);
    const auto answer =
        conversation.ask(std::move(prompt), {.stream = !options.json, .showReasoning = options.showReasoning});
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    if (options.json) {
        if (auto written = writeOut(toJson(*answer, engine) + "\n"); !written) {
            return written;
        }
    }
    fmt::print(stderr, "{}\n", speedLine(answer->finished));
    if (answer->interrupted) {
        return failure("The answer was interrupted.");
    }
    return {};
}

} // namespace

Outcome<void> runChat(const ChatOptions& options, const std::filesystem::path& modelDirectory,
                      const std::filesystem::path& keptDirectory) {
    const bool once = options.prompt || options.promptFile;
    if (options.json && !once) {
        return failure("--json needs a question: give it with -p or -f.", kWrongUsage);
    }
    std::string prompt;
    if (once) {
        auto text = readPrompt(options);
        if (!text) {
            return tl::unexpected(text.error());
        }
        prompt = std::move(*text);
    }
    const auto engine = loadEngine(options, modelDirectory, keptDirectory);
    if (!engine) {
        return tl::unexpected(engine.error());
    }
    return once ? answerOnce(**engine, options, std::move(prompt)) : converse(**engine, options);
}

} // namespace alcuin::cli
