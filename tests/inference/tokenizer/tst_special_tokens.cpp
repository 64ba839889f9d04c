#include "support/test_registry.h"

#include <random>

#include "small_vocabulary.h"
#include "tokenizer/gguf_tokenizer.h"
#include "tokenizer/utf8.h"

using namespace alcuin::inference;
using alcuin::tests::SmallVocabulary;

namespace {

/// A text of pieces with their origins.
struct Joined {
    Joined(std::initializer_list<std::pair<std::string, std::uint32_t>> pieces) {
        for (const auto& [piece, origin] : pieces) {
            runs.push_back({text.size(), text.size() + piece.size(), origin});
            text += piece;
        }
    }
    std::string text;
    std::vector<TextRun> runs;
};

constexpr std::uint32_t kTrusted = TextRun::kTrusted;
constexpr std::uint32_t kUser = 1;

std::vector<Token> operator+(std::vector<Token> left, const std::vector<Token>& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

} // namespace

class SpecialTokensTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        tokenizer_ = vocabulary_.tokenizer();
        control_ = static_cast<Token>(vocabulary_.control);
        think_ = static_cast<Token>(vocabulary_.userDefined);
        spaces_ = static_cast<Token>(vocabulary_.spaces);
    }
    void controlTokensAreRecognisedOnlyWhenAsked();
    void controlTokensAreRecognisedOnlyInTrustedRuns();
    void controlTokensNeedEveryByteTrusted();
    void userDefinedTokensOfAUserArePlainText();
    void textOfSeveralOriginsIsOnePass();
    void theLongestSpellingWins();
    void brokenRunsTrustNothing();
    void repairedTextKeepsItsOrigins();
    void noTextOfAUserBecomesAControlToken();
    void endsOfGenerationAreKnown();
    void idsThatDontExistAreHarmless();

private:
    std::vector<Token> plain(std::string_view text) const {
        return tokenizer_->encode(text, SpecialTokens::kAsPlainText);
    }
    std::vector<Token> mixed(const Joined& joined) const {
        return tokenizer_->encode(joined.text, joined.runs);
    }

    SmallVocabulary vocabulary_;
    std::shared_ptr<const Tokenizer> tokenizer_;
    Token control_ = -1;
    Token think_ = -1;
    Token spaces_ = -1;
};

void SpecialTokensTest::controlTokensAreRecognisedOnlyWhenAsked() {
    const auto recognised = tokenizer_->encode("hello<|im_end|>hello", SpecialTokens::kRecognised);
    QVERIFY(recognised == plain("hello") + std::vector<Token>{control_} + plain("hello"));
    const auto asText = plain("hello<|im_end|>hello");
    QVERIFY(std::find(asText.begin(), asText.end(), control_) == asText.end());
    QVERIFY(plain("a<think>b") == plain("a") + std::vector<Token>{think_} + plain("b"));
}

void SpecialTokensTest::controlTokensAreRecognisedOnlyInTrustedRuns() {
    QVERIFY(mixed({{"<|im_end|>", kTrusted}}) == std::vector<Token>{control_});
    QVERIFY(mixed({{"<|im_end|>", kUser}}) == plain("<|im_end|>"));
    QVERIFY(mixed({{"<|im_end|>", kUser}, {"<|im_end|>", kTrusted}, {"<|im_end|>", 7}}) ==
            plain("<|im_end|>") + std::vector<Token>{control_} + plain("<|im_end|>"));
    QVERIFY(mixed({{"<|im_", kTrusted}, {"end|>", kTrusted}}) == std::vector<Token>{control_});
    QVERIFY(mixed({{"<|im_", kTrusted}, {"", kUser}, {"end|>", kTrusted}}) == std::vector<Token>{control_});
}

void SpecialTokensTest::controlTokensNeedEveryByteTrusted() {
    const std::string spelling = "<|im_end|>";
    for (std::size_t at = 0; at < spelling.size(); ++at) {
        const Joined joined{
            {spelling.substr(0, at), kTrusted}, {spelling.substr(at, 1), kUser}, {spelling.substr(at + 1), kTrusted}};
        QVERIFY(mixed(joined) == plain(spelling));
    }
}

void SpecialTokensTest::userDefinedTokensOfAUserArePlainText() {
    QVERIFY(mixed({{"<think>", kTrusted}}) == std::vector<Token>{think_});
    const auto user = mixed({{"<think>", kUser}});
    QVERIFY(std::find(user.begin(), user.end(), think_) == user.end());
    std::string bytes;
    for (const Token token : user) {
        bytes += tokenizer_->bytes(token);
    }
    QCOMPARE(bytes, std::string("<think>"));
    // White space means nothing to anybody and stays as the model learnt it.
    QVERIFY(mixed({{"a    b", kUser}}) == plain("a") + std::vector<Token>{spaces_} + plain("b"));
    QVERIFY(mixed({{"a  ", kTrusted}, {"  b", kUser}}) == plain("a    b"));
}

void SpecialTokensTest::textOfSeveralOriginsIsOnePass() {
    QVERIFY(mixed({{"he", kTrusted}, {"l", kUser}, {"lo", 2}}) == plain("hello"));
    QCOMPARE(plain("hello").size(), std::size_t{1});
    QVERIFY(mixed({{"a ", kTrusted}, {"hello", kUser}}) == plain("a hello"));
}

void SpecialTokensTest::theLongestSpellingWins() {
    SmallVocabulary vocabulary;
    const auto inner = static_cast<Token>(vocabulary.add("<|a", 3));
    const auto outer = static_cast<Token>(vocabulary.add("<|a|>", 3));
    const auto tokenizer = vocabulary.tokenizer();
    QVERIFY(tokenizer->encode("<|a|>", SpecialTokens::kRecognised) == std::vector<Token>{outer});
    QVERIFY(tokenizer->encode("<|a", SpecialTokens::kRecognised) == std::vector<Token>{inner});
    QVERIFY(tokenizer->encode("<|a<|a|>", SpecialTokens::kRecognised) == (std::vector<Token>{inner, outer}));
    // Where the long one may not be recognised, the short one still may.
    const Joined joined{{"<|a", kTrusted}, {"|>", kUser}};
    QCOMPARE(tokenizer->encode(joined.text, joined.runs).front(), inner);
}

void SpecialTokensTest::brokenRunsTrustNothing() {
    const std::string text = "<|im_end|>";
    const std::vector<std::vector<TextRun>> broken = {
        {},
        {{0, 11, kTrusted}},
        {{5, 2, kTrusted}},
        {{0, 10, kUser}, {0, 10, kTrusted}},
        {{0, ~std::size_t{0}, kTrusted}},
    };
    for (const auto& runs : broken) {
        QVERIFY(tokenizer_->encode(text, runs) == plain(text));
    }
    QVERIFY(tokenizer_->encode("", std::span<const TextRun>()).empty());
}

void SpecialTokensTest::repairedTextKeepsItsOrigins() {
    // One broken byte of the user's grows to three, and what the template said stays where it was.
    QVERIFY(mixed({{"<|im_end|>", kTrusted}, {"\xFFhello\xC3", kUser}, {"<|im_end|>", kTrusted}}) ==
            std::vector<Token>{control_} + plain("\xEF\xBF\xBDhello\xEF\xBF\xBD") + std::vector<Token>{control_});
    QVERIFY(mixed({{"\xFF\xFF\xFF", kTrusted}, {"<|im_end|>", kUser}, {"\xFF", kTrusted}}) ==
            plain("\xFF\xFF\xFF<|im_end|>\xFF"));
    QVERIFY(mixed({{"\xE2\x82", kUser}, {"<|im_end|>", kTrusted}}) == plain("\xE2\x82") + std::vector<Token>{control_});
}

void SpecialTokensTest::noTextOfAUserBecomesAControlToken() {
    const std::vector<std::string> parts = {"<|im_end|>", "<|im_", "end|>", "<", "|",  "<think>", "    ", "hello",
                                            "\xFF",       "\xC3",  "\xA9",  " ", "'s", "1",       "\n"};
    std::mt19937 random(17);
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        std::vector<TextRun> runs;
        std::size_t trustedTokens = 0;
        const auto count = random() % 8;
        for (std::size_t i = 0; i < count; ++i) {
            const std::string& part = parts[random() % parts.size()];
            const bool trusted = random() % 3 == 0 && (part == "<|im_end|>" || part == " ");
            trustedTokens += trusted && part == "<|im_end|>" ? 1 : 0;
            runs.push_back({text.size(), text.size() + part.size(), trusted ? kTrusted : kUser});
            text += part;
        }
        const auto tokens = tokenizer_->encode(text, runs);
        QCOMPARE(static_cast<std::size_t>(std::count(tokens.begin(), tokens.end(), control_)), trustedTokens);
        QVERIFY(std::find(tokens.begin(), tokens.end(), think_) == tokens.end());
        std::string bytes;
        for (const Token token : tokens) {
            bytes += token == control_ ? "<|im_end|>" : std::string(tokenizer_->bytes(token));
        }
        QCOMPARE(bytes, RepairedText(text).text());
    }
}

void SpecialTokensTest::endsOfGenerationAreKnown() {
    SmallVocabulary vocabulary;
    const auto control = static_cast<Token>(vocabulary.add("<|eot_id|>", 3));
    const auto spelled = static_cast<Token>(vocabulary.add("<|eom_id|>", 4)); // not a control token
    const auto other = static_cast<Token>(vocabulary.add("<|start|>", 3));
    auto metadata = vocabulary.metadata();
    metadata.set("tokenizer.ggml.eos_token_id", std::uint64_t{'.'});
    metadata.set("tokenizer.ggml.eot_token_id", std::uint64_t{'!'});
    metadata.set("tokenizer.ggml.eom_token_id", std::uint64_t{'?'});
    const auto tokenizer = tokenizerFromMetadata(metadata).value();
    QVERIFY(tokenizer->isEndOfGeneration(control_));
    QVERIFY(tokenizer->isEndOfGeneration(control));
    QVERIFY(!tokenizer->isEndOfGeneration(spelled));
    QVERIFY(!tokenizer->isEndOfGeneration(other));
    QVERIFY(tokenizer->isEndOfGeneration('.') && tokenizer->isEndOfGeneration('!') &&
            tokenizer->isEndOfGeneration('?'));
    QVERIFY(!tokenizer->isEndOfGeneration('a'));
    QCOMPARE(tokenizer->endOfText(), Token{'.'});

    // Where a format has ends of its own, <|end|> is only punctuation.
    const auto end = static_cast<Token>(vocabulary.add("<|end|>", 3));
    QVERIFY(vocabulary.tokenizer()->isEndOfGeneration(end));
    vocabulary.add("<|return|>", 3);
    vocabulary.add("<|call|>", 3);
    QVERIFY(!vocabulary.tokenizer()->isEndOfGeneration(end));
    QVERIFY(vocabulary.tokenizer()->isEndOfGeneration(end + 1));
}

void SpecialTokensTest::idsThatDontExistAreHarmless() {
    for (const Token token : {-1, static_cast<Token>(tokenizer_->vocabularySize()), std::numeric_limits<Token>::min(),
                              std::numeric_limits<Token>::max()}) {
        QVERIFY(tokenizer_->bytes(token).empty());
        QVERIFY(tokenizer_->piece(token).empty());
        QVERIFY(!tokenizer_->isControl(token));
        QVERIFY(!tokenizer_->isEndOfGeneration(token));
    }
    QCOMPARE(tokenizer_->find("no such token"), -1);
    QCOMPARE(tokenizer_->find(""), -1);
    QCOMPARE(tokenizer_->find("<|im_end|>"), control_);
    QCOMPARE(tokenizer_->piece(control_), std::string_view("<|im_end|>"));
    QVERIFY(tokenizer_->bytes(control_).empty());
    QCOMPARE(tokenizer_->beginningOfText(), -1);
    QCOMPARE(tokenizer_->endOfText(), -1);
}

ALCUIN_TEST(SpecialTokensTest)
#include "tst_special_tokens.moc"
