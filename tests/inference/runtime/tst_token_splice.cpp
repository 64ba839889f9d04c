#include <string>
#include <vector>

#include "runtime/token_splice.h"
#include "support/test_registry.h"
#include "toy_tokenizer.h"

using namespace alcuin::inference;
using alcuin::tests::ToyTokenizer;

namespace {

std::vector<Token> found(const std::vector<Token>& generated, const std::string& text) {
    const auto part = spliceOf(generated, text, ToyTokenizer());
    return part ? std::vector<Token>(part->tokens.begin(), part->tokens.end()) : std::vector<Token>{-1};
}

/// The part of the text that tokens stand for.
std::string covered(const std::vector<Token>& generated, const std::string& text) {
    const auto part = spliceOf(generated, text, ToyTokenizer());
    return part ? text.substr(part->begin, part->end - part->begin) : "none";
}

const std::vector<Token> kNothing{-1};

} // namespace

class TestTokenSplice : public QObject {
    Q_OBJECT

private slots:
    void theWholeAnswerWithoutItsEnd() {
        QCOMPARE(found({'a', ToyTokenizer::kParis, ToyTokenizer::kEnd}, "aParis"),
                 (std::vector<Token>{'a', ToyTokenizer::kParis}));
    }

    void thePartBehindTheReasoning() {
        const std::vector<Token> generated{ToyTokenizer::kThink, 'o', 'k', ToyTokenizer::kEndThink, '\n', 'o', 'k',
                                           ToyTokenizer::kEnd};
        QCOMPARE(found(generated, "ok"), (std::vector<Token>{'o', 'k'}));
        QCOMPARE(found(generated, "<think>ok</think>\nok").size(), std::size_t(7));
    }

    void cutsBetweenTokensOnly() {
        const Token paris = ToyTokenizer::kParis;
        QCOMPARE(found({'a', paris}, "aPar"), std::vector<Token>{'a'});
        QCOMPARE(covered({'a', paris}, "aPar"), std::string("a"));
        QCOMPARE(found({paris, '!'}, "aris!"), std::vector<Token>{'!'});
        QCOMPARE(covered({paris, '!'}, "aris!"), std::string("!"));
        QCOMPARE(covered({paris, ' ', paris, ' ', paris}, "is Paris Pa"), std::string(" Paris "));
        QCOMPARE(found({paris}, "ari"), kNothing);
        // The last "s" is inside a token, the first isn't.
        QCOMPARE(found({'s', ToyTokenizer::kParis}, "s"), std::vector<Token>{'s'});
    }

    void cutsBetweenCharactersOnly() {
        // "ß" in two tokens behind "Paris": its second byte can't stand alone, nor can its first.
        const Token paris = ToyTokenizer::kParis;
        QCOMPARE(covered({paris, 0xC3, 0x9F, '!'}, "is\xC3\x9F!"), std::string("\xC3\x9F!"));
        QCOMPARE(covered({0xC3, 0x9F, '!', paris}, "\x9F!Pa"), std::string("!"));
        QCOMPARE(covered({'a', 0xC3, 0x9F}, "a\xC3"), std::string("a"));
    }

    void tokensWithoutTextAtTheEndsAreLeftOut() {
        const Token start = ToyTokenizer::kStart;
        QCOMPARE(found({start, 'a', start, 'b', start}, "ab"), (std::vector<Token>{'a', start, 'b'}));
        QCOMPARE(found({ToyTokenizer::kParis, start, 'b', start, ToyTokenizer::kParis}, "sbP"),
                 std::vector<Token>{'b'});
    }

    void changedTextIsNotFound() {
        QCOMPARE(found({'a', 'b'}, "ac"), kNothing);
        QCOMPARE(found({'a', 'b'}, ""), kNothing);
        QCOMPARE(found({}, "a"), kNothing);
    }

    void tokensThatCannotBeOneAnswerAreRefused() {
        QCOMPARE(found({'a', ToyTokenizer::kEnd, 'b'}, "ab"), kNothing);
        QCOMPARE(found({'a', -5, 'b'}, "a"), kNothing);
        QCOMPARE(found({'a', 100'000, 'b'}, "a"), kNothing);
    }
};

ALCUIN_TEST(TestTokenSplice)
#include "tst_token_splice.moc"
