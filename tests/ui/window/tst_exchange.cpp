#include <QFileDialog>
#include <QJsonDocument>
#include <QSignalSpy>

#include "chat/transcript_private.h"
#include "dialogs/exchange_dialogs.h"
#include "support/test_registry.h"
#include "widgets/message_dialog.h"
#include "window_fixture.h"

using namespace alcuin;
using tests::WindowFixture;

namespace {

const QString kSamples = QStringLiteral(ALCUIN_SOURCE_DIR "/tests/app/exchange/samples");

/// Asks `question` in the conversation shown, and has it answered.
void talk(const WindowFixture& f, const QString& question, const std::string& answer) {
    const auto request = f.ask(question);
    f.engine->write(request, answer);
    f.engine->finish(request);
    QVERIFY(f.waitUntilIdle());
}

bool exported(const WindowFixture& f, const QString& file) {
    QSignalSpy finished(f.exchange.get(), &app::ExchangeService::finished);
    return f.exchange->exportTo(file, app::ExportFormat::kJson, {f.page().conversation()}) &&
           (!finished.isEmpty() || finished.wait()) && QFile::exists(file);
}

/// As one who chooses the file and closes what is said about it.
bool imported(const WindowFixture& f, const QString& file) {
    f.window->findChild<ui::ExchangeDialogs*>()->importFrom({file});
    const auto box = [&f] { return f.window->findChild<ui::MessageDialog*>(); };
    if (!QTest::qWaitFor([&] { return box() != nullptr; })) {
        return false;
    }
    box()->close();
    return QTest::qWaitFor([&] { return box() == nullptr; });
}

QStringList shownTexts(const WindowFixture& f) {
    QStringList texts;
    const auto& list = ui::TranscriptAccess::of(f.page().transcript()).list;
    for (int i = 0; i < list.count(); ++i) {
        texts << list.turn(i).view().text;
    }
    return texts;
}

} // namespace

/// Export and import while the window shows conversations.
class TestExchange : public QObject {
    Q_OBJECT
private slots:
    void whatComesToTheOpenConversationIsShown();
    void aCutTitleSuggestsANameWithoutItsEllipsis();
    void closingDuringAnImportKeepsWhatIsWhole();
    void closingDuringAnExportLeavesNoHalfAFile();
};

void TestExchange::whatComesToTheOpenConversationIsShown() {
    const QTemporaryDir elsewhere;
    const QString early = elsewhere.filePath("early.json");
    const QString late = elsewhere.filePath("late.json");
    const QStringList before{"How deep is the fjord?", "1308 m."};
    const QStringList after = before + QStringList{"And the lake?", "514 m."};
    {
        WindowFixture there;
        QVERIFY(there.waitUntilReady());
        talk(there, before[0], before[1].toStdString());
        QVERIFY(exported(there, early));
        talk(there, after[2], after[3].toStdString());
        QVERIFY(exported(there, late));
    }
    WindowFixture here;
    QVERIFY(here.waitUntilReady());
    QVERIFY(imported(here, early));
    QTRY_COMPARE(here.conversations->conversations().size(), 1);
    here.page().open(here.conversations->conversations().first().id);
    QTRY_COMPARE(shownTexts(here), before);
    here.type("half a thought");
    QVERIFY(imported(here, late));
    QTRY_COMPARE(shownTexts(here), after);
    QCOMPARE(here.composer().text(), "half a thought");
}

void TestExchange::aCutTitleSuggestsANameWithoutItsEllipsis() {
    WindowFixture f;
    auto* dialogs = f.window->findChild<ui::ExchangeDialogs*>();
    dialogs->exportConversation(QUuid::createUuid(), QString::fromUtf8("As a whole in a: list …"));
    auto* asked = f.window->findChild<QFileDialog*>();
    QVERIFY(asked != nullptr);
    QCOMPARE(QFileInfo(asked->selectedFiles().value(0)).fileName(), "As a whole in a list.md");
    asked->close();
}

void TestExchange::closingDuringAnImportKeepsWhatIsWhole() {
    WindowFixture f;
    QVERIFY(f.waitUntilReady());
    f.window->findChild<ui::ExchangeDialogs*>()->importFrom({kSamples});
    QVERIFY(f.exchange->isBusy());
    f.restart();
    QVERIFY(imported(f, kSamples)); // what came before isn't taken twice
    QTRY_COMPARE(f.conversations->conversations().size(), 9);
    for (const auto& one : f.conversations->conversations()) {
        QVERIFY2(!f.storedTexts(one.id).isEmpty(), qPrintable(one.title));
    }
}

void TestExchange::closingDuringAnExportLeavesNoHalfAFile() {
    const QTemporaryDir elsewhere;
    WindowFixture f;
    QVERIFY(f.waitUntilReady());
    QVERIFY(imported(f, kSamples));
    const QString file = elsewhere.filePath("all.json");
    QVERIFY(f.exchange->exportTo(file, app::ExportFormat::kJson, {}));
    f.restart();
    const auto names = QDir(elsewhere.path()).entryList(QDir::Files | QDir::Hidden);
    QVERIFY2(names.isEmpty() || names == QStringList("all.json"), qPrintable(names.join(' ')));
    if (!names.isEmpty()) { // it was done before the window was closed
        QFile whole(file);
        QVERIFY(whole.open(QIODevice::ReadOnly));
        QVERIFY(!QJsonDocument::fromJson(whole.readAll()).isNull());
    }
    QTRY_COMPARE(f.conversations->conversations().size(), 9);
}

ALCUIN_TEST(TestExchange)
#include "tst_exchange.moc"
