#include "app/chat/house.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::app;
using alcuin::tests::House;

/// A conversation's own model, parameters and instructions.
class TstConversationSettings : public QObject {
    Q_OBJECT
private slots:
    void settingsAreAskedWithAndKept();
    void settingsOfAChatNotBegunGoAlong();
    void instructionsWhereATemplateKnowsNoSystemMessage();
    void aConversationsModelIsLoadedForIt();
};

void TstConversationSettings::settingsAreAskedWithAndKept() {
    QTemporaryDir directory;
    ConversationSettings settings;
    settings.instructions = QStringLiteral("Be brief.");
    settings.parameters = Parameters{};
    settings.parameters->temperature = 0.1;
    settings.parameters->maxTokens = 50;
    QUuid conversation;
    {
        House house(directory.path());
        conversation = house.ask({}, QStringLiteral("One"));
        house.finish();
        QSignalSpy changed(&house.chat, &ChatService::settingsChanged);
        house.chat.setSettings(conversation, settings);
        QVERIFY(changed.wait());
        house.chat.shutdown();
    }
    House house(directory.path());
    QSignalSpy changed(&house.chat, &ChatService::settingsChanged);
    house.chat.readSettings(conversation);
    QVERIFY(changed.wait());
    QCOMPARE(changed.at(0).at(1).value<ConversationSettings>(), settings);
    house.ask(conversation, QStringLiteral("Two"));
    const auto request = house.engine->requests().at(0);
    QCOMPARE(request.messages.at(0).role, std::string("system"));
    QCOMPARE(request.messages.at(0).content, std::string("Be brief."));
    QCOMPARE(request.sampling.temperature, 0.1F);
    QCOMPARE(request.maxTokens, 50);
    house.finish();
    const auto path = house.path(conversation);
    QCOMPARE(path.at(1).parameters, QString());
    QCOMPARE(path.at(3).parameters, QStringLiteral("temperature 0.1, tokens up to 50"));
    // Another conversation isn't touched.
    house.ask({}, QStringLiteral("Elsewhere"));
    QCOMPARE(house.engine->requests().at(1).messages.size(), 1U);
    house.finish();
}

void TstConversationSettings::settingsOfAChatNotBegunGoAlong() {
    QTemporaryDir directory;
    House house(directory.path());
    ConversationSettings settings;
    settings.instructions = QStringLiteral("Be brief.");
    house.chat.setSettings({}, settings);
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    QCOMPARE(house.engine->requests().at(0).messages.at(0).content, std::string("Be brief."));
    house.finish();
    QSignalSpy changed(&house.chat, &ChatService::settingsChanged);
    house.chat.readSettings(conversation);
    QVERIFY(changed.wait());
    QCOMPARE(changed.at(0).at(1).value<ConversationSettings>(), settings);
    house.chat.readSettings({});
    QCOMPARE(changed.at(1).at(1).value<ConversationSettings>(), ConversationSettings());
}

void TstConversationSettings::instructionsWhereATemplateKnowsNoSystemMessage() {
    QTemporaryDir directory;
    House house(directory.path());
    house.engine->refuseSystemMessages();
    ConversationSettings settings;
    settings.instructions = QStringLiteral("Be brief.");
    house.chat.setSettings({}, settings);
    house.ask({}, QStringLiteral("One"));
    const auto messages = house.engine->requests().at(0).messages;
    QCOMPARE(messages.size(), 1U);
    QCOMPARE(messages.at(0).content, std::string("Be brief.\n\nOne"));
    house.finish();
}

void TstConversationSettings::aConversationsModelIsLoadedForIt() {
    QTemporaryDir directory;
    House house(directory.path());
    const QUuid conversation = house.ask({}, QStringLiteral("One"));
    house.finish();
    ConversationSettings settings;
    settings.modelPath = directory.filePath(QStringLiteral("own.gguf"));
    house.chat.setSettings(conversation, settings);
    house.ask(conversation, QStringLiteral("Two"));
    QCOMPARE(house.finish().modelName, QStringLiteral("own"));
}

ALCUIN_TEST(TstConversationSettings)
#include "tst_conversation_settings.moc"
