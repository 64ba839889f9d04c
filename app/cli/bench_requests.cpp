#include "cli/bench_requests.h"

#include <algorithm>

namespace alcuin::cli {

namespace {

constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15U;
constexpr std::uint64_t kClientStep = 0xD1B54A32D192ED03U;
constexpr std::uint64_t kNumberStep = 0x8CB92BA72F3D8DD7U;

} // namespace

BenchRandom::BenchRandom(std::uint64_t seed, std::uint64_t client, std::uint64_t number)
    : state_(seed * kStep + client * kClientStep + number * kNumberStep) {}

std::uint64_t BenchRandom::next() {
    state_ += kStep;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ mixed >> 30U) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ mixed >> 27U) * 0x94D049BB133111EBU;
    return mixed ^ mixed >> 31U;
}

std::size_t BenchRandom::between(std::size_t least, std::size_t most) {
    return least + static_cast<std::size_t>(next() % (most - least + 1));
}

BenchRequests::BenchRequests(TokenRange prompt, TokenRange output, std::uint64_t seed, std::size_t vocabulary,
                             std::size_t spread)
    : prompt_(prompt), output_(output), seed_(seed), vocabulary_(vocabulary), spread_(spread) {}

BenchRequest BenchRequests::make(std::size_t client, std::size_t number) const {
    BenchRandom random(seed_, client, number);
    BenchRequest request;
    request.prompt.resize(random.between(prompt_.least, prompt_.most));
    request.outputTokens = random.between(output_.least, output_.most);
    request.wholeOutput = request.outputTokens;
    if (number == 0 && spread_ > 0) {
        request.outputTokens = std::max<std::size_t>(request.outputTokens * (client + 1) / spread_, 1);
    }
    const std::size_t first = vocabulary_ / 16;
    const std::size_t last = vocabulary_ * 15 / 16;
    for (auto& token : request.prompt) {
        token = static_cast<inference::Token>(random.between(first, last));
    }
    return request;
}

std::string randomWords(std::size_t count, BenchRandom& random) {
    constexpr std::size_t kShortest = 2;
    constexpr std::size_t kLongest = 8;
    constexpr std::size_t kLetters = 26;
    std::string text;
    for (std::size_t word = 0; word < count; ++word) {
        text += word > 0 ? " " : "";
        for (std::size_t left = random.between(kShortest, kLongest); left > 0; --left) {
            text += static_cast<char>('a' + random.between(0, kLetters - 1));
        }
    }
    return text;
}

} // namespace alcuin::cli
