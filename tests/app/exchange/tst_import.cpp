#include "reading.h"
#include "support/test_registry.h"

#include "exchange/import.h"

using namespace alcuin;
using namespace alcuin::exchange;
using namespace alcuin::tests;

/// Any file: told by what is in it, refused in words, never half.
class TstImport : public QObject {
    Q_OBJECT
private slots:
    void filesAreToldByTheirContent();
    void whatIsNoExportIsRefused_data();
    void whatIsNoExportIsRefused();
    void aCutArrayKeepsWhatIsWhole();
    void oneBadConversationSpoilsNoOther();
    void limitsHold();
    void aListenerCanStop();
    void aByteOrderMarkIsNoHindrance();
    void anArchiveWithinAnArchiveIsNotRead();
};

void TstImport::filesAreToldByTheirContent() {
    QVERIFY(detect(sample("chatgpt/conversations.json")) == Format::kChatGpt);
    QVERIFY(detect(sample("chatgpt/export.zip")) == Format::kZip);
    QVERIFY(detect(sample("open-webui/chat-export-1735689600000.json")) == Format::kOpenWebUi);
    QVERIFY(detect(sample("lm-studio/1735689650000.conversation.json")) == Format::kLmStudio);
    QVERIFY(detect(sample("jan/threads/jan_1735689700/thread.json")) == Format::kJanThread);
    QVERIFY(detect(sample("gpt4all/gpt4all-v80f00-1.chat")) == Format::kGpt4All);
    QVERIFY(detect("{\"format\": \"alcuin-conversations\"}") == Format::kAlcuin);
}

void TstImport::whatIsNoExportIsRefused_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("text") << QByteArray("Hello");
    QTest::newRow("a picture") << QByteArray("\x89PNG\r\n\x1a\n\0\0", 10);
    QTest::newRow("an empty list") << QByteArray("[]");
    QTest::newRow("other JSON") << QByteArray(R"({"name": "package", "version": "1.0.0"})");
    QTest::newRow("brackets without end") << QByteArray(100'000, '[');
    QTest::newRow("a string without end") << QByteArray("{\"a\": \"b");
}

void TstImport::whatIsNoExportIsRefused() {
    QFETCH(QByteArray, bytes);
    const auto heard = read({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    QVERIFY(!heard.outcome);
    QVERIFY(heard.outcome.error().message.ends_with('.'));
    QVERIFY(heard.conversations.empty());
}

void TstImport::aCutArrayKeepsWhatIsWhole() {
    const auto whole = sample("chatgpt/conversations.json");
    const auto heard = read(std::string_view(whole).substr(0, whole.size() - 900));
    QVERIFY(!heard.outcome);
    QVERIFY(heard.outcome.error().message.find("cut off") != std::string::npos);
    QCOMPARE(heard.conversations.size(), std::size_t{1});
}

void TstImport::oneBadConversationSpoilsNoOther() {
    const std::string good =
        R"({"mapping":{"a":{"message":{"author":{"role":"user"},"content":{"parts":["Hello"]}}}}})";
    const auto heard = read("[" + good + R"(, {"mapping": {nonsense}}, {"mapping": 5}, 7, )" + good + "]");
    QVERIFY(heard.outcome);
    QCOMPARE(heard.conversations.size(), std::size_t{2});
    QCOMPARE(heard.refused.size(), std::size_t{3});
    for (const auto& why : heard.refused) {
        QVERIFY2(why.starts_with("Conversation ") && why.ends_with('.'), why.c_str());
    }
}

void TstImport::limitsHold() {
    const auto bytes = sample("chatgpt/conversations.json");
    Limits small;
    small.messages = 3;
    QCOMPARE(read(bytes, "file", small).refused.size(), std::size_t{2});
    small = {};
    small.conversations = 1;
    QVERIFY(!read(bytes, "file", small).outcome);
    small = {};
    small.jsonValues = 20;
    QVERIFY(read(bytes, "file", small).conversations.empty());
    small = {};
    small.conversationBytes = 1000;
    QVERIFY(read(bytes, "file", small).conversations.empty());
    small = {};
    small.fileBytes = 1000;
    QVERIFY(!read(bytes, "file", small).outcome);
    QVERIFY(!read(sample("chatgpt/export.zip"), "file", small).outcome);
    small.fileBytes = 3000; // the archive is smaller, what is in it isn't
    QVERIFY(!read(sample("chatgpt/export.zip"), "file", small).outcome);
}

void TstImport::aListenerCanStop() {
    int taken = 0;
    LeftOut leftOut;
    const Listener once{[&taken](Imported&&) {
                            ++taken;
                            return false;
                        },
                        [](const std::string&) {}, &leftOut};
    const auto bytes = sample("chatgpt/conversations.json");
    QVERIFY(readConversations({"file", bytes}, {}, once));
    QCOMPARE(taken, 1);
}

void TstImport::aByteOrderMarkIsNoHindrance() {
    QCOMPARE(read("\xEF\xBB\xBF" + sample("chatgpt/conversations.json")).conversations.size(), std::size_t{2});
}

void TstImport::anArchiveWithinAnArchiveIsNotRead() {
    // Stored, not packed: a local head, the bytes, the directory and its end, as APPNOTE.TXT has them.
    const auto inner = sample("chatgpt/export.zip");
    const std::string name = "conversations.json";
    const auto little = [](std::uint32_t value, int bytes) {
        std::string text;
        for (int i = 0; i < bytes; ++i) {
            text.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
        }
        return text;
    };
    const auto crc = [&] {
        std::uint32_t sum = 0xFFFFFFFF;
        for (const char c : inner) {
            sum ^= static_cast<unsigned char>(c);
            for (int i = 0; i < 8; ++i) {
                sum = sum >> 1U ^ (0xEDB88320U & (0U - (sum & 1U)));
            }
        }
        return ~sum;
    }();
    const auto size = static_cast<std::uint32_t>(inner.size());
    const auto common = little(20, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(crc, 4) + little(size, 4) +
                        little(size, 4) + little(static_cast<std::uint32_t>(name.size()), 2) + little(0, 2);
    const auto local = "PK\x03\x04" + common + name + inner;
    const auto entry = "PK\x01\x02" + little(20, 2) + common + little(0, 2) + little(0, 2) + little(0, 2) +
                       little(0, 4) + little(0, 4) + name;
    const auto end = "PK\x05\x06" + little(0, 4) + little(1, 2) + little(1, 2) +
                     little(static_cast<std::uint32_t>(entry.size()), 4) +
                     little(static_cast<std::uint32_t>(local.size()), 4) + little(0, 2);
    const auto heard = read(local + entry + end);
    QVERIFY2(heard.outcome.has_value(), heard.outcome ? "" : heard.outcome.error().message.c_str());
    QVERIFY(heard.conversations.empty());
    QVERIFY(heard.refused.at(0).find("archive itself") != std::string::npos);
}

ALCUIN_TEST(TstImport)
#include "tst_import.moc"
