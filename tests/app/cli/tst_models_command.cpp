#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include <filesystem>

#include "byte_model.h"
#include "program.h"
#include "support/test_registry.h"

using namespace alcuin::tests;

class TestModelsCommand : public QObject {
    Q_OBJECT

private slots:
    void listsModelsAndWhyOthersAreUnusable() {
        QTemporaryDir directory;
        QVERIFY(writeByteModel(directory.filePath("good.gguf")));
        QVERIFY(writeFile(directory.filePath("foreign.gguf"), "this is no model at all"));
        QVERIFY(writeFile(directory.filePath("readme.txt"), "no model"));
        const auto run = runProgram({"models"}, directory.path());
        QCOMPARE(run.exitCode, 0);
        const auto lines = run.out.split('\n');
        QVERIFY(lines[0].startsWith("NAME"));
        QVERIFY(lines[1].startsWith("Bytes"));
        QVERIFY(lines[1].contains("llama"));
        QVERIFY(lines[1].contains("512"));
        QVERIFY(lines[1].endsWith(directory.filePath("good.gguf").toUtf8()));
        QVERIFY(lines[2].startsWith("unusable: " + directory.filePath("foreign.gguf").toUtf8()));
        QVERIFY(!run.out.contains("readme"));
    }

    void printsJson() {
        QTemporaryDir directory;
        QVERIFY(writeByteModel(directory.filePath("b.gguf"), "{{ messages }}"));
        QVERIFY(writeFile(directory.filePath("a.gguf"), "GGUF"));
        const auto run = runProgram({"models", "--json"}, directory.path());
        QCOMPARE(run.exitCode, 0);
        const auto list = QJsonDocument::fromJson(run.out).array();
        QCOMPARE(list.size(), 2);
        QVERIFY(!list[0].toObject()["error"].toString().isEmpty());
        QCOMPARE(list[1].toObject()["name"].toString(), QString("Bytes"));
        QCOMPARE(list[1].toObject()["context_length"].toInt(), 512);
        QCOMPARE(list[1].toObject()["chat_template"].toBool(), true);
    }

    void anEmptyOrMissingDirectorySaysHowToGetAModel() {
        QTemporaryDir directory;
        for (const auto& path : {directory.path(), directory.filePath("none")}) {
            const auto run = runProgram({"models"}, path);
            QCOMPARE(run.exitCode, 0);
            QVERIFY(run.out.isEmpty());
            QVERIFY(run.err.contains("./dev model"));
            QCOMPARE(runProgram({"models", "--json"}, path).out, QByteArray("[]\n"));
        }
    }

    void aDirectoryThatCannotBeReadIsAFailure() {
        QTemporaryDir directory;
        const auto loop = directory.filePath("loop");
        std::filesystem::create_symlink(loop.toStdString(), loop.toStdString());
        const auto run = runProgram({"models"}, loop);
        QCOMPARE(run.exitCode, 1);
        QVERIFY(run.err.startsWith("alcuin: "));
        QVERIFY(run.err.contains(loop.toUtf8()));
        QVERIFY(writeFile(directory.filePath("file"), "x"));
        QCOMPARE(runProgram({"models"}, directory.filePath("file")).exitCode, 1);
    }

    void aClosedStandardOutputIsAFailure() {
        QProcess process;
        QTemporaryDir directory;
        QVERIFY(writeByteModel(directory.filePath("b.gguf")));
        process.setProcessEnvironment(programEnvironment(directory.path()));
        process.start("/bin/sh", {"-c", "exec \"$0\" models >&-", programPath()});
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 1);
        QVERIFY(process.readAllStandardError().startsWith("alcuin: Standard output"));
    }
};

ALCUIN_TEST(TestModelsCommand)
#include "tst_models_command.moc"
