#pragma once

#include <string>

// What the talker says and its test expects: from every text it can be told whether it is whole, cut or doubled.

namespace alcuin::tests {

/// The n-th word of every answer.
inline std::string wordOfAnswer(int n) {
    return "w" + std::to_string(n) + " ";
}

/// The first n words of every answer.
inline std::string beginningOfAnswer(int n) {
    std::string text;
    for (int i = 0; i < n; ++i) {
        text += wordOfAnswer(i);
    }
    return text;
}

constexpr const char* kSummaryOfTalk = "The answers say w0 w1 w2: numbered words, each question another number. End.";

} // namespace alcuin::tests
