#include "storage_fixture.h"
#include "support/test_registry.h"

#include <alcuin/storage/settings_store.h>

using namespace alcuin::storage;
using namespace alcuin::tests;

class TstSettingsStore : public QObject {
    Q_OBJECT
private slots:
    void valuesSurviveARestart();
};

void TstSettingsStore::valuesSurviveARestart() {
    StorageFixture fixture;
    {
        SettingsStore settings(*fixture.database);
        ALCUIN_OK(settings.set("theme", "dark"));
        ALCUIN_OK(settings.set("theme", "light"));
        ALCUIN_OK(settings.set("window/geometry", std::string("\0\x01geometry", 10)));
        ALCUIN_OK(settings.set("gone", "soon"));
        ALCUIN_OK(settings.remove("gone"));
        ALCUIN_OK(settings.remove("never there"));
    }
    fixture.reopen();
    ALCUIN_TAKE(values, SettingsStore(*fixture.database).all());
    QCOMPARE(values.size(), std::size_t{2});
    QCOMPARE(values["theme"], std::string("light"));
    QVERIFY(values["window/geometry"] == std::string("\0\x01geometry", 10));
}

ALCUIN_TEST(TstSettingsStore)
#include "tst_settings_store.moc"
