#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <algorithm>
#include <csignal>

#include "byte_model.h"
#include "program.h"
#include "support/real_model.h"
#include "support/test_registry.h"

using namespace alcuin::tests;

namespace {

constexpr auto kOthers =
    QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;

} // namespace

class TestChatCommand : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        m_model = realModelPath();
        if (m_model.isEmpty()) {
            ALCUIN_SKIP(kNoRealModel);
        }
    }

    void answersOnStandardOutputAlone() {
        QTemporaryDir data;
        const auto run = runProgram({"chat", "--data-dir", data.filePath("d"), "-m", m_model, "-p",
                                     "What is the capital of France?", "--temperature", "0", "--max-tokens", "50"});
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(run.out, QByteArray("The capital of France is Paris.\n"));
        static const QRegularExpression kSpeed(
            "^prefill \\d+ tokens, [\\d.]+ tokens/s; decode \\d+ tokens, [\\d.]+ tokens/s\\n$");
        QVERIFY2(kSpeed.match(QString::fromUtf8(run.err)).hasMatch(), run.err.constData());
        QVERIFY(!QFile::exists(data.filePath("d"))); // no database, no directory
    }

    void printsJson() {
        const auto run = runProgram({"chat", "-m", m_model, "-p", "What is the capital of France?", "--temperature",
                                     "0", "--compute", "f32", "--seed", "5", "--max-tokens", "4", "--json"});
        QCOMPARE(run.exitCode, 0);
        const auto json = QJsonDocument::fromJson(run.out).object();
        QCOMPARE(json["text"].toString(), QString("The capital of France"));
        QCOMPARE(json["reasoning"].toString(), QString());
        QCOMPARE(json["tokens"].toArray().size(), 4);
        QCOMPARE(json["finish_reason"].toString(), QString("length"));
        QCOMPARE(json["seed"].toInt(), 5);
        QCOMPARE(json["usage"].toObject()["completion_tokens"].toInt(), 4);
        QVERIFY(json["usage"].toObject()["prompt_tokens"].toInt() > 10);
        QVERIFY(json["timings"].toObject().contains("decode_tokens_per_second"));
        QVERIFY(!json["model"].toString().isEmpty());
    }

    void theSameSeedGivesTheSameTextWithOneAndTwoThreads() {
        QStringList arguments{"chat",   "-m", m_model,        "-p", "Tell me a story.", "--temperature", "1",
                              "--seed", "11", "--max-tokens", "40", "--threads"};
        const auto one = runProgram(arguments + QStringList{"1"});
        const auto two = runProgram(arguments + QStringList{"2"});
        QCOMPARE(one.exitCode, 0);
        QVERIFY(one.out.size() > 20);
        QCOMPARE(one.out, two.out);
    }

    void aQuestionCanBeRead() {
        QTemporaryDir directory;
        const auto path = directory.filePath("question");
        QVERIFY(writeFile(path, "What is the capital of France?\n"));
        const QByteArray answer("The capital of France is Paris.\n");
        QCOMPARE(runProgram({"chat", "-m", m_model, "-f", path, "--temperature", "0", "--compute", "f32",
                             "--max-tokens", "50"})
                     .out,
                 answer);
        QCOMPARE(runProgram(
                     {"chat", "-m", m_model, "-p", "-", "--temperature", "0", "--compute", "f32", "--max-tokens", "50"},
                     {}, "What is the capital of France?")
                     .out,
                 answer);
    }

    void withoutAQuestionItIsAConversation() {
        const auto run =
            runProgram({"chat", "-m", m_model, "--temperature", "0", "--compute", "f32", "--max-tokens", "20"}, {},
                       "What is the capital of France?\n\n   \nAnd of Italy?\n");
        QCOMPARE(run.exitCode, 0);
        const auto lines = run.out.split('\n');
        QCOMPARE(lines[0], QByteArray("The capital of France is Paris."));
        QVERIFY2(run.out.contains("Rome"), run.out.constData());
        QCOMPARE(run.err.count("prefill"), 2);
    }

    void whatIsKeptIsNotReadAgainUntilItIsForgotten() {
        QTemporaryDir directory;
        const auto kept = directory.filePath("d/kept");
        const auto ask = [&](const QStringList& more) {
            const QString text = QString("The lighthouse stood on the rock above the grey sea. ").repeated(20);
            const auto run = runProgram(QStringList{"chat", "--data-dir", directory.filePath("d"), "-m", m_model, "-p",
                                                    text, "--temperature", "0", "--max-tokens", "8", "--json"} +
                                        more);
            return QJsonDocument::fromJson(run.out).object();
        };
        const auto first = ask({"--keep", "sea"});
        const int prompt = first["usage"].toObject()["prompt_tokens"].toInt();
        QVERIFY(prompt > 200);
        QCOMPARE(first["usage"].toObject()["restored_tokens"].toInt(), 0);
        QCOMPARE(QDir(kept).entryList(QDir::Files).size(), 1);
        QCOMPARE(QFileInfo(kept).permissions() & kOthers, QFile::Permissions());

        const auto second = ask({"--keep", "sea"});
        // Whole pages of what was read and written stay; the prompt's last token is always read.
        const int read = prompt + first["usage"].toObject()["completion_tokens"].toInt() - 1;
        QCOMPARE(second["usage"].toObject()["restored_tokens"].toInt(), std::min(prompt - 1, read / 64 * 64));
        QCOMPARE(second["text"], first["text"]);
        QCOMPARE(ask({"--keep", "hills"})["usage"].toObject()["restored_tokens"].toInt(), 0);
        QCOMPARE(ask({})["usage"].toObject()["restored_tokens"].toInt(), 0);

        const auto forget = [&](const QString& what) {
            return runProgram({"forget", "--data-dir", directory.filePath("d"), what}).exitCode;
        };
        QCOMPARE(forget("sea"), 0);
        QCOMPARE(QDir(kept).entryList(QDir::Files).size(), 1);
        QCOMPARE(forget("--all"), 0);
        QVERIFY(QDir(kept).isEmpty());
        QCOMPARE(runProgram({"forget", "--data-dir", directory.filePath("none"), "--all"}).exitCode, 0);
        QVERIFY(!QFile::exists(directory.filePath("none")));
        QCOMPARE(runProgram({"forget"}).exitCode, 2);
    }

    void aConversationThatDoesNotFitIsAFailureWithFigures() {
        const auto run = runProgram({"chat", "-m", m_model, "--context", "64", "-p", QString("word ").repeated(100)});
        QCOMPARE(run.exitCode, 1);
        QVERIFY(run.out.isEmpty());
        QVERIFY2(run.err.contains("64"), run.err.constData());
    }

    void interruptingStopsTheAnswer() {
        QProcess process;
        process.setProcessEnvironment(programEnvironment({}));
        process.start(programPath(),
                      {"chat", "-m", m_model, "-p", "Write a very long story about the sea.", "--temperature", "0"});
        QVERIFY(process.waitForReadyRead(60'000));
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 1);
        QVERIFY(process.readAllStandardOutput().endsWith('\n'));
        QVERIFY(process.readAllStandardError().contains("interrupted"));
    }

    void aReaderThatGoesAwayEndsItQuietly() {
        QProcess process;
        process.setProcessEnvironment(programEnvironment({}));
        process.start("/bin/bash",
                      {"-c",
                       "\"$0\" chat -m \"$1\" -p 'Write a very long story about the sea.' --temperature 0 | head -c 3; "
                       "echo \" ${PIPESTATUS[0]}\"",
                       programPath(), m_model});
        QVERIFY(process.waitForFinished(120'000));
        QVERIFY(process.readAllStandardOutput().endsWith(" 1\n"));
        QCOMPARE(process.readAllStandardError(), QByteArray());
    }

private:
    QString m_model;
};

ALCUIN_TEST(TestChatCommand)
#include "tst_chat_command.moc"
