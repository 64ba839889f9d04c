#pragma once

#include <QtGlobal>

namespace alcuin::app {

/// While it lives, Qt's messages go where ours go: to spdlog, as the logger "qt".
class LogBridge {
public:
    LogBridge();
    ~LogBridge();
    LogBridge(const LogBridge&) = delete;
    LogBridge& operator=(const LogBridge&) = delete;

private:
    QtMessageHandler m_before;
};

} // namespace alcuin::app
