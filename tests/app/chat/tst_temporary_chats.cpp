#include <QDirIterator>

#include "app/chat/house.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;
using alcuin::tests::House;
using alcuin::tests::texts;

namespace {

/// Files below a directory that hold these bytes, as they are or in UTF-16.
QStringList filesWith(const QString& directory, const QString& words) {
    const QByteArray narrow = words.toUtf8();
    const QByteArray wide(reinterpret_cast<const char*>(words.utf16()), words.size() * 2);
    QStringList found;
    QDirIterator files(directory, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly)) {
            const QByteArray bytes = file.readAll();
            if (bytes.contains(narrow) || bytes.contains(wide)) {
                found << file.fileName();
            }
        }
    }
    return found;
}

} // namespace

/// Chats that nobody keeps.
class TstTemporaryChats : public QObject {
    Q_OBJECT
private slots:
    void nothingOfATemporaryChatReachesTheDisk();
    void aTemporaryChatIsLikeAnyOther();
    void anEndedTemporaryChatIsGone();
};

void TstTemporaryChats::nothingOfATemporaryChatReachesTheDisk() {
    QTemporaryDir directory;
    const QString secret = QStringLiteral("Zwetschgendatschi-4711");
    House house(directory.path());
    const QUuid conversation = house.chat.beginTemporary();
    QVERIFY(!conversation.isNull());
    ConversationSettings settings;
    settings.instructions = secret + QStringLiteral(" instructions");
    house.chat.setSettings(conversation, settings);
    house.conversations.saveDraft(conversation, secret + QStringLiteral(" draft"));
    house.ask(conversation, Question(secret, {{secret, {}, secret, 1}}));
    house.engine->write(0, secret.toStdString());
    house.chat.enqueue(conversation, secret + QStringLiteral(" waits"));
    QTRY_COMPARE(house.chat.queued(conversation).size(), 1);
    QCOMPARE(house.engine->requests().at(0).snapshotOwner, std::string());
    QCOMPARE(house.engine->requests().at(0).messages.at(0).content, settings.instructions.toStdString());
    house.finish(inference::FinishReason::kCancelled);
    QCOMPARE(house.path(conversation).at(1).text, secret);
    // What is kept is found by the same search, so that it can fail.
    const QUuid kept = house.ask({}, QStringLiteral("Zwetschgendatschi-0815"));
    QCOMPARE(house.engine->requests().at(1).snapshotOwner, kept.toString(QUuid::WithoutBraces).toStdString());
    house.finish();
    QVERIFY(!filesWith(directory.path(), QStringLiteral("Zwetschgendatschi-0815")).isEmpty());
    QCOMPARE(filesWith(directory.path(), secret), QStringList());
    house.chat.shutdown();
    QCOMPARE(filesWith(directory.path(), secret), QStringList());
}

void TstTemporaryChats::aTemporaryChatIsLikeAnyOther() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.chat.beginTemporary();
    house.ask(conversation, QStringLiteral("One"));
    house.engine->write(0, "uno");
    const auto first = house.finish();
    house.ask(conversation, QStringLiteral("Two"));
    QCOMPARE(house.engine->requests().at(1).messages.size(), 3U);
    house.engine->write(1, "du");
    const auto cut = house.finish(inference::FinishReason::kLength);
    house.goOn(conversation, cut.id);
    house.engine->write(2, "e");
    house.finish();
    QSignalSpy changed(&house.chat, &ChatService::pathChanged);
    house.chat.editAnswer(conversation, first.id, QStringLiteral("eins"));
    QVERIFY(changed.wait());
    QSignalSpy opened(&house.conversations, &ConversationService::opened);
    house.conversations.activateBranch(conversation, first.id);
    QVERIFY(opened.wait());
    QCOMPARE(texts(opened.at(0).at(1).value<QList<MessageView>>()), QStringList({"One", "uno", "Two", "due"}));
    QSignalSpy listed(&house.conversations, &ConversationService::conversationsChanged);
    house.conversations.refresh();
    QVERIFY(listed.wait());
    QVERIFY(house.conversations.conversations().isEmpty());
}

void TstTemporaryChats::anEndedTemporaryChatIsGone() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.chat.beginTemporary();
    house.ask(conversation, QStringLiteral("One"));
    QSignalSpy finished(&house.chat, &ChatService::finished);
    house.chat.endTemporary(conversation);
    QVERIFY(house.engine->isCancelled(0));
    QTRY_COMPARE(finished.size(), 1);
    QSignalSpy failed(&house.conversations, &ConversationService::failed);
    house.conversations.open(conversation);
    QVERIFY(failed.wait());
    const QUuid next = house.chat.beginTemporary();
    QVERIFY(!next.isNull() && next != conversation);
}

ALCUIN_TEST(TstTemporaryChats)
#include "tst_temporary_chats.moc"
