#include <QCoreApplication>
#include <QSet>
#include <QTest>

#include <cstdio>
#include <random>

#include "app/chat/house.h"
#include "app/kill/talk_words.h"
#include "services/compaction_plan.h"
#include "services/compaction_service.h"

using namespace alcuin;
using namespace alcuin::app;
using namespace alcuin::tests;

namespace {

constexpr int kMostTurns = 12; ///< of a conversation, then another begins

QString shortId(const QUuid& id) {
    return id.toString(QUuid::WithoutBraces);
}

void say(const QString& line) {
    std::fprintf(stdout, "%s\n", qPrintable(line));
    std::fflush(stdout);
}

int wordsIn(const std::string& text) {
    return static_cast<int>(std::count(text.begin(), text.end(), ' '));
}

} // namespace

/// The program without its window and with a model that counts: asks, lets questions wait and takes some back, goes on
/// with answers that were cut off, sums up, switches summaries; and says on standard output what it was told is stored.
class Talker {
public:
    Talker(const QString& directory, unsigned seed, int pauseMs)
        : m_house(directory)
        , m_compactions(m_house.conversations, m_house.models, m_house.chat)
        , m_random(seed)
        , m_prefix(QStringLiteral("Question %1.").arg(seed))
        , m_pauseMs(pauseMs) {
        m_house.engine->setContextLength(1'000'000);
        tellWhatIsStored();
        goOnWithTheNewest();
    }

    [[noreturn]] void talk() {
        for (;;) {
            if (m_turns >= kMostTurns) {
                m_conversation = {};
                m_turns = 0;
            }
            m_house.chat.send(m_conversation, question());
            const auto before = m_accepted;
            waitFor([&] { return m_accepted > before; });
            for (auto waiting = m_random() % 4; waiting > 0; --waiting) {
                m_house.chat.enqueue(m_conversation, question());
            }
            waitFor([&] { return m_stored.size() == m_number; }); // or a next one would overtake it
            settle();
            if (m_random() % 3 == 0) {
                sumUp();
            }
        }
    }

private:
    Question question() {
        return Question(m_prefix + QString::number(m_number++) + QLatin1Char('.'));
    }

    template <typename Condition>
    void waitFor(const Condition& condition) {
        if (!QTest::qWaitFor([&] { return condition(); }, 30'000)) {
            qFatal("waited in vain");
        }
    }

    void tellWhatIsStored() {
        QObject::connect(&m_house.chat, &ChatService::accepted,
                         [this](const QUuid& conversation, const QList<MessageView>& path) {
                             m_conversation = conversation;
                             ++m_accepted;
                             ++m_turns;
                             if (path.at(path.size() - 2).text.startsWith(m_prefix)) {
                                 m_stored.insert(path.at(path.size() - 2).text);
                             }
                             say("asked " + path.at(path.size() - 2).text);
                         });
        QObject::connect(&m_house.chat, &ChatService::queueChanged, [this](const QUuid&, const QList<Queued>& waiting) {
            for (const auto& each : waiting) {
                if (each.question.text.startsWith(m_prefix)) {
                    m_stored.insert(each.question.text);
                }
                say("waits " + each.question.text);
            }
        });
        QObject::connect(&m_house.chat, &ChatService::takenBack,
                         [](const QUuid&, const Question& question) { say("back " + question.text); });
        QObject::connect(&m_house.chat, &ChatService::finished, [this](const QUuid&, const MessageView& answer) {
            m_last = answer;
            say(QStringLiteral("finished %1 %2").arg(shortId(answer.id)).arg(wordsIn(answer.text.toStdString())));
        });
        QObject::connect(
            &m_compactions, &CompactionService::compacted,
            [](const QUuid&, const CompactionView& compaction) { say("summed " + shortId(compaction.id)); });
        QObject::connect(&m_house.chat, &ChatService::rejected,
                         [](const QUuid&, const Question& question, const Trouble& trouble) {
                             if (!question.text.isEmpty()) { // else one that waited was taken back meanwhile
                                 qFatal("%s %s", qPrintable(trouble.title), qPrintable(trouble.text));
                             }
                         });
        QObject::connect(&m_house.conversations, &ConversationService::failed,
                         [](const Trouble& trouble) { qFatal("%s", qPrintable(trouble.title + trouble.text)); });
    }

    /// What an earlier one that was killed left.
    void goOnWithTheNewest() {
        m_house.conversations.refresh();
        QSignalSpy listed(&m_house.conversations, &ConversationService::conversationsChanged);
        waitFor([&] { return !listed.isEmpty(); });
        if (m_house.conversations.conversations().isEmpty()) {
            return;
        }
        m_conversation = m_house.conversations.conversations().front().id;
        m_house.path(m_conversation);
        const auto path = m_house.path(m_conversation); // by now what waits is read, too
        m_turns = static_cast<int>(path.size()) / 2;
        m_last = path.last();
        say("ready");
        settle();
    }

    /// Answers what is asked, and goes on until nothing is asked and nothing waits.
    void settle() {
        for (;;) {
            while (m_house.chat.isAnswering(m_conversation) || m_served < m_house.engine->requests().size()) {
                serve();
                QCoreApplication::processEvents(QEventLoop::AllEvents, 2);
            }
            QTest::qWait(1); // for what was enqueued, and for the first of those that wait
            if (m_house.chat.isAnswering(m_conversation)) {
                continue;
            }
            const auto waiting = m_house.chat.queued(m_conversation);
            if (m_last.canContinue && m_random() % 2 == 0) {
                say("continues " + shortId(m_last.id));
                m_last.canContinue = false;
                m_house.chat.continueAnswer(m_conversation, m_last.id);
                waitFor([&] { return m_house.chat.isAnswering(m_conversation); });
            } else if (!waiting.isEmpty()) {
                if (m_random() % 4 == 0) {
                    say("taking " + waiting.back().question.text);
                    m_house.chat.takeBack(m_conversation, waiting.back().id);
                } else {
                    m_house.chat.sendNextQueued(m_conversation);
                }
                QTest::qWait(5);
            } else {
                return;
            }
        }
    }

    /// Writes the answer to the next request that has none.
    void serve() {
        const auto requests = m_house.engine->requests();
        if (m_served >= requests.size()) {
            return;
        }
        const auto& asked = requests.at(m_served).messages.back();
        const auto request = m_served++;
        if (asked.content == summaryQuestion().text.toStdString()) {
            m_house.engine->write(request, kSummaryOfTalk);
            m_house.engine->finish(request);
            return;
        }
        const int begin = asked.role == "assistant" ? wordsIn(asked.content) : 0;
        const int words = 2 + static_cast<int>(m_random() % 20);
        for (int i = begin; i < begin + words; ++i) {
            m_house.engine->write(request, wordOfAnswer(i));
            if (m_pauseMs > 0) {
                QTest::qWait(m_pauseMs);
            }
        }
        const bool cut = m_random() % 3 == 0;
        m_house.engine->finish(request, cut ? inference::FinishReason::kLength : inference::FinishReason::kStop);
    }

    void sumUp() {
        QSignalSpy done(&m_compactions, &CompactionService::compacted);
        QSignalSpy failed(&m_compactions, &CompactionService::failed);
        if (m_random() % 2 == 0) {
            m_compactions.compact(m_conversation);
        } else {
            m_compactions.keepFirstSentences(m_conversation);
        }
        while (done.isEmpty() && failed.isEmpty()) {
            serve();
            QCoreApplication::processEvents(QEventLoop::AllEvents, 2);
        }
        if (!done.isEmpty() && m_random() % 2 == 0) {
            m_compactions.setCompaction(m_conversation, done.front().at(1).value<CompactionView>().id, false);
        }
    }

    House m_house;
    CompactionService m_compactions;
    std::mt19937 m_random;
    QString m_prefix;
    int m_pauseMs;
    int m_number = 0;
    QSet<QString> m_stored; ///< of its own questions, asked or waiting
    int m_turns = 0;
    int m_accepted = 0;
    std::size_t m_served = 0;
    QUuid m_conversation;
    MessageView m_last;
};

/// talker DIRECTORY SEED MS-BETWEEN-WORDS
int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    const auto arguments = QCoreApplication::arguments();
    Talker(arguments.at(1), arguments.at(2).toUInt(), arguments.at(3).toInt()).talk();
}
