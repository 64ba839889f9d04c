#include "cli/synth_command.h"

#include <chrono>
#include <cstdio>
#include <stop_token>
#include <thread>

#include <unistd.h>

#include <CLI/CLI.hpp>

#include "base/thread_pool.h"
#include "cli/interruption.h"
#include "cli/standard_output.h"
#include "models/synth.h"

namespace alcuin::cli {

namespace {

constexpr int kMaxThreads = 1024;

/// Percents on a terminal's last line, each once.
class ProgressLine {
public:
    void show(std::uint64_t done, std::uint64_t total) {
        const auto percent = total == 0 ? 100 : static_cast<int>(done * 100 / total);
        if (shown_ && percent > percent_) {
            percent_ = percent;
            fmt::print(stderr, "\r{:3}%", percent);
            std::fflush(stderr);
        }
    }

    ~ProgressLine() {
        if (shown_ && percent_ >= 0) {
            fmt::print(stderr, "\r    \r");
        }
    }

private:
    bool shown_ = ::isatty(STDERR_FILENO) != 0;
    int percent_ = -1;
};

/// Ctrl+C asks for a stop, so that no half file stays behind.
class StopOnInterrupt {
public:
    explicit StopOnInterrupt(Interruption interruption)
        : interruption_(std::move(interruption)), watcher_([this] {
            if (interruption_.wait() == Interruption::Event::kInterrupted) {
                stop_.request_stop();
            }
        }) {}

    ~StopOnInterrupt() {
        interruption_.wake();
    }

    std::stop_token token() const {
        return stop_.get_token();
    }

private:
    Interruption interruption_;
    std::stop_source stop_;
    std::jthread watcher_; // last: it is joined first
};

} // namespace

void declareSynthOptions(CLI::App& command, SynthCommandOptions& options) {
    command
        .add_option("--like", options.like,
                    fmt::format("What to be like: {}; or a GGUF file, of which the header is enough",
                                fmt::join(inference::synthPresets(), ", ")))
        ->required();
    command.add_option("--type", options.type,
                       fmt::format("Type of the weights: {}; left out: as the file has them",
                                   fmt::join(inference::synthTypes(), ", ")));
    command.add_flag("--pure", options.pure, "Give no tensor a finer type than the others");
    command.add_option("--vocab", options.vocabulary, "A GGUF file whose vocabulary and chat template to take");
    command.add_option("-o,--output", options.output, "The file to write")->required();
    command.add_flag("--force", options.force, "Replace the file if it is there");
    command.add_option("--seed", options.seed, "Another seed gives other weights");
    command.add_option("--threads", options.threads, "Threads to use; 0: one for each core")
        ->check(CLI::Range(0, kMaxThreads));
}

Outcome<void> runSynth(const SynthCommandOptions& options) {
    auto interruption = Interruption::watch();
    if (!interruption) {
        return tl::unexpected(interruption.error());
    }
    const StopOnInterrupt stop(std::move(*interruption));
    inference::ThreadPool pool(options.threads);
    inference::SynthOptions synth;
    synth.like = options.like;
    synth.type = options.type;
    synth.pure = options.pure;
    synth.vocabulary = options.vocabulary;
    synth.output = options.output;
    synth.overwrite = options.force;
    synth.seed = options.seed;
    const auto begin = std::chrono::steady_clock::now();
    const auto written = [&] {
        ProgressLine line;
        return inference::synthesise(
            synth, pool, [&](std::uint64_t done, std::uint64_t total) { line.show(done, total); }, stop.token());
    }();
    if (!written) {
        return failure(written.error());
    }
    constexpr double kMega = 1e6;
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    return writeOut(fmt::format("{}: {:.1f} million random weights, {:.1f} MB, {:.1f} s\n", options.output,
                                static_cast<double>(written->parameters) / kMega,
                                static_cast<double>(written->bytes) / kMega, seconds.count()));
}

} // namespace alcuin::cli
