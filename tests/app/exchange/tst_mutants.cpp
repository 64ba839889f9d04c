#include "support/test_registry.h"

#include <random>

#include "exchange/html.h"
#include "exchange/markdown.h"
#include "exchange/own_json.h"
#include "reading.h"

using namespace alcuin;
using namespace alcuin::exchange;
using namespace alcuin::tests;

namespace {

/// How many mutants of each sample: a slice here, more where $ALCUIN_MUTANTS asks for it.
int mutants() {
    const int asked = qEnvironmentVariableIntValue("ALCUIN_MUTANTS");
    return asked > 0 ? asked : 300;
}

/// The same changes at every run: bytes changed, taken out, doubled, cut off, numbers made large, brackets put in.
class Mutator {
public:
    std::string mutant(const std::string& sample) {
        std::string bytes = sample;
        for (auto changes = 1 + below(4); changes > 0; --changes) {
            change(bytes);
        }
        return bytes;
    }

private:
    std::size_t below(std::size_t count) {
        return static_cast<std::size_t>(m_random() % std::max<std::size_t>(count, 1));
    }

    void change(std::string& bytes) {
        const auto at = below(bytes.size());
        const auto length = std::min(below(40), bytes.size() - std::min(at, bytes.size()));
        static constexpr std::string_view kPieces[] = {"[",
                                                       "{",
                                                       "}",
                                                       "]",
                                                       "\"",
                                                       "\\ud800",
                                                       "null",
                                                       "-1",
                                                       "1e9",
                                                       "1e99",
                                                       "true",
                                                       "\xFF\xFF\xFF\xFF",
                                                       ":",
                                                       ",",
                                                       "```",
                                                       "<!--",
                                                       "\x7F\xFF\xFF\xFF",
                                                       "</think>"};
        switch (below(7)) {
        case 0:
            if (at < bytes.size()) {
                bytes[at] = static_cast<char>(m_random());
            }
            break;
        case 1:
            bytes.erase(at, length);
            break;
        case 2:
            bytes.insert(at, bytes.substr(at, length));
            break;
        case 3:
            bytes.resize(at);
            break;
        case 4:
            bytes.insert(at, kPieces[below(std::size(kPieces))]);
            break;
        case 5:
            bytes.replace(at, std::min<std::size_t>(length, 4), kPieces[below(std::size(kPieces))]);
            break;
        default:
            if (at < bytes.size()) {
                bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1U << below(8)));
            }
        }
    }

    std::mt19937_64 m_random{20'250'101};
};

/// What every reader owes, whatever it was given.
void check(const Heard& heard) {
    for (const auto& imported : heard.conversations) {
        QVERIFY(!imported.tree.messages.empty());
        QVERIFY(!imported.origin.source.empty() && !imported.origin.id.empty());
        (void)ownJsonConversation(imported.tree);
        (void)toMarkdown(imported.tree);
        (void)toHtml(imported.tree);
    }
    for (const auto& why : heard.refused) {
        QVERIFY2(why.ends_with('.'), why.c_str());
    }
    if (!heard.outcome) {
        QVERIFY2(heard.outcome.error().message.ends_with('.'), heard.outcome.error().message.c_str());
    }
}

std::string ownSample() {
    const auto heard = read(sample("open-webui/chat-export-1735689600000.json"));
    std::string text = ownJsonHead(1735689600000);
    for (std::size_t i = 0; i < heard.conversations.size(); ++i) {
        text += (i > 0 ? "," : "") + ownJsonConversation(heard.conversations[i].tree);
    }
    return text + ownJsonTail();
}

} // namespace

/// Files that nobody wrote on purpose: every one is read or refused in words, soon and in little memory.
class TstMutants : public QObject {
    Q_OBJECT
private slots:
    void everyMutantIsReadOrRefused_data();
    void everyMutantIsReadOrRefused();
    void threadsToo();
};

void TstMutants::everyMutantIsReadOrRefused_data() {
    QTest::addColumn<QByteArray>("bytes");
    for (const char* name :
         {"chatgpt/conversations.json", "chatgpt/export.zip", "open-webui/chat-export-1735689600000.json",
          "lm-studio/1735689650000.conversation.json", "gpt4all/gpt4all-v80f00-1.chat",
          "gpt4all/gpt4all-v100f00-1.chat", "gpt4all/gpt4all-v120f00-1.chat"}) {
        QTest::newRow(name) << QByteArray::fromStdString(sample(name));
    }
    QTest::newRow("alcuin") << QByteArray::fromStdString(ownSample());
}

void TstMutants::everyMutantIsReadOrRefused() {
    QFETCH(QByteArray, bytes);
    const auto original = bytes.toStdString();
    Mutator mutator;
    for (int i = 0; i < mutants(); ++i) {
        check(read(mutator.mutant(original)));
    }
}

void TstMutants::threadsToo() {
    const auto thread = sample("jan/threads/jan_1735689700/thread.json");
    const auto messages = sample("jan/threads/jan_1735689700/messages.jsonl");
    Mutator mutator;
    for (int i = 0; i < mutants(); ++i) {
        check(readThread(i % 4 == 0 ? mutator.mutant(thread) : thread, mutator.mutant(messages)));
    }
}

ALCUIN_TEST(TstMutants)
#include "tst_mutants.moc"
