#include "support/real_model.h"
#include "support/test_registry.h"

#include <memory>
#include <string>
#include <vector>

#include "golden_corpus.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/detokenizer.h"
#include "tokenizer/utf8.h"

using namespace alcuin::inference;
using alcuin::tests::CorpusText;
using alcuin::tests::shown;

namespace {

/// What a vocabulary that lacks tokens for some bytes keeps of a text.
std::string representable(const Tokenizer& tokenizer, const std::string& text) {
    std::string kept;
    for (const char byte : text) {
        if (tokenizer.find(spellByte(static_cast<std::uint8_t>(byte))) != -1) {
            kept += byte;
        }
    }
    return kept;
}

} // namespace

class TokenizerGoldenTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void smollmGivesTheReferencesIds();
    void theCorpusComesBack();
    void theRealFileHasItsRoles();

private:
    std::vector<CorpusText> corpus_;
    std::shared_ptr<const Tokenizer> tokenizer_;
};

void TokenizerGoldenTest::init() {
    if (tokenizer_) {
        return;
    }
    const QString path = alcuin::tests::realModelPath();
    if (path.isEmpty()) {
        ALCUIN_SKIP(alcuin::tests::kNoRealModel);
    }
    auto loaded = loadTokenizer(path.toStdString());
    QVERIFY2(loaded.has_value(), loaded ? "" : loaded.error().message.c_str());
    tokenizer_ = *loaded;
    corpus_ = alcuin::tests::goldenCorpus();
}

void TokenizerGoldenTest::smollmGivesTheReferencesIds() {
    const std::string difference = alcuin::tests::firstDifference(*tokenizer_, corpus_, "ids_smollm.json");
    QVERIFY2(difference.empty(), difference.c_str());
}

void TokenizerGoldenTest::theCorpusComesBack() {
    Detokenizer detokenizer(tokenizer_);
    std::size_t whole = 0;
    for (const CorpusText& text : corpus_) {
        const auto tokens = tokenizer_->encode(text.original, SpecialTokens::kAsPlainText);
        const std::string kept = representable(*tokenizer_, text.repaired);
        QVERIFY2(alcuin::tests::decoded(*tokenizer_, tokens) == kept, shown(text.original).c_str());
        std::string back;
        for (const Token token : tokens) {
            back += detokenizer.feed(token);
        }
        back += detokenizer.flush();
        QVERIFY2(back == RepairedText(kept).text(), shown(text.original).c_str());
        whole += back == text.repaired ? 1 : 0;
    }
    // Only texts with rare control characters or unassigned planes lose something.
    QVERIFY(whole * 10 > corpus_.size() * 9);
}

void TokenizerGoldenTest::theRealFileHasItsRoles() {
    const Tokenizer& tokenizer = *tokenizer_;
    QCOMPARE(tokenizer.vocabularySize(), std::size_t{49152});
    QCOMPARE(tokenizer.beginningOfText(), 1);
    QCOMPARE(tokenizer.endOfText(), 2);
    QVERIFY(!tokenizer.addsBeginningOfText());
    QVERIFY(tokenizer.isEndOfGeneration(2));
    QVERIFY(tokenizer.isEndOfGeneration(0));
    QVERIFY(!tokenizer.isEndOfGeneration(1));
    QCOMPARE(tokenizer.find("<|im_end|>"), 2);
    QVERIFY(tokenizer.isControl(2));
    QVERIFY(tokenizer.bytes(2).empty());
}

ALCUIN_TEST(TokenizerGoldenTest)
#include "tst_tokenizer_golden.moc"
