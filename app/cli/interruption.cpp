#include "cli/interruption.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace alcuin::cli {

namespace {

constexpr char kWake = 'w';
constexpr char kInterrupt = 'i';

/// Where the signal handler writes; a handler can reach nothing else. -1: nobody watches.
std::atomic<int> signalEnd{-1};

void send(int end, char byte) {
    // A full pipe holds a wake-up already.
    [[maybe_unused]] const auto written = ::write(end, &byte, 1);
}

extern "C" void onInterrupt(int /*signal*/) {
    const int saved = errno;
    if (const int end = signalEnd.load(); end >= 0) {
        send(end, kInterrupt);
    }
    errno = saved;
}

} // namespace

Outcome<Interruption> Interruption::watch() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return failure(fmt::format("A pipe couldn't be made: {}.", std::strerror(errno)));
    }
    ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
    signalEnd = ends[1];
    struct sigaction action {};
    action.sa_handler = onInterrupt;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(SIGINT, &action, nullptr);
    return Interruption(ends[0], ends[1]);
}

Interruption::Interruption(Interruption&& other) noexcept
    : readEnd_(std::exchange(other.readEnd_, -1)), writeEnd_(std::exchange(other.writeEnd_, -1)) {}

Interruption::~Interruption() {
    if (readEnd_ < 0) {
        return;
    }
    std::signal(SIGINT, SIG_DFL);
    signalEnd = -1;
    ::close(readEnd_);
    ::close(writeEnd_);
}

Interruption::Event Interruption::wait() {
    std::array<char, 64> bytes{};
    ssize_t count = 0;
    do {
        count = ::read(readEnd_, bytes.data(), bytes.size());
    } while (count < 0 && errno == EINTR);
    for (ssize_t i = 0; i < count; ++i) {
        if (bytes[static_cast<std::size_t>(i)] == kInterrupt) {
            return Event::kInterrupted;
        }
    }
    return Event::kWoken;
}

void Interruption::wake() const {
    send(writeEnd_, kWake);
}

} // namespace alcuin::cli
