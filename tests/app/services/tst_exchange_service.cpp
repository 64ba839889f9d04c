#include "services/exchange_service.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QThread>

#include <alcuin/storage/conversation_store.h>

#include "services/exchange_jobs.h"
#include "services/record_conversion.h"
#include "services/storage_thread.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;

namespace {

const QString kSamples = QStringLiteral(ALCUIN_SOURCE_DIR "/tests/app/exchange/samples");
constexpr int kPatienceMs = 30'000;

struct Desk {
    QTemporaryDir directory;
    std::unique_ptr<StorageThread> thread = std::move(*StorageThread::open(directory.filePath("data")));
    ExchangeService service{*thread};
    QSignalSpy finished{&service, &ExchangeService::finished};

    ExchangeReport wait() {
        if (finished.isEmpty() && !finished.wait(kPatienceMs)) {
            qFatal("nothing came of it");
        }
        return finished.takeFirst().at(0).value<ExchangeReport>();
    }
    std::vector<storage::Conversation> list() {
        return *thread->call([](storage::Database& database) { return storage::ConversationStore(database).list(); });
    }
};

} // namespace

/// Export and import for the window: on a thread of their own, one at a time.
class TstExchangeService : public QObject {
    Q_OBJECT
private slots:
    void importAndExportReport();
    void onlyOneJobAtATime();
    void aStoppedImportKeepsWhatIsWhole();
    void aFileThatCanNotBeWrittenIsToldAndNothingIsLeft();
    void oneConversationThatIsGoneSpoilsNoOther();
    void endingTheServiceEndsTheJob();
    void aStoreThatFailsEndsTheImport();
    void summariesAreSentences();
};

void TstExchangeService::importAndExportReport() {
    Desk desk;
    QSignalSpy progress(&desk.service, &ExchangeService::progress);
    QVERIFY(desk.service.importFrom({kSamples}));
    QVERIFY(desk.service.isBusy());
    const auto imported = desk.wait();
    QVERIFY(!desk.service.isBusy());
    QVERIFY2(!imported.failed(), qPrintable(imported.problems.join('\n')));
    QCOMPARE(imported.conversations, 9);
    QCOMPARE(imported.alreadyThere, 2);
    QVERIFY(imported.leftOut.contains("2 × calls of tools"));
    QVERIFY(progress.count() >= 1);
    const auto all = desk.list();
    QCOMPARE(all.size(), std::size_t{9});

    const QString folder = desk.directory.filePath("out");
    QVERIFY(desk.service.exportTo(folder, ExportFormat::kHtml, {toUuid(all[0].id), toUuid(all[1].id)}));
    const auto exported = desk.wait();
    QVERIFY(!exported.failed());
    QCOMPARE(exported.conversations, 2);
    QCOMPARE(exported.files.size(), 2);
    QCOMPARE(QDir(folder).entryList(QDir::Files).size(), 2);

    // A folder is a place for JSON, too; no ids are all of them.
    QVERIFY(desk.service.exportTo(folder, ExportFormat::kJson, {}));
    const auto whole = desk.wait();
    QCOMPARE(whole.conversations, 9);
    QVERIFY(QFileInfo(whole.files.value(0)).fileName().startsWith("Alcuin conversations "));
}

void TstExchangeService::onlyOneJobAtATime() {
    Desk desk;
    QVERIFY(desk.service.importFrom({kSamples}));
    QVERIFY(!desk.service.importFrom({kSamples}));
    QVERIFY(!desk.service.exportTo(desk.directory.filePath("x.json"), ExportFormat::kJson, {}));
    (void)desk.wait();
    QVERIFY(desk.service.exportTo(desk.directory.filePath("x.json"), ExportFormat::kJson, {}));
    (void)desk.wait();
}

void TstExchangeService::aStoppedImportKeepsWhatIsWhole() {
    QTemporaryDir directory;
    auto thread = std::move(*StorageThread::open(directory.filePath("data")));
    const auto report = thread->call([](storage::Database& database) -> storage::Result<ExchangeReport> {
        int asked = 0;
        return importConversations(ConversationShelf::of(database), {kSamples + "/gpt4all"},
                                   {{}, [&asked] { return ++asked > 2; }});
    });
    QVERIFY(report->stopped);
    QVERIFY(report->conversations >= 1 && report->conversations < 3);
    const auto list =
        thread->call([](storage::Database& database) { return storage::ConversationStore(database).list(); });
    QCOMPARE(static_cast<qint64>(list->size()), report->conversations);
}

void TstExchangeService::aFileThatCanNotBeWrittenIsToldAndNothingIsLeft() {
    Desk desk;
    QVERIFY(desk.service.importFrom({kSamples}));
    (void)desk.wait();
    QVERIFY(desk.service.exportTo(desk.directory.filePath("no/such/folder/x.json"), ExportFormat::kJson, {}));
    const auto report = desk.wait();
    QCOMPARE(report.problems.size(), 1);
    QVERIFY(report.problems[0].endsWith('.'));
    QVERIFY(report.files.isEmpty());
    QVERIFY(!QFileInfo::exists(desk.directory.filePath("no")));
}

void TstExchangeService::oneConversationThatIsGoneSpoilsNoOther() {
    Desk desk;
    QVERIFY(desk.service.importFrom({kSamples + "/jan"}));
    (void)desk.wait();
    const QString file = desk.directory.filePath("x.json");
    QVERIFY(desk.service.exportTo(file, ExportFormat::kJson, {QUuid::createUuid(), toUuid(desk.list().at(0).id)}));
    const auto report = desk.wait();
    QCOMPARE(report.conversations, 1);
    QCOMPARE(report.problems.size(), 1);
    Desk other;
    QVERIFY(other.service.importFrom({file}));
    QCOMPARE(other.wait().conversations, 1);
}

void TstExchangeService::endingTheServiceEndsTheJob() {
    QTemporaryDir directory;
    auto thread = std::move(*StorageThread::open(directory.filePath("data")));
    auto service = std::make_unique<ExchangeService>(*thread);
    QVERIFY(service->importFrom({kSamples}));
    service.reset();
    // What was taken in is whole.
    QVERIFY(thread->call([](storage::Database& database) { return database.checkIntegrity(); }));
}

void TstExchangeService::aStoreThatFailsEndsTheImport() {
    ConversationShelf full;
    int tried = 0;
    full.add = [&tried](storage::ConversationTree, const storage::Origin&) {
        ++tried;
        return storage::Result<storage::ImportStore::Addition>(
            storage::fail(storage::ErrorCode::kDiskFull, "The disk is full."));
    };
    const auto report = importConversations(full, {kSamples}, {});
    QCOMPARE(tried, 1);
    QCOMPARE(report.conversations, 0);
    QCOMPARE(report.problems.size(), 1);
    QVERIFY(report.problems[0].endsWith("The disk is full."));
}

void TstExchangeService::summariesAreSentences() {
    ExchangeReport report;
    QCOMPARE(report.summary(), QStringLiteral("Nothing was exported."));
    report.conversations = 1;
    report.files = QStringList{"/a.json"};
    QCOMPARE(report.summary(), QStringLiteral("1 conversation exported to /a.json."));
    report = {};
    report.isImport = true;
    QCOMPARE(report.summary(), QStringLiteral("Nothing new was imported."));
    report.conversations = 3;
    report.alreadyThere = 1;
    report.leftOut = QStringList{"2 × pictures"};
    report.stopped = true;
    QCOMPARE(report.summary(),
             QStringLiteral("3 conversations imported. 1 was here already. Left out: 2 × pictures. It "
                            "was stopped before the end."));
}

ALCUIN_TEST(TstExchangeService)
#include "tst_exchange_service.moc"
