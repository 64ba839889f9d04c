#include <QtTest/QTest>

#include <cmath>
#include <cstring>

#include "base/thread_pool.h"
#include "ops/fused_rows.h"
#include "random_matrix.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

constexpr auto kAny = [](const auto&) { return true; };

bool near(float got, double want) {
    return std::abs(static_cast<double>(got) - want) < 2e-6 * (1 + std::abs(want));
}

} // namespace

class FusedRowsTest : public QObject {
    Q_OBJECT

private slots:
    void normsEqualADoubleReference() {
        const auto policy = *cpu::KernelPolicy::fromEnvironment();
        for (const std::size_t rows : {1U, 3U, 17U, 130U}) {
            for (const std::size_t width : {1U, 31U, 64U, 577U}) {
                for (const bool adds : {false, true}) {
                    const auto before = randomNumbers(rows * width, 1);
                    const auto delta = randomNumbers(rows * width, 2);
                    const auto gamma = randomNumbers(width, 3);
                    const auto* kernel =
                        *policy.choose("rms_norm", cpu::rmsNormKernels(), cpu::RowShape{width}, "test", kAny);
                    for (const int threads : {1, 2}) {
                        auto x = before;
                        std::vector<float> y(rows * width, -77.0F);
                        ThreadPool pool(threads);
                        Stream stream({}, pool);
                        const std::vector<ops::RowSpan> spans{{0, rows / 2, RowClass::kPrefill},
                                                              {rows / 2, rows, RowClass::kDecode}};
                        ops::normalise(stream, *kernel, {}, x, adds ? std::span(delta) : std::span<const float>{},
                                       gamma, 1e-5F, y, {y.data(), {}, {}, nullptr, rows, width}, {}, spans);
                        verifyNorm(before, adds ? delta : std::vector<float>(delta.size()), gamma, x, y);
                    }
                }
            }
        }
    }

    void queriesAndKeysTurnAndArriveInThePages_data() {
        QTest::addColumn<bool>("halfSplit");
        QTest::addColumn<bool>("biased");
        QTest::addColumn<std::size_t>("pairs");
        QTest::newRow("interleaved") << false << false << std::size_t{16};
        QTest::newRow("half-split, biases") << true << true << std::size_t{16};
        QTest::newRow("half of each head turns") << true << false << std::size_t{8};
        QTest::newRow("an odd number of pairs") << false << true << std::size_t{5};
    }

    void queriesAndKeysTurnAndArriveInThePages() {
        QFETCH(bool, halfSplit);
        QFETCH(bool, biased);
        QFETCH(std::size_t, pairs);
        constexpr std::size_t kHeads = 6;
        constexpr std::size_t kKvHeads = 2;
        constexpr std::size_t kSize = 32;
        constexpr std::size_t kValueSize = 48;
        ops::AttentionGeometry g{kHeads, kKvHeads, kSize, kValueSize, 0, 0, KvFormat::kF32};
        g.valueOffset = kKvHeads * g.keyBytesPerHead();
        // Two sequences that go on at the end of a page and in the midst of one.
        std::vector<std::vector<unsigned char>> memory(4, std::vector<unsigned char>(g.bytes()));
        std::vector<unsigned char*> first{memory[0].data(), memory[1].data()};
        std::vector<unsigned char*> second{memory[2].data(), memory[3].data()};
        const std::vector<ops::SequenceRows> sequences{{first.data(), 62, 0, 5, RowClass::kPrefill},
                                                       {second.data(), 7, 5, 6, RowClass::kDecode}};
        constexpr std::size_t kRows = 6;
        auto query = randomNumbers(kRows * kHeads * kSize, 1);
        auto key = randomNumbers(kRows * kKvHeads * kSize, 2);
        auto value = randomNumbers(kRows * kKvHeads * kValueSize, 3);
        const auto queryBias = randomNumbers(biased ? kHeads * kSize : 0, 4);
        const auto keyBias = randomNumbers(biased ? kKvHeads * kSize : 0, 5);
        const auto valueBias = randomNumbers(biased ? kKvHeads * kValueSize : 0, 6);
        auto angles = randomNumbers(kRows * pairs, 7, 3);
        std::vector<float> cosine(angles.size());
        std::vector<float> sine(angles.size());
        for (std::size_t i = 0; i < angles.size(); ++i) {
            cosine[i] = std::cos(angles[i]);
            sine[i] = std::sin(angles[i]);
        }
        const auto wantQuery = turned(query, queryBias, kHeads, kSize, cosine, sine, pairs, halfSplit);
        const auto wantKey = turned(key, keyBias, kKvHeads, kSize, cosine, sine, pairs, halfSplit);
        const auto plainValue = value;
        const auto policy = *cpu::KernelPolicy::fromEnvironment();
        const auto* rope = *policy.choose("rope", cpu::ropeKernels(), cpu::RowShape{2 * pairs}, "test", kAny);
        const auto* store = *policy.choose("kv_store", cpu::kvStoreKernels(), cpu::AttentionShape{kSize, kValueSize},
                                           "test", [](const auto& kernel) { return kernel.format == KvFormat::kF32; });
        ThreadPool pool(2);
        Stream stream({}, pool);
        ops::rotateAndStore(stream, *rope, *store, g, sequences, {query, key, value, queryBias, keyBias, valueBias},
                            {cosine, sine, pairs}, halfSplit);
        for (std::size_t i = 0; i < query.size(); ++i) {
            QVERIFY(near(query[i], wantQuery[i]));
        }
        for (const ops::SequenceRows& sequence : sequences) {
            for (std::size_t row = sequence.rowBegin; row < sequence.rowEnd; ++row) {
                const std::size_t token = sequence.length + row - sequence.rowBegin;
                const unsigned char* page = sequence.pages[token / kPageTokens];
                for (std::size_t h = 0; h < kKvHeads; ++h) {
                    // Keys in blocks of 16 tokens, dimension by dimension; values row by row.
                    const auto* keys = reinterpret_cast<const float*>(page + g.keyOffset + h * g.keyBytesPerHead());
                    const auto* values =
                        reinterpret_cast<const float*>(page + g.valueOffset + h * g.valueBytesPerHead());
                    const std::size_t t = token % kPageTokens;
                    for (std::size_t d = 0; d < kSize; ++d) {
                        QVERIFY(near(keys[t / 16 * 16 * kSize + d * 16 + t % 16],
                                     wantKey[(row * kKvHeads + h) * kSize + d]));
                    }
                    for (std::size_t d = 0; d < kValueSize; ++d) {
                        const float bias = biased ? valueBias[h * kValueSize + d] : 0.0F;
                        QCOMPARE(values[t * kValueSize + d], plainValue[(row * kKvHeads + h) * kValueSize + d] + bias);
                    }
                }
            }
        }
    }

private:
    static void verifyNorm(const std::vector<float>& before, const std::vector<float>& delta,
                           const std::vector<float>& gamma, const std::vector<float>& x, const std::vector<float>& y) {
        const std::size_t width = gamma.size();
        for (std::size_t row = 0; row < before.size() / width; ++row) {
            double squares = 0;
            for (std::size_t e = row * width; e < (row + 1) * width; ++e) {
                QCOMPARE(x[e], before[e] + delta[e]);
                squares += static_cast<double>(x[e]) * static_cast<double>(x[e]);
            }
            const double scale = 1 / std::sqrt(squares / static_cast<double>(width) + 1e-5);
            for (std::size_t e = 0; e < width; ++e) {
                QVERIFY(near(y[row * width + e],
                             static_cast<double>(x[row * width + e]) * static_cast<double>(gamma[e]) * scale));
            }
        }
    }

    static std::vector<double> turned(const std::vector<float>& x, const std::vector<float>& bias, std::size_t heads,
                                      std::size_t size, const std::vector<float>& cosine,
                                      const std::vector<float>& sine, std::size_t pairs, bool halfSplit) {
        std::vector<double> y(x.size());
        for (std::size_t i = 0; i < x.size(); ++i) {
            y[i] = static_cast<double>(x[i]) + (bias.empty() ? 0.0 : static_cast<double>(bias[i % (heads * size)]));
        }
        for (std::size_t head = 0; head < x.size() / size; ++head) {
            for (std::size_t p = 0; p < pairs; ++p) {
                double& a = y[head * size + (halfSplit ? p : 2 * p)];
                double& b = y[head * size + (halfSplit ? p + pairs : 2 * p + 1)];
                const auto c = static_cast<double>(cosine[head / heads * pairs + p]);
                const auto s = static_cast<double>(sine[head / heads * pairs + p]);
                const double turnedA = a * c - b * s;
                b = a * s + b * c;
                a = turnedA;
            }
        }
        return y;
    }
};

ALCUIN_TEST(FusedRowsTest)
#include "tst_fused_rows.moc"
