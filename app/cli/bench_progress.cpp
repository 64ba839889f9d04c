#include "cli/bench_progress.h"

#include <unistd.h>

#include <cstdio>

#include <fmt/format.h>

namespace alcuin::cli {

ProgressLine::ProgressLine() : watched_(::isatty(STDERR_FILENO) != 0) {}

ProgressLine::~ProgressLine() {
    if (watched_) {
        std::fputs("\r\033[K", stderr);
    }
}

void ProgressLine::show(std::string_view what) {
    if (watched_) {
        fmt::print(stderr, "\r\033[K{}", what);
        std::fflush(stderr);
    }
}

} // namespace alcuin::cli
