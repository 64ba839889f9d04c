#include <QTemporaryDir>

#include "byte_model.h"
#include "program.h"
#include "support/real_model.h"
#include "support/test_registry.h"

using namespace alcuin::tests;

class TestTokenizeCommand : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(writeByteModel(m_directory.filePath("bytes.gguf")));
    }

    void printsIdsAndPieces() {
        const auto run = runProgram({"tokenize", "-m", "bytes", "-p", "a\\\t"}, m_directory.path());
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(run.out, QByteArray("97\ta\n92\t\\\\\n9\tĉ\n"));
        QVERIFY(run.err.isEmpty());
    }

    void specialTokensArePlainTextUnlessAskedFor() {
        const QStringList base{"tokenize", "-m", m_directory.filePath("bytes.gguf"), "-p", "<|im_end|>", "--json"};
        QCOMPARE(runProgram(base).out, QByteArray("[60,124,105,109,95,101,110,100,124,62]\n"));
        QCOMPARE(runProgram(base + QStringList{"--special"}).out, QByteArray("[257]\n"));
        QCOMPARE(runProgram(base + QStringList{"--special", "--bos"}).out, QByteArray("[256,257]\n"));
    }

    void aFileIsReadToTheByte() {
        const auto path = m_directory.filePath("text");
        QVERIFY(writeFile(path, QByteArray("a\0\n\n", 4)));
        const auto run = runProgram({"tokenize", "-f", path, "--json"}, m_directory.path());
        QCOMPARE(run.out, QByteArray("[97,0,10,10]\n"));
        const auto piped = runProgram({"tokenize", "-p", "-", "--json"}, m_directory.path(), "b\n");
        QCOMPARE(piped.out, QByteArray("[98,10]\n"));
        QVERIFY(writeFile(path, {}));
        QCOMPARE(runProgram({"tokenize", "-f", path, "--json"}, m_directory.path()).out, QByteArray("[]\n"));
    }

    void aModelIsFoundByTheBeginningOfItsName() {
        QCOMPARE(runProgram({"tokenize", "-m", "BYT", "-p", "a", "--json"}, m_directory.path()).out,
                 QByteArray("[97]\n"));
        QVERIFY(writeByteModel(m_directory.filePath("bytes2.gguf")));
        const auto run = runProgram({"tokenize", "-m", "byt", "-p", "a"}, m_directory.path());
        QCOMPARE(run.exitCode, 1);
        QVERIFY(run.err.contains("bytes.gguf"));
        QVERIFY(run.err.contains("bytes2.gguf"));
    }

    void badFilesAreFailuresInWords_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("foreign") << QByteArray("PK\x03\x04 something else entirely, but long enough to be read");
        QTest::newRow("cut off in the header") << QByteArray("GGUF\x03\0\0\0\x05\0\0\0", 12);
        QTest::newRow("newer") << QByteArray("GGUF\x09\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24);
        QTest::newRow("big-endian") << QByteArray("GGUF\0\0\0\x03\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24);
    }

    void badFilesAreFailuresInWords() {
        QFETCH(QByteArray, content);
        QTemporaryDir directory;
        const auto path = directory.filePath("bad.gguf");
        QVERIFY(writeFile(path, content));
        for (const auto& arguments :
             {QStringList{"tokenize", "-m", path, "-p", "x"}, QStringList{"chat", "-m", path, "-p", "x"},
              QStringList{"render", "-m", path, "--input", "/dev/null"}}) {
            const auto run = runProgram(arguments);
            QCOMPARE(run.exitCode, 1);
            QVERIFY(run.out.isEmpty());
            QVERIFY(run.err.startsWith("alcuin: "));
            QVERIFY2(run.err.contains("bad.gguf"), run.err.constData());
            QCOMPARE(run.err.count('\n'), 1);
        }
    }

    void missingFilesAreFailuresInWords() {
        const auto path = m_directory.filePath("none.gguf");
        for (const auto& arguments :
             {QStringList{"tokenize", "-m", path, "-p", "x"}, QStringList{"chat", "-m", path, "-p", "x"},
              QStringList{"tokenize", "-m", m_directory.filePath("bytes.gguf"), "-f", path}}) {
            const auto run = runProgram(arguments);
            QCOMPARE(run.exitCode, 1);
            QVERIFY(run.err.startsWith("alcuin: "));
            QVERIFY(run.err.contains("none.gguf"));
        }
        const auto unknown = runProgram({"chat", "-m", "nosuchmodel", "-p", "x"}, m_directory.path());
        QCOMPARE(unknown.exitCode, 1);
        QVERIFY(unknown.err.contains("alcuin models"));
    }

    void aTruncatedModelSaysHowMuchIsMissing() {
        if (realModelPath().isEmpty()) {
            ALCUIN_SKIP(kNoRealModel);
        }
        QTemporaryDir directory;
        QFile whole(realModelPath());
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const auto path = directory.filePath("short.gguf");
        constexpr qint64 kKept = 4'000'000;
        QVERIFY(writeFile(path, whole.read(kKept)));
        const auto run = runProgram({"chat", "-m", path, "-p", "x"});
        QCOMPARE(run.exitCode, 1);
        QVERIFY(run.err.contains("short.gguf"));
        QVERIFY(run.out.isEmpty());
    }

private:
    QTemporaryDir m_directory;
};

ALCUIN_TEST(TestTokenizeCommand)
#include "tst_tokenize_command.moc"
