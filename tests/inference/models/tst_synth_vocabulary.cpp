#include <QTemporaryDir>
#include <QtTest/QTest>

#include <algorithm>
#include <unordered_set>

#include "chat/chat_template.h"
#include "formats/gguf_writer.h"
#include "models/synth.h"
#include "models/synth_model.h"
#include "step_runner.h"
#include "support/test_registry.h"
#include "tokenizer/gguf_tokenizer.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

/// The vocabularies that synth makes up are read by this program's own tokenizer, whose rules are the reference's.
class SynthVocabularyTest : public QObject {
    Q_OBJECT

private slots:
    void isWhole_data() {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<int>("size");
        QTest::addColumn<QString>("start");
        QTest::addColumn<int>("startId");
        QTest::addColumn<int>("endId");
        QTest::newRow("1.5b") << "r1-distill-qwen-1.5b" << 151936 << "<｜begin▁of▁sentence｜>" << 151646 << 151643;
        QTest::newRow("7b") << "r1-distill-qwen-7b" << 152064 << "<｜begin▁of▁sentence｜>" << 151646 << 151643;
        QTest::newRow("8b") << "r1-distill-llama-8b" << 128256 << "<｜begin▁of▁sentence｜>" << 128000 << 128001;
        QTest::newRow("135m") << "smollm2-135m" << 49152 << "<|im_start|>" << 1 << 2;
    }

    void isWhole() {
        QFETCH(QString, preset);
        QFETCH(int, size);
        QFETCH(QString, start);
        QFETCH(int, startId);
        QFETCH(int, endId);
        const auto metadata = metadataOf(preset.toStdString());
        const auto tokenizer = expectValue(tokenizerFromMetadata(metadata));
        QCOMPARE(tokenizer->vocabularySize(), static_cast<std::size_t>(size));
        QCOMPARE(tokenizer->find(start.toStdString()), startId);
        QCOMPARE(tokenizer->beginningOfText(), startId);
        QCOMPARE(tokenizer->endOfText(), endId);
        QVERIFY(tokenizer->isControl(startId) && tokenizer->isEndOfGeneration(endId));

        const std::string text = "The quick brown fox, 1234 times!\n\tGrüße, 世界 🦉 the end";
        const auto tokens = tokenizer->encode(text, SpecialTokens::kRecognised);
        std::string back;
        for (const Token token : tokens) {
            back += tokenizer->bytes(token);
        }
        QCOMPARE(back, text);
        QVERIFY(tokens.size() < text.size()); // merges are at work
    }

    /// Every merge joins two tokens that are there, to one that is there and comes after both.
    void mergesAreConsistent_data() {
        isWhole_data();
    }

    void mergesAreConsistent() {
        QFETCH(QString, preset);
        const auto metadata = metadataOf(preset.toStdString());
        const auto& tokens = **metadata.strings("tokenizer.ggml.tokens");
        const auto& merges = **metadata.strings("tokenizer.ggml.merges");
        std::unordered_map<std::string_view, std::size_t> ids;
        for (std::size_t id = 0; id < tokens.size(); ++id) {
            QVERIFY2(ids.emplace(tokens[id], id).second, tokens[id].c_str());
        }
        QVERIFY(merges.size() > 40'000);
        for (const std::string& merge : merges) {
            const auto gap = merge.find(' ');
            const std::string joined = merge.substr(0, gap) + merge.substr(gap + 1);
            const auto left = ids.find(std::string_view(merge).substr(0, gap));
            const auto right = ids.find(std::string_view(merge).substr(gap + 1));
            const auto both = ids.find(joined);
            QVERIFY2(left != ids.end() && right != ids.end() && both != ids.end(), merge.c_str());
            QVERIFY2(both->second > left->second && both->second > right->second, merge.c_str());
        }
    }

    void theTemplateWorks_data() {
        isWhole_data();
    }

    void theTemplateWorks() {
        QFETCH(QString, preset);
        const auto metadata = metadataOf(preset.toStdString());
        const auto compiled = expectValue(chat::ChatTemplate::compile(*metadata.string("tokenizer.chat_template")));
        const auto tokenizer = expectValue(tokenizerFromMetadata(metadata));
        chat::TemplateInput input;
        input.messages = nlohmann::ordered_json::parse(R"([{"role": "user", "content": "hi <think>"}])");
        input.bosToken = tokenizer->piece(tokenizer->beginningOfText());
        const auto rendered = expectValue(compiled.render(input));
        const auto tokens = tokenizer->encode(rendered.text, rendered.runs);
        QCOMPARE(tokens.front(), tokenizer->beginningOfText());
        if (preset.startsWith(u"r1")) {
            const auto assistant = std::ranges::find(tokens, tokenizer->find("<｜Assistant｜>"));
            QVERIFY(assistant != tokens.end());
            // The template's own <think> is the token, the user's is text.
            QCOMPARE(std::ranges::count(tokens, tokenizer->find("<think>")), std::ptrdiff_t{1});
        }
    }

private:
    Metadata metadataOf(const std::string& preset) {
        GgufWriter writer;
        for (auto& [key, value] : expectValue(synth::presetModel(preset)).entries) {
            writer.set(key, value);
        }
        const std::filesystem::path path = directory_.filePath(QStringLiteral("v.gguf")).toStdString();
        expectValue(writer.write(path));
        return expectValue(GgufFile::open(path)).metadata();
    }

    QTemporaryDir directory_;
};

ALCUIN_TEST(SynthVocabularyTest)
#include "tst_synth_vocabulary.moc"
