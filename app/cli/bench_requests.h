#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <alcuin/inference/generation.h>

namespace alcuin::cli {

/// Numbers that a seed fixes, the same in tests/bench/peers/prompts.py.
/// Source: SplitMix64 (Steele, Lea, Flood 2014).
class BenchRandom {
public:
    BenchRandom(std::uint64_t seed, std::uint64_t client, std::uint64_t number);
    std::uint64_t next();
    /// One of least..most, both included.
    std::size_t between(std::size_t least, std::size_t most);

private:
    std::uint64_t state_;
};

/// From so many to so many tokens.
struct TokenRange {
    std::size_t least = 0;
    std::size_t most = 0;
};

struct BenchRequest {
    std::vector<inference::Token> prompt;
    std::size_t outputTokens = 0;
    std::size_t wholeOutput = 0; ///< more than outputTokens where this is the rest of an answer
};

/// What a client asks with its request of a number: its sizes, then its tokens, all from the seed. Tokens come from the
/// middle of the vocabulary, where none of them is a control token.
class BenchRequests {
public:
    /// `spread`: each of so many clients' first answer is the rest of one, the last client's a whole one, so that
    /// answers end spread over time; 0: all are whole.
    BenchRequests(TokenRange prompt, TokenRange output, std::uint64_t seed, std::size_t vocabulary, std::size_t spread);

    BenchRequest make(std::size_t client, std::size_t number) const;

private:
    TokenRange prompt_;
    TokenRange output_;
    std::uint64_t seed_;
    std::size_t vocabulary_;
    std::size_t spread_;
};

/// So many words of letters, for prompts that are put as text.
std::string randomWords(std::size_t count, BenchRandom& random);

} // namespace alcuin::cli
