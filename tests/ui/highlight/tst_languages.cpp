#include "support/test_registry.h"

#include "highlight/library.h"
#include "ui/highlight/kinds.h"

using namespace alcuin;
using namespace alcuin::ui::highlight;

class TestLanguages : public QObject {
    Q_OBJECT
private slots:
    void everyFileIsRead();
};

void TestLanguages::everyFileIsRead() {
    Library library;
    int shown = 0;
    for (const QString& id : library.ids()) {
        const Language* language = library.language(id);
        QVERIFY2(language, qPrintable(library.errors().join(QLatin1Char('\n'))));
        shown += !language->hidden;
    }
    QVERIFY2(library.errors().isEmpty(), qPrintable(library.errors().join(QLatin1Char('\n'))));
    QVERIFY(shown >= 40);
}

ALCUIN_TEST(TestLanguages)
#include "tst_languages.moc"
