#include "abi/callback_log.h"

#include <memory>
#include <mutex>
#include <string>

#include <fmt/format.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <alcuin.h>

#include "abi/guard.h"

namespace alcuin::inference::abi {

namespace {

constexpr const char* kLogger = "inference"; // base/log.h

alcuin_log_level levelOf(spdlog::level::level_enum level) {
    if (level >= spdlog::level::warn) {
        return ALCUIN_LOG_WARNING;
    }
    return level == spdlog::level::info ? ALCUIN_LOG_INFO : ALCUIN_LOG_DEBUG;
}

/// Hands each line, without time and level, to a callback.
class CallbackSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    void set(alcuin_log_callback callback, void* userData) {
        const std::lock_guard lock(mutex_);
        callback_ = callback;
        userData_ = userData;
    }

private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        if (callback_ != nullptr) {
            line_.assign(message.payload.data(), message.payload.size());
            callback_(levelOf(message.level), line_.c_str(), userData_);
        }
    }
    void flush_() override {}

    alcuin_log_callback callback_ = nullptr;
    void* userData_ = nullptr;
    std::string line_;
};

struct Log {
    std::shared_ptr<CallbackSink> sink = std::make_shared<CallbackSink>();
    std::shared_ptr<spdlog::logger> logger = std::make_shared<spdlog::logger>(kLogger, sink);
    std::mutex registering;

    Log() {
        logger->set_level(spdlog::level::off);
    }
};

/// The one of this process: spdlog's registry, which engines look their logger up in, is the process's too.
Log& log() {
    static Log theLog;
    return theLog;
}

} // namespace

void claimLog() {
    auto& ours = log();
    const std::lock_guard lock(ours.registering);
    if (!spdlog::get(kLogger)) {
        spdlog::register_logger(ours.logger);
    }
}

namespace {

Result<spdlog::level::level_enum> readLevel(alcuin_log_callback callback, alcuin_log_level level) {
    if (callback == nullptr) {
        return spdlog::level::off;
    }
    switch (level) {
    case ALCUIN_LOG_WARNING:
        return spdlog::level::warn;
    case ALCUIN_LOG_INFO:
        return spdlog::level::info;
    case ALCUIN_LOG_DEBUG:
        return spdlog::level::debug;
    default:
        return fail(ErrorCode::kInvalidArgument, fmt::format("There is no log level {}.", level));
    }
}

Result<void> setLog(alcuin_log_callback callback, void* userData, alcuin_log_level level) {
    const auto wanted = readLevel(callback, level);
    if (!wanted) {
        return tl::unexpected(wanted.error());
    }
    auto& ours = log();
    const std::lock_guard lock(ours.registering);
    ours.sink->set(callback, userData);
    ours.logger->set_level(*wanted);
    if (spdlog::get(kLogger) != ours.logger) {
        spdlog::drop(kLogger);
        spdlog::register_logger(ours.logger);
    }
    return {};
}

} // namespace

} // namespace alcuin::inference::abi

alcuin_status alcuin_set_log(alcuin_log_callback callback, void* user_data, alcuin_log_level level) {
    using namespace alcuin::inference;
    return abi::guarded(nullptr, [&] { return abi::setLog(callback, user_data, level); });
}
