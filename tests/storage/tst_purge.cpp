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

ALCUIN_TEST(TstPurge)
#include "tst_purge.moc"
