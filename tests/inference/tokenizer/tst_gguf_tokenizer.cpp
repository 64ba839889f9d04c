#include "support/test_registry.h"

#include <random>

#include "small_vocabulary.h"
#include "tokenizer/gguf_tokenizer.h"

using namespace alcuin::inference;
using alcuin::tests::SmallVocabulary;

class GgufTokenizerTest : public QObject {
    Q_OBJECT

private slots:
    void whatContradictsItselfIsCorrupt_data();
    void whatContradictsItselfIsCorrupt();
    void whatIsMissingIsNamed();
    void foreignTokenizersAreUnsupported();
    void beginningsOfTextAreAddedWhereTheFileSaysSo();
    void equalHashesMeanEqualIds();
    void mergesIntoControlTokensAreLeftOut();
    void emptyTokensAreAllowed();
    void missingFilesAreNamed();
    void randomVocabulariesAndTextsAreHarmless();
};

namespace {
using Change = std::function<void(SmallVocabulary&, Metadata&)>;
} // namespace
Q_DECLARE_METATYPE(Change)

void GgufTokenizerTest::whatContradictsItselfIsCorrupt_data() {
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("names");
    const auto row = [](const char* name, const char* names, Change change) { QTest::newRow(name) << change << names; };
    const auto tokens = [](Metadata& m, const SmallVocabulary& v) { m.set("tokenizer.ggml.tokens", v.tokens); };
    const auto types = [](Metadata& m, const SmallVocabulary& v) { m.set("tokenizer.ggml.token_type", v.types); };
    const auto merges = [](Metadata& m, const SmallVocabulary& v) { m.set("tokenizer.ggml.merges", v.merges); };
    row("fewer types than tokens", "types", [=](auto& v, auto& m) { v.types.pop_back(), types(m, v); });
    row("more types than tokens", "types", [=](auto& v, auto& m) { v.types.push_back(1), types(m, v); });
    row("type 0", "Token 3", [=](auto& v, auto& m) { v.types[3] = 0, types(m, v); });
    row("type 7", "type 7", [=](auto& v, auto& m) { v.types[3] = 7, types(m, v); });
    row("negative type", "-1", [=](auto& v, auto& m) { v.types[3] = -1, types(m, v); });
    row("no tokens", "no tokens",
        [=](auto& v, auto& m) { v.tokens.clear(), v.types.clear(), tokens(m, v), types(m, v); });
    row("the same token twice", "Tokens 5 and 9", [=](auto& v, auto& m) { v.tokens[9] = v.tokens[5], tokens(m, v); });
    row("token not UTF-8", "Token 9", [=](auto& v, auto& m) { v.tokens[9] = "\xFF", tokens(m, v); });
    row("endless control token", "bytes long",
        [=](auto& v, auto& m) { v.add(std::string(5000, 'x'), 3), tokens(m, v), types(m, v); });
    row("merge of an unknown token", "Merge 9", [=](auto& v, auto& m) { v.merges.emplace_back("q zz"), merges(m, v); });
    row("merge into an unknown token", "Merge 9",
        [=](auto& v, auto& m) { v.merges.emplace_back("q q"), merges(m, v); });
    row("merge of one part", "Merge 9", [=](auto& v, auto& m) { v.merges.emplace_back("hello"), merges(m, v); });
    row("merge with an empty part", "Merge 9", [=](auto& v, auto& m) { v.merges.emplace_back("h "), merges(m, v); });
    row("empty merge", "Merge 9", [=](auto& v, auto& m) { v.merges.emplace_back(), merges(m, v); });
    for (const char* role : {"bos", "eos", "eot", "eom"}) {
        const std::string key = std::string("tokenizer.ggml.") + role + "_token_id";
        row((std::string(role) + " beyond the vocabulary").c_str(), key.c_str(),
            [key](auto& v, auto& m) { m.set(key, std::uint64_t{v.tokens.size()}); });
        row((std::string(role) + " negative").c_str(), key.c_str(),
            [key](auto&, auto& m) { m.set(key, std::int64_t{-1}); });
        row((std::string(role) + " a text").c_str(), key.c_str(),
            [key](auto&, auto& m) { m.set(key, std::string("1")); });
    }
    row("adds a beginning that it doesn't have", "beginning-of-text",
        [](auto&, auto& m) { m.set("tokenizer.ggml.add_bos_token", true); });
    row("tokens are numbers", "tokenizer.ggml.tokens", [](auto&, auto& m) {
        m.set("tokenizer.ggml.tokens", std::vector<std::uint64_t>{1, 2});
    });
    row("types are texts", "tokenizer.ggml.token_type",
        [](auto&, auto& m) { m.set("tokenizer.ggml.token_type", std::vector<std::string>{"a"}); });
}

void GgufTokenizerTest::whatContradictsItselfIsCorrupt() {
    QFETCH(Change, change);
    QFETCH(QString, names);
    SmallVocabulary vocabulary;
    Metadata metadata = vocabulary.metadata();
    QVERIFY(tokenizerFromMetadata(metadata).has_value());
    change(vocabulary, metadata);
    const auto made = tokenizerFromMetadata(metadata);
    QVERIFY(!made.has_value());
    QVERIFY(made.error().code == ErrorCode::kCorrupt);
    QVERIFY2(QString::fromStdString(made.error().message).contains(names), made.error().message.c_str());
}

void GgufTokenizerTest::whatIsMissingIsNamed() {
    const Metadata whole = SmallVocabulary().metadata();
    for (const char* key : {"model", "tokens", "token_type", "merges"}) {
        Metadata metadata;
        for (const auto& [name, value] : whole.entries()) {
            if (name != std::string("tokenizer.ggml.") + key) {
                metadata.set(name, value);
            }
        }
        const auto made = tokenizerFromMetadata(metadata);
        QVERIFY(!made && made.error().code == ErrorCode::kCorrupt);
        QVERIFY2(made.error().message.find(key) != std::string::npos, made.error().message.c_str());
    }
}

void GgufTokenizerTest::foreignTokenizersAreUnsupported() {
    SmallVocabulary vocabulary;
    vocabulary.model = "llama";
    auto made = tokenizerFromMetadata(vocabulary.metadata());
    QVERIFY(!made && made.error().code == ErrorCode::kUnsupported);
    QVERIFY(made.error().message.find("llama") != std::string::npos);
    vocabulary.model = "gpt2";
    for (const char* name : {"", "default", "deepseek-v3"}) {
        vocabulary.preTokenizer = name;
        made = tokenizerFromMetadata(vocabulary.metadata());
        QVERIFY(!made && made.error().code == ErrorCode::kUnsupported);
    }
}

void GgufTokenizerTest::beginningsOfTextAreAddedWhereTheFileSaysSo() {
    SmallVocabulary vocabulary;
    const auto adds = [&](bool hasBeginning, std::optional<bool> says) {
        Metadata metadata = vocabulary.metadata();
        if (hasBeginning) {
            metadata.set("tokenizer.ggml.bos_token_id", static_cast<std::uint64_t>(vocabulary.control));
        }
        if (says) {
            metadata.set("tokenizer.ggml.add_bos_token", *says);
        }
        return tokenizerFromMetadata(metadata).value()->addsBeginningOfText();
    };
    QVERIFY(!adds(true, std::nullopt));
    QVERIFY(!adds(true, false));
    QVERIFY(adds(true, true));
    vocabulary.preTokenizer = "llama-bpe";
    QVERIFY(adds(true, std::nullopt));
    QVERIFY(!adds(true, false));
    QVERIFY(!adds(false, std::nullopt));
}

void GgufTokenizerTest::equalHashesMeanEqualIds() {
    const auto hash = [](const SmallVocabulary& vocabulary) { return vocabulary.tokenizer()->vocabularyHash(); };
    const SmallVocabulary plain;
    QCOMPARE(hash(plain), hash(SmallVocabulary()));
    SmallVocabulary changed;
    changed.preTokenizer = "qwen2";
    QVERIFY(hash(changed) != hash(plain));
    SmallVocabulary alias;
    alias.preTokenizer = "deepseek-r1-qwen";
    QCOMPARE(hash(alias), hash(changed));
    changed = SmallVocabulary();
    std::swap(changed.tokens[4], changed.tokens[5]);
    QVERIFY(hash(changed) != hash(plain));
    changed = SmallVocabulary();
    changed.types.back() = 3;
    QVERIFY(hash(changed) != hash(plain));
    changed = SmallVocabulary();
    std::swap(changed.merges[0], changed.merges[1]);
    QVERIFY(hash(changed) != hash(plain));
    // Stored beside answers, so it may not change from one version of the program to the next. Computed in Python.
    QCOMPARE(hash(plain), std::uint64_t{7041829848557666703U});
}

void GgufTokenizerTest::mergesIntoControlTokensAreLeftOut() {
    SmallVocabulary vocabulary;
    vocabulary.add("xy", 3);
    vocabulary.merges.emplace_back("x y");
    const auto tokenizer = vocabulary.tokenizer();
    QVERIFY(tokenizer->encode("xy", SpecialTokens::kAsPlainText) == (std::vector<Token>{'x', 'y'}));
}

void GgufTokenizerTest::emptyTokensAreAllowed() {
    SmallVocabulary vocabulary;
    vocabulary.add("", 1);
    vocabulary.add("", 3);
    vocabulary.add("", 4);
    const auto tokenizer = vocabulary.tokenizer();
    QVERIFY(tokenizer->encode("ab", SpecialTokens::kRecognised) == (std::vector<Token>{'a', 'b'}));
    QCOMPARE(tokenizer->find(""), -1);
}

void GgufTokenizerTest::missingFilesAreNamed() {
    const auto loaded = loadTokenizer("/nowhere/model.gguf");
    QVERIFY(!loaded && loaded.error().code == ErrorCode::kNotFound);
    QVERIFY(loaded.error().message.find("/nowhere/model.gguf") != std::string::npos);
}

/// Whatever a file and a text say: an error with words or ids of the vocabulary, never a crash.
void GgufTokenizerTest::randomVocabulariesAndTextsAreHarmless() {
    std::mt19937 random(99);
    const auto randomBytes = [&](std::size_t most) {
        std::string bytes(random() % (most + 1), '\0');
        for (char& byte : bytes) {
            byte = static_cast<char>(random() % 4 == 0 ? random() % 256 : "<|ahelo> \n'1"[random() % 12]);
        }
        return bytes;
    };
    std::size_t accepted = 0;
    for (int round = 0; round < 1500; ++round) {
        SmallVocabulary vocabulary;
        vocabulary.preTokenizer = std::array{"smollm", "llama-bpe", "qwen2"}[random() % 3];
        for (auto changes = random() % 6; changes > 0; --changes) {
            const auto at = random() % vocabulary.tokens.size();
            switch (random() % 6) {
            case 0:
                vocabulary.types[at] = static_cast<std::int64_t>(random() % 8);
                break;
            case 1:
                vocabulary.tokens[at] = randomBytes(6);
                break;
            case 2:
                vocabulary.merges.push_back(randomBytes(6));
                break;
            case 3:
                vocabulary.add(randomBytes(12), static_cast<std::int64_t>(1 + random() % 6));
                break;
            case 4:
                vocabulary.merges.push_back(vocabulary.tokens[at] + " " + vocabulary.tokens[random() % 266]);
                break;
            default:
                vocabulary.types[at] = 3;
            }
        }
        const auto made = tokenizerFromMetadata(vocabulary.metadata());
        if (!made) {
            QVERIFY(!made.error().message.empty());
            continue;
        }
        ++accepted;
        for (int text = 0; text < 20; ++text) {
            const std::string bytes = randomBytes(80);
            std::vector<TextRun> runs;
            for (auto count = random() % 5; count > 0; --count) {
                runs.push_back({random() % 90, random() % 90, static_cast<std::uint32_t>(random() % 2)});
            }
            for (const auto& tokens :
                 {(*made)->encode(bytes, SpecialTokens::kAsPlainText),
                  (*made)->encode(bytes, SpecialTokens::kRecognised), (*made)->encode(bytes, runs)}) {
                for (const Token token : tokens) {
                    QVERIFY(token >= 0 && static_cast<std::size_t>(token) < (*made)->vocabularySize());
                }
            }
        }
    }
    QVERIFY(accepted > 300);
}

ALCUIN_TEST(GgufTokenizerTest)
#include "tst_gguf_tokenizer.moc"
