#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QThread>

#include <map>
#include <random>
#include <set>

#include <alcuin/storage/conversation_store.h>
#include <alcuin/storage/database.h>

#include "app/kill/talk_words.h"
#include "services/storage_thread.h"
#include "services/summary_text.h"
#include "support/test_registry.h"

using namespace alcuin;
using namespace alcuin::tests;

namespace {

/// What talkers said is stored.
struct Told {
    std::set<std::string> questions;    ///< asked, or waiting
    std::set<std::string> back;         ///< taken back
    std::set<std::string> taking;       ///< about to be taken back: they may be there or not
    std::map<std::string, int> answers; ///< words of those that were finished, by id
    std::set<std::string> summaries;    ///< ids
    int continued = 0;
    int lines = 0;

    void note(const QByteArray& line) {
        const auto space = line.indexOf(' ');
        const auto what = line.left(space);
        const auto rest = line.mid(space + 1).trimmed().toStdString();
        ++lines;
        if (what == "asked" || what == "waits") {
            questions.insert(rest);
        } else if (what == "back") {
            back.insert(rest);
        } else if (what == "taking") {
            taking.insert(rest);
        } else if (what == "continues") {
            ++continued;
        } else if (what == "summed") {
            summaries.insert(rest);
        } else if (what == "finished") {
            const auto end = rest.find(' ');
            answers[rest.substr(0, end)] = std::stoi(rest.substr(end + 1));
        }
    }
};

std::string textOf(const std::vector<storage::Part>& parts) {
    std::string text;
    for (const auto& part : parts) {
        text += part.text;
    }
    return text;
}

/// "Question 7.12." -> {7, 12}
std::pair<int, int> numberOf(const std::string& question) {
    const auto parts = QString::fromStdString(question).mid(9).split(QLatin1Char('.'));
    return {parts.value(0).toInt(), parts.value(1).toInt()};
}

} // namespace

/// kill -9 while questions wait and are asked, answers go on and turns are summed up: nothing that was said to be
/// stored is lost, nothing is there twice, nothing is there by half.
class TstKillTalking : public QObject {
    Q_OBJECT
private slots:
    void nothingIsLostDoubledOrHalfStored();

private:
    void runAndKill(const QString& directory, int run, Told& told);
    void check(const QString& directory, const Told& told);
    void checkPlaces(const std::vector<storage::ConversationTree>& trees, const Told& told);
    void checkAnswers(const storage::ConversationTree& tree, const Told& told);
    void checkSummaries(const std::vector<storage::ConversationTree>& trees, const Told& told);

    std::mt19937 m_random{20261123};
    int m_interrupted = 0;
    int m_partial = 0; ///< interrupted answers with words in them
};

void TstKillTalking::runAndKill(const QString& directory, int run, Told& told) {
    const bool slow = run % 8 == 7; // an answer long enough to be stored in part
    QProcess talker;
    talker.start(QStringLiteral(ALCUIN_TALKER), {directory, QString::number(run + 1), QString::number(slow ? 90 : 0)});
    QVERIFY(talker.waitForStarted());
    const auto wanted = m_random() % 40; // lines that it says before it dies
    unsigned seen = 0;
    while (seen < wanted && (talker.canReadLine() || talker.waitForReadyRead(20'000))) {
        while (talker.canReadLine() && seen < wanted) {
            told.note(talker.readLine());
            ++seen;
        }
        if (slow && seen > 2) {
            break;
        }
    }
    QVERIFY2(slow || seen == wanted, talker.readAllStandardError().constData());
    QThread::usleep(slow ? 1'050'000 : m_random() % 30'000);
    talker.kill();
    QVERIFY(talker.waitForFinished());
    QVERIFY2(talker.exitStatus() == QProcess::CrashExit, "it ended by itself");
    const auto errors = talker.readAllStandardError();
    QVERIFY2(!errors.contains("FATAL") && !errors.contains("in vain"), errors.constData());
    while (talker.canReadLine()) { // said before it died; a line without an end wasn't said
        told.note(talker.readLine());
    }
}

/// Every question stands in one place: asked once or waiting once, in the order in which it was written.
void TstKillTalking::checkPlaces(const std::vector<storage::ConversationTree>& trees, const Told& told) {
    std::map<std::string, int> places;
    for (const auto& tree : trees) {
        std::vector<std::pair<int, int>> order;
        for (const auto& message : tree.messages) {
            if (message.role == storage::Role::kUser) {
                ++places[textOf(message.parts)];
                order.push_back(numberOf(textOf(message.parts)));
            }
        }
        for (const auto& queued : tree.queued) {
            ++places[textOf(queued.parts)];
            order.push_back(numberOf(textOf(queued.parts)));
        }
        QVERIFY2(std::is_sorted(order.begin(), order.end()), "a question overtook another");
    }
    for (const auto& [question, count] : places) {
        QVERIFY2(count == 1, question.c_str());
        QVERIFY2(!told.back.contains(question), question.c_str());
    }
    for (const auto& question : told.questions) {
        QVERIFY2(places.contains(question) || told.back.contains(question) || told.taking.contains(question),
                 question.c_str());
    }
}

/// Each question has one answer, and each answer is its words in their order from the first on.
void TstKillTalking::checkAnswers(const storage::ConversationTree& tree, const Told& told) {
    std::map<storage::Id, int> answersTo;
    for (const auto& message : tree.messages) {
        if (message.role != storage::Role::kAssistant) {
            continue;
        }
        QVERIFY(message.parentId.has_value());
        QCOMPARE(++answersTo[*message.parentId], 1);
        QVERIFY(message.state != storage::MessageState::kStreaming);
        const auto text = textOf(message.parts);
        const auto words = static_cast<int>(std::count(text.begin(), text.end(), ' '));
        QCOMPARE(text, beginningOfAnswer(words));
        if (message.state == storage::MessageState::kInterrupted) {
            ++m_interrupted;
            m_partial += words > 0;
        }
        if (const auto said = told.answers.find(message.id); said != told.answers.end()) {
            QVERIFY2(words >= said->second, "words of an answer are lost");
        }
    }
    for (const auto& message : tree.messages) {
        if (message.role == storage::Role::kUser) {
            QCOMPARE(answersTo[message.id], 1); // they are stored together
        }
    }
}

void TstKillTalking::checkSummaries(const std::vector<storage::ConversationTree>& trees, const Told& told) {
    std::set<std::string> found;
    for (const auto& tree : trees) {
        for (const auto& compaction : tree.compactions) {
            QVERIFY(found.insert(compaction.id).second);
            const auto last = std::find_if(tree.messages.begin(), tree.messages.end(),
                                           [&](const auto& message) { return message.id == compaction.lastMessage; });
            QVERIFY(last != tree.messages.end() && last->role == storage::Role::kAssistant);
            if (compaction.modelName.empty()) {
                QVERIFY(compaction.summary.starts_with("Turn by turn") && compaction.summary.ends_with("”"));
            } else {
                QCOMPARE(compaction.summary, std::string(kSummaryOfTalk));
            }
        }
    }
    for (const auto& summary : told.summaries) {
        QVERIFY2(found.contains(summary), "a summary is lost");
    }
}

void TstKillTalking::check(const QString& directory, const Told& told) {
    const auto thread = app::StorageThread::open(directory); // as the program does
    QVERIFY2(thread.has_value(), thread ? "" : thread.error().message.c_str());
    const auto trees =
        (*thread)->call([](storage::Database& database) -> storage::Result<std::vector<storage::ConversationTree>> {
            if (const auto whole = database.checkIntegrity(); !whole) {
                return tl::unexpected(whole.error());
            }
            storage::ConversationStore store(database);
            std::vector<storage::ConversationTree> all;
            const auto list = store.list();
            for (const auto& conversation : *list) {
                all.push_back(*store.tree(conversation.id));
            }
            return all;
        });
    QVERIFY2(trees.has_value(), trees ? "" : trees.error().message.c_str());
    checkPlaces(*trees, told);
    for (const auto& tree : *trees) {
        checkAnswers(tree, told);
    }
    checkSummaries(*trees, told);
}

void TstKillTalking::nothingIsLostDoubledOrHalfStored() {
    const int wanted = qEnvironmentVariableIntValue("ALCUIN_KILLS");
    const int kills = wanted > 0 ? wanted : 40;
    std::unique_ptr<QTemporaryDir> directory;
    Told all;
    int questions = 0;
    int summaries = 0;
    int continued = 0;
    for (int kill = 0; kill < kills; ++kill) {
        if (kill % 10 == 0) {
            directory = std::make_unique<QTemporaryDir>();
            all = {};
        }
        const auto before = all;
        runAndKill(directory->path(), kill, all);
        if (!QTest::currentTestFailed()) {
            check(directory->path(), all);
        }
        if (QTest::currentTestFailed()) {
            qWarning("in run %d", kill);
            return;
        }
        questions += static_cast<int>(all.questions.size() - before.questions.size());
        summaries += static_cast<int>(all.summaries.size() - before.summaries.size());
        continued += all.continued - before.continued;
    }
    qInfo("%d kills: %d questions, %d summaries, %d answers gone on with; %d answers found interrupted, %d of them in "
          "part",
          kills, questions, summaries, continued, m_interrupted, m_partial);
    QVERIFY(questions > kills && summaries > 0 && continued > 0 && m_interrupted > 0);
}

ALCUIN_TEST(TstKillTalking)
#include "tst_kill_talking.moc"
