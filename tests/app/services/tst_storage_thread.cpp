#include "services/storage_thread.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include <atomic>
#include <semaphore>
#include <stdexcept>

#include <alcuin/storage/conversation_store.h>

#include "support/test_registry.h"

using namespace alcuin;
using alcuin::app::StorageThread;
using storage::Database;

namespace {

std::unique_ptr<StorageThread> openIn(const QTemporaryDir& directory) {
    auto opened = StorageThread::open(directory.path());
    if (!opened) {
        qFatal("%s", opened.error().message.c_str());
    }
    return std::move(*opened);
}

} // namespace

class TstStorageThread : public QObject {
    Q_OBJECT
private slots:
    void jobsRunInOrderOnAThreadOfTheirOwn();
    void callbacksRunOnTheirContextsThread();
    void aCallbackDiesWithItsContext();
    void exceptionsBecomeErrors();
    void stoppingRunsWhatIsQueuedAndRefusesTheRest();
    void aDatabaseThatCannotBeOpenedIsReported();
    void whatWasStoredIsThereAfterARestart();
};

void TstStorageThread::jobsRunInOrderOnAThreadOfTheirOwn() {
    const QTemporaryDir directory;
    const auto thread = openIn(directory);
    QList<int> ran;
    QList<int> delivered;
    std::atomic<QThread*> where = nullptr;
    for (int i = 0; i < 100; ++i) {
        thread->run(
            [i, &ran, &where](Database&) -> storage::Result<int> {
                ran.push_back(i);
                where = QThread::currentThread();
                return i;
            },
            this,
            [&delivered](storage::Result<int> result) {
                QCOMPARE(QThread::currentThread(), QCoreApplication::instance()->thread());
                delivered.push_back(*result);
            });
    }
    QVERIFY(delivered.isEmpty()); // never inside run()
    QTRY_COMPARE(delivered.size(), 100);
    QVERIFY(where != QThread::currentThread());
    for (int i = 0; i < 100; ++i) {
        QCOMPARE(ran.at(i), i);
        QCOMPARE(delivered.at(i), i);
    }
}

void TstStorageThread::callbacksRunOnTheirContextsThread() {
    const QTemporaryDir directory;
    const auto thread = openIn(directory);
    QThread other;
    auto* context = new QObject;
    context->moveToThread(&other);
    connect(&other, &QThread::finished, context, &QObject::deleteLater);
    other.start();
    std::atomic<QThread*> where = nullptr;
    thread->run([](Database&) -> storage::Result<void> { return {}; }, context,
                [&where](const storage::Result<void>&) { where = QThread::currentThread(); });
    QTRY_COMPARE(where.load(), &other);
    other.quit();
    QVERIFY(other.wait());
}

void TstStorageThread::aCallbackDiesWithItsContext() {
    const QTemporaryDir directory;
    const auto thread = openIn(directory);
    bool called = false;
    std::binary_semaphore proceed(0);
    auto context = std::make_unique<QObject>();
    thread->run(
        [&proceed](Database&) -> storage::Result<void> {
            proceed.acquire();
            return {};
        },
        context.get(), [&called](const storage::Result<void>&) { called = true; });
    // One that is delivered already, but not yet taken from the event loop.
    auto late = std::make_unique<QObject>();
    context.reset();
    proceed.release();
    thread->run([](Database&) -> storage::Result<void> { return {}; }, late.get(),
                [&called](const storage::Result<void>&) { called = true; });
    (void)thread->call([](Database&) -> storage::Result<void> { return {}; });
    late.reset();
    QCoreApplication::processEvents();
    QVERIFY(!called);
}

void TstStorageThread::exceptionsBecomeErrors() {
    const QTemporaryDir directory;
    const auto thread = openIn(directory);
    const auto known =
        thread->call([](Database&) -> storage::Result<int> { throw std::runtime_error("the roof is on fire"); });
    QVERIFY(!known);
    QCOMPARE(known.error().code, storage::ErrorCode::kInternal);
    QVERIFY(known.error().message.find("the roof is on fire") != std::string::npos);
    const auto unknown = thread->call([](Database&) -> storage::Result<int> { throw 7; });
    QVERIFY(!unknown);
    const auto after = thread->call([](Database& database) { return database.schemaVersion(); });
    QVERIFY(after && *after >= 1);
}

void TstStorageThread::stoppingRunsWhatIsQueuedAndRefusesTheRest() {
    const QTemporaryDir directory;
    const auto thread = openIn(directory);
    int ran = 0;
    int delivered = 0;
    for (int i = 0; i < 50; ++i) {
        thread->run(
            [&ran](Database&) -> storage::Result<void> {
                ++ran;
                return {};
            },
            this, [&delivered](const storage::Result<void>&) { ++delivered; });
    }
    thread->flushAndStop();
    QCOMPARE(ran, 50);
    std::optional<storage::Result<void>> refused;
    thread->run(
        [&ran](Database&) -> storage::Result<void> {
            ++ran;
            return {};
        },
        this, [&refused](storage::Result<void> result) { refused = std::move(result); });
    thread->flushAndStop();
    QTRY_VERIFY(refused.has_value());
    QVERIFY(!*refused);
    QCOMPARE(ran, 50);
    QCOMPARE(delivered, 50);
    QVERIFY(!thread->call([](Database& database) { return database.schemaVersion(); }));
}

void TstStorageThread::aDatabaseThatCannotBeOpenedIsReported() {
    const QTemporaryDir directory;
    QFile file(directory.filePath("alcuin.db"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(5000, 'x'));
    file.close();
    const auto opened = StorageThread::open(directory.path());
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, storage::ErrorCode::kCorrupt);
}

void TstStorageThread::whatWasStoredIsThereAfterARestart() {
    const QTemporaryDir directory;
    {
        const auto thread = openIn(directory);
        thread->run([](Database& database) {
            return storage::ConversationStore(database).create("kept", storage::TitleSource::kUser);
        });
    }
    const auto thread = openIn(directory);
    const auto listed = thread->call([](Database& database) { return storage::ConversationStore(database).list(); });
    QVERIFY(listed.has_value());
    QCOMPARE(listed->size(), std::size_t{1});
    QCOMPARE(listed->front().title, std::string("kept"));
}

ALCUIN_TEST(TstStorageThread)
#include "tst_storage_thread.moc"
