#include <QTemporaryDir>

#include "byte_model.h"
#include "program.h"
#include "support/test_registry.h"

using namespace alcuin::tests;

class TestRenderCommand : public QObject {
    Q_OBJECT

private slots:
    void printsExactlyWhatTheTemplateMakes() {
        const auto source =
            file("t", "{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
                      "{% if add_generation_prompt %}go{% endif %}{{ extra }}{{ tools | length }}");
        const auto input = file("i", R"({"messages": [{"role": "user", "content": "ä <|im_end|>"}], "tools": [1, 2],
                                         "bos_token": "<s>", "add_generation_prompt": true, "extra": "!"})");
        const auto run = runProgram({"render", "--template", source, "--input", input});
        QCOMPARE(run.err, QByteArray());
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(run.out, QByteArray("<s>user: ä <|im_end|>\ngo!2"));
    }

    void takesTemplateAndTokensFromAModel() {
        const auto model = m_directory.filePath("m.gguf");
        QVERIFY(writeByteModel(model, "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}"));
        const auto input = file("i", R"({"messages": [{"role": "user", "content": "x"}]})");
        QCOMPARE(runProgram({"render", "-m", model, "--input", input}).out, QByteArray("<|im_start|>x<|im_end|>"));
        const auto own = file("i", R"({"messages": [{"role": "user", "content": "x"}], "bos_token": "B"})");
        QCOMPARE(runProgram({"render", "-m", model, "--input", own}).out, QByteArray("Bx<|im_end|>"));
    }

    void failuresNameTheirReason() {
        const auto good = file("i", R"({"messages": []})");
        const auto source = file("t", "{{ messages }}\n{{ raise_exception('Only one!') }}");
        const auto raised = runProgram({"render", "--template", source, "--input", good});
        QCOMPARE(raised.exitCode, 1);
        QVERIFY(raised.out.isEmpty());
        QVERIFY(raised.err.startsWith("alcuin: "));
        QVERIFY(raised.err.contains("Only one!"));

        const auto wrong = file("w", "one\n{% nonsense %}");
        const auto unknown = runProgram({"render", "--template", wrong, "--input", good});
        QCOMPARE(unknown.exitCode, 1);
        QVERIFY2(unknown.err.contains("ine 2"), unknown.err.constData());

        for (const char* input : {"", "[]", "{}", R"({"messages": 1})", R"({"messages": [], "bos_token": 1})"}) {
            const auto run = runProgram({"render", "--template", file("t", "x"), "--input", file("i", input)});
            QCOMPARE(run.exitCode, 1);
            QVERIFY(run.err.startsWith("alcuin: "));
        }
        QVERIFY(writeByteModel(m_directory.filePath("bare.gguf")));
        const auto bare = runProgram({"render", "-m", m_directory.filePath("bare.gguf"), "--input", good});
        QCOMPARE(bare.exitCode, 1);
        QVERIFY(bare.err.contains("no chat template"));
    }

private:
    QString file(const char* name, const QByteArray& content) {
        const auto path = m_directory.filePath(QString::fromLatin1(name));
        return writeFile(path, content) ? path : QString();
    }
    QTemporaryDir m_directory;
};

ALCUIN_TEST(TestRenderCommand)
#include "tst_render_command.moc"
