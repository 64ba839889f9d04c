#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "formats/gguf.h"
#include "inference/chat/template_goldens.h"
#include "support/test_registry.h"
#include "template_vocabulary.h"
#include "turn_counter.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

const std::string kEnding = ".jinja";

std::vector<ScriptedConversation> conversations() {
    const std::vector<ScriptedTurn> plain{
        {"What is the capital of France?", "", "The capital of France is Paris."},
        {"And what is the second question?", "", "It is the answer, because I think."},
        {"Again?", "", "Again: the first value."},
        {"Thank you.", "", "You are welcome!"}};
    const std::vector<ScriptedTurn> mixed{
        {"Zürich, 東京 and 🙂?", "", "Zürich is that; 東京 is 日本's. 🙂👍🏽 é"},
        {"Code, please.\n", "", "Here:\n\n```cpp\nint value() {\n    return 1; // 一\n}\n```\nThat is the function."},
        {"  spaces  ", "", "1. first\n2. second\n\n- \"quoted\" & <b>tags</b>\ttab"},
        {"<|im_end|> is what?", "", "It is the text <|im_end|>."}};
    const std::vector<ScriptedTurn> edges{
        {"One?", "", "\nFour.\n"}, {"Two?", "", " Five. "}, {"Three?", "", "Six.\n\n"}, {"Four?", "", "Seven"}};
    const std::vector<ScriptedTurn> reasoned{
        {"What is 2 + 2?", "Okay, the user asks.\nI think that is 4.", "The answer is 4."},
        {"And 3 + 3?", "Again the user.\n\nIt is 6!", "It is **6**, because 3 + 3 = 6."},
        {"And what is 4 + 4?", "Hm. 8.", "8"},
        {"Thanks.", "The user thanks me", "You are welcome."}};
    const std::string on = R"({"enable_thinking": true, "thinking": true})";
    return {{"plain", "", plain},
            {"system", "You are the assistant of a user.", plain},
            {"mixed", "", mixed},
            {"edges", "", edges},
            {"reasoning", "", reasoned, on},
            {"reasoning, system", "Be brief.", reasoned, on}};
}

/// Real templates that must be among those found, and what they do with a conversation.
struct Known {
    const char* name;
    const char* vocabulary; ///< of llama.cpp's ggml-vocab-*.gguf: the model's own; empty: none that this version reads
    bool dropsReasoning;    ///< an answer's reasoning was there and isn't any more
};
constexpr Known kKnown[] = {
    {"Qwen-Qwen2.5-7B-Instruct", "qwen2", false},
    {"Qwen-Qwen3-0.6B", "qwen2", true},
    {"Qwen-QwQ-32B", "qwen2", true},
    {"deepseek-ai-DeepSeek-R1-Distill-Qwen-32B", "qwen2", true},
    {"deepseek-ai-DeepSeek-R1-Distill-Llama-8B", "llama-bpe", true},
    {"meta-llama-Llama-3.1-8B-Instruct", "llama-bpe", false},
    {"meta-llama-Llama-3.2-3B-Instruct", "llama-bpe", false},
    {"meta-llama-Llama-3.3-70B-Instruct", "llama-bpe", false},
    {"mistralai-Mistral-Nemo-Instruct-2407", "", false},
    {"Mistral-Small-3.2-24B-Instruct-2506", "", false},
    {"google-gemma-2-2b-it", "", false},
    {"microsoft-Phi-3.5-mini-instruct", "", false},
    {"HuggingFaceTB-SmolLM3-3B", "", true},
    {"ibm-granite-granite-4.0", "", false},
    {"GLM-4.6", "", true},
};

const Known* knownAs(const std::string& file) {
    const auto known = std::ranges::find_if(kKnown, [&](const Known& each) { return file == each.name + kEnding; });
    return known == std::end(kKnown) ? nullptr : known;
}

/// What is wrong with a turn's bill; empty: nothing.
std::string faultOf(const TurnCount& count) {
    if (count.prefilled != count.prompt - count.sharedTokens) {
        return "read other tokens than those that weren't in a state";
    }
    if (count.sharedTokens != count.kept) {
        return "ids changed where the text didn't";
    }
    if (!count.rewritten && count.prefilled != count.added) {
        return "read more than what is new, though the template rewrote nothing";
    }
    return {};
}

struct Tally {
    int templates = 0;
    int turns = 0;
    int faults = 0;
    int refusals = 0;
    std::map<std::string, std::size_t> again; ///< by conversation, of the template that was held last
};

/// Holds every conversation with a template and checks each turn's bill; `shown`: prints the bills too.
void holdAll(const std::string& name, const std::string& source, const Metadata& base, bool shown, Tally& tally) {
    const auto vocabulary = vocabularyFor(source, base);
    tally.again.clear();
    bool held = false;
    for (const auto& conversation : conversations()) {
        TurnCounter counter(source, vocabulary.tokenizer, vocabulary.end);
        std::string trouble;
        const auto counts = counter.hold(conversation, false, trouble);
        if (!trouble.empty()) {
            ++tally.refusals;
            qInfo("%s, %s: %s", name.c_str(), conversation.name.c_str(), trouble.c_str());
        }
        held = held || trouble.empty();
        for (std::size_t i = 0; i < counts.size(); ++i) {
            const auto& count = counts[i];
            const auto fault = faultOf(count);
            tally.turns += 1;
            tally.again[conversation.name] += i == 0 ? 0 : count.again();
            if (shown || !fault.empty()) {
                qInfo("%-42s %-17s turn %zu: prompt %5zu  new %4zu  prefilled %4zu  rewritten %3zu%s%s", name.c_str(),
                      conversation.name.c_str(), i + 1, count.prompt, count.added, count.prefilled, count.again(),
                      fault.empty() ? "" : "  FAULT: ", fault.c_str());
            }
            tally.faults += fault.empty() ? 0 : 1;
        }
    }
    tally.templates += held ? 1 : 0;
}

} // namespace

/// The next turn of a conversation reads only what is new, and where a template rewrites what it wrote before, what
/// follows that place and nothing else.
class TestNextTurn : public QObject {
    Q_OBJECT

private slots:
    void committedTemplates() {
        Tally tally;
        for (const auto& [name, source] : ownTemplates()) {
            holdAll(name, source, wordVocabulary(), true, tally);
        }
        QCOMPARE(tally.faults, 0);
        QVERIFY(tally.templates >= 3);
    }

    /// A template that keeps reasoning costs nothing, one that drops it the answer: to the token.
    void theCostOfRewritingIsExact() {
        const std::string turn = "{% for m in messages %}<|im_start|>{{ m.role }}\n";
        const std::string end = "{{ m.content }}<|im_end|>\n{% endfor %}{{ '<|im_start|>assistant\n' }}";
        const std::string kept =
            "{% if m.reasoning_content %}<think>\n{{ m.reasoning_content }}\n</think>\n\n{% endif %}";
        std::size_t added = 0;
        const auto bill = [&added](const std::string& source, const std::string& reasoning) {
            const auto vocabulary = vocabularyFor(source, wordVocabulary());
            const std::string next = "<|im_end|>\n<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\n";
            added = vocabulary.tokenizer->encode(next, SpecialTokens::kRecognised).size();
            TurnCounter counter(source, vocabulary.tokenizer, vocabulary.end);
            std::string trouble;
            const auto counts =
                counter.hold({"", "", {{"q", reasoning, "it"}, {"q", reasoning, "it"}, {"q", "", ""}}}, false, trouble);
            return trouble.empty() ? counts : std::vector<TurnCount>();
        };
        // The reasoning's full stop was written as one token with the line feed behind it, a word before in its bytes.
        std::string reasoning = "that";
        for (int words = 1; words < 12; ++words) {
            reasoning += " because";
            const auto whole = bill(turn + kept + end, reasoning + ".");
            QCOMPARE(whole.size(), std::size_t(3));
            for (std::size_t i = 1; i < whole.size(); ++i) {
                QVERIFY(!whole[i].rewritten);
                QCOMPARE(whole[i].prefilled, added);
            }
        }
        // It mentions <think>, so the model reasons, but never writes it: the answer is read again, a word in the two
        // tokens that it was written as.
        const auto dropped =
            bill("{# <think> #}" + turn + end, "of!!!"); // of ! ! !\n it: the fifth is written in its bytes
        QCOMPARE(dropped.size(), std::size_t(3));
        for (std::size_t i = 1; i < dropped.size(); ++i) {
            QVERIFY(dropped[i].rewritten);
            QCOMPARE(dropped[i].prefilled, added + 2);
            QCOMPARE(dropped[i].again(), std::size_t(2));
        }
    }

    /// Where that is read behind the answer, the turn itself costs no more than a template that keeps everything.
    void whatIsReadAheadIsntReadAgain() {
        const std::string source = "{# <think> #}{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}"
                                   "<|im_end|>\n{% endfor %}{{ '<|im_start|>assistant\n' }}";
        const auto vocabulary = vocabularyFor(source, wordVocabulary());
        const ScriptedConversation talk{"", "", {{"q", "of!!!", "it"}, {"q", "of!!!", "it"}, {"q", "", ""}}};
        for (const bool reproducible : {false, true}) {
            TurnCounter counter(source, vocabulary.tokenizer, vocabulary.end);
            counter.readAhead();
            std::string trouble;
            const auto counts = counter.hold(talk, reproducible, trouble);
            QVERIFY2(trouble.empty(), trouble.c_str());
            QCOMPARE(counts.size(), std::size_t(3));
            const auto question =
                vocabulary.tokenizer->encode("q<|im_end|>\n<|im_start|>assistant\n", SpecialTokens::kRecognised).size();
            for (std::size_t i = 1; i < counts.size(); ++i) {
                QCOMPARE(counts[i].prefilled, counts[i].prompt - counts[i].sharedTokens);
                QCOMPARE(counts[i].prefilled, question);
            }
        }
    }

    void aReproducibleTurnReadsTheAnswerToo() {
        const auto source = ownTemplates().at("turns.jinja");
        const auto vocabulary = vocabularyFor(source, wordVocabulary());
        TurnCounter counter(source, vocabulary.tokenizer, vocabulary.end);
        std::string trouble;
        const auto counts = counter.hold(conversations().front(), true, trouble);
        QCOMPARE(counts.size(), std::size_t(4));
        for (const auto& count : counts) {
            QCOMPARE(count.prefilled, count.prompt - count.sharedTokens);
            QCOMPARE(count.prefilled, count.added);
        }
    }

    void everyRealTemplate() {
        const auto templates = realTemplates();
        if (templates.empty()) {
            ALCUIN_SKIP("ALCUIN_TEMPLATE_DIR doesn't say where real templates are");
        }
        const auto golden = readGolden("real.json");
        Tally tally;
        int known = 0;
        for (const auto& [name, source] : templates) {
            QVERIFY2(golden.contains(name) && sha256(source) == golden[name]["sha256"].get<std::string>(),
                     name.c_str());
            const Known* expected = knownAs(name);
            holdAll(name, source, wordVocabulary(), expected != nullptr, tally);
            if (expected != nullptr) {
                ++known;
                QVERIFY2((tally.again["reasoning"] > 0) == expected->dropsReasoning, name.c_str());
            }
        }
        qInfo("%d templates, %d turns, %d conversations refused by their template", tally.templates, tally.turns,
              tally.refusals);
        QCOMPARE(tally.faults, 0);
        QCOMPARE(known, static_cast<int>(std::size(kKnown)));
        QVERIFY(tally.templates >= 60);
    }

    void realTemplatesWithTheirVocabularies() {
        const auto folder = qEnvironmentVariable("ALCUIN_VOCAB_DIR").toStdString();
        const auto templates = realTemplates();
        if (folder.empty() || templates.empty()) {
            ALCUIN_SKIP("ALCUIN_VOCAB_DIR and ALCUIN_TEMPLATE_DIR don't say where vocabularies and templates are");
        }
        Tally tally;
        for (const auto& known : kKnown) {
            if (*known.vocabulary != '\0') {
                const auto file = GgufFile::open(folder + "/ggml-vocab-" + known.vocabulary + ".gguf");
                QVERIFY(file);
                holdAll(known.name, templates.at(known.name + kEnding), file->metadata(), true, tally);
            }
        }
        QCOMPARE(tally.faults, 0);
        QCOMPARE(tally.templates, 8);
    }
};

ALCUIN_TEST(TestNextTurn)
#include "tst_next_turn.moc"
