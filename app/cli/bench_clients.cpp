#include "cli/bench_clients.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace alcuin::cli {

namespace {

std::uint64_t microseconds(BenchClients::Clock::duration duration) {
    const auto count = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
    return static_cast<std::uint64_t>(std::max<std::int64_t>(count, 0));
}

} // namespace

BenchClients::BenchClients(std::size_t count, Ask ask, bool exact)
    : ask_(std::move(ask)), exact_(exact), clients_(count) {}

BenchClients::~BenchClients() {
    stop();
}

Outcome<void> BenchClients::start(std::size_t client) {
    return ask(client);
}

Outcome<void> BenchClients::ask(std::size_t index) {
    Client& client = clients_[index];
    client.handle.reset();
    auto asked = ask_(index, client.number);
    if (!asked) {
        return failure(asked.error());
    }
    if (!*asked) {
        return {};
    }
    ++client.number;
    client.wanted = (*asked)->tokens;
    client.whole = (*asked)->wholeTokens;
    client.lastPiece.reset();
    client.asked = Clock::now();
    client.handle.emplace(std::move((*asked)->handle));
    client.handle->onReady([news = news_, index] {
        const std::lock_guard lock(news->mutex);
        news->clients.push_back(index);
        news->condition.notify_one();
    });
    return {};
}

Outcome<void> BenchClients::serve(TimePoint deadline, const std::function<bool()>& enough) {
    while (Clock::now() < deadline && !enough() &&
           std::ranges::any_of(clients_, [](const Client& client) { return client.handle.has_value(); })) {
        for (const std::size_t index : waitForNews(deadline)) {
            if (auto heard = hear(index); !heard) {
                return heard;
            }
        }
    }
    return {};
}

std::vector<std::size_t> BenchClients::waitForNews(TimePoint deadline) {
    std::unique_lock lock(news_->mutex);
    news_->condition.wait_until(lock, deadline, [this] { return !news_->clients.empty(); });
    return std::exchange(news_->clients, {});
}

Outcome<void> BenchClients::hear(std::size_t index) {
    Client& client = clients_[index];
    if (!client.handle) {
        return {};
    }
    const auto now = Clock::now();
    for (const auto& event : client.handle->drain()) {
        if (const auto* delta = std::get_if<inference::TextDelta>(&event)) {
            wrote(client, delta->tokens.size(), now);
        } else if (const auto* error = std::get_if<inference::Error>(&event)) {
            client.handle.reset();
            return failure(*error);
        } else if (const auto* finished = std::get_if<inference::Finished>(&event)) {
            return ended(index, *finished);
        }
    }
    return {};
}

void BenchClients::wrote(Client& client, std::size_t tokens, TimePoint now) {
    if (client.lastPiece) {
        times_->betweenTokens.record(microseconds(now - *client.lastPiece));
    } else {
        if (client.asked >= times_->begin) {
            times_->firstToken.record(microseconds(now - client.asked));
        }
        served_ += client.served ? 0 : 1;
        client.served = true;
    }
    client.lastPiece = now;
    times_->tokens += tokens;
    times_->answers += static_cast<double>(tokens) / static_cast<double>(client.whole);
}

Outcome<void> BenchClients::ended(std::size_t index, const inference::Finished& finished) {
    Client& client = clients_[index];
    client.handle.reset();
    if (exact_ && finished.usage.completionTokens != client.wanted) {
        return failure(fmt::format("An answer ended after {} tokens instead of {}: the context holds {}.",
                                   finished.usage.completionTokens, client.wanted, finished.usage.contextLength));
    }
    ++times_->finished;
    return ask(index);
}

void BenchClients::stop() {
    for (Client& client : clients_) {
        if (client.handle) {
            client.handle->cancel();
        }
    }
    const auto isEnd = [](const inference::Event& event) {
        return std::holds_alternative<inference::Finished>(event) || std::holds_alternative<inference::Error>(event);
    };
    while (std::ranges::any_of(clients_, [](const Client& client) { return client.handle.has_value(); })) {
        for (const std::size_t index : waitForNews(TimePoint::max())) {
            Client& client = clients_[index];
            if (client.handle && std::ranges::any_of(client.handle->drain(), isEnd)) {
                client.handle.reset();
            }
        }
    }
}

} // namespace alcuin::cli
