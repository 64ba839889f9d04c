#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QtTest/QTest>

#include "support/test_registry.h"
#include "theme/theme.h"
#include "widgets/dialog_room.h"
#include "widgets/message_dialog.h"

namespace {

using alcuin::ui::breakable;
using alcuin::ui::MessageDialog;
using alcuin::ui::roomForDialog;
using alcuin::ui::Theme;

class MessageDialogTest : public QObject {
    Q_OBJECT
private slots:
    void aWordLongerThanALineIsBrokenAndLosesNothing() {
        const QString address = QStringLiteral("https://example.org/") + QString(500, QLatin1Char('a'));
        QVERIFY(breakable(address).count(QChar(0x200B)) >= 20);
        QCOMPARE(breakable(address).remove(QChar(0x200B)), address);
        QCOMPARE(breakable(QStringLiteral("A few usual words")), QStringLiteral("A few usual words"));
        const QString pairs = QString::fromUtf8("\xF0\x9F\x8C\x8A").repeated(40); // two code units each
        for (const QString& part : breakable(pairs).split(QChar(0x200B))) {
            QVERIFY(!part.isEmpty() && !part.front().isLowSurrogate() && !part.back().isHighSurrogate());
        }
    }
    void allOfALongAddressIsShown() {
        const Theme theme;
        const QString address = QStringLiteral("https://example.org/") + QString(400, QLatin1Char('a'));
        auto* dialog = new MessageDialog(theme, {}, QStringLiteral("Open?"), {address}, std::nullopt, nullptr);
        dialog->addButton(QStringLiteral("Close"), QDialogButtonBox::RejectRole, true);
        dialog->open();
        for (const auto* label : dialog->findChildren<QLabel*>()) {
            const QRect room(0, 0, label->width(), 10'000);
            const QRect needed = label->fontMetrics().boundingRect(room, Qt::TextWordWrap, label->text());
            QVERIFY(needed.width() <= label->width());
            QVERIFY(needed.height() <= label->height());
        }
        QCOMPARE(dialog->findChild<QScrollArea*>()->verticalScrollBar()->maximum(), 0);
        dialog->close();
    }
    void whatIsTooMuchForTheScreenIsScrolledTo() {
        const Theme theme;
        const QStringList many(200, QStringLiteral("One more file that isn't an export."));
        auto* dialog = new MessageDialog(theme, {}, QStringLiteral("Import"), many, std::nullopt, nullptr);
        auto* close = dialog->addButton(QStringLiteral("Close"), QDialogButtonBox::RejectRole, true);
        dialog->open();
        QVERIFY(dialog->height() <= roomForDialog(*dialog).height());
        QVERIFY(dialog->findChild<QScrollArea*>()->verticalScrollBar()->maximum() > 0);
        QVERIFY(dialog->rect().contains(QRect(close->mapTo(dialog, QPoint()), close->size())));
        dialog->close();
    }
    void aFileDialogStaysOnTheScreenAndItsFilesHaveTheRoom() {
        QFileDialog dialog;
        dialog.setOption(QFileDialog::DontUseNativeDialog);
        QFont large = dialog.font();
        large.setPointSizeF(large.pointSizeF() * 3);
        dialog.setFont(large);
        dialog.findChild<QSplitter*>()->setSizes({500, 100}); // as it may have been left
        alcuin::ui::fitToScreen(dialog);
        QVERIFY(dialog.width() <= roomForDialog(dialog).width() || dialog.width() == dialog.minimumSizeHint().width());
        QVERIFY(dialog.height() <= roomForDialog(dialog).height());
        dialog.show();
        const auto* places = dialog.findChild<QListView*>(QStringLiteral("sidebar"));
        QVERIFY(places != nullptr);
        const int before = places->width();
        QVERIFY(before <= places->minimumWidth() + 4);
        dialog.resize(dialog.width() + 300, dialog.height());
        QCoreApplication::processEvents();
        QCOMPARE(places->width(), before);
    }
    void theSafeButtonAnswersToEnter() {
        const Theme theme;
        auto* dialog = new MessageDialog(theme, {}, QStringLiteral("Open?"), {}, std::nullopt, nullptr);
        auto* risky = dialog->addButton(QStringLiteral("Open"), QDialogButtonBox::AcceptRole);
        auto* safe = dialog->addButton(QStringLiteral("Cancel"), QDialogButtonBox::RejectRole, true);
        bool opened = false;
        bool cancelled = false;
        connect(risky, &QPushButton::clicked, this, [&] { opened = true; });
        connect(safe, &QPushButton::clicked, this, [&] { cancelled = true; });
        dialog->open();
        QTest::keyClick(dialog, Qt::Key_Return);
        QVERIFY(cancelled);
        QVERIFY(!opened);
        QVERIFY(!dialog->isVisible());
    }
};

ALCUIN_TEST(MessageDialogTest)

} // namespace

#include "tst_message_dialog.moc"
