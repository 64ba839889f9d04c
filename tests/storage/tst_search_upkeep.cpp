#include <alcuin/storage/search_reader.h>
#include <alcuin/storage/search_upkeep.h>

#include <random>

#include <SQLiteCpp/Transaction.h>

#include "connection.h"
#include "files.h"
#include "migrations.h"
#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace alcuin::storage;
using namespace alcuin::tests;

namespace {

/// Steps until nothing is left; how many that were, or -1 after an error.
int settle(Database& database) {
    SearchUpkeep upkeep(database);
    for (int steps = 1;; ++steps) {
        const auto more = upkeep.step();
        if (!more || steps > 10'000) {
            return -1;
        }
        if (!*more) {
            return steps;
        }
    }
}

std::size_t countOf(Database& database, const std::string& text) {
    const auto reader = SearchReader::open(database.path());
    const auto hits =
        reader ? (*reader)->find(text, 100'000) : Result<std::vector<SearchHit>>(fail(ErrorCode::kInternal, "?"));
    if (!hits) {
        return ~std::size_t{0};
    }
    return static_cast<std::size_t>(
        std::count_if(hits->begin(), hits->end(), [](const SearchHit& hit) { return !hit.message.empty(); }));
}

/// FTS5's own check of the index's structure.
void checkIndex(const std::filesystem::path& file) {
    Connection raw(file, Sources::system());
    raw.database.exec("INSERT INTO search_words (search_words) VALUES ('integrity-check')");
    raw.database.exec("INSERT INTO search_titles (search_titles, rank) VALUES ('integrity-check', 1)");
}

} // namespace

/// The index takes in what was there before it, and lets go of what is deleted.
class TstSearchUpkeep : public QObject {
    Q_OBJECT
private slots:
    void messagesOfAnOlderVersionAreTakenInStepByStep();
    void noDeletedWordStaysInTheFiles();
    void tidyingGoesOnAfterAKill();
    void thereIsNothingToDoMostOfTheTime();
};

void TstSearchUpkeep::messagesOfAnOlderVersionAreTakenInStepByStep() {
    const QTemporaryDir directory;
    const auto file = pathOf(directory) / "alcuin.db";
    constexpr int kMessages = 1000;
    {
        ALCUIN_OK(preparePrivateFile(file));
        Connection old(file, Sources::system());
        ALCUIN_OK(migrate(old, allMigrations().first(3)));
        SQLite::Transaction transaction(old.database);
        old.database.exec("INSERT INTO conversations (id, title, title_source, created_at, updated_at) "
                          "VALUES ('c', 'an old title', 'user', 1, 1)");
        for (int i = 0; i < kMessages; ++i) {
            const std::string id = "'m" + std::to_string(i) + "'";
            old.database.exec("INSERT INTO messages (id, conversation_id, role, state, created_at) VALUES (" + id +
                              ", 'c', 'user', '" + (i == 500 ? "streaming" : "complete") + "', " +
                              std::to_string(i * 60'000) + ")");
            old.database.exec("INSERT INTO parts VALUES (" + id + ", 0, 'text', 'owl number " + std::to_string(i) +
                              "', '', '', x'', 0)");
        }
        transaction.commit();
    }
    auto database = openDatabase(pathOf(directory));
    ALCUIN_TAKE(reader, SearchReader::open(database->path()));
    ALCUIN_TAKE(titles, reader->find("old ", 10));
    QCOMPARE(titles.size(), std::size_t{1}); // at once
    ALCUIN_TAKE(pending, SearchUpkeep(*database).pending());
    QVERIFY(pending.any);
    QCOMPARE(pending.messages, std::int64_t{kMessages + 1});
    QCOMPARE(countOf(*database, "owl "), std::size_t{0});
    ALCUIN_TAKE(more, SearchUpkeep(*database).step());
    QVERIFY(more);
    ALCUIN_TAKE(newest, reader->find("owl ", 1));
    QVERIFY(!newest.empty() && newest.back().message == "m999");
    const std::size_t afterOne = countOf(*database, "owl ");
    QVERIFY(afterOne > 0 && afterOne < kMessages / 2);
    // What comes in meanwhile is taken in once; what is finished meanwhile, too.
    ConversationStore store(*database);
    ALCUIN_OK(store.appendTurn({}, {}, textParts("a new owl"), {}));
    ALCUIN_OK(store.markInterrupted());
    database = openDatabase(pathOf(directory)); // and a restart between
    QVERIFY(settle(*database) > 1);
    QCOMPARE(countOf(*database, "owl "), std::size_t{kMessages + 1});
    QCOMPARE(countOf(*database, "owl 7 "), std::size_t{1});
    ALCUIN_TAKE(done, SearchUpkeep(*database).pending());
    QVERIFY(!done.any);
    database.reset();
    checkIndex(file);
}

void TstSearchUpkeep::noDeletedWordStaysInTheFiles() {
    StorageFixture fixture;
    std::mt19937 random(20251123);
    std::vector<Id> secret;
    const auto text = [&](const char* marker) {
        std::string words;
        for (std::size_t i = 0; i < 1 + random() % 60; ++i) {
            words += marker + std::to_string(random() % 3000) + ' ';
        }
        return words;
    };
    for (int i = 0; i < 200; ++i) {
        const bool isSecret = i % 3 == 0;
        const char* marker = isSecret ? "secretword" : "keptword";
        fixture.clock.now += 1000;
        const auto turn = fixture.ask({}, {}, text(marker), text(marker));
        ALCUIN_OK(fixture.store.rename(turn.conversation.id, text(marker), TitleSource::kUser));
        if (isSecret) {
            secret.push_back(turn.conversation.id);
        }
    }
    QVERIFY(allBytes(pathOf(fixture.directory)).contains("secretword"));
    QVERIFY(countOf(*fixture.database, "secretword") > 100);
    const std::size_t kept = countOf(*fixture.database, "keptword");
    for (const auto& id : secret) {
        ALCUIN_OK(fixture.store.remove(id));
    }
    ALCUIN_OK(fixture.store.purgeDeleted(fixture.clock.now + 1));
    QCOMPARE(countOf(*fixture.database, "secretword"), std::size_t{0});
    fixture.reopen();
    QVERIFY(settle(*fixture.database) > 1);
    // FTS5 writes a word's first letters once for all that share them: no beginning of it stays either.
    const QByteArray left = allBytes(pathOf(fixture.directory)).toLower();
    QCOMPARE(left.count("secretword"), 0);
    QCOMPARE(left.count("secre"), 0);
    QVERIFY(left.contains("keptword"));
    QCOMPARE(countOf(*fixture.database, "keptword"), kept);
    ALCUIN_OK(fixture.database->checkIntegrity());
    const auto file = fixture.database->path();
    fixture.database.reset();
    checkIndex(file);
}

void TstSearchUpkeep::tidyingGoesOnAfterAKill() {
    StorageFixture fixture;
    std::mt19937 random(3);
    std::vector<Id> all;
    for (int i = 0; i < 150; ++i) {
        std::string text;
        for (int k = 0; k < 400; ++k) {
            text += (i % 2 == 0 ? "hush" : "loud") + std::to_string(random()) + ' ';
        }
        all.push_back(fixture.ask({}, {}, text, text).conversation.id);
    }
    for (std::size_t i = 0; i < all.size(); i += 2) {
        ALCUIN_OK(fixture.store.remove(all[i]));
    }
    ALCUIN_OK(fixture.store.purgeDeleted(fixture.clock.now + 1));
    // After every step as if killed: the files as they are then, opened by another.
    int steps = 0;
    bool more = true;
    auto directory = std::make_unique<QTemporaryDir>();
    for (const char* name : {"alcuin.db", "alcuin.db-wal"}) {
        (void)QFile::copy(fixture.directory.filePath(name), directory->filePath(name));
    }
    fixture.database.reset();
    while (more) {
        const auto database = openDatabase(pathOf(*directory));
        ALCUIN_TAKE(stepped, SearchUpkeep(*database).step());
        more = stepped;
        QVERIFY(++steps < 1000);
        auto killed = std::make_unique<QTemporaryDir>();
        for (const char* name : {"alcuin.db", "alcuin.db-wal"}) {
            if (QFile::exists(directory->filePath(name))) {
                QVERIFY(QFile::copy(directory->filePath(name), killed->filePath(name)));
            }
        }
        QCOMPARE(countOf(*database, "loud"), std::size_t{150});
        directory = std::move(killed);
    }
    const auto database = openDatabase(pathOf(*directory));
    QCOMPARE(allBytes(pathOf(*directory)).count("hush"), 0);
    QCOMPARE(countOf(*database, "loud"), std::size_t{150});
    ALCUIN_OK(database->checkIntegrity());
}

void TstSearchUpkeep::thereIsNothingToDoMostOfTheTime() {
    StorageFixture fixture;
    fixture.ask({}, {}, "q", "a");
    ALCUIN_TAKE(pending, SearchUpkeep(*fixture.database).pending());
    QVERIFY(!pending.any);
    ALCUIN_TAKE(more, SearchUpkeep(*fixture.database).step());
    QVERIFY(!more);
}

ALCUIN_TEST(TstSearchUpkeep)
#include "tst_search_upkeep.moc"
