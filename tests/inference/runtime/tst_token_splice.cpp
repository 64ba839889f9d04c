#include <string>
#include <vector>

#include "runtime/token_splice.h"
#include "support/test_registry.h"
#include "toy_tokenizer.h"

using namespace alcuin::inference;
using alcuin::tests::ToyTokenizer;

namespace {

std::vector<Token> found(const std::vector<Token>& generated, const std::string& text) {
    const auto part = tokensOfText(generated, text, ToyTokenizer());
    return part ? std::vector<Token>(part->begin(), part->end()) : std::vector<Token>{-1};
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
        QCOMPARE(found({'a', ToyTokenizer::kParis}, "aPar"), kNothing);
        QCOMPARE(found({ToyTokenizer::kParis, '!'}, "aris!"), kNothing);
        // The last "s" is inside a token, the first isn't.
        QCOMPARE(found({'s', ToyTokenizer::kParis}, "s"), std::vector<Token>{'s'});
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
