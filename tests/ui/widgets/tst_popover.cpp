#include <QMenu>
#include <QScreen>
#include <QTreeWidget>
#include <QtTest/QTest>

#include "chat/ledger/ledger_popover.h"
#include "chat/model_picker.h"
#include "support/test_registry.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/icon_button.h"

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
    void aButtonsMenuStaysOnItsScreen_data() {
        QTest::addColumn<Qt::LayoutDirection>("direction");
        QTest::newRow("from the left") << Qt::LeftToRight;
        QTest::newRow("from the right") << Qt::RightToLeft;
    }
    void aButtonsMenuStaysOnItsScreen() {
        QFETCH(Qt::LayoutDirection, direction);
        const ui::Theme theme;
        ui::AlcuinStyle style(theme);
        QWidget window;
        const QRect screen = window.screen()->availableGeometry();
        window.setLayoutDirection(direction);
        window.setGeometry(screen);
        ui::IconButton button(theme, ui::Icon::kMore, QStringLiteral("Menu"), &window);
        button.move(screen.width() / 2, 8);
        QMenu menu(&button);
        menu.setStyle(&style);
        for (int i = 0; i < 100; ++i) { // more than any screen has room for
            menu.addAction(QStringLiteral("Entry %1").arg(i));
        }
        button.setMenu(&menu);
        button.setPopupMode(QToolButton::InstantPopup);
        window.show();
        for (const bool byKey : {false, true}) {
            if (byKey) {
                QTest::keyPress(&button, Qt::Key_Space); // the release is the menu's
            } else {
                QTest::mousePress(&button, Qt::LeftButton);
            }
            QVERIFY(menu.isVisible());
            QVERIFY(button.isDown());
            const QRect at = menu.geometry();
            QVERIFY2(
                screen.contains(at),
                qPrintable(QStringLiteral("%1,%2 %3x%4").arg(at.x()).arg(at.y()).arg(at.width()).arg(at.height())));
            menu.close();
            QVERIFY(!button.isDown());
        }
        menu.clear();
        menu.addAction(QStringLiteral("One"));
        button.openMenu();
        const QRect place(button.mapToGlobal(QPoint()), button.size());
        QCOMPARE(menu.y(), place.bottom() + 1);
        QCOMPARE(direction == Qt::RightToLeft ? menu.geometry().right() : menu.x(),
                 direction == Qt::RightToLeft ? place.right() : place.left());
        menu.close();
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
