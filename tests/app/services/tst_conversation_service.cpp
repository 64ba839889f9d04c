#include "services/conversation_service.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QThread>

#include <alcuin/storage/conversation_store.h>

#include "services/record_conversion.h"
#include "services/storage_thread.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;
using storage::ConversationStore;
using storage::Database;

namespace {

/// A service on a database of its own, and everything it says.
struct Desk {
    QTemporaryDir directory;
    std::unique_ptr<StorageThread> thread = std::move(*StorageThread::open(directory.path()));
    ConversationService service{*thread};
    QSignalSpy changed{&service, &ConversationService::conversationsChanged};
    QSignalSpy opened{&service, &ConversationService::opened};
    QSignalSpy removed{&service, &ConversationService::removed};
    QSignalSpy failed{&service, &ConversationService::failed};

    storage::Result<ConversationStore::Turn> ask(const QUuid& conversation, const QUuid& parent, std::string question,
                                                 std::string answer) {
        return thread->call([&](Database& database) -> storage::Result<ConversationStore::Turn> {
            ConversationStore store(database);
            storage::Part asked;
            asked.text = std::move(question);
            auto turn = store.appendTurn(toId(conversation),
                                         parent.isNull() ? std::nullopt : std::optional(toId(parent)), {asked}, {});
            if (!turn) {
                return turn;
            }
            storage::Part answered;
            answered.text = std::move(answer);
            if (auto done = store.finishAnswer(turn->answer.id, storage::MessageState::kComplete, {answered}, {});
                !done) {
                return tl::unexpected(done.error());
            }
            return turn;
        });
    }
    /// Waits until everything asked for has been answered.
    void settle() {
        for (int round = 0; round < 3; ++round) {
            (void)thread->call([](Database&) -> storage::Result<void> { return {}; });
            QCoreApplication::processEvents();
        }
    }
    QList<MessageView> lastPath() {
        return opened.isEmpty() ? QList<MessageView>() : opened.last().at(1).value<QList<MessageView>>();
    }
    QStringList titles() const {
        QStringList titles;
        for (const auto& summary : service.conversations()) {
            titles << summary.title;
        }
        return titles;
    }
};

} // namespace

class TstConversationService : public QObject {
    Q_OBJECT
private slots:
    void conversationsAreListedUnderTheirFirstQuestion();
    void aConversationWithoutWordsHasATitle();
    void openingShowsThePathAndTheDraft();
    void theConversationNotBegunHasADraft();
    void renamingKeepsAUsersWords();
    void anEmptyTitleChangesNothing();
    void removingHidesAtOnceAndUndoBringsBack();
    void aRefreshOnItsWayDoesNotShowWhatWasRemoved();
    void purgingTakesWhatWasRemoved();
    void aLargePurgeLetsOtherWorkGoFirst();
    void branchesAreShown();
    void answeringIsShownInTheList();
    void errorsAreToldAndChangeNothing();
};

void TstConversationService::conversationsAreListedUnderTheirFirstQuestion() {
    Desk desk;
    const auto turn = desk.ask({}, {}, "What is the capital of France?\nPlease.", "Paris.");
    QVERIFY(turn.has_value());
    desk.service.refresh();
    QVERIFY(desk.service.conversations().isEmpty()); // answered later, on this thread
    QTRY_COMPARE(desk.changed.size(), 1);
    QCOMPARE(desk.titles(), QStringList{"What is the capital of France?"});
    QCOMPARE(desk.service.conversations().at(0).id, toUuid(turn->conversation.id));
    QVERIFY(desk.service.conversations().at(0).updatedAt.isValid());
}

void TstConversationService::aConversationWithoutWordsHasATitle() {
    Desk desk;
    QVERIFY(desk.ask({}, {}, "\n", "?").has_value());
    desk.service.refresh();
    QTRY_COMPARE(desk.changed.size(), 1);
    QCOMPARE(desk.titles(), QStringList{"New conversation"});
}

void TstConversationService::openingShowsThePathAndTheDraft() {
    Desk desk;
    const auto turn = desk.ask({}, {}, "question", "answer");
    const QUuid id = toUuid(turn->conversation.id);
    desk.service.saveDraft(id, QString::fromUtf8("an unsent thought …"));
    desk.service.open(id);
    QTRY_COMPARE(desk.opened.size(), 1);
    QCOMPARE(desk.opened.at(0).at(0).toUuid(), id);
    QCOMPARE(desk.opened.at(0).at(2).toString(), QString::fromUtf8("an unsent thought …"));
    const auto path = desk.lastPath();
    QCOMPARE(path.size(), 2);
    QCOMPARE(path.at(0).role, Role::kUser);
    QCOMPARE(path.at(0).text, QStringLiteral("question"));
    QCOMPARE(path.at(1).role, Role::kAssistant);
    QCOMPARE(path.at(1).text, QStringLiteral("answer"));
    QCOMPARE(path.at(1).state, MessageState::kComplete);
    QCOMPARE(path.at(1).siblings, QList<QUuid>{path.at(1).id});
}

void TstConversationService::theConversationNotBegunHasADraft() {
    Desk desk;
    desk.service.saveDraft({}, QStringLiteral("not begun"));
    desk.service.open({});
    QTRY_COMPARE(desk.opened.size(), 1);
    QVERIFY(desk.opened.at(0).at(0).toUuid().isNull());
    QVERIFY(desk.lastPath().isEmpty());
    QCOMPARE(desk.opened.at(0).at(2).toString(), QStringLiteral("not begun"));
    QVERIFY(desk.ask({}, {}, "not begun", "answer").has_value());
    desk.service.open({});
    QTRY_COMPARE(desk.opened.size(), 2);
    QCOMPARE(desk.opened.at(1).at(2).toString(), QString());
}

void TstConversationService::renamingKeepsAUsersWords() {
    Desk desk;
    const auto turn = desk.ask({}, {}, "question", "answer");
    desk.service.rename(toUuid(turn->conversation.id), QStringLiteral("  My   title\n"));
    QTRY_COMPARE(desk.changed.size(), 1);
    QCOMPARE(desk.titles(), QStringList{"My title"});
    QVERIFY(desk.ask(toUuid(turn->conversation.id), toUuid(turn->answer.id), "more", "more").has_value());
    desk.service.refresh();
    QTRY_COMPARE(desk.changed.size(), 2);
    QCOMPARE(desk.titles(), QStringList{"My title"});
}

void TstConversationService::anEmptyTitleChangesNothing() {
    Desk desk;
    const auto turn = desk.ask({}, {}, "question", "answer");
    desk.service.rename(toUuid(turn->conversation.id), QStringLiteral(" \n "));
    QTRY_COMPARE(desk.changed.size(), 1);
    QCOMPARE(desk.titles(), QStringList{"question"});
}

void TstConversationService::removingHidesAtOnceAndUndoBringsBack() {
    Desk desk;
    const QUuid id = toUuid(desk.ask({}, {}, "question", "answer")->conversation.id);
    desk.service.refresh();
    QTRY_COMPARE(desk.changed.size(), 1);
    desk.service.remove(id);
    QVERIFY(desk.service.conversations().isEmpty());
    QTRY_COMPARE(desk.removed.size(), 1);
    QCOMPARE(desk.removed.at(0).at(0).toUuid(), id);
    QCOMPARE(desk.removed.at(0).at(1).toString(), QStringLiteral("question"));
    desk.settle();
    desk.service.undoRemove(id);
    QTRY_COMPARE(desk.titles(), QStringList{"question"});
    desk.service.open(id);
    QTRY_COMPARE(desk.lastPath().size(), 2);
    QVERIFY(desk.failed.isEmpty());
}

void TstConversationService::aRefreshOnItsWayDoesNotShowWhatWasRemoved() {
    Desk desk;
    const QUuid id = toUuid(desk.ask({}, {}, "question", "answer")->conversation.id);
    desk.service.refresh();
    QTRY_COMPARE(desk.changed.size(), 1);
    desk.service.refresh(); // reads the list while it is still there
    desk.service.remove(id);
    desk.settle();
    for (const auto& report : desk.changed.mid(1)) {
        QVERIFY(report.at(0).value<QList<ConversationSummary>>().isEmpty());
    }
}

void TstConversationService::purgingTakesWhatWasRemoved() {
    Desk desk;
    const QUuid gone = toUuid(desk.ask({}, {}, "gone", "answer")->conversation.id);
    QVERIFY(desk.ask({}, {}, "kept", "answer").has_value());
    desk.service.refresh();
    QTRY_COMPARE(desk.changed.size(), 1);
    QSignalSpy purged(&desk.service, &ConversationService::purged);
    desk.thread->run(
        [](Database&) -> storage::Result<void> {
            QThread::msleep(20); // what is removed meanwhile is written later than it was asked for
            return {};
        },
        &desk.service, [](const storage::Result<void>&) {});
    desk.service.remove(gone);
    desk.service.purgeRemoved();
    QTRY_COMPARE(purged.size(), 1); // it goes in steps, between which other work is done
    QCOMPARE(desk.titles(), QStringList{"kept"});
    desk.service.undoRemove(gone);
    QTRY_COMPARE(desk.failed.size(), 1);
}

void TstConversationService::aLargePurgeLetsOtherWorkGoFirst() {
    Desk desk;
    constexpr int kMany = 250;
    for (int i = 0; i < kMany; ++i) {
        const auto gone = desk.ask({}, {}, "HUSHHUSH", "answer");
        QVERIFY(
            desk.thread
                ->call([&](Database& database) { return ConversationStore(database).remove(gone->conversation.id); })
                .has_value());
    }
    QVERIFY(desk.ask({}, {}, "kept", "answer").has_value());
    QSignalSpy purged(&desk.service, &ConversationService::purged);
    desk.service.purgeRemoved();
    desk.service.refresh(); // asked for later, answered after the first step
    QTRY_COMPARE(desk.changed.size(), 1);
    QCOMPARE(purged.size(), 0);
    QCOMPARE(desk.titles(), QStringList{"kept"});
    QTRY_COMPARE(purged.size(), 1);
    const auto left = desk.thread->call([](Database& database) {
        return ConversationStore(database).purgeDeleted(storage::Sources::system().now() + 1);
    });
    QVERIFY(left.has_value() && *left == 0);
    QCOMPARE(desk.failed.size(), 0);
}

void TstConversationService::branchesAreShown() {
    Desk desk;
    const auto first = desk.ask({}, {}, "first", "1");
    const QUuid id = toUuid(first->conversation.id);
    QVERIFY(desk.ask(id, {}, "second", "2").has_value());
    desk.service.open(id);
    QTRY_COMPARE(desk.opened.size(), 1);
    QCOMPARE(desk.lastPath().at(0).text, QStringLiteral("second"));
    QCOMPARE(desk.lastPath().at(0).siblingIndex, 1);
    QCOMPARE(desk.lastPath().at(0).siblings.size(), 2);
    desk.service.activateBranch(id, desk.lastPath().at(0).siblings.at(0));
    QTRY_COMPARE(desk.opened.size(), 2);
    QCOMPARE(desk.lastPath().at(0).text, QStringLiteral("first"));
    QCOMPARE(desk.lastPath().at(1).text, QStringLiteral("1"));
}

void TstConversationService::answeringIsShownInTheList() {
    Desk desk;
    const QUuid id = toUuid(desk.ask({}, {}, "question", "answer")->conversation.id);
    desk.service.setAnswering(id, true); // before the list knows it
    desk.service.refresh();
    QTRY_COMPARE(desk.changed.size(), 1);
    QVERIFY(desk.service.conversations().at(0).answering);
    desk.service.setAnswering(id, true);
    QCOMPARE(desk.changed.size(), 1);
    desk.service.setAnswering(id, false);
    QCOMPARE(desk.changed.size(), 2);
    QVERIFY(!desk.service.conversations().at(0).answering);
}

void TstConversationService::errorsAreToldAndChangeNothing() {
    Desk desk;
    const QUuid id = toUuid(desk.ask({}, {}, "question", "answer")->conversation.id);
    desk.service.refresh();
    QTRY_COMPARE(desk.changed.size(), 1);
    desk.service.open(QUuid::createUuid());
    QTRY_COMPARE(desk.failed.size(), 1);
    const auto trouble = desk.failed.at(0).at(0).value<Trouble>();
    QVERIFY(!trouble.title.isEmpty() && !trouble.text.isEmpty());
    QVERIFY(desk.opened.isEmpty());
    // What can't be removed is shown again.
    desk.thread->flushAndStop();
    desk.service.remove(id);
    QTRY_VERIFY(desk.failed.size() >= 2);
    QVERIFY(desk.removed.isEmpty());
}

ALCUIN_TEST(TstConversationService)
#include "tst_conversation_service.moc"
