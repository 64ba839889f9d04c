#include "support/test_registry.h"

#include <fstream>
#include <iterator>
#include <sstream>

#include "formats/gguf.h"
#include "golden_corpus.h"
#include "tokenizer/gguf_tokenizer.h"

using namespace alcuin::inference;
using alcuin::tests::CorpusText;
using alcuin::tests::shown;

/// Vocabularies too large to be kept here; ALCUIN_VOCAB_DIR says where llama.cpp's ggml-vocab-*.gguf are.
class OtherVocabulariesTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void theReferencesIds_data();
    void theReferencesIds();
    void llamaCppsOwnTestsPass_data();
    void llamaCppsOwnTestsPass();

private:
    QString folder_;
};

void OtherVocabulariesTest::init() {
    folder_ = qEnvironmentVariable("ALCUIN_VOCAB_DIR");
    if (folder_.isEmpty()) {
        ALCUIN_SKIP("ALCUIN_VOCAB_DIR doesn't say where llama.cpp's ggml-vocab-*.gguf are");
    }
}

void OtherVocabulariesTest::theReferencesIds_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("llama-bpe") << "llama-bpe";
    QTest::newRow("qwen2") << "qwen2";
}

void OtherVocabulariesTest::theReferencesIds() {
    QFETCH(QString, name);
    const auto tokenizer = loadTokenizer((folder_ + "/ggml-vocab-" + name + ".gguf").toStdString());
    QVERIFY2(tokenizer.has_value(), tokenizer ? "" : tokenizer.error().message.c_str());
    const auto corpus = alcuin::tests::goldenCorpus();
    const std::string difference =
        alcuin::tests::firstDifference(**tokenizer, corpus, "ids_" + name.toStdString() + ".json");
    QVERIFY2(difference.empty(), difference.c_str());
    // These two have a token for every byte, so nothing is lost on the way there and back.
    for (const CorpusText& text : corpus) {
        QVERIFY2(alcuin::tests::decoded(
                     **tokenizer, (*tokenizer)->encode(text.original, SpecialTokens::kAsPlainText)) == text.repaired,
                 shown(text.original).c_str());
    }
}

void OtherVocabulariesTest::llamaCppsOwnTestsPass_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("preTokenizer");
    QTest::newRow("llama-bpe") << "llama-bpe"
                               << "llama-bpe";
    QTest::newRow("qwen2") << "qwen2"
                           << "qwen2";
    QTest::newRow("starcoder, which is cut as smollm is") << "starcoder"
                                                          << "smollm";
}

void OtherVocabulariesTest::llamaCppsOwnTestsPass() {
    QFETCH(QString, name);
    QFETCH(QString, preTokenizer);
    const std::string base = (folder_ + "/ggml-vocab-" + name + ".gguf").toStdString();
    const auto file = GgufFile::open(base);
    QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());
    Metadata metadata = file->metadata();
    metadata.set("tokenizer.ggml.pre", preTokenizer.toStdString());
    const auto tokenizer = tokenizerFromMetadata(metadata);
    QVERIFY2(tokenizer.has_value(), tokenizer ? "" : tokenizer.error().message.c_str());

    std::ifstream inputs(base + ".inp", std::ios::binary);
    std::ifstream outputs(base + ".out");
    std::stringstream all;
    all << inputs.rdbuf();
    QList<QByteArray> texts =
        QString::fromStdString(all.str()).toUtf8().replace("\n__ggml_vocab_test__\n", QByteArray(1, '\0')).split('\0');
    texts.removeLast(); // nothing stands behind the last separator
    QVERIFY(texts.size() > 40);
    for (const QByteArray& text : texts) {
        std::string line;
        QVERIFY(std::getline(outputs, line));
        std::istringstream numbers(line);
        const std::vector<Token> want{std::istream_iterator<Token>(numbers), {}};
        const auto got = (*tokenizer)->encode(text.toStdString(), SpecialTokens::kAsPlainText);
        QVERIFY2(got == want, (shown(text.toStdString()) + ": " + shown(got) + "want " + shown(want)).c_str());
    }
}

ALCUIN_TEST(OtherVocabulariesTest)
#include "tst_other_vocabularies.moc"
