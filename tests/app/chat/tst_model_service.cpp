#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

#include "services/model_service.h"
#include "services/settings_service.h"
#include "services/storage_thread.h"
#include "support/scripted_loader.h"
#include "support/test_registry.h"

using namespace alcuin::app;
using alcuin::tests::ScriptedEngine;
using alcuin::tests::ScriptedLoader;

namespace {

void touch(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly)) {
        qFatal("cannot write %s", qPrintable(path));
    }
}

struct Models {
    explicit Models(const QString& directory, QHash<QString, QString> values = {})
        : storage(std::move(*StorageThread::open(directory)))
        , settings(*storage, std::move(values))
        , service(std::make_unique<ScriptedLoader>(std::make_shared<ScriptedEngine>()), directory, settings) {}
    std::unique_ptr<StorageThread> storage;
    SettingsService settings;
    ModelService service;
};

} // namespace

class TstModelService : public QObject {
    Q_OBJECT
private slots:
    void anEmptyDirectoryLeavesNoModel();
    void theFirstUsableFileIsTaken();
    void theModelUsedLastIsTakenAgain();
    void aBrokenFileSaysWhy();
    void aFileThatAppearsIsFound();
    void theLatestChoiceWins();
};

void TstModelService::anEmptyDirectoryLeavesNoModel() {
    QTemporaryDir directory;
    Models models(directory.path());
    QSignalSpy changed(&models.service, &ModelService::modelsChanged);
    models.service.useLast();
    QVERIFY(changed.wait());
    QVERIFY(models.service.models().isEmpty());
    QCOMPARE(models.service.state(), EngineState::kNoModel);
    QVERIFY(!models.service.engine());
}

void TstModelService::theFirstUsableFileIsTaken() {
    QTemporaryDir directory;
    touch(directory.filePath("a-broken.gguf"));
    touch(directory.filePath("b.gguf"));
    touch(directory.filePath("notes.txt"));
    Models models(directory.path());
    models.service.useLast();
    QTRY_COMPARE(models.service.state(), EngineState::kReady);
    QCOMPARE(models.service.current().name, QStringLiteral("b"));
    QCOMPARE(models.service.models().size(), 2);
    QVERIFY(models.service.engine());
    QCOMPARE(models.settings.value("model.last"), directory.filePath("b.gguf"));
}

void TstModelService::theModelUsedLastIsTakenAgain() {
    QTemporaryDir directory;
    touch(directory.filePath("a.gguf"));
    touch(directory.filePath("b.gguf"));
    Models models(directory.path(), {{"model.last", directory.filePath("b.gguf")}});
    models.service.useLast();
    QTRY_COMPARE(models.service.state(), EngineState::kReady);
    QCOMPARE(models.service.current().name, QStringLiteral("b"));
}

void TstModelService::aBrokenFileSaysWhy() {
    QTemporaryDir directory;
    Models models(directory.path());
    models.service.use(directory.filePath("broken.gguf"));
    QTRY_COMPARE(models.service.state(), EngineState::kFailed);
    QVERIFY(!models.service.trouble().title.isEmpty());
    QVERIFY(!models.service.engine());
}

void TstModelService::aFileThatAppearsIsFound() {
    QTemporaryDir directory;
    Models models(directory.path());
    QSignalSpy changed(&models.service, &ModelService::modelsChanged);
    models.service.useLast();
    QVERIFY(changed.wait());
    touch(directory.filePath("late.gguf"));
    QTRY_COMPARE(models.service.state(), EngineState::kReady);
    QCOMPARE(models.service.current().name, QStringLiteral("late"));
}

void TstModelService::theLatestChoiceWins() {
    QTemporaryDir directory;
    Models models(directory.path());
    models.service.use(directory.filePath("broken.gguf"));
    models.service.use(directory.filePath("good.gguf"));
    QTRY_COMPARE(models.service.state(), EngineState::kReady);
    QCOMPARE(models.service.current().name, QStringLiteral("good"));
}

ALCUIN_TEST(TstModelService)
#include "tst_model_service.moc"
