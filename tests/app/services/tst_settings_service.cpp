#include "services/settings_service.h"

#include <QSignalSpy>
#include <QTemporaryDir>

#include <alcuin/storage/settings_store.h>

#include "services/record_conversion.h"
#include "services/storage_thread.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;

class TstSettingsService : public QObject {
    Q_OBJECT
private slots:
    void valuesAreKnownAtOnceAndAfterARestart();
};

void TstSettingsService::valuesAreKnownAtOnceAndAfterARestart() {
    const QTemporaryDir directory;
    const auto read = [](StorageThread& thread) {
        const auto values =
            thread.call([](storage::Database& database) { return storage::SettingsStore(database).all(); });
        return values ? toSettings(*values) : QHash<QString, QString>();
    };
    {
        auto thread = std::move(*StorageThread::open(directory.path()));
        SettingsService settings(*thread, read(*thread));
        QSignalSpy changed(&settings, &SettingsService::changed);
        QCOMPARE(settings.value("theme"), QString());
        QCOMPARE(settings.value("theme", "light"), QStringLiteral("light"));
        settings.setValue("theme", QString::fromUtf8("dunkel ü"));
        QCOMPARE(settings.value("theme", "light"), QString::fromUtf8("dunkel ü"));
        settings.setValue("theme", QString::fromUtf8("dunkel ü"));
        QCOMPARE(changed.size(), 1);
        settings.setValue("empty", "");
        QCOMPARE(settings.value("empty", "otherwise"), QString());
    }
    auto thread = std::move(*StorageThread::open(directory.path()));
    const SettingsService settings(*thread, read(*thread));
    QCOMPARE(settings.value("theme"), QString::fromUtf8("dunkel ü"));
    QCOMPARE(settings.value("empty", "otherwise"), QString());
}

ALCUIN_TEST(TstSettingsService)
#include "tst_settings_service.moc"
