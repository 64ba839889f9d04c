#pragma once

#include <string>

// What the talker says and its test expects: from every text it can be told whether it is whole, cut or doubled.

namespace alcuin::tests {

/// The n-th word of every answer: long ones, so that an answer of a few words is worth a summary.
inline std::string wordOfAnswer(int n) {
    constexpr int kLetters = 26;
    return "antidisestablishment" +
           std::string{static_cast<char>('a' + n / kLetters % kLetters), static_cast<char>('a' + n % kLetters), ' '};
}

/// The first n words of every answer.
inline std::string beginningOfAnswer(int n) {
    std::string text;
    for (int i = 0; i < n; ++i) {
        text += wordOfAnswer(i);
    }
    return text;
}

constexpr const char* kSummaryOfTalk = "antidisestablishmentaa, antidisestablishmentab, antidisestablishmentac and "
                                       "antidisestablishmentad are what the answers say.";

} // namespace alcuin::tests
