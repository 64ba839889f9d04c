#include "base/log.h"

#include <memory>
#include <mutex>

#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

namespace alcuin::inference {

namespace {

/// Looked up by name each time, so that a program can set up or replace the logger whenever it likes.
std::shared_ptr<spdlog::logger> logger() {
    static std::mutex creating;
    if (auto known = spdlog::get("inference")) {
        return known;
    }
    const std::scoped_lock lock(creating);
    if (auto known = spdlog::get("inference")) {
        return known;
    }
    // A clone of the default logger shares its sinks and level.
    auto made = spdlog::default_logger()
                    ? spdlog::default_logger()->clone("inference")
                    : std::make_shared<spdlog::logger>("inference", std::make_shared<spdlog::sinks::null_sink_mt>());
    spdlog::register_logger(made);
    return made;
}

} // namespace

void logInfo(std::string_view message) {
    logger()->info("{}", message);
}

void logDebug(std::string_view message) {
    logger()->debug("{}", message);
}

bool debugIsLogged() {
    return logger()->should_log(spdlog::level::debug);
}

} // namespace alcuin::inference
