#include "platform/termination.h"

#include <QSocketNotifier>

#include <spdlog/spdlog.h>

#include <array>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace alcuin::app {

namespace {
constexpr std::array kSignals{SIGTERM, SIGINT, SIGHUP};
/// A signal handler may only write to a descriptor; the event loop reads the other end.
std::array<int, 2> wakePipe{-1, -1};

extern "C" void wakeEventLoop(int) {
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(wakePipe[1], &byte, 1);
}

void handle(void (*handler)(int)) {
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (const int signal : kSignals) {
        sigaction(signal, &action, nullptr);
    }
}
} // namespace

TerminationSignals::TerminationSignals(std::function<void()> quit) {
    if (::pipe2(wakePipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        spdlog::warn("the end of the session can't be noticed: no pipe");
        return;
    }
    m_notifier = std::make_unique<QSocketNotifier>(wakePipe[0], QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [quit = std::move(quit)] {
        char byte = 0;
        while (::read(wakePipe[0], &byte, 1) > 0) {
        }
        quit();
    });
    handle(wakeEventLoop);
}

TerminationSignals::~TerminationSignals() {
    if (m_notifier == nullptr) {
        return;
    }
    handle(SIG_DFL);
    m_notifier.reset();
    ::close(wakePipe[0]);
    ::close(wakePipe[1]);
    wakePipe = {-1, -1};
}

} // namespace alcuin::app
