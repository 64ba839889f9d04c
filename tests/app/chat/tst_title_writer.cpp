#include <alcuin/storage/conversation_store.h>

#include "app/chat/house.h"
#include "services/title_writer.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;
using alcuin::tests::House;

namespace {

const QString kQuestion = QStringLiteral("How do I bake sourdough bread at home without a starter?");

struct Titled {
    explicit Titled(const QString& directory)
        : house(directory), writer(house.conversations, house.models, house.chat, house.settings) {}

    /// One question and its answer; the conversation.
    QUuid talk() {
        const QUuid conversation = house.ask({}, kQuestion);
        house.engine->write(house.engine->requests().size() - 1, "Use flour and patience.");
        house.finish();
        return conversation;
    }
    QString title(const QUuid& conversation) {
        const auto found = house.storage->call([&](storage::Database& database) {
            return storage::ConversationStore(database).find(conversation.toString(QUuid::WithoutBraces).toStdString());
        });
        return found ? QString::fromStdString(found->title) : QString();
    }
    std::size_t requests() const {
        return house.engine->requests().size();
    }

    House house;
    TitleWriter writer;
    QSignalSpy done{&writer, &TitleWriter::done};
};

} // namespace

class TstTitleWriter : public QObject {
    Q_OBJECT
private slots:
    void theFirstAnswerGetsATitleInTheBackground();
    void whatCantBeATitleLeavesTheFirstWords();
    void aTitleThatAPersonGaveStays();
    void aTitleGivenMeanwhileStays();
    void onlyTheFirstAnswerAsksForOne();
    void anAnswerThatWasStoppedAsksForNone();
    void itCanBeTurnedOff();
    void aContextThatIsFullAsksForNone();
};

void TstTitleWriter::theFirstAnswerGetsATitleInTheBackground() {
    QTemporaryDir directory;
    Titled titled(directory.path());
    const QUuid conversation = titled.talk();
    QTRY_COMPARE(titled.requests(), 2U);
    const auto request = titled.house.engine->requests().at(1);
    QCOMPARE(request.priority, inference::Priority::kBackground);
    QCOMPARE(request.snapshotOwner, std::string());
    QCOMPARE(request.messages.size(), 3U);
    // What was read for the answer isn't read again.
    QCOMPARE(request.messages.at(0).content, titled.house.engine->requests().at(0).messages.at(0).content);
    titled.house.engine->write(1, "\"Sourdough bread ");
    titled.house.engine->write(1, "without a starter\"");
    titled.house.engine->finish(1);
    QVERIFY(titled.done.wait());
    QCOMPARE(titled.title(conversation), QStringLiteral("Sourdough bread without a starter"));
    QTRY_COMPARE(titled.house.conversations.conversations().at(0).title,
                 QStringLiteral("Sourdough bread without a starter"));
}

void TstTitleWriter::whatCantBeATitleLeavesTheFirstWords() {
    QTemporaryDir directory;
    Titled titled(directory.path());
    const QUuid conversation = titled.talk();
    const QString before = titled.title(conversation);
    QTRY_COMPARE(titled.requests(), 2U);
    titled.house.engine->write(1, "I am a language model and I can help you.");
    titled.house.engine->finish(1);
    QVERIFY(titled.done.wait());
    QCOMPARE(titled.done.at(0).at(1).toString(), QString());
    QCOMPARE(titled.title(conversation), before);
    QVERIFY(before.startsWith(QLatin1String("How do I bake")));
}

void TstTitleWriter::aTitleThatAPersonGaveStays() {
    QTemporaryDir directory;
    Titled titled(directory.path());
    const QUuid conversation = titled.house.ask({}, kQuestion);
    titled.house.conversations.rename(conversation, QStringLiteral("Mine"));
    titled.house.engine->write(0, "Use flour.");
    titled.house.finish();
    QTRY_COMPARE(titled.done.size(), 1);
    QCOMPARE(titled.requests(), 1U);
    QCOMPARE(titled.title(conversation), QStringLiteral("Mine"));
}

void TstTitleWriter::aTitleGivenMeanwhileStays() {
    QTemporaryDir directory;
    Titled titled(directory.path());
    const QUuid conversation = titled.talk();
    QTRY_COMPARE(titled.requests(), 2U);
    titled.house.conversations.rename(conversation, QStringLiteral("Mine"));
    titled.house.engine->write(1, "Sourdough bread");
    titled.house.engine->finish(1);
    QVERIFY(titled.done.wait());
    QCOMPARE(titled.title(conversation), QStringLiteral("Mine"));
}

void TstTitleWriter::onlyTheFirstAnswerAsksForOne() {
    QTemporaryDir directory;
    Titled titled(directory.path());
    const QUuid conversation = titled.talk();
    QTRY_COMPARE(titled.requests(), 2U);
    titled.house.engine->write(1, "Sourdough bread");
    titled.house.engine->finish(1);
    QVERIFY(titled.done.wait());
    titled.house.ask(conversation, QStringLiteral("And rye?"));
    titled.house.engine->write(2, "As well.");
    titled.house.finish();
    QTRY_COMPARE(titled.done.size(), 2);
    QCOMPARE(titled.requests(), 3U);
    QCOMPARE(titled.title(conversation), QStringLiteral("Sourdough bread"));
}

void TstTitleWriter::anAnswerThatWasStoppedAsksForNone() {
    QTemporaryDir directory;
    Titled titled(directory.path());
    titled.house.ask({}, kQuestion);
    titled.house.engine->write(0, "Use");
    titled.house.finish(inference::FinishReason::kCancelled);
    QTest::qWait(0);
    QCOMPARE(titled.requests(), 1U);
    QCOMPARE(titled.done.size(), 0);
}

void TstTitleWriter::itCanBeTurnedOff() {
    QTemporaryDir directory;
    Titled titled(directory.path());
    titled.house.settings.setValue(QStringLiteral("chat.writeTitles"), QStringLiteral("no"));
    titled.talk();
    QTest::qWait(0);
    QCOMPARE(titled.done.size(), 0);
    QCOMPARE(titled.requests(), 1U);
}

void TstTitleWriter::aContextThatIsFullAsksForNone() {
    QTemporaryDir directory;
    Titled titled(directory.path());
    titled.house.engine->setContextLength(100);
    titled.talk();
    QTRY_COMPARE(titled.done.size(), 1);
    QCOMPARE(titled.requests(), 1U);
}

ALCUIN_TEST(TstTitleWriter)
#include "tst_title_writer.moc"
