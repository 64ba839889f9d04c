#include <QTreeWidget>
#include <QtTest/QTest>

#include "chat/ledger/ledger_popover.h"
#include "chat/model_picker.h"
#include "support/test_registry.h"
#include "theme/theme.h"

namespace {

using namespace alcuin;

app::Ledger ledgerOf(int entries) {
    app::Ledger ledger;
    ledger.contextLength = 2048;
    for (int i = 0; i < entries; ++i) {
        app::LedgerEntry entry;
        entry.name = QStringLiteral("Entry %1").arg(i);
        entry.tokens = 10;
        ledger.entries.push_back(entry);
        ledger.conversation += entry.tokens;
    }
    return ledger;
}

class PopoverTest : public QObject {
    Q_OBJECT
private slots:
    void itGrowsWhenTheCountsComeWhileItIsOpen() {
        const ui::Theme theme;
        QWidget anchor;
        anchor.setGeometry(200, 500, 400, 40);
        anchor.show();
        ui::LedgerPopover popover(theme, &anchor);
        popover.setLedger({});
        popover.openAt(anchor, anchor.rect());
        const QRect before = popover.geometry();
        popover.setLedger(ledgerOf(6));
        QTRY_VERIFY(popover.height() > before.height() + 50);
        QCOMPARE(popover.size(), popover.sizeHint());
        QVERIFY(popover.geometry().bottom() < anchor.geometry().top() || popover.y() > anchor.geometry().bottom());
        auto* list = popover.findChild<QTreeWidget*>();
        QVERIFY(list->viewport()->height() >= 6 * list->visualItemRect(list->topLevelItem(0)).height());
    }
    void aClickOnAnEntryGoesThere() {
        const ui::Theme theme;
        QWidget anchor;
        anchor.setGeometry(200, 500, 400, 40);
        anchor.show();
        app::Ledger ledger = ledgerOf(2);
        ledger.entries[1].message = QUuid::createUuid();
        ui::LedgerPopover popover(theme, &anchor);
        popover.setLedger(ledger);
        QUuid wanted;
        connect(&popover, &ui::LedgerPopover::messageRequested, this, [&](const QUuid& id) { wanted = id; });
        popover.openAt(anchor, anchor.rect());
        auto* list = popover.findChild<QTreeWidget*>();
        const auto click = [&](int row) {
            const QRect place = list->visualItemRect(list->topLevelItem(row));
            QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, place.center());
        };
        click(0); // stands nowhere
        QVERIFY(wanted.isNull() && popover.isVisible());
        click(1);
        QCOMPARE(wanted, ledger.entries[1].message);
        QVERIFY(!popover.isVisible());
    }
    void sizesOfModelsTellSmallOnesApart() {
        const QLocale before;
        QLocale::setDefault(QLocale::c());
        QCOMPARE(ui::ModelPicker::sizeWords(91'700'000), QStringLiteral("92 MB"));
        QCOMPARE(ui::ModelPicker::sizeWords(1'480'000'000), QStringLiteral("1.5 GB"));
        QCOMPARE(ui::ModelPicker::sizeWords(4'683'000'000), QStringLiteral("4.7 GB"));
        QCOMPARE(ui::ModelPicker::sizeWords(131'000'000'000), QStringLiteral("131 GB"));
        QLocale::setDefault(before);
    }
};

ALCUIN_TEST(PopoverTest)

} // namespace

#include "tst_popover.moc"
