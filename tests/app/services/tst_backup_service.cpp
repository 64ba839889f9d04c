#include "services/backup_service.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <alcuin/storage/backups.h>
#include <alcuin/storage/conversation_store.h>

#include "services/storage_thread.h"
#include "services/trouble.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;

namespace {

struct Desk {
    QTemporaryDir directory;
    std::unique_ptr<StorageThread> thread = std::move(*StorageThread::open(directory.path()));

    bool ask(const std::string& words) {
        return thread
            ->call([&](storage::Database& database) {
                storage::Part part;
                part.text = words;
                return storage::ConversationStore(database).appendTurn({}, {}, {part}, {});
            })
            .has_value();
    }
    QStringList backups() const {
        return QDir(directory.filePath("backups")).entryList(QDir::Files | QDir::Hidden);
    }
};

} // namespace

/// A backup a day, while everything else goes on.
class TstBackupService : public QObject {
    Q_OBJECT
private slots:
    void oneIsMadeADayAndTheRestGoesOn();
    void whatFailsIsSaid();
    void goingInTheMiddleLeavesNothing();
};

void TstBackupService::oneIsMadeADayAndTheRestGoesOn() {
    Desk desk;
    QVERIFY(desk.ask(std::string(20'000'000, 'x')));
    BackupService service(*desk.thread);
    QSignalSpy made(&service, &BackupService::made);
    QSignalSpy failed(&service, &BackupService::failed);
    service.begin();
    service.begin(); // one is under way already
    QVERIFY(desk.ask("stored between two steps"));
    QTRY_COMPARE(made.size(), 1);
    QCOMPARE(desk.backups().size(), 1);
    service.begin(); // and today has one
    (void)desk.thread->call([](storage::Database&) -> storage::Result<void> { return {}; });
    QCoreApplication::processEvents();
    QCOMPARE(desk.backups().size(), 1);
    QCOMPARE(made.size(), 1);
    QCOMPARE(failed.size(), 0);
}

void TstBackupService::whatFailsIsSaid() {
    Desk desk;
    QFile inTheWay(desk.directory.filePath("backups"));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    BackupService service(*desk.thread);
    QSignalSpy failed(&service, &BackupService::failed);
    service.begin();
    QTRY_COMPARE(failed.size(), 1);
    const auto trouble = failed.at(0).at(0).value<Trouble>();
    QVERIFY(!trouble.title.isEmpty() && trouble.text.contains(QStringLiteral("backups")));
    QVERIFY(desk.ask("goes on"));
    // The way is free: the next look makes one.
    inTheWay.remove();
    QSignalSpy made(&service, &BackupService::made);
    service.begin();
    QTRY_COMPARE(made.size(), 1);
}

void TstBackupService::goingInTheMiddleLeavesNothing() {
    Desk desk;
    QVERIFY(desk.ask(std::string(60'000'000, 'x')));
    {
        BackupService service(*desk.thread);
        service.begin();
        QTRY_VERIFY(!desk.backups().isEmpty());
    }
    desk.thread.reset();
    for (const auto& name : desk.backups()) {
        QVERIFY2(name.endsWith(QStringLiteral(".db")), qPrintable(name)); // all of it, or nothing
    }
}

ALCUIN_TEST(TstBackupService)
#include "tst_backup_service.moc"
