#include "template_vocabulary.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <QRegularExpression>

#include "chat/chat_template.h"
#include "inference/tokenizer/small_vocabulary.h"
#include "tokenizer/gguf_tokenizer.h"

namespace alcuin::tests {

namespace {

constexpr const char* kBegin = "<|test_begin|>";
constexpr const char* kEnd = "<|test_end|>";
constexpr std::int64_t kControl = 3;
constexpr std::int64_t kUserDefined = 4;

/// Everything in a text that reads like a special token of one of the known families.
std::vector<std::string> specialTokensIn(const std::string& text) {
    static const QRegularExpression kSpecial(QStringLiteral(
        R"(<\|[^|<>\s'"]{1,40}\|>|<｜[^｜<>\s]{1,40}｜>|〈\|[A-Z]+\|〉|<\|[a-z_]+>|<[a-z_]+\|>|<(?:start|end)_of_turn>)"
        R"(|</?think>|</?s>|\[/?[A-Z][A-Z_]{2,24}\]|<SPECIAL_[0-9]+>|<seed:[a-z_]+>|</?(?:assistant|user|system)>)"
        R"(|<\]?minimax:[a-z_]+\[?>|\[e~\[|\]~b\]|\]~!b\[)"));
    std::vector<std::string> found;
    auto matches = kSpecial.globalMatch(QString::fromStdString(text));
    while (matches.hasNext()) {
        found.push_back(matches.next().captured().toStdString());
    }
    return found;
}

/// A short conversation as the template writes it; empty where it refuses.
std::string sample(const std::string& chatTemplate) {
    const auto compiled = inference::chat::ChatTemplate::compile(chatTemplate);
    if (!compiled) {
        return {};
    }
    inference::chat::TemplateInput input;
    input.messages = nlohmann::ordered_json::parse(
        R"([{"role":"user","content":"one"},{"role":"assistant","content":"MARK"},{"role":"user","content":"two"}])");
    input.bosToken = kBegin;
    input.eosToken = kEnd;
    const auto text = compiled->render(input);
    return text ? text->text : std::string();
}

/// Adds the merges that make one token of a word, from its beginning on.
void addWord(SmallVocabulary& vocabulary, const std::vector<std::string>& characters) {
    std::string left = characters.front();
    for (std::size_t i = 1; i < characters.size(); ++i) {
        const auto joined = left + characters[i];
        if (std::ranges::find(vocabulary.tokens, joined) == vocabulary.tokens.end()) {
            vocabulary.addMerge(left, characters[i]);
        }
        left = joined;
    }
}

} // namespace

inference::Metadata wordVocabulary() {
    SmallVocabulary vocabulary;
    vocabulary.preTokenizer = "qwen2";
    for (const std::string_view word :
         {"the",     "answer", "question", "user",   "assistant", "model",  "system", "function",
          "return",  "value",  "first",    "second", "capital",   "France", "Paris",  "think",
          "because", "again",  "that",     "what",   "is",        "it",     "of"}) {
        std::vector<std::string> characters;
        for (const char each : word) {
            characters.emplace_back(1, each);
        }
        addWord(vocabulary, characters);
        characters.insert(characters.begin(), "Ġ");
        addWord(vocabulary, characters);
    }
    for (const auto& [left, right] : std::vector<std::pair<std::string, std::string>>{{"Ċ", "Ċ"},
                                                                                      {".", "Ċ"},
                                                                                      {".", "ĊĊ"},
                                                                                      {"!", "Ċ"},
                                                                                      {":", "Ċ"},
                                                                                      {"Ġ", "Ġ"},
                                                                                      {"ĠĠ", "ĠĠ"},
                                                                                      {"`", "``"},
                                                                                      {"`", "`"},
                                                                                      {"``", "`"},
                                                                                      {"```", "Ċ"},
                                                                                      {"é", "s"},
                                                                                      {"ð", "Ł"},
                                                                                      {"ðŁ", "ĺ"},
                                                                                      {">", "Ċ"},
                                                                                      {"]", "Ċ"}}) {
        const auto has = [&](const std::string& each) {
            return std::ranges::find(vocabulary.tokens, each) != vocabulary.tokens.end();
        };
        if (has(left) && has(right) && !has(left + right)) {
            vocabulary.addMerge(left, right);
        }
    }
    return vocabulary.metadata();
}

TemplateVocabulary vocabularyFor(const std::string& chatTemplate, inference::Metadata base) {
    const auto rendered = sample(chatTemplate);
    auto spellings = **base.strings("tokenizer.ggml.tokens");
    auto types = *base.signedIntegers("tokenizer.ggml.token_type");
    std::set<std::string> known(spellings.begin(), spellings.end());
    auto wanted = specialTokensIn(chatTemplate);
    for (auto& each : specialTokensIn(rendered)) {
        wanted.push_back(std::move(each));
    }
    wanted.insert(wanted.end(), {kBegin, kEnd, "<think>", "</think>"});
    for (const auto& each : wanted) {
        if (known.insert(each).second) {
            const bool hasText = each == "<think>" || each == "</think>";
            spellings.push_back(each);
            types.push_back(hasText ? kUserDefined : kControl);
        }
    }
    const auto mark = rendered.rfind("MARK");
    const auto behind = mark == std::string::npos ? std::vector<std::string>() : specialTokensIn(rendered.substr(mark));
    TemplateVocabulary made;
    made.end = behind.empty() || behind.front() == "<think>" ? kEnd : behind.front();
    const auto idOf = [&](const std::string& spelling) {
        return static_cast<std::uint64_t>(std::ranges::find(spellings, spelling) - spellings.begin());
    };
    // What ends an answer here ends it alone: an unchanged file names other tokens too.
    base.set("tokenizer.ggml.eos_token_id", idOf(kEnd));
    base.set("tokenizer.ggml.eot_token_id", idOf(made.end));
    base.set("tokenizer.ggml.bos_token_id", idOf(kBegin));
    base.set("tokenizer.ggml.tokens", std::move(spellings));
    base.set("tokenizer.ggml.token_type", std::move(types));
    auto tokenizer = inference::tokenizerFromMetadata(base);
    if (!tokenizer) {
        qFatal("the template's vocabulary was refused: %s", tokenizer.error().message.c_str());
    }
    made.tokenizer = std::move(*tokenizer);
    return made;
}

} // namespace alcuin::tests
