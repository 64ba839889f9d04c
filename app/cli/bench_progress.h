#pragma once

#include <functional>
#include <string_view>

namespace alcuin::cli {

/// Told what is being done, before each piece of some seconds.
using BenchProgress = std::function<void(std::string_view)>;

/// What is being done, on a terminal's last line; nothing where standard error is no terminal.
class ProgressLine {
public:
    ProgressLine();
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(std::string_view what);

private:
    bool watched_;
};

} // namespace alcuin::cli
