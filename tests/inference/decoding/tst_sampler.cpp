#include "decoding/sampler.h"

#include "support/test_registry.h"

#include <QObject>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <set>

using namespace alcuin::inference;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Everything off: what is drawn follows the softmax of the logits.
SamplingParameters plainParameters() {
    SamplingParameters parameters;
    parameters.temperature = 1;
    parameters.topK = 0;
    parameters.topP = 1;
    parameters.minP = 0;
    return parameters;
}

std::vector<float> bumpyLogits(std::size_t count) {
    std::mt19937 random(11);
    std::vector<float> logits(count);
    for (auto& logit : logits) {
        logit = static_cast<float>(random() % 4096) / 1024.0F - 2.0F; // -2 .. 2
    }
    return logits;
}

/// Scales to a sum of 1.
void normalise(std::vector<double>& weights) {
    double total = 0;
    for (const double weight : weights) {
        total += weight;
    }
    for (double& weight : weights) {
        weight /= total;
    }
}

std::vector<double> softmax(const std::vector<double>& logits) {
    std::vector<double> weights;
    for (const double logit : logits) {
        weights.push_back(std::exp(logit));
    }
    normalise(weights);
    return weights;
}

/// The whole chain in its plainest form: penalty, top-k, top-p, min-p, temperature. Zero: can't be drawn.
std::vector<double> expectedProbabilities(const std::vector<float>& logits, const SamplingParameters& parameters,
                                          const std::set<Token>& seen) {
    std::vector<double> adjusted(logits.begin(), logits.end());
    const auto penalty = static_cast<double>(parameters.repetitionPenalty);
    for (const Token token : seen) {
        auto& logit = adjusted[static_cast<std::size_t>(token)];
        logit = logit > 0 ? logit / penalty : logit * penalty;
    }
    std::vector<std::size_t> order(logits.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return adjusted[a] > adjusted[b]; });
    if (parameters.topK > 0) {
        order.resize(std::min(order.size(), static_cast<std::size_t>(parameters.topK)));
    }
    std::vector<double> kept;
    for (const auto i : order) {
        kept.push_back(adjusted[i]);
    }
    const auto probabilities = softmax(kept);
    std::vector<double> result(logits.size(), 0.0);
    double sum = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const bool inTopP = i == 0 || parameters.topP >= 1 || sum < static_cast<double>(parameters.topP);
        const bool inMinP = probabilities[i] >= static_cast<double>(parameters.minP) * probabilities[0];
        sum += probabilities[i];
        if (inTopP && inMinP) {
            result[order[i]] = std::exp(adjusted[order[i]] / static_cast<double>(parameters.temperature));
        }
    }
    normalise(result);
    return result;
}

/// The chi-square value that fair draws exceed once in 10,000 times (Wilson and Hilferty 1931; 3.719 is that quantile
/// of the normal distribution).
double chiSquareLimit(double freedom) {
    const double spread = 2.0 / (9.0 * freedom);
    return freedom * std::pow(1.0 - spread + 3.719 * std::sqrt(spread), 3.0);
}

/// Draws many times and compares with the exact probabilities.
void compareDraws(const std::vector<float>& logits, const SamplingParameters& parameters,
                  const std::vector<Token>& accepted) {
    constexpr int kDraws = 40'000;
    Sampler sampler(parameters, 20240601);
    for (const Token token : accepted) {
        sampler.accept(token);
    }
    const auto window = static_cast<std::size_t>(parameters.penaltyWindow);
    const auto from = accepted.size() > window ? accepted.end() - parameters.penaltyWindow : accepted.begin();
    const auto expected = expectedProbabilities(logits, parameters, std::set<Token>(from, accepted.end()));

    std::vector<int> drawn(logits.size(), 0);
    for (int i = 0; i < kDraws; ++i) {
        ++drawn.at(static_cast<std::size_t>(sampler.sample(logits)));
    }
    double chiSquare = 0;
    double rareExpected = 0;
    double rareDrawn = 0;
    int cells = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        const double mean = expected[i] * kDraws;
        if (expected[i] == 0) {
            QVERIFY2(drawn[i] == 0, qPrintable(QStringLiteral("token %1 was filtered out").arg(i)));
        } else if (mean < 5) { // too rare for the statistic alone: put together
            rareExpected += mean;
            rareDrawn += drawn[i];
        } else {
            chiSquare += (drawn[i] - mean) * (drawn[i] - mean) / mean;
            ++cells;
        }
    }
    if (rareExpected >= 5) {
        chiSquare += (rareDrawn - rareExpected) * (rareDrawn - rareExpected) / rareExpected;
        ++cells;
    }
    QVERIFY(cells >= 2);
    const double limit = chiSquareLimit(cells - 1);
    QVERIFY2(chiSquare < limit, qPrintable(QStringLiteral("%1 of %2").arg(chiSquare).arg(limit)));
}

} // namespace

class SamplerTest : public QObject {
    Q_OBJECT

private slots:
    void followsTheExactDistribution_data();
    void followsTheExactDistribution();
    void penalisesOnlyTheWindow();
    void ignoresTokensOutsideTheVocabulary();
    void greedyTakesTheBest();
    void greedyHeedsThePenalty();
    void neverDrawsWhatCannotHappen();
    void infinitiesAndNans();
    void sameSeedSameTokens();
    void sameNumbersOnEveryMachine_data();
    void sameNumbersOnEveryMachine();
    void seedOfTheParametersWins();
    void leavesLogitsAlone();
    void largeVocabularies();
};

void SamplerTest::followsTheExactDistribution_data() {
    QTest::addColumn<float>("temperature");
    QTest::addColumn<int>("topK");
    QTest::addColumn<float>("topP");
    QTest::addColumn<float>("minP");
    QTest::addColumn<float>("penalty");
    QTest::newRow("plain") << 1.0F << 0 << 1.0F << 0.0F << 1.0F;
    QTest::newRow("cold") << 0.4F << 0 << 1.0F << 0.0F << 1.0F;
    QTest::newRow("hot") << 2.5F << 0 << 1.0F << 0.0F << 1.0F;
    QTest::newRow("top-k") << 1.0F << 7 << 1.0F << 0.0F << 1.0F;
    QTest::newRow("top-k beyond the vocabulary") << 1.0F << 1000 << 1.0F << 0.0F << 1.0F;
    QTest::newRow("top-p") << 1.0F << 0 << 0.6F << 0.0F << 1.0F;
    QTest::newRow("top-p before heat") << 2.5F << 0 << 0.6F << 0.0F << 1.0F;
    QTest::newRow("min-p") << 1.0F << 0 << 1.0F << 0.3F << 1.0F;
    QTest::newRow("min-p before heat") << 2.5F << 0 << 1.0F << 0.3F << 1.0F;
    QTest::newRow("top-p of what top-k left") << 1.0F << 10 << 0.7F << 0.0F << 1.0F;
    QTest::newRow("penalty") << 1.0F << 0 << 1.0F << 0.0F << 1.7F;
    QTest::newRow("penalty before top-k") << 1.0F << 8 << 1.0F << 0.0F << 1.7F;
    QTest::newRow("reward") << 1.0F << 0 << 1.0F << 0.0F << 0.6F;
    QTest::newRow("all") << 0.8F << 20 << 0.9F << 0.1F << 1.2F;
}

void SamplerTest::followsTheExactDistribution() {
    QFETCH(float, temperature);
    QFETCH(int, topK);
    QFETCH(float, topP);
    QFETCH(float, minP);
    QFETCH(float, penalty);
    SamplingParameters parameters;
    parameters.temperature = temperature;
    parameters.topK = topK;
    parameters.topP = topP;
    parameters.minP = minP;
    parameters.repetitionPenalty = penalty;
    const auto logits = bumpyLogits(60);
    const auto best = static_cast<Token>(std::ranges::max_element(logits) - logits.begin());
    compareDraws(logits, parameters, {best, 3, 3, 17, 59, 0});
}

void SamplerTest::penalisesOnlyTheWindow() {
    auto parameters = plainParameters();
    parameters.repetitionPenalty = 2;
    parameters.penaltyWindow = 3;
    compareDraws(bumpyLogits(12), parameters, {1, 2, 3, 4, 5, 6, 7, 8});
    compareDraws(bumpyLogits(12), parameters, {1, 2});
    parameters.penaltyWindow = 0;
    compareDraws(bumpyLogits(12), parameters, {1, 2, 3});
}

void SamplerTest::ignoresTokensOutsideTheVocabulary() {
    auto parameters = plainParameters();
    parameters.temperature = 0;
    parameters.repetitionPenalty = 2;
    Sampler sampler(parameters, 1);
    sampler.accept(-1);
    sampler.accept(3);
    sampler.accept(std::numeric_limits<Token>::max());
    QCOMPARE(sampler.sample(std::vector<float>{1, 3, 2}), 1);
}

void SamplerTest::greedyTakesTheBest() {
    SamplingParameters parameters;
    for (const float temperature : {0.0F, -1.0F, std::nanf("")}) {
        parameters.temperature = temperature;
        Sampler sampler(parameters, 5);
        QCOMPARE(sampler.sample(std::vector<float>{0, 7, 3, 7}), 1);
        QCOMPARE(sampler.sample(std::vector<float>{std::nanf(""), -7, -3}), 2);
    }
}

void SamplerTest::greedyHeedsThePenalty() {
    SamplingParameters parameters;
    parameters.temperature = 0;
    parameters.repetitionPenalty = 1.5F;
    Sampler sampler(parameters, 5);
    const std::vector<float> logits{2.0F, 1.5F, -1.0F};
    QCOMPARE(sampler.sample(logits), 0);
    sampler.accept(0);
    QCOMPARE(sampler.sample(logits), 1); // 2 / 1.5 < 1.5
    const std::vector<float> negative{-1.0F, -1.4F};
    QCOMPARE(sampler.sample(negative), 1); // -1 * 1.5 < -1.4
}

void SamplerTest::neverDrawsWhatCannotHappen() {
    for (const int topK : {0, 2, 40}) {
        auto parameters = plainParameters();
        parameters.topK = topK;
        parameters.temperature = kInfinity; // all that can happen are alike
        Sampler sampler(parameters, 5);
        const std::vector<float> logits{-kInfinity, 1, std::nanf(""), 9, -kInfinity};
        std::array<int, 5> drawn{};
        for (int i = 0; i < 1000; ++i) {
            ++drawn.at(static_cast<std::size_t>(sampler.sample(logits)));
        }
        QCOMPARE(drawn[0] + drawn[2] + drawn[4], 0);
        QVERIFY(drawn[1] > 400 && drawn[3] > 400);
    }
}

void SamplerTest::infinitiesAndNans() {
    Sampler sampler(plainParameters(), 5);
    QCOMPARE(sampler.sample(std::vector<float>{1, kInfinity, 2, kInfinity}), 1);
    QCOMPARE(sampler.sample(std::vector<float>{-kInfinity, std::nanf(""), -kInfinity}), 0);
    QCOMPARE(sampler.sample(std::vector<float>{-kInfinity, -3e38F, -kInfinity}), 1);
    QCOMPARE(sampler.sample(std::vector<float>{3e38F, -3e38F}), 0);
    auto cold = plainParameters();
    cold.temperature = std::numeric_limits<float>::denorm_min();
    QCOMPARE(Sampler(cold, 5).sample(std::vector<float>{1, 2, 1.9999F}), 1);
}

void SamplerTest::sameSeedSameTokens() {
    SamplingParameters parameters;
    parameters.repetitionPenalty = 1.1F;
    const auto logits = bumpyLogits(500);
    const auto run = [&](std::uint64_t seed) {
        Sampler sampler(parameters, seed);
        std::vector<Token> tokens;
        for (int i = 0; i < 200; ++i) {
            tokens.push_back(sampler.sample(logits));
            sampler.accept(tokens.back());
        }
        return tokens;
    };
    QCOMPARE(run(7), run(7));
    QVERIFY(run(7) != run(8));
}

void SamplerTest::sameNumbersOnEveryMachine_data() {
    QTest::addColumn<quint64>("seed");
    QTest::addColumn<QList<int>>("tokens");
    // SplitMix64 computed apart from this program; 1000 tokens alike share [0, 1) in thousandths.
    QTest::newRow("0") << quint64{0} << QList<int>{652, 701, 387, 656, 787, 146, 778, 265};
    QTest::newRow("1") << quint64{1} << QList<int>{368, 943, 45, 777, 219, 774, 626, 246};
    QTest::newRow("42") << quint64{42} << QList<int>{343, 955, 486, 67, 676, 67, 195, 734};
    QTest::newRow("largest") << std::numeric_limits<quint64>::max()
                             << QList<int>{366, 740, 510, 926, 511, 154, 870, 723};
}

void SamplerTest::sameNumbersOnEveryMachine() {
    QFETCH(quint64, seed);
    QFETCH(QList<int>, tokens);
    Sampler sampler(plainParameters(), seed);
    const std::vector<float> logits(1000, -1.25F);
    for (const int token : tokens) {
        QCOMPARE(sampler.sample(logits), token);
    }
}

void SamplerTest::seedOfTheParametersWins() {
    auto parameters = plainParameters();
    QCOMPARE(Sampler(parameters, 3).seed(), std::uint64_t{3});
    parameters.seed = 42;
    Sampler sampler(parameters, 3);
    QCOMPARE(sampler.seed(), std::uint64_t{42});
    QCOMPARE(sampler.sample(std::vector<float>(1000, 0.0F)), 343);
}

void SamplerTest::leavesLogitsAlone() {
    SamplingParameters parameters;
    parameters.repetitionPenalty = 2;
    Sampler sampler(parameters, 3);
    sampler.accept(1);
    const auto logits = bumpyLogits(100);
    const auto copy = logits;
    (void)sampler.sample(logits);
    QVERIFY(logits == copy);
}

void SamplerTest::largeVocabularies() {
    // Every filter off and on: what is drawn stays among the tokens that the filters leave.
    auto logits = bumpyLogits(150'000);
    logits[149'999] = 9;
    logits[70'000] = 9;
    auto parameters = plainParameters();
    for (const auto& [topK, topP, minP] : {std::tuple{2, 1.0F, 0.0F}, {0, 1e-6F, 0.0F}, {0, 1.0F, 0.9F}}) {
        parameters.topK = topK;
        parameters.topP = topP;
        parameters.minP = minP;
        Sampler sampler(parameters, 9);
        std::set<Token> drawn;
        for (int i = 0; i < 40; ++i) {
            drawn.insert(sampler.sample(logits));
        }
        QVERIFY(drawn == (topP < 1 ? std::set<Token>{70'000} : std::set<Token>{70'000, 149'999}));
    }
}

ALCUIN_TEST(SamplerTest)
#include "tst_sampler.moc"
