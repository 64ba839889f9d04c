#include "app/chat/house.h"
#include "services/compaction_service.h"
#include "services/ledger_service.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;
using alcuin::tests::House;

namespace {

/// A house with a ledger; what it says last.
struct Counted {
    explicit Counted(const QString& directory)
        : house(directory)
        , compactions(house.conversations, house.models, house.chat)
        , ledger(house.conversations, house.models, house.chat, compactions) {}

    Ledger next() {
        if (spy.isEmpty() && !spy.wait()) {
            qFatal("the ledger says nothing");
        }
        told += spy.size();
        const auto last = spy.last().at(1).value<Ledger>();
        spy.clear();
        return last;
    }

    /// Waits until it says so.
    template <typename Is>
    Ledger until(const Is& is) {
        Ledger last = next();
        while (!is(last)) {
            last = next();
        }
        return last;
    }

    House house;
    CompactionService compactions;
    LedgerService ledger;
    qsizetype told = 0;
    QSignalSpy spy{&ledger, &LedgerService::ledgerChanged};
};

} // namespace

class TstLedgerService : public QObject {
    Q_OBJECT
private slots:
    void anEmptyChatHasAllItsRoom();
    void everySpendingIsNamed();
    void theNewestDraftWins();
    void answersAndModelsAreFollowed();
    void withoutAModelItIsAnEstimate();
    void whatDoesntFitShowsHowMuch();
    void instructionsOfAChatNotBegunCount();
};

void TstLedgerService::anEmptyChatHasAllItsRoom() {
    QTemporaryDir directory;
    Counted counted(directory.path());
    counted.ledger.watch({}, {});
    const auto ledger = counted.next();
    QCOMPARE(ledger.contextLength, 2048);
    QCOMPARE(ledger.used(), 0);
    QCOMPARE(ledger.answerReserve, 256);
    QCOMPARE(ledger.room(), 2048 - 256);
    QVERIFY(!ledger.estimated);
}

void TstLedgerService::everySpendingIsNamed() {
    QTemporaryDir directory;
    Counted counted(directory.path());
    const QUuid conversation = counted.house.ask(
        {}, Question(QStringLiteral("What is it?"),
                     {{QStringLiteral("a.txt"), QStringLiteral("text/plain"), QStringLiteral("0123456789"), 10}}));
    counted.house.engine->write(0, "An answer");
    const auto answer = counted.house.finish();
    counted.ledger.watch(conversation, Question(QStringLiteral("Next")));
    const auto ledger = counted.next();
    QCOMPARE(ledger.entries.size(), 5);
    const auto& fileEntry = ledger.entries.at(0);
    QCOMPARE(fileEntry.kind, LedgerKind::kFile);
    QCOMPARE(fileEntry.name, QStringLiteral("a.txt"));
    QCOMPARE(fileEntry.tokens, qint64(std::string("File \"a.txt\":\n```\n0123456789\n```\n\n").size()));
    QCOMPARE(ledger.files, fileEntry.tokens);
    QCOMPARE(ledger.entries.at(1).kind, LedgerKind::kTurn);
    QCOMPARE(ledger.entries.at(1).name, QStringLiteral("What is it?"));
    QCOMPARE(ledger.entries.at(1).tokens, 11);
    QCOMPARE(ledger.entries.at(2).name, QStringLiteral("An answer"));
    QCOMPARE(ledger.entries.at(2).message, answer.id);
    QCOMPARE(ledger.conversation, 20);
    QCOMPARE(ledger.entries.at(3).kind, LedgerKind::kDraft);
    QCOMPARE(ledger.draft, 4);
    QCOMPARE(ledger.templateTokens, 9);
    QCOMPARE(ledger.used(), fileEntry.tokens + 20 + 4 + 9);
}

void TstLedgerService::theNewestDraftWins() {
    QTemporaryDir directory;
    Counted counted(directory.path());
    QString draft;
    for (int i = 0; i < 50; ++i) {
        draft += QLatin1Char('x');
        counted.ledger.watch({}, draft);
    }
    const auto counts = counted.until([](const Ledger& ledger) { return ledger.draft == 50; });
    QCOMPARE(counts.used(), 53);
    QVERIFY(counted.told < 50);
}

void TstLedgerService::answersAndModelsAreFollowed() {
    QTemporaryDir directory;
    Counted counted(directory.path());
    const QUuid conversation = counted.house.ask({}, QStringLiteral("Question"));
    counted.ledger.watch(conversation, {});
    QCOMPARE(counted.next().conversation, 8);
    counted.house.engine->write(0, "12345");
    counted.house.finish();
    counted.until([](const Ledger& ledger) { return ledger.conversation == 13; });
    counted.house.engine->setContextLength(4096);
    counted.house.models.use(directory.filePath(QStringLiteral("other.gguf")));
    counted.until([](const Ledger& ledger) { return ledger.contextLength == 4096; });
}

void TstLedgerService::withoutAModelItIsAnEstimate() {
    QTemporaryDir directory;
    Counted counted(directory.path());
    counted.house.models.use(directory.filePath(QStringLiteral("broken.gguf")));
    QTRY_COMPARE(counted.house.models.state(), EngineState::kFailed);
    counted.ledger.watch({}, QString(400, QLatin1Char('x')));
    const auto ledger = counted.until([](const Ledger& told) { return told.estimated; });
    QCOMPARE(ledger.contextLength, 0);
    QCOMPARE(ledger.draft, 100);
}

void TstLedgerService::whatDoesntFitShowsHowMuch() {
    QTemporaryDir directory;
    Counted counted(directory.path());
    counted.ledger.watch({}, QString(2500, QLatin1Char('x')));
    const auto ledger = counted.next();
    QCOMPARE(ledger.room(), 2048 - 2503 - 256);
}

void TstLedgerService::instructionsOfAChatNotBegunCount() {
    QTemporaryDir directory;
    Counted counted(directory.path());
    counted.ledger.watch({}, QStringLiteral("Hello"));
    QCOMPARE(counted.next().instructions, 0);
    ConversationSettings settings;
    settings.instructions = QStringLiteral("Be brief.");
    counted.house.chat.setSettings({}, settings);
    const auto ledger = counted.until([](const Ledger& told) { return told.instructions > 0; });
    QCOMPARE(ledger.instructions, 9);
    QCOMPARE(ledger.entries.at(0).kind, LedgerKind::kInstructions);
}

ALCUIN_TEST(TstLedgerService)
#include "tst_ledger_service.moc"
