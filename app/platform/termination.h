#pragma once

#include <functional>
#include <memory>

class QSocketNotifier;

namespace alcuin::app {

/// While it lives, the end of a session (SIGTERM, SIGINT, SIGHUP) calls `quit` from the event loop, so that everything
/// is put away in order. At most one at a time.
class TerminationSignals {
public:
    explicit TerminationSignals(std::function<void()> quit);
    ~TerminationSignals();
    TerminationSignals(const TerminationSignals&) = delete;
    TerminationSignals& operator=(const TerminationSignals&) = delete;

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace alcuin::app
