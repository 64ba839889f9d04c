#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <alcuin/inference/text_engine.h>

#include "base/histogram.h"
#include "cli/outcome.h"

namespace alcuin::cli {

/// What clients saw since this was begun. Histograms are in microseconds.
struct ClientTimes {
    /// Requests made before aren't counted in firstToken: they may have waited for what all clients asked at the start.
    std::chrono::steady_clock::time_point begin{};
    inference::Histogram firstToken;    ///< from asking to the first piece of the answer
    inference::Histogram betweenTokens; ///< between two pieces of one answer: a token each, unless it is no whole
                                        ///< character, or came with the one before
    std::uint64_t tokens = 0;           ///< written
    std::uint64_t finished = 0;         ///< answers that ended
    double answers = 0;                 ///< counted in parts: half of a whole answer's tokens count as half an answer
};

/// A request that a client made.
struct Asked {
    inference::RequestHandle handle;
    std::size_t tokens = 0;      ///< that were asked for
    std::size_t wholeTokens = 0; ///< of a whole answer, where this is the rest of one
};

/// Clients that each ask again as soon as they have their answer. One thread, the caller's, serves them all; it sleeps
/// while nothing is written.
class BenchClients {
public:
    using Clock = std::chrono::steady_clock;
    using TimePoint = Clock::time_point;
    /// Makes a client's next request (numbered from 0); nothing: the client is done.
    using Ask = std::function<inference::Result<std::optional<Asked>>(std::size_t client, std::size_t number)>;

    /// `exact`: an answer that ends before it has as many tokens as were asked for is a failure.
    BenchClients(std::size_t count, Ask ask, bool exact);
    ~BenchClients();
    BenchClients(const BenchClients&) = delete;
    BenchClients& operator=(const BenchClients&) = delete;

    /// Lets a client ask for the first time.
    Outcome<void> start(std::size_t client);

    /// Serves the clients until `deadline`, until `enough` says so (asked after every piece of news) or until all are
    /// done. Fails where a request does.
    Outcome<void> serve(TimePoint deadline, const std::function<bool()>& enough);

    /// Cancels what is under way and waits until all of it has ended.
    void stop();

    /// Clients that have had a first piece of any answer.
    std::size_t clientsServed() const {
        return served_;
    }
    ClientTimes& times() {
        return *times_;
    }

private:
    struct Client {
        std::optional<inference::RequestHandle> handle{};
        std::size_t number = 0; ///< of its next request
        std::size_t wanted = 0;
        std::size_t whole = 0;
        TimePoint asked{};
        std::optional<TimePoint> lastPiece{};
        bool served = false;
    };
    /// Which clients have news; filled in from the engine's threads.
    struct News {
        std::mutex mutex;
        std::condition_variable condition;
        std::vector<std::size_t> clients;
    };

    Outcome<void> ask(std::size_t index);
    Outcome<void> hear(std::size_t index);
    void wrote(Client& client, std::size_t tokens, TimePoint now);
    Outcome<void> ended(std::size_t index, const inference::Finished& finished);
    std::vector<std::size_t> waitForNews(TimePoint deadline);

    Ask ask_;
    bool exact_;
    std::shared_ptr<News> news_ = std::make_shared<News>();
    std::vector<Client> clients_;
    std::size_t served_ = 0;
    std::unique_ptr<ClientTimes> times_ = std::make_unique<ClientTimes>();
};

} // namespace alcuin::cli
