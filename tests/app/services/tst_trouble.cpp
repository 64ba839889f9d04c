#include "services/trouble.h"

#include <QSet>

#include <alcuin/inference/error.h>
#include <alcuin/storage/error.h>

#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;

class TstTrouble : public QObject {
    Q_OBJECT
private slots:
    void everyErrorHasWordsOfItsOwn();
    void theButtonLeadsSomewhere();
};

void TstTrouble::everyErrorHasWordsOfItsOwn() {
    QSet<QString> titles;
    int codes = 0;
    for (int i = 0; i <= static_cast<int>(storage::ErrorCode::kInternal); ++i, ++codes) {
        const auto trouble = toTrouble(storage::Error{static_cast<storage::ErrorCode>(i), "The file x is y. Do z."});
        QVERIFY(trouble.text.startsWith("The file x is y. Do z."));
        titles.insert(trouble.title);
    }
    for (int i = 0; i <= static_cast<int>(inference::ErrorCode::kInternal); ++i, ++codes) {
        const auto trouble =
            toTrouble(inference::Error{static_cast<inference::ErrorCode>(i), "The file x is y. Do z."});
        QVERIFY(trouble.text.startsWith("The file x is y. Do z."));
        titles.insert(trouble.title);
    }
    QVERIFY(!titles.contains(QString()));
    QCOMPARE(titles.size(), codes);
}

void TstTrouble::theButtonLeadsSomewhere() {
    QCOMPARE(toTrouble(storage::Error{storage::ErrorCode::kDiskFull, "x."}).action, Trouble::Action::kRetry);
    QCOMPARE(toTrouble(storage::Error{storage::ErrorCode::kNewerVersion, "x."}).action, Trouble::Action::kNone);
    QCOMPARE(toTrouble(inference::Error{inference::ErrorCode::kCorrupt, "x."}).action, Trouble::Action::kChooseModel);
    QCOMPARE(toTrouble(inference::Error{inference::ErrorCode::kDevice, "x."}).action, Trouble::Action::kRetry);
}

ALCUIN_TEST(TstTrouble)
#include "tst_trouble.moc"
