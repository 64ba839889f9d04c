#include "cli/standard_output.h"

#include <cerrno>
#include <cstring>

#include <unistd.h>

namespace alcuin::cli {

Outcome<void> writeOut(std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(STDOUT_FILENO, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EPIPE) {
            return silentFailure();
        } else if (errno != EINTR) {
            return failure(fmt::format("Standard output couldn't be written: {}.", std::strerror(errno)));
        }
    }
    return {};
}

Outcome<void> LineEndedOutput::write(std::string_view text) {
    const auto last = text.find_last_not_of('\n');
    if (last == std::string_view::npos) {
        heldBack_ += text;
        return {};
    }
    heldBack_ += text.substr(0, last + 1);
    auto result = writeOut(heldBack_);
    heldBack_ = text.substr(last + 1);
    return result;
}

Outcome<void> LineEndedOutput::finish() {
    heldBack_.clear();
    return writeOut("\n");
}

} // namespace alcuin::cli
