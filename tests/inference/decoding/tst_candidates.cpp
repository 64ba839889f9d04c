#include "decoding/candidates.h"

#include "support/test_registry.h"

#include <QObject>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace alcuin::inference;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Coarse numbers, so that many are equal; some -inf and NaN among them where asked for.
std::vector<float> randomLogits(std::mt19937& random, std::size_t count, bool withGaps) {
    std::vector<float> logits(count);
    for (auto& logit : logits) {
        logit = static_cast<float>(static_cast<int>(random() % 161) - 80) / 8.0F;
        if (withGaps && random() % 7 == 0) {
            logit = random() % 2 == 0 ? -kInfinity : std::nanf("");
        }
    }
    return logits;
}

/// All that can happen, fully sorted by the plain rule.
std::vector<Candidate> sortedCandidates(const std::vector<float>& logits) {
    std::vector<Candidate> all;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        if (!std::isnan(logits[i]) && logits[i] != -kInfinity) {
            all.push_back({logits[i], static_cast<Token>(i)});
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.logit > b.logit; });
    return all;
}

std::vector<Token> tokensOf(const std::vector<Candidate>& candidates) {
    std::vector<Token> tokens;
    for (const auto& candidate : candidates) {
        tokens.push_back(candidate.token);
    }
    return tokens;
}

std::vector<Token> inAnyOrder(std::vector<Token> tokens) {
    std::sort(tokens.begin(), tokens.end());
    return tokens;
}

std::vector<double> probabilitiesOf(const std::vector<Candidate>& candidates) {
    std::vector<double> probabilities;
    double total = 0;
    for (const auto& candidate : candidates) {
        probabilities.push_back(std::exp(static_cast<double>(candidate.logit)));
        total += probabilities.back();
    }
    for (auto& probability : probabilities) {
        probability /= total;
    }
    return probabilities;
}

} // namespace

class CandidatesTest : public QObject {
    Q_OBJECT

private slots:
    void mostLikelyTakesTheLowestOfEquals();
    void topKAgreesWithSorting();
    void topPAgreesWithSorting();
    void topPKeepsAtLeastOne();
    void minPAgreesWithProbabilities();
    void minPKeepsTheBest();
    void drawsByShares();
};

void CandidatesTest::mostLikelyTakesTheLowestOfEquals() {
    QCOMPARE(mostLikely(std::vector<float>{1, 3, 2, 3}), 1);
    QCOMPARE(mostLikely(std::vector<float>{std::nanf(""), -5, std::nanf(""), -4}), 3);
    QCOMPARE(mostLikely(std::vector<float>{-kInfinity, std::nanf("")}), 0);
    QCOMPARE(mostLikely(std::vector<float>{1, kInfinity, kInfinity}), 1);
    QCOMPARE(mostLikely(std::vector<float>{-7}), 0);
}

void CandidatesTest::topKAgreesWithSorting() {
    std::mt19937 random(1);
    for (int round = 0; round < 300; ++round) {
        const auto logits = randomLogits(random, 1 + random() % (round % 3 == 0 ? 6000 : 700), round % 2 == 1);
        const auto all = sortedCandidates(logits);
        QCOMPARE(mostLikely(logits), all.empty() ? 0 : all.front().token);
        for (const std::size_t k :
             {std::size_t{0}, std::size_t{1}, std::size_t{5}, std::size_t{40}, logits.size(), logits.size() + 1}) {
            std::vector<Candidate> candidates{{9, 9}}; // what is there is forgotten
            collectCandidates(logits, k, candidates);
            auto expected = tokensOf(all);
            if (k != 0) {
                expected.resize(std::min(k, expected.size()));
            }
            QCOMPARE(inAnyOrder(tokensOf(candidates)), inAnyOrder(expected));
        }
    }
}

void CandidatesTest::topPAgreesWithSorting() {
    std::mt19937 random(2);
    for (int round = 0; round < 300; ++round) {
        // Spread and flat, so that few and many are kept.
        auto logits = randomLogits(random, 1 + random() % 3000, false);
        if (round % 3 == 0) {
            std::ranges::transform(logits, logits.begin(), [](float logit) { return logit / 16; });
        }
        const auto all = sortedCandidates(logits);
        const auto probabilities = probabilitiesOf(all);
        for (const double topP : {0.0, 0.1, 0.5, 0.9, 0.999}) {
            double sum = 0;
            std::size_t count = 0;
            while (count < all.size() && (count == 0 || sum < topP)) {
                sum += probabilities[count++];
            }
            std::vector<Candidate> candidates;
            collectCandidates(logits, 0, candidates);
            keepTopP(candidates, topP);
            auto expected = tokensOf(all);
            expected.resize(count);
            QCOMPARE(tokensOf(candidates), inAnyOrder(expected)); // in the order they had: by id
        }
        std::vector<Candidate> untouched;
        collectCandidates(logits, 0, untouched);
        const auto before = tokensOf(untouched);
        keepTopP(untouched, 1.0);
        QCOMPARE(tokensOf(untouched), before);
    }
}

void CandidatesTest::topPKeepsAtLeastOne() {
    std::vector<Candidate> candidates{{1, 0}, {5, 1}, {5, 2}};
    keepTopP(candidates, -1.0);
    QCOMPARE(tokensOf(candidates), std::vector<Token>{1});
    candidates.clear();
    keepTopP(candidates, 0.5);
    QVERIFY(candidates.empty());
}

void CandidatesTest::minPAgreesWithProbabilities() {
    std::mt19937 random(3);
    for (int round = 0; round < 300; ++round) {
        const auto logits = randomLogits(random, 1 + random() % 300, false);
        const auto all = sortedCandidates(logits);
        const auto probabilities = probabilitiesOf(all);
        for (const double minP : {0.0, 0.01, 0.07, 0.6}) {
            std::vector<Token> expected;
            for (std::size_t i = 0; i < all.size(); ++i) {
                if (probabilities[i] >= minP * probabilities[0]) {
                    expected.push_back(all[i].token);
                }
            }
            std::vector<Candidate> candidates;
            collectCandidates(logits, 0, candidates);
            keepMinP(candidates, minP);
            QCOMPARE(inAnyOrder(tokensOf(candidates)), inAnyOrder(expected));
        }
    }
}

void CandidatesTest::minPKeepsTheBest() {
    std::vector<Candidate> candidates{{1, 0}, {5, 1}, {5, 2}, {4.99F, 3}};
    keepMinP(candidates, 7.0);
    QCOMPARE(tokensOf(candidates), (std::vector<Token>{1, 2}));
}

void CandidatesTest::drawsByShares() {
    // Weights 1, 2 and 1 of 4: the borders lie at 1/4 and 3/4.
    const std::vector<Candidate> candidates{{0, 10}, {std::log(2.0F), 11}, {0, 12}};
    QCOMPARE(drawCandidate(candidates, 1.0, 0.0), 10);
    QCOMPARE(drawCandidate(candidates, 1.0, 0.2499), 10);
    QCOMPARE(drawCandidate(candidates, 1.0, 0.2501), 11);
    QCOMPARE(drawCandidate(candidates, 1.0, 0.7499), 11);
    QCOMPARE(drawCandidate(candidates, 1.0, 0.7501), 12);
    QCOMPARE(drawCandidate(candidates, 1.0, std::nextafter(1.0, 0.0)), 12);
    // Temperature 1/2 squares the weights: 1, 4 and 1 of 6.
    QCOMPARE(drawCandidate(candidates, 0.5, 0.1666), 10);
    QCOMPARE(drawCandidate(candidates, 0.5, 0.1667), 11);
    // However cold, the best is drawn; however hot, all are alike.
    QCOMPARE(drawCandidate(candidates, 1e-300, 0.5), 11);
    QCOMPARE(drawCandidate(candidates, 1e300, 0.3334), 11);
    QCOMPARE(drawCandidate(candidates, 1e300, 0.6667), 12);
}

ALCUIN_TEST(CandidatesTest)
#include "tst_candidates.moc"
