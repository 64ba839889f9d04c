#pragma once

#include <QByteArray>
#include <QDir>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <alcuin/storage/conversation_store.h>
#include <alcuin/storage/database.h>

namespace alcuin::tests {

/// The value, or a failed test that shows the error.
#define ALCUIN_TAKE(variable, expression)                                                                              \
    auto variable##Result = (expression);                                                                              \
    QVERIFY2(variable##Result.has_value(), variable##Result ? "" : variable##Result.error().message.c_str());          \
    auto& variable = *variable##Result
#define ALCUIN_OK(expression)                                                                                          \
    do {                                                                                                               \
        const auto okResult = (expression);                                                                            \
        QVERIFY2(okResult.has_value(), okResult ? "" : okResult.error().message.c_str());                              \
    } while (false)
/// The expression fails with this code, and says so in a sentence that ends.
#define ALCUIN_FAILS(expression, expectedCode)                                                                         \
    do {                                                                                                               \
        const auto failedResult = (expression);                                                                        \
        QVERIFY2(!failedResult.has_value(), "it succeeded");                                                           \
        QVERIFY2(failedResult.error().code == (expectedCode), failedResult.error().message.c_str());                   \
        QVERIFY2(failedResult.error().message.ends_with('.'), failedResult.error().message.c_str());                   \
    } while (false)

/// A clock that stands still until it is told to go on.
struct Clock {
    storage::TimeMs now = 1'700'000'000'000;
};

std::filesystem::path pathOf(const QTemporaryDir& directory);

/// Opens the database below `directory`, with the clock if one is given. Fails hard where it can't.
std::unique_ptr<storage::Database> openDatabase(const std::filesystem::path& directory, Clock* clock = nullptr);

std::vector<storage::Part> textParts(std::string text);
storage::Generation someGeneration();
std::string textOf(const storage::Message& message);

/// Every byte of the database, its log and whatever else stands in the directory.
QByteArray allBytes(const std::filesystem::path& directory);

/// A directory with an open database and its conversations.
struct StorageFixture {
    QTemporaryDir directory;
    Clock clock;
    std::unique_ptr<storage::Database> database = openDatabase(pathOf(directory), &clock);
    storage::ConversationStore store{*database};

    /// Closes and opens again, as a restart does.
    void reopen();
    /// A question below `parent` and its finished answer.
    storage::ConversationStore::Turn ask(const storage::Id& conversation, const std::optional<storage::Id>& parent,
                                         const std::string& question, const std::string& answer);
    /// The texts of the active path, joined by " / ".
    std::string shown(const storage::Id& conversation);
};

} // namespace alcuin::tests
