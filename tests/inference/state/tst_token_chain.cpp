#include <QtTest/QTest>

#include <set>
#include <vector>

#include "state/token_chain.h"
#include "support/test_registry.h"

using namespace alcuin::inference;

class TokenChainTest : public QObject {
    Q_OBJECT

private slots:
    void everythingThatChangesAStateChangesItsRoot() {
        const StateIdentity plain{1, {}, "ab", "c"};
        std::set<ChainKey> roots{chainRoot(plain)};
        for (const StateIdentity& other : std::vector<StateIdentity>{{2, {}, "ab", "c"},
                                                                     {1, {0}, "ab", "c"},
                                                                     {1, {3, 4}, "ab", "c"},
                                                                     {1, {4, 3}, "ab", "c"},
                                                                     {1, {}, "a", "bc"},
                                                                     {1, {}, "abc", ""},
                                                                     {1, {}, "ab", "d"}}) {
            QVERIFY(roots.insert(chainRoot(other)).second);
        }
        QCOMPARE(chainRoot(plain), chainRoot(StateIdentity{1, {}, "ab", "c"}));
    }

    void keysFollowTokensAndWhoWroteThem() {
        const ChainKey root = chainRoot({1, {}, "", ""});
        const std::vector<Token> tokens{1, 2, 3, 4};
        const std::span<const Token> all(tokens);
        std::set<ChainKey> keys{root};
        QVERIFY(keys.insert(chainNext(root, all, true)).second);
        QVERIFY(keys.insert(chainNext(root, all, false)).second);
        QVERIFY(keys.insert(chainNext(root, all.first(3), true)).second);
        QVERIFY(keys.insert(chainNext(chainNext(root, all.first(2), true), all.last(2), true)).second);
        QVERIFY(keys.insert(chainNext(chainNext(root, all.first(2), false), all.last(2), true)).second);
        QVERIFY(keys.insert(chainNext({root.high, root.low + 1}, all, true)).second);
        QVERIFY(keys.insert(chainNext({root.high + 1, root.low}, all, true)).second);
        QCOMPARE(chainNext(root, all, true), chainNext(root, std::vector<Token>{1, 2, 3, 4}, true));
    }
};

ALCUIN_TEST(TokenChainTest)
#include "tst_token_chain.moc"
