#include <alcuin/storage/search_upkeep.h>

#include <random>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace alcuin::storage;
using namespace alcuin::tests;

/// What is deleted for good is gone from the files, and nothing else is.
class TstPurge : public QObject {
    Q_OBJECT
private slots:
    void onlyWhatWasDeletedBeforeGoes();
    void noTraceStaysInTheFiles();
    void aLogLeftByACrashIsDroppedAtTheStart();
    void aLargePurgeIsDoneInStepsThatMayBeCutOff();
    void aReaderOnlyDelaysTheLog();
};

void TstPurge::onlyWhatWasDeletedBeforeGoes() {
    StorageFixture fixture;
    const auto old = fixture.ask({}, {}, "old", "a");
    const auto recent = fixture.ask({}, {}, "recent", "a");
    const auto kept = fixture.ask({}, {}, "kept", "a");
    ALCUIN_OK(fixture.store.remove(old.conversation.id));
    const TimeMs between = fixture.clock.now += 1000;
    ALCUIN_OK(fixture.store.remove(recent.conversation.id));
    ALCUIN_TAKE(purged, fixture.store.purgeDeleted(between));
    QCOMPARE(purged, std::size_t{1});
    ALCUIN_FAILS(fixture.store.find(old.conversation.id), ErrorCode::kNotFound);
    ALCUIN_FAILS(fixture.store.message(old.answer.id), ErrorCode::kNotFound);
    ALCUIN_FAILS(fixture.store.restore(old.conversation.id), ErrorCode::kNotFound);
    ALCUIN_OK(fixture.store.restore(recent.conversation.id));
    QCOMPARE(fixture.shown(recent.conversation.id), std::string("recent / a"));
    QCOMPARE(fixture.shown(kept.conversation.id), std::string("kept / a"));
    ALCUIN_OK(fixture.database->checkIntegrity());
}

void TstPurge::noTraceStaysInTheFiles() {
    // Small and large messages of many conversations side by side, streamed, edited and renamed, so that pages are
    // split, merged and rebuilt again and again: that is where copies of deleted text could stay behind.
    StorageFixture fixture;
    std::mt19937 random(20240607);
    std::vector<Id> secret;
    std::vector<Id> kept;
    for (int i = 0; i < 60; ++i) {
        const bool isSecret = i % 2 == 0;
        const std::string marker = isSecret ? "SECRETWORD" : "KEPTWORD";
        const auto sized = [&] {
            std::string text;
            const std::size_t words = 1 + random() % (random() % 8 == 0 ? 900 : 30);
            for (std::size_t word = 0; word < words; ++word) {
                text += marker + std::to_string(random() % 1000) + ' ';
            }
            return text;
        };
        ALCUIN_OK(fixture.store.setDraft({}, sized()));
        auto turn = fixture.ask({}, {}, sized(), sized());
        const Id conversation = turn.conversation.id;
        for (int more = 0; more < 3; ++more) {
            ALCUIN_TAKE(next, fixture.store.appendTurn(conversation, turn.answer.id, textParts(sized()), {}));
            std::string text;
            for (int flush = 0; flush < 5; ++flush) {
                text += sized();
                ALCUIN_OK(fixture.store.flushAnswer(next.answer.id, textParts(text), {}));
            }
            ALCUIN_OK(fixture.store.finishAnswer(next.answer.id, MessageState::kComplete, textParts(sized()), {}));
        }
        ALCUIN_OK(fixture.store.setDraft(conversation, sized()));
        ALCUIN_OK(fixture.store.rename(conversation, sized(), TitleSource::kUser));
        (isSecret ? secret : kept).push_back(conversation);
    }
    QVERIFY(allBytes(pathOf(fixture.directory)).contains("SECRETWORD"));
    for (const auto& id : secret) {
        ALCUIN_OK(fixture.store.remove(id));
    }
    fixture.clock.now += 1;
    ALCUIN_TAKE(purged, fixture.store.purgeDeleted(fixture.clock.now));
    QCOMPARE(purged, secret.size());
    const QByteArray left = allBytes(pathOf(fixture.directory));
    QCOMPARE(left.count("SECRETWORD"), 0);
    QVERIFY(left.contains("KEPTWORD"));
    for (const auto& id : kept) {
        ALCUIN_TAKE(path, fixture.store.activePath(id));
        QCOMPARE(path.size(), std::size_t{4});
    }
    ALCUIN_OK(fixture.database->checkIntegrity());
}

void TstPurge::aLogLeftByACrashIsDroppedAtTheStart() {
    StorageFixture fixture;
    fixture.ask({}, {}, "LEFTINTHELOG", "a");
    // As a crash leaves it: the log stands beside the database.
    const QTemporaryDir crashed;
    for (const char* name : {"alcuin.db", "alcuin.db-wal"}) {
        QVERIFY(QFile::copy(fixture.directory.filePath(name), crashed.filePath(name)));
    }
    QVERIFY(QFileInfo(crashed.filePath("alcuin.db-wal")).size() > 0);
    const auto database = openDatabase(pathOf(crashed));
    QCOMPARE(QFileInfo(crashed.filePath("alcuin.db-wal")).size(), 0);
    ALCUIN_TAKE(conversations, ConversationStore(*database).list());
    QCOMPARE(conversations.size(), std::size_t{1});
}

void TstPurge::aLargePurgeIsDoneInStepsThatMayBeCutOff() {
    StorageFixture fixture;
    const auto kept = fixture.ask({}, {}, "kept", "a");
    // One conversation with many messages, one with branches, many with few messages, one with a large file.
    auto long_ = fixture.ask({}, {}, "HUSHHUSH 0", "HUSHHUSH");
    for (int i = 1; i < 130; ++i) {
        long_ = fixture.ask(long_.conversation.id, long_.answer.id, "HUSHHUSH " + std::to_string(i), "HUSHHUSH");
    }
    ALCUIN_OK(fixture.store.remove(long_.conversation.id));
    auto branched = fixture.ask({}, {}, "HUSHHUSH", "HUSHHUSH");
    for (int i = 0; i < 60; ++i) {
        fixture.ask(branched.conversation.id, branched.answer.id, "HUSHHUSH", "HUSHHUSH " + std::to_string(i));
    }
    ALCUIN_OK(fixture.store.remove(branched.conversation.id));
    for (int i = 0; i < 120; ++i) {
        ALCUIN_OK(fixture.store.remove(fixture.ask({}, {}, "HUSHHUSH", "HUSHHUSH").conversation.id));
    }
    ALCUIN_OK(fixture.store.remove(fixture.ask({}, {}, std::string(3'000'000, 'H'), "HUSHHUSH").conversation.id));
    const TimeMs before = ++fixture.clock.now;
    std::size_t conversations = 0;
    int steps = 0;
    for (bool more = true; more; ++steps) {
        ALCUIN_TAKE(step, fixture.store.purgeStep(before));
        more = step.more;
        conversations += step.conversations;
        ALCUIN_TAKE(listed, fixture.store.list());
        QCOMPARE(listed.size(), std::size_t{1});
        if (steps % 2 == 1) {
            fixture.reopen(); // as after a kill
        }
        ALCUIN_OK(fixture.database->checkIntegrity());
    }
    QVERIFY2(steps >= 15, qPrintable(QString::number(steps))); // 622 messages, at most 40 in each
    QCOMPARE(conversations, std::size_t{123});
    QCOMPARE(fixture.shown(kept.conversation.id), std::string("kept / a"));
    const QByteArray left = allBytes(pathOf(fixture.directory));
    QCOMPARE(left.count("HUSHHUSH"), 0);
    QCOMPARE(left.count("HHHHHHHH"), 0);
    ALCUIN_TAKE(nothing, fixture.store.purgeStep(before));
    QVERIFY(!nothing.more);
}

void TstPurge::aReaderOnlyDelaysTheLog() {
    StorageFixture fixture;
    ALCUIN_OK(fixture.store.remove(fixture.ask({}, {}, "HUSHHUSH", "HUSHHUSH").conversation.id));
    const auto settle = [&fixture] {
        SearchUpkeep upkeep(*fixture.database);
        auto more = upkeep.step();
        for (int steps = 0; more && *more && steps < 100; ++steps) {
            more = upkeep.step();
        }
        return more;
    };
    {
        SQLite::Database reader(fixture.database->path().string());
        reader.exec("BEGIN");
        (void)reader.execAndGet("SELECT count(*) FROM conversations");
        ALCUIN_OK(fixture.store.purgeDeleted(fixture.clock.now + 1));
        QVERIFY(allBytes(pathOf(fixture.directory)).contains("HUSHHUSH"));
        ALCUIN_FAILS(settle(), ErrorCode::kLocked);
        ALCUIN_TAKE(pending, SearchUpkeep(*fixture.database).pending());
        QVERIFY(pending.any); // it is tried again
    }
    ALCUIN_TAKE(more, settle());
    QVERIFY(!more);
    QCOMPARE(allBytes(pathOf(fixture.directory)).count("HUSHHUSH"), 0);
    ALCUIN_TAKE(pending, SearchUpkeep(*fixture.database).pending());
    QVERIFY(!pending.any);
}

ALCUIN_TEST(TstPurge)
#include "tst_purge.moc"
