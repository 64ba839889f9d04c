#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "support/test_registry.h"

#include <random>

#include "golden_corpus.h"
#include "tokenizer/character_class.h"
#include "tokenizer/pre_tokenizer.h"
#include "tokenizer/utf8.h"

using namespace alcuin::inference;

namespace {

/// A regular expression as PCRE2 reads it. White space is said as \p{White_Space}: PCRE2's own \s has U+180E too, which
/// hasn't been white space since Unicode 6.3.
class Pattern {
public:
    explicit Pattern(const char* source) {
        int error = 0;
        PCRE2_SIZE at = 0;
        code_ = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(source), PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_UCP,
                              &error, &at, nullptr);
        if (code_ == nullptr || pcre2_jit_compile(code_, PCRE2_JIT_COMPLETE) != 0) {
            qFatal("PCRE2 refused the pattern at %zu", at);
        }
        match_ = pcre2_match_data_create_from_pattern(code_, nullptr);
    }
    ~Pattern() {
        pcre2_match_data_free(match_);
        pcre2_code_free(code_);
    }
    Pattern(const Pattern&) = delete;
    Pattern& operator=(const Pattern&) = delete;

    /// Begin and end of the first match at or behind `from`; both text.size() if there is none.
    std::pair<std::size_t, std::size_t> find(std::string_view text, std::size_t from) const {
        const int found = pcre2_match(code_, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from,
                                      PCRE2_NO_UTF_CHECK, match_, nullptr);
        if (found < 1) {
            return {text.size(), text.size()};
        }
        const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(match_);
        return {ends[0], ends[1]};
    }

    /// The lengths of all matches and of what lies between them.
    std::vector<std::size_t> split(std::string_view text) const {
        std::vector<std::size_t> lengths;
        for (std::size_t at = 0; at < text.size();) {
            const auto [begin, end] = find(text, at);
            if (begin > at) {
                lengths.push_back(begin - at);
            }
            if (end > begin) {
                lengths.push_back(end - begin);
            }
            at = std::max(end, begin);
        }
        return lengths;
    }

private:
    pcre2_code* code_ = nullptr;
    pcre2_match_data* match_ = nullptr;
};

#define SPACE "\\p{White_Space}"
#define NO_SPACE "\\P{White_Space}"
#define LLAMA(DIGITS)                                                                                                  \
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" DIGITS "| ?[^" SPACE                                 \
    "\\p{L}\\p{N}]+[\\r\\n]*|" SPACE "*[\\r\\n]+|" SPACE "+(?!" NO_SPACE ")|" SPACE "+"

/// What PCRE2 makes of the patterns that pre_tokenizer.h names.
class ReferenceSplitter {
public:
    std::vector<std::size_t> split(PreTokenizer kind, std::string_view text) const {
        if (kind != PreTokenizer::kSmolLm) {
            return (kind == PreTokenizer::kLlama3 ? llama_ : qwen_).split(text);
        }
        std::vector<std::size_t> lengths;
        std::size_t at = 0;
        for (const std::size_t part : digits_.split(text)) {
            const auto inner = words_.split(text.substr(at, part));
            lengths.insert(lengths.end(), inner.begin(), inner.end());
            at += part;
        }
        return lengths;
    }

private:
    Pattern llama_{LLAMA("\\p{N}{1,3}")};
    Pattern qwen_{LLAMA("\\p{N}")};
    Pattern digits_{"\\p{N}"};
    Pattern words_{"'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^" SPACE "\\p{L}\\p{N}]+|" SPACE "+(?!" NO_SPACE
                   ")|" SPACE "+"};
};

std::vector<std::size_t> ours(PreTokenizer kind, std::string_view text) {
    std::vector<std::size_t> lengths;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = pieceEnd(kind, text, at);
        if (end <= at || end > text.size()) {
            qFatal("a piece of no length at %zu", at);
        }
        lengths.push_back(end - at);
        at = end;
    }
    return lengths;
}

std::string encoded(char32_t point) {
    const char32_t one[] = {point};
    return QString::fromUcs4(one, 1).toUtf8().toStdString();
}

constexpr std::pair<const char*, PreTokenizer> kKinds[] = {
    {"smollm", PreTokenizer::kSmolLm}, {"llama-bpe", PreTokenizer::kLlama3}, {"qwen2", PreTokenizer::kQwen2}};

QByteArray shown(const std::string& text, const char* name) {
    return QByteArray(name) + ": " + QByteArray::fromStdString(text).toPercentEncoding(" '");
}

} // namespace

class PreTokenizerTest : public QObject {
    Q_OBJECT

private slots:
    void classesAreThoseOfPcre2();
    void splitsAreTheReferences();
    void splitsOfTheCorpusAreThoseOfPcre2();
    void splitsOfRandomTextsAreThoseOfPcre2();
    void namesAreKnown();
};

void PreTokenizerTest::classesAreThoseOfPcre2() {
    const Pattern letter("\\p{L}");
    const Pattern number("\\p{N}");
    const Pattern space(SPACE);
    const Pattern unassigned("\\p{Cn}");
    std::size_t compared = 0;
    for (char32_t point = 0; point <= 0x10FFFF; ++point) {
        if (point >= 0xD800 && point <= 0xDFFF) {
            continue;
        }
        const std::string text = encoded(point);
        const auto is = [&](const Pattern& pattern) { return pattern.find(text, 0).first == 0; };
        if (is(unassigned)) { // PCRE2 may know an older Unicode than we do
            continue;
        }
        const CharacterClass want = is(letter)   ? CharacterClass::kLetter
                                    : is(number) ? CharacterClass::kNumber
                                    : is(space)  ? CharacterClass::kSpace
                                                 : CharacterClass::kOther;
        const CharacterClass got = classifyCharacter(point);
        // A PCRE2 of Unicode 17 knows numbers that the reference takes for nothing yet.
        const bool newer = got == CharacterClass::kNewerNumber && want == CharacterClass::kNumber;
        QVERIFY2(got == want || newer, QByteArray::number(static_cast<uint>(point), 16).constData());
        ++compared;
    }
    QVERIFY(compared > 280'000);
}

void PreTokenizerTest::splitsAreTheReferences() {
    const auto corpus = alcuin::tests::goldenCorpus();
    const auto golden = alcuin::tests::goldenJson("splits.json");
    for (const auto& [name, kind] : kKinds) {
        const auto& expected = golden.at(name);
        QCOMPARE(expected.size(), corpus.size());
        for (std::size_t i = 0; i < corpus.size(); ++i) {
            QVERIFY2(ours(kind, corpus[i].repaired) == expected[i].get<std::vector<std::size_t>>(),
                     shown(corpus[i].repaired.substr(0, 200), name).constData());
        }
    }
}

void PreTokenizerTest::splitsOfTheCorpusAreThoseOfPcre2() {
    const ReferenceSplitter reference;
    const Pattern unassigned("\\p{Cn}");
    std::size_t compared = 0;
    for (const auto& text : alcuin::tests::goldenCorpus()) {
        if (unassigned.find(text.repaired, 0).first != text.repaired.size()) {
            continue;
        }
        ++compared;
        for (const auto& [name, kind] : kKinds) {
            QVERIFY2(ours(kind, text.repaired) == reference.split(kind, text.repaired),
                     shown(text.repaired.substr(0, 200), name).constData());
        }
    }
    QVERIFY(compared > 600);
}

void PreTokenizerTest::splitsOfRandomTextsAreThoseOfPcre2() {
    const ReferenceSplitter reference;
    const std::vector<std::string> parts = {
        " ",      " ",          "  ",         "\t",         "\n",     "\r",     "\r\n",   "\v",     "\u0085", "\u00a0",
        "\u2003", "\u2028",     "\u3000",     "a",          "b",      "s",      "S",      "t",      "re",     "LL",
        "ve",     "m",          "D",          "\u00e9",     "\u0436", "\u4e2d", "\u05d0", "\u0627", "\u017f", "'",
        "'",      "'",          "\u2019",     "'s",         "'LL",    "1",      "2",      "9",      "\u00b2", "\u0664",
        "\u2167", "!",          ".",          "-",          "_",      "\u0301", "\u0940", "\u200d", "\u200b", "\u20ac",
        "\ue000", "\U0001F600", "\U0001D7D8", "\U00010330", "\u180e"};
    std::mt19937 random(3);
    for (int round = 0; round < 60'000; ++round) {
        std::string text;
        const auto length = 1 + random() % 14;
        for (std::size_t i = 0; i < length; ++i) {
            text += parts[random() % parts.size()];
        }
        for (const auto& [name, kind] : kKinds) {
            QVERIFY2(ours(kind, text) == reference.split(kind, text), shown(text, name).constData());
        }
    }
}

void PreTokenizerTest::namesAreKnown() {
    QVERIFY(preTokenizerNamed("smollm").value() == PreTokenizer::kSmolLm);
    QVERIFY(preTokenizerNamed("llama-bpe").value() == PreTokenizer::kLlama3);
    QVERIFY(preTokenizerNamed("llama3").value() == PreTokenizer::kLlama3);
    QVERIFY(preTokenizerNamed("qwen2").value() == PreTokenizer::kQwen2);
    QVERIFY(preTokenizerNamed("deepseek-r1-qwen").value() == PreTokenizer::kQwen2);
    const auto unknown = preTokenizerNamed("deepseek-v3");
    QVERIFY(!unknown && unknown.error().code == ErrorCode::kUnsupported);
    QVERIFY(unknown.error().message.find("deepseek-v3") != std::string::npos);
}

ALCUIN_TEST(PreTokenizerTest)
#include "tst_pre_tokenizer.moc"
