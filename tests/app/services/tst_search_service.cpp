#include "services/search_service.h"

#include <QSignalSpy>
#include <QTemporaryDir>

#include <alcuin/storage/conversation_store.h>

#include "services/record_conversion.h"
#include "services/storage_thread.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;
using storage::ConversationStore;
using storage::Database;

namespace {

struct Desk {
    QTemporaryDir directory;
    std::unique_ptr<StorageThread> thread = std::move(*StorageThread::open(directory.path()));
    SearchService service{*thread};
    QSignalSpy found{&service, &SearchService::found};
    QSignalSpy failed{&service, &SearchService::failed};
    QSignalSpy left{&service, &SearchService::messagesLeftToIndex};

    storage::Result<ConversationStore::Turn> ask(const std::string& question) {
        return thread->call([&](Database& database) {
            storage::Part part;
            part.text = question;
            return ConversationStore(database).appendTurn({}, {}, {part}, {});
        });
    }
    QList<SearchHit> hits(int search) const {
        return found.at(search).at(1).value<QList<SearchHit>>();
    }
};

} // namespace

class TstSearchService : public QObject {
    Q_OBJECT
private slots:
    void findsWhatWasSaid();
    void placesAreThoseOfTheText();
    void theNewestWishWins();
    void nothingComesAfterCancel();
    void deletedWordsLeaveTheFile();
};

void TstSearchService::findsWhatWasSaid() {
    Desk desk;
    const auto turn = desk.ask("how does a governor work");
    QVERIFY(turn.has_value());
    desk.service.find(QStringLiteral("gover"));
    QTRY_COMPARE(desk.found.size(), 1);
    QCOMPARE(desk.found.at(0).at(0).toString(), QStringLiteral("gover"));
    const auto hits = desk.hits(0);
    QCOMPARE(hits.size(), 2);
    QVERIFY(hits[0].message.isNull());
    QCOMPARE(hits[0].conversation, toUuid(turn->conversation.id));
    QCOMPARE(hits[1].message, toUuid(turn->question.id));
    QCOMPARE(hits[1].title, QStringLiteral("how does a governor work"));
    QVERIFY(hits[1].role == Role::kUser);
    QVERIFY(hits[1].at.isValid());
    // What is said later is found by the same reader.
    QVERIFY(desk.ask("another governor").has_value());
    desk.service.find(QStringLiteral("governor"));
    QTRY_COMPARE(desk.found.size(), 2);
    QCOMPARE(desk.hits(1).size(), 4);
    desk.service.find(QStringLiteral("nothing of the kind"));
    QTRY_COMPARE(desk.found.size(), 3);
    QVERIFY(desk.hits(2).isEmpty());
    QVERIFY(desk.failed.isEmpty());
}

void TstSearchService::placesAreThoseOfTheText() {
    Desk desk;
    QVERIFY(desk.ask("\xF0\x9F\xA6\x89 für die Eule \xF0\x9F\xA6\x89 eulen").has_value());
    desk.service.find(QStringLiteral("eule"));
    QTRY_COMPARE(desk.found.size(), 1);
    const auto hit = desk.hits(0).last();
    QCOMPARE(hit.matches.size(), 2);
    QCOMPARE(hit.snippet.mid(hit.matches[0].begin, hit.matches[0].size), QStringLiteral("Eule"));
    QCOMPARE(hit.snippet.mid(hit.matches[1].begin, hit.matches[1].size), QStringLiteral("eulen"));
}

void TstSearchService::theNewestWishWins() {
    Desk desk;
    for (int i = 0; i < 30; ++i) {
        QVERIFY(desk.ask("an owl " + std::to_string(i)).has_value());
    }
    for (int round = 0; round < 20; ++round) {
        for (const char* typed : {"a", "an", "an o", "an ow", "an owl"}) {
            desk.service.find(QString::fromLatin1(typed));
        }
        QTRY_COMPARE(desk.found.size(), round + 1);
        QCOMPARE(desk.found.at(round).at(0).toString(), QStringLiteral("an owl"));
        QCOMPARE(desk.hits(round).size(), 60);
    }
    QVERIFY(desk.failed.isEmpty());
}

void TstSearchService::nothingComesAfterCancel() {
    Desk desk;
    QVERIFY(desk.ask("an owl").has_value());
    desk.service.find(QStringLiteral("owl"));
    desk.service.cancel();
    desk.service.find(QStringLiteral("an"));
    QTRY_COMPARE(desk.found.size(), 1);
    QCOMPARE(desk.found.at(0).at(0).toString(), QStringLiteral("an"));
    desk.service.find(QStringLiteral("owl")); // and the service may go while it searches
}

void TstSearchService::deletedWordsLeaveTheFile() {
    Desk desk;
    const auto turn = desk.ask("secretword stands here");
    QVERIFY(turn.has_value());
    QVERIFY(desk.thread
                ->call([&](Database& database) -> storage::Result<std::size_t> {
                    ConversationStore store(database);
                    if (auto removed = store.remove(turn->conversation.id); !removed) {
                        return tl::unexpected(removed.error());
                    }
                    return store.purgeDeleted(storage::Sources::system().now() + 1);
                })
                .has_value());
    desk.service.keepInOrder();
    const auto bytes = [&] {
        QByteArray all;
        for (const char* name : {"alcuin.db", "alcuin.db-wal"}) {
            QFile file(desk.directory.filePath(QLatin1String(name)));
            all += file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        }
        return all;
    };
    QTRY_COMPARE(bytes().count("secretw"), 0);
    desk.service.find(QStringLiteral("secretword"));
    QTRY_COMPARE(desk.found.size(), 1);
    QVERIFY(desk.hits(0).isEmpty());
}

ALCUIN_TEST(TstSearchService)
#include "tst_search_service.moc"
