#pragma once

#include <QtTest/QTest>

#include <string>
#include <string_view>
#include <vector>

#include "exchange/imported.h"

namespace alcuin::tests {

/// The bytes of a file below samples/. Fails hard where it isn't there.
std::string sample(const std::string& name);

/// All that a reader said about a file.
struct Heard {
    std::vector<exchange::Imported> conversations;
    std::vector<std::string> refused;
    exchange::LeftOut leftOut;
    exchange::Result<void> outcome;

    std::size_t leftOutOf(std::string_view reason) const;
    /// All reasons with their numbers: "2 pictures, 1 hidden messages and instructions".
    std::string leftOutWords() const;
};

/// Reads bytes as any known format.
Heard read(std::string_view bytes, const std::string& name = "file", const exchange::Limits& limits = {});
/// Reads one of Jan's threads.
Heard readThread(std::string_view thread, std::string_view messages);

/// A tree as lines, one a message: two blanks for each message above it, "*" on the path that is shown, "U" or "A", the
/// state unless it is complete, the parts with " | " between them (reasoning in braces with its milliseconds,
/// attachments in brackets), line breaks as "\n" in words.
std::string sketch(const storage::ConversationTree& tree);

/// Two strings that should be the same, shown in full where they aren't.
#define ALCUIN_SAME(actual, expected)                                                                                  \
    do {                                                                                                               \
        const std::string actualText = (actual);                                                                       \
        const std::string expectedText = (expected);                                                                   \
        QVERIFY2(actualText == expectedText, ("\n" + actualText + "\n--- expected:\n" + expectedText).c_str());        \
    } while (false)

} // namespace alcuin::tests
