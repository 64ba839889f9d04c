#include "support/test_registry.h"

#include <algorithm>
#include <random>
#include <set>

#include "small_vocabulary.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/byte_pair_encoder.h"

using namespace alcuin::inference;

namespace {

/// A vocabulary of four letters whose merges were drawn by chance, with its tables.
struct RandomTables {
    explicit RandomTables(unsigned seed) {
        std::mt19937 random(seed);
        tokens = {"a", "b", "c", "d"};
        while (merges.size() < 40) {
            const std::string left = tokens[random() % tokens.size()];
            const std::string right = tokens[random() % tokens.size()];
            if (left.size() + right.size() > 12 ||
                std::find(merges.begin(), merges.end(), left + " " + right) != merges.end()) {
                continue;
            }
            merges.push_back(left + " " + right);
            if (std::find(tokens.begin(), tokens.end(), left + right) == tokens.end()) {
                tokens.push_back(left + right);
            }
        }
        types.assign(tokens.size(), 1);
    }

    std::vector<std::string> tokens;
    std::vector<std::string> merges;
    std::vector<std::int64_t> types;
};

/// The definition, word for word: as long as there is one, apply the leftmost merge of lowest rank.
std::vector<std::string> mergedByDefinition(const RandomTables& tables, const std::string& text) {
    std::vector<std::string> parts;
    for (const char c : text) {
        parts.emplace_back(1, c);
    }
    while (true) {
        std::size_t best = tables.merges.size();
        std::size_t where = 0;
        for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
            const auto found = std::find(tables.merges.begin(), tables.merges.end(), parts[i] + " " + parts[i + 1]);
            const auto rank = static_cast<std::size_t>(found - tables.merges.begin());
            if (rank < best) {
                best = rank;
                where = i;
            }
        }
        if (best == tables.merges.size()) {
            return parts;
        }
        parts[where] += parts[where + 1];
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(where) + 1);
    }
}

} // namespace

class BytePairEncoderTest : public QObject {
    Q_OBJECT

private slots:
    void mergesAsTheDefinitionSays();
    void repeatedPiecesAreTheSameAsNewOnes();
    void longRunsAreMergedWhole();
    void bytesWithoutATokenAreLeftOut();
    void wholePiecesStayWholeWhereTheModelWantsIt();
    void theAlphabetIsABijection();
};

void BytePairEncoderTest::mergesAsTheDefinitionSays() {
    std::mt19937 random(1);
    for (unsigned seed = 0; seed < 40; ++seed) {
        const RandomTables tables(seed);
        const auto vocabulary = Vocabulary::create(tables.tokens, tables.types);
        QVERIFY(vocabulary.has_value());
        const auto merges = MergeTable::create(*vocabulary, tables.merges);
        QVERIFY(merges.has_value());
        for (int round = 0; round < 100; ++round) {
            std::string text;
            const auto length = 1 + random() % 60;
            for (std::size_t i = 0; i < length; ++i) {
                text += static_cast<char>('a' + random() % 4);
            }
            std::vector<Token> want;
            for (const std::string& part : mergedByDefinition(tables, text)) {
                want.push_back(vocabulary->find(part));
            }
            std::vector<Token> got;
            BytePairEncoder(*vocabulary, *merges, false).encode(text, got);
            QVERIFY2(got == want, text.c_str());
        }
    }
}

void BytePairEncoderTest::repeatedPiecesAreTheSameAsNewOnes() {
    const RandomTables tables(5);
    const auto vocabulary = Vocabulary::create(tables.tokens, tables.types);
    const auto merges = MergeTable::create(*vocabulary, tables.merges);
    const std::vector<std::string> pieces = {"abcd", "dcba", "abcd", "aaaa", "dcba", "a", "abcd", "abcdabcd"};
    BytePairEncoder one(*vocabulary, *merges, false);
    std::vector<Token> together;
    std::vector<Token> apart;
    for (const std::string& piece : pieces) {
        one.encode(piece, together);
        BytePairEncoder(*vocabulary, *merges, false).encode(piece, apart);
    }
    QVERIFY(together == apart);
}

void BytePairEncoderTest::longRunsAreMergedWhole() {
    const auto tokenizer = alcuin::tests::SmallVocabulary().tokenizer();
    const std::size_t length = 1'000'003; // one piece; were it merged in quadratic time, this would take hours
    const auto tokens = tokenizer->encode(std::string(length, 'a'), SpecialTokens::kAsPlainText);
    QCOMPARE(tokens.size(), length / 4 + 2);
    QCOMPARE(tokenizer->piece(tokens.front()), std::string_view("aaaa"));
    QCOMPARE(tokenizer->piece(tokens[tokens.size() - 2]), std::string_view("aa"));
    QCOMPARE(tokenizer->piece(tokens.back()), std::string_view("a"));
    const auto spaces = tokenizer->encode(std::string(length, '\n') + "x", SpecialTokens::kAsPlainText);
    QCOMPARE(spaces.size(), length + 1);
}

void BytePairEncoderTest::bytesWithoutATokenAreLeftOut() {
    const std::vector<std::string> tokens = {"a", "b", "ab"};
    const std::vector<std::int64_t> types(tokens.size(), 1);
    const auto vocabulary = Vocabulary::create(tokens, types);
    const std::vector<std::string> lines = {"a b"};
    const auto merges = MergeTable::create(*vocabulary, lines);
    std::vector<Token> got;
    BytePairEncoder(*vocabulary, *merges, false).encode("xaxbx", got); // neighbours once the others are gone
    QVERIFY(got == std::vector<Token>{2});
    got.clear();
    BytePairEncoder(*vocabulary, *merges, true).encode("xyz", got);
    QVERIFY(got.empty());
}

void BytePairEncoderTest::wholePiecesStayWholeWhereTheModelWantsIt() {
    alcuin::tests::SmallVocabulary vocabulary;
    const auto whole = vocabulary.add("unmerged", 1);
    const auto control = vocabulary.add("secret", 3);
    for (const char* kind : {"smollm", "qwen2", "llama-bpe"}) {
        vocabulary.preTokenizer = kind;
        const auto tokenizer = vocabulary.tokenizer();
        const auto got = tokenizer->encode("unmerged", SpecialTokens::kAsPlainText);
        QCOMPARE(got == std::vector<Token>{static_cast<Token>(whole)}, std::string_view(kind) == "llama-bpe");
        for (const Token token : tokenizer->encode("secret", SpecialTokens::kAsPlainText)) {
            QVERIFY(token != control);
        }
    }
}

void BytePairEncoderTest::theAlphabetIsABijection() {
    std::set<std::string> spellings;
    for (int byte = 0; byte < 256; ++byte) {
        const auto value = static_cast<std::uint8_t>(byte);
        QVERIFY(byteOfCharacter(characterOfByte(value)) == value);
        QCOMPARE(bytesOfSpelling(spellByte(value)), std::string(1, static_cast<char>(byte)));
        spellings.insert(spellByte(value));
    }
    QCOMPARE(spellings.size(), std::size_t{256});
    QCOMPARE(spellByte(' '), std::string("Ġ"));
    QCOMPARE(spellByte('\n'), std::string("Ċ"));
    QCOMPARE(spellByte(0xFF), std::string("ÿ"));
    QVERIFY(!byteOfCharacter(0x4E2D).has_value());
    QCOMPARE(bytesOfSpelling("Ġ™"), std::string(" ™"));
}

ALCUIN_TEST(BytePairEncoderTest)
#include "tst_byte_pair_encoder.moc"
