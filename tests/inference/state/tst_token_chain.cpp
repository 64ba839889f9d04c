#include <QtTest/QTest>

#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <random>
#include <set>

#include "state/token_chain.h"
#include "support/test_registry.h"

using namespace alcuin::inference;

namespace {

StateIdentity someIdentity() {
    return {.weights = 42, .adapters = {}, .layout = "30 layers, bf16", .numerics = "fast, avx512"};
}

} // namespace

class TokenChainTest : public QObject {
    Q_OBJECT

private slots:
    /// Keys are written to disk: what made them must never change without a new version there.
    void keysAreTheSameEverywhere() {
        const ChainKey root = chainRoot(someIdentity());
        QCOMPARE(root.high, std::uint64_t{0x46ccdfe7498054e7U});
        QCOMPARE(root.low, std::uint64_t{0xaba4d7603980dc35U});
        std::vector<Token> tokens(64);
        std::iota(tokens.begin(), tokens.end(), 1000);
        const ChainKey next = chainNext(root, tokens, true);
        QCOMPARE(next.high, std::uint64_t{0x6e23f0d606e0c8b3U});
        QCOMPARE(next.low, std::uint64_t{0x764b7f3ad7822f2aU});
    }

    void everyPartOfTheIdentityCounts() {
        std::set<ChainKey> keys;
        const auto add = [&](auto change) {
            StateIdentity identity = someIdentity();
            change(identity);
            keys.insert(chainRoot(identity));
        };
        add([](StateIdentity&) {});
        add([](StateIdentity& i) { i.weights = 43; });
        add([](StateIdentity& i) { i.adapters = {1}; });
        add([](StateIdentity& i) { i.adapters = {1, 2}; });
        add([](StateIdentity& i) { i.adapters = {2, 1}; });
        add([](StateIdentity& i) { i.layout += "x"; });
        add([](StateIdentity& i) { i.layout.clear(); });
        add([](StateIdentity& i) { i.numerics = "fast, avx2"; });
        add([](StateIdentity& i) { std::swap(i.layout, i.numerics); });
        add([](StateIdentity& i) {
            i.numerics = i.layout + i.numerics; // the same letters, cut elsewhere
            i.layout.clear();
        });
        QCOMPARE(keys.size(), std::size_t{10});
    }

    void everyTokenItsPlaceAndItsPageCount() {
        const ChainKey root = chainRoot(someIdentity());
        std::set<ChainKey> keys{root};
        std::vector<Token> tokens(64, 5);
        std::size_t made = 1;
        const auto add = [&](ChainKey key) {
            keys.insert(key);
            ++made;
        };
        for (std::size_t length = 0; length <= 64; ++length) {
            add(chainNext(root, std::span(tokens).first(length), true));
            add(chainNext(root, std::span(tokens).first(length), false));
        }
        for (std::size_t at = 0; at < 64; ++at) {
            for (const Token token : {0, 4, 6, 1 << 20}) {
                tokens[at] = token;
                add(chainNext(root, tokens, true));
            }
            tokens[at] = 5;
        }
        const auto half = std::span(tokens).first(32);
        add(chainNext(chainNext(root, half, true), half, true)); // cut elsewhere
        add(chainNext(chainNext(root, tokens, true), tokens, true));
        add(chainNext(chainNext(root, tokens, false), tokens, true));
        add(chainNext({root.high, root.low + 1}, tokens, true));
        add(chainNext({root.high + 1, root.low}, tokens, true));
        QCOMPARE(keys.size(), made);
    }

    /// Each half alone tells pages apart (two equal ones among these are to be expected with a chance of 3e-10), and a
    /// single bit of a token changes about half of the key's.
    void bothHalvesSpread() {
        const ChainKey root = chainRoot(someIdentity());
        std::set<std::uint64_t> high;
        std::set<std::uint64_t> low;
        std::mt19937 engine(3);
        double changed = 0;
        constexpr std::size_t kPages = 100'000;
        ChainKey key = root;
        for (std::size_t i = 0; i < kPages; ++i) {
            const std::array<Token, 2> tokens{static_cast<Token>(i % 7), static_cast<Token>(i)};
            key = chainNext(i % 100 == 0 ? root : key, tokens, true);
            high.insert(key.high);
            low.insert(key.low);
            std::array<Token, 2> flipped = tokens;
            flipped[engine() % 2] ^= 1 << engine() % 17;
            const ChainKey one = chainNext(root, tokens, true);
            const ChainKey other = chainNext(root, flipped, true);
            changed += std::popcount(one.high ^ other.high) + std::popcount(one.low ^ other.low);
        }
        QCOMPARE(high.size(), kPages);
        QCOMPARE(low.size(), kPages);
        QVERIFY(std::abs(changed / kPages - 64) < 0.5);
    }
};

ALCUIN_TEST(TokenChainTest)
#include "tst_token_chain.moc"
