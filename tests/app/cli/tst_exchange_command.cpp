#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLockFile>
#include <QTemporaryDir>

#include "program.h"
#include "support/test_registry.h"

using namespace alcuin::tests;

namespace {

const QString kSamples = QStringLiteral(ALCUIN_SOURCE_DIR "/tests/app/exchange/samples");

/// A data directory, and the program run on it.
struct Home {
    QTemporaryDir directory;

    QString data() const {
        return directory.filePath("data");
    }
    ProgramRun run(QStringList arguments) const {
        return runProgram(QStringList{"--data-dir", data()} + arguments);
    }
    /// Ids, newest first.
    QStringList ids() const {
        QStringList ids;
        for (const auto& line : run({"export", "--list"}).out.split('\n')) {
            if (!line.isEmpty()) {
                ids << QString::fromUtf8(line.left(line.indexOf('\t')));
            }
        }
        return ids;
    }
};

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QJsonArray conversationsIn(const QByteArray& json) {
    return QJsonDocument::fromJson(json).object().value("conversations").toArray();
}

} // namespace

/// `alcuin export` and `alcuin import`.
class TestExchangeCommand : public QObject {
    Q_OBJECT
private slots:
    void everySampleIsTakenInOnce();
    void anExportMakesTheSameConversationsElsewhere();
    void oneConversationGoesToStandardOutput();
    void manyGoIntoAFolder();
    void whatCanNotBeReadFailsAndTheRestIsTaken();
    void wrongUsageIsTwo_data();
    void wrongUsageIsTwo();
    void aDirectoryInUseIsRefused();
    void anExportWithoutConversationsSaysSo();
};

void TestExchangeCommand::everySampleIsTakenInOnce() {
    const Home home;
    const auto first = home.run({"import", kSamples});
    QCOMPARE(first.exitCode, 0);
    QVERIFY2(first.err.startsWith("9 conversations imported. 2 were here already."), first.err);
    QVERIFY(first.err.contains("3 × pictures") || first.err.contains("2 × pictures"));
    QVERIFY(first.out.isEmpty());
    const auto again = home.run({"import", kSamples});
    QCOMPARE(again.exitCode, 0);
    QCOMPARE(again.err, QByteArray("Nothing new was imported. 11 were here already. Left out: 2 × conversations "
                                   "without messages.\n"));
    QCOMPARE(home.ids().size(), 9);
}

void TestExchangeCommand::anExportMakesTheSameConversationsElsewhere() {
    const Home from;
    QCOMPARE(from.run({"import", kSamples}).exitCode, 0);
    const QString file = from.directory.filePath("all.json");
    const auto exported = from.run({"export", "--all", "-o", file});
    QCOMPARE(exported.exitCode, 0);
    QVERIFY(exported.err.startsWith("9 conversations exported to "));
    QCOMPARE(QFile::permissions(file) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
             QFile::Permissions());
    const Home to;
    QCOMPARE(to.run({"import", file}).exitCode, 0);
    QCOMPARE(to.ids(), from.ids());
    QCOMPARE(conversationsIn(to.run({"export", "--all"}).out), conversationsIn(contentOf(file)));
    QCOMPARE(conversationsIn(contentOf(file)).size(), 9);
}

void TestExchangeCommand::oneConversationGoesToStandardOutput() {
    const Home home;
    QCOMPARE(home.run({"import", kSamples + "/jan"}).exitCode, 0);
    const auto id = home.ids().value(0);
    const auto markdown = home.run({"export", "--format", "markdown", id.left(6)});
    QCOMPARE(markdown.exitCode, 0);
    QVERIFY(markdown.err.isEmpty());
    QVERIFY(markdown.out.startsWith("---\ntitle: \"Tea\"\n"));
    const auto html = home.run({"export", "--format", "html", id});
    QVERIFY(html.out.startsWith("<!DOCTYPE html>") && html.out.contains("<h1>Tea</h1>"));
    QCOMPARE(conversationsIn(home.run({"export", id}).out).size(), 1);
}

void TestExchangeCommand::manyGoIntoAFolder() {
    const Home home;
    QCOMPARE(home.run({"import", kSamples + "/gpt4all", kSamples + "/jan/threads/jan_1735689700"}).exitCode, 0);
    const QString folder = home.directory.filePath("new/folder");
    QCOMPARE(home.run({"export", "--all", "--format", "markdown", "-o", folder}).exitCode, 0);
    QCOMPARE(QDir(folder).entryList(QDir::Files), QStringList({"2025-01-01 Tea.md", "2025-01-01 Version 10.md",
                                                               "2025-01-01 Version 12.md", "2025-01-01 Version 8.md"}));
    // A second time nothing is replaced.
    QCOMPARE(home.run({"export", "--all", "--format", "markdown", "-o", folder}).exitCode, 0);
    QCOMPARE(QDir(folder).entryList(QDir::Files).size(), 8);
}

void TestExchangeCommand::whatCanNotBeReadFailsAndTheRestIsTaken() {
    const Home home;
    const QString notes = home.directory.filePath("notes.json");
    QVERIFY(writeFile(notes, "{\"my\": \"notes\"}"));
    const auto run = home.run({"import", notes, kSamples + "/chatgpt/export.zip"});
    QCOMPARE(run.exitCode, 1);
    QVERIFY(run.err.contains("2 conversations imported."));
    QVERIFY(run.err.contains("alcuin: " + notes.toUtf8() + " isn't an export that Alcuin knows."));
    const auto missing = home.run({"import", "/nonexistent.json"});
    QCOMPARE(missing.exitCode, 1);
    QCOMPARE(missing.err, QByteArray("alcuin: There is no file or folder /nonexistent.json.\n"));
}

void TestExchangeCommand::wrongUsageIsTwo_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("export what") << QStringList{"export"};
    QTest::newRow("ids and all") << QStringList{"export", "--all", "abc"};
    QTest::newRow("unknown format") << QStringList{"export", "--all", "--format", "pdf"};
    QTest::newRow("import what") << QStringList{"import"};
    QTest::newRow("many to standard output") << QStringList{"export", "--all", "--format", "html"};
}

void TestExchangeCommand::wrongUsageIsTwo() {
    QFETCH(QStringList, arguments);
    const Home home;
    QCOMPARE(home.run({"import", kSamples + "/chatgpt"}).exitCode, 0);
    const auto run = home.run(arguments);
    QCOMPARE(run.exitCode, 2);
    QVERIFY(run.err.startsWith("alcuin: "));
    QVERIFY(run.out.isEmpty());
}

void TestExchangeCommand::aDirectoryInUseIsRefused() {
    const Home home;
    QCOMPARE(home.run({"import", kSamples + "/jan"}).exitCode, 0);
    QLockFile lock(home.data() + "/alcuin.lock");
    QVERIFY(lock.tryLock(0));
    for (const auto& arguments : {QStringList{"export", "--all"}, QStringList{"import", kSamples}}) {
        const auto run = home.run(arguments);
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.err.startsWith("alcuin: Alcuin is running and uses "), run.err);
        QVERIFY(run.out.isEmpty());
    }
    lock.unlock();
    QCOMPARE(home.ids().size(), 1);
}

void TestExchangeCommand::anExportWithoutConversationsSaysSo() {
    const Home home;
    const auto run = home.run({"export", "--all"});
    QCOMPARE(run.exitCode, 1);
    QVERIFY(run.err.startsWith("alcuin: There are no conversations in "));
    QVERIFY(!QFileInfo::exists(home.data()));
}

ALCUIN_TEST(TestExchangeCommand)
#include "tst_exchange_command.moc"
