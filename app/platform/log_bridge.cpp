#include "platform/log_bridge.h"

#include <QString>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <string>

namespace alcuin::app {

namespace {
spdlog::level::level_enum levelOf(QtMsgType type) {
    switch (type) {
    case QtDebugMsg:
        return spdlog::level::debug;
    case QtInfoMsg:
        return spdlog::level::info;
    case QtWarningMsg:
        return spdlog::level::warn;
    case QtCriticalMsg:
        return spdlog::level::err;
    case QtFatalMsg:
        return spdlog::level::critical;
    }
    return spdlog::level::info;
}

void pass(QtMsgType type, const QMessageLogContext& context, const QString& message) {
    const auto logger = spdlog::get("qt");
    if (logger == nullptr) {
        return;
    }
    const std::string category = context.category == nullptr ? "default" : context.category;
    if (category == "default") {
        logger->log(levelOf(type), "{}", message.toStdString());
    } else {
        logger->log(levelOf(type), "{}: {}", category, message.toStdString());
    }
}
} // namespace

LogBridge::LogBridge() {
    if (spdlog::get("qt") == nullptr) {
        spdlog::stderr_color_mt("qt");
    }
    m_before = qInstallMessageHandler(pass);
}

LogBridge::~LogBridge() {
    qInstallMessageHandler(m_before);
    spdlog::drop("qt");
}

} // namespace alcuin::app
