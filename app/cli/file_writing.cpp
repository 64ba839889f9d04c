#include "cli/file_writing.h"

#include <chrono>
#include <cstdio>
#include <stop_token>
#include <thread>

#include <unistd.h>

#include "base/thread_pool.h"
#include "cli/interruption.h"
#include "cli/standard_output.h"
#include "models/draft_writer.h"

namespace alcuin::cli {

namespace {

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

Outcome<void> writeModel(const ModelWriter& write, const std::string& output, std::string_view what, int threads) {
    auto interruption = Interruption::watch();
    if (!interruption) {
        return tl::unexpected(interruption.error());
    }
    const StopOnInterrupt stop(std::move(*interruption));
    inference::ThreadPool pool(threads);
    const auto begin = std::chrono::steady_clock::now();
    const auto written = [&] {
        ProgressLine line;
        return write(
            pool, [&](std::uint64_t done, std::uint64_t total) { line.show(done, total); }, stop.token());
    }();
    if (!written) {
        return failure(written.error());
    }
    constexpr double kMega = 1e6;
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    return writeOut(fmt::format("{}: {:.1f} million {}, {:.1f} MB, {:.1f} s\n", output,
                                static_cast<double>(written->parameters) / kMega, what,
                                static_cast<double>(written->bytes) / kMega, seconds.count()));
}

} // namespace alcuin::cli
