#include <cmath>
#include <cstring>
#include <limits>

#include <QtTest/QTest>

#include "backends/cpu/kernel_table.h"
#include "kernel_support.h"
#include "support/test_registry.h"
#include "tensor/half.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

template <typename Kernel, typename Body>
void forEachThatRuns(std::span<const Kernel> table, std::size_t width, const Body& body) {
    for (const Kernel& kernel : table) {
        if (runsHere(kernel) && kernel.accepts({width})) {
            body(kernel);
        }
    }
}

struct Quantised {
    std::vector<std::int8_t> values;
    std::vector<float> scale;
    std::vector<std::int32_t> sum;
    std::vector<float> offset;
    std::vector<std::int32_t> lower;
};

Quantised quantise(const cpu::QuantiseKernel& kernel, const std::vector<float>& x) {
    const std::size_t groups = x.size() / cpu::kGroup;
    Quantised q{std::vector<std::int8_t>(x.size()), std::vector<float>(groups), std::vector<std::int32_t>(groups),
                std::vector<float>(groups), std::vector<std::int32_t>(groups)};
    kernel.run(
        {x.data(), {q.values.data(), q.scale.data(), q.sum.data(), q.offset.data(), q.lower.data()}, 0, 1, x.size()});
    return q;
}

struct Split {
    std::vector<cpu::SplitGroup> coarse;
    std::vector<cpu::SplitGroup> fine;
    std::vector<std::uint8_t> fineRows;
    std::size_t groups;

    std::size_t at(std::size_t row, std::size_t group) const {
        return (row / 16 * groups + group) * 16 + row % 16;
    }
};

Split split(const cpu::SplitKernel& kernel, const std::vector<float>& x, std::size_t rows) {
    const std::size_t depth = x.size() / rows;
    const std::size_t all = (rows + 15) / 16 * 16 * (depth / cpu::kGroup);
    Split s{std::vector<cpu::SplitGroup>(all), std::vector<cpu::SplitGroup>(all), std::vector<std::uint8_t>(all),
            depth / cpu::kGroup};
    const cpu::SplitRows out{s.coarse.data(), s.fine.data(), s.fineRows.data()};
    kernel.run({x.data(), out, 0, rows / 2, depth});
    kernel.run({x.data(), out, rows / 2, rows, depth});
    return s;
}

} // namespace

class RowKernelsTest : public QObject {
    Q_OBJECT

private slots:
    void packingIsTheSameEverywhere() {
        constexpr std::size_t kRows = 37;
        constexpr std::size_t kDepth = 96;
        const auto x = randomNumbers(kRows * kDepth, 5, 3);
        for (const cpu::PackKernel& kernel : cpu::packKernels()) {
            if (!runsHere(kernel)) {
                continue;
            }
            std::vector<std::uint16_t> tiles(48 * kDepth);
            kernel.run({x.data(), tiles.data(), 0, 20, kDepth});
            kernel.run({x.data(), tiles.data(), 20, kRows, kDepth});
            for (std::size_t r = 0; r < kRows; ++r) {
                for (std::size_t k = 0; k < kDepth; ++k) {
                    const std::size_t tile = r / 16 * (kDepth / 32) + k / 32;
                    QCOMPARE(tiles[tile * 512 + r % 16 * 32 + k % 32], f32ToBf16(x[r * kDepth + k]));
                }
            }
        }
    }

    void quantisingIsTheSameEverywhere() {
        auto x = randomNumbers(32 * 40, 3);
        for (std::size_t i = 0; i < 32; ++i) {
            x[32 + i] = 0;                                   // a group of nothing
            x[64 + i] *= 1e-30F;                             // small
            x[96 + i] = static_cast<float>(i) - 16 + 0.5F;   // ties
            x[128 + i] *= std::numeric_limits<float>::min(); // below what a scale can hold
        }
        const Quantised want = quantise(cpu::quantiseKernels().back(), x);
        for (std::size_t g = 0; g < 40; ++g) {
            int sum = 0;
            for (std::size_t k = 0; k < 32; ++k) {
                const double back = static_cast<double>(want.scale[g]) * want.values[g * 32 + k];
                const double error = std::abs(back - static_cast<double>(x[g * 32 + k]));
                QVERIFY(error <= static_cast<double>(want.scale[g]) * 0.5001 + 128 * 1.2e-38);
                sum += want.values[g * 32 + k];
                if (k == 15) {
                    QCOMPARE(want.lower[g], sum);
                }
            }
            QCOMPARE(want.sum[g], sum);
            QCOMPARE(want.offset[g], want.scale[g] * static_cast<float>(sum));
        }
        forEachThatRuns(cpu::quantiseKernels(), 32, [&](const cpu::QuantiseKernel& kernel) {
            const Quantised got = quantise(kernel, x);
            QVERIFY(got.values == want.values && got.scale == want.scale && got.sum == want.sum);
            QVERIFY(got.offset == want.offset && got.lower == want.lower);
        });
    }

    void splittingIsTheSameEverywhere() {
        constexpr std::size_t kRows = 21;
        constexpr std::size_t kGroups = 40;
        auto x = randomNumbers(kRows * kGroups * 32, 3);
        for (std::size_t r = 0; r < kRows; ++r) {
            x[r * kGroups * 32 + 5] *= static_cast<float>(r); // an outlier that pushes others' groups below the mean
        }
        std::fill_n(x.begin() + 32, 32, 0.0F);
        const Split want = split(cpu::splitKernels().back(), x, kRows);
        std::size_t fineGroups = 0;
        for (std::size_t r = 0; r < kRows; ++r) {
            double squares = 0;
            for (std::size_t g = 0; g < kGroups; ++g) {
                const double scale = static_cast<double>(want.coarse[want.at(r, g)].scale);
                squares += scale * scale / kGroups;
            }
            for (std::size_t g = 0; g < kGroups; ++g) {
                const cpu::SplitGroup& coarse = want.coarse[want.at(r, g)];
                const cpu::SplitGroup& fine = want.fine[want.at(r, g)];
                const bool second = want.fineRows[want.at(r, g)] != 0;
                const double scale = static_cast<double>(coarse.scale);
                QCOMPARE(second, scale * scale > static_cast<double>(cpu::kFineShare) * squares);
                fineGroups += second ? 1 : 0;
                int sum = 0;
                for (std::size_t k = 0; k < 32; ++k) {
                    const double rest = second ? static_cast<double>(fine.scale) * fine.values[k] : 0;
                    const double number = static_cast<double>(x[(r * kGroups + g) * 32 + k]);
                    const double step = second ? scale / static_cast<double>(cpu::kFineSteps) : scale;
                    QVERIFY(std::abs(scale * coarse.values[k] + rest - number) <= step * 0.51);
                    sum += coarse.values[k];
                }
                QCOMPARE(coarse.sum, sum);
                QCOMPARE(coarse.start128, cpu::kSplitStart - 128 * sum);
                const double offset = scale * sum + (second ? static_cast<double>(fine.scale) * fine.sum : 0);
                QVERIFY(std::abs(static_cast<double>(coarse.offset) - offset) <= 1e-5 * scale * 32);
            }
        }
        QVERIFY(fineGroups > kRows && fineGroups < kRows * kGroups);
        forEachThatRuns(cpu::splitKernels(), 32, [&](const cpu::SplitKernel& kernel) {
            const Split got = split(kernel, x, kRows);
            QVERIFY(got.fineRows == want.fineRows);
            QVERIFY(std::memcmp(got.coarse.data(), want.coarse.data(), got.coarse.size() * sizeof(cpu::SplitGroup)) ==
                    0);
            QVERIFY(std::memcmp(got.fine.data(), want.fine.data(), got.fine.size() * sizeof(cpu::SplitGroup)) == 0);
        });
    }

    void aBrokenNumberStaysVisible() {
        for (const float broken : {kNan, std::numeric_limits<float>::infinity()}) {
            forEachThatRuns(cpu::quantiseKernels(), 32, [&](const cpu::QuantiseKernel& kernel) {
                for (std::size_t place = 0; place < 32; ++place) {
                    auto x = randomNumbers(64, 5);
                    x[place] = broken;
                    const Quantised q = quantise(kernel, x);
                    QVERIFY(std::isnan(q.scale[0]));
                    QVERIFY(std::isnan(q.offset[0]));
                    QVERIFY(std::isfinite(q.scale[1])); // its neighbour isn't touched
                }
            });
        }
    }

    void rmsNormEqualsADoubleReference_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<bool>("delta");
        for (const int width : {1, 8, 24, 576, 579}) {
            QTest::addRow("%d", width) << width << false;
            QTest::addRow("%d with a residual", width) << width << true;
        }
    }

    void rmsNormEqualsADoubleReference() {
        QFETCH(int, width);
        QFETCH(bool, delta);
        const auto e = static_cast<std::size_t>(width);
        constexpr std::size_t kRows = 3;
        forEachThatRuns(cpu::rmsNormKernels(), e, [&](const cpu::RmsNormKernel& kernel) {
            auto x = randomNumbers(kRows * e, 1, 4);
            const auto before = x;
            const auto added = randomNumbers(kRows * e, 2);
            const auto gamma = randomNumbers(e, 3);
            std::vector<float> y(kRows * e, -77.0F);
            kernel.run({x.data(), delta ? added.data() : nullptr, gamma.data(), y.data(), 1, kRows, e, 1e-5F});
            Nmse nmse;
            for (std::size_t r = 1; r < kRows; ++r) {
                double squares = 0;
                for (std::size_t i = r * e; i < (r + 1) * e; ++i) {
                    QCOMPARE(x[i], delta ? before[i] + added[i] : before[i]);
                    squares += static_cast<double>(x[i]) * static_cast<double>(x[i]);
                }
                const double factor = 1 / std::sqrt(squares / static_cast<double>(e) + 1e-5);
                for (std::size_t i = 0; i < e; ++i) {
                    nmse.add(static_cast<double>(y[r * e + i]),
                             static_cast<double>(x[r * e + i]) * factor * static_cast<double>(gamma[i]));
                }
            }
            QVERIFY2(nmse.value() < 1e-12, nameOf(kernel.name).constData());
            QVERIFY(std::equal(x.begin(), x.begin() + width, before.begin())); // rows outside the range
            QCOMPARE(y[0], -77.0F);
        });
    }

    void ropeTurnsPairs_data() {
        QTest::addColumn<bool>("halfSplit");
        QTest::addColumn<int>("dimensions");
        for (const int dimensions : {2, 6, 16, 64}) {
            QTest::addRow("interleaved %d", dimensions) << false << dimensions;
            QTest::addRow("half-split %d", dimensions) << true << dimensions;
        }
    }

    void ropeTurnsPairs() {
        QFETCH(bool, halfSplit);
        QFETCH(int, dimensions);
        const auto pairs = static_cast<std::size_t>(dimensions) / 2;
        const std::size_t headSize = static_cast<std::size_t>(dimensions) + 3; // a part that doesn't turn
        constexpr std::size_t kHeads = 3;
        constexpr std::size_t kRows = 2;
        const auto before = randomNumbers(kRows * kHeads * headSize, 1);
        const auto cosine = randomNumbers(kRows * pairs, 2);
        const auto sine = randomNumbers(kRows * pairs, 3);
        forEachThatRuns(cpu::ropeKernels(), static_cast<std::size_t>(dimensions), [&](const cpu::RopeKernel& kernel) {
            auto x = before;
            kernel.run({x.data(), kHeads * headSize, 0, kRows, kHeads, headSize, pairs, cosine.data(), sine.data(),
                        halfSplit});
            Nmse nmse;
            for (std::size_t r = 0; r < kRows; ++r) {
                for (std::size_t h = 0; h < kHeads; ++h) {
                    const std::size_t at = (r * kHeads + h) * headSize;
                    for (std::size_t i = 0; i < pairs; ++i) {
                        const std::size_t first = at + (halfSplit ? i : 2 * i);
                        const std::size_t second = halfSplit ? first + pairs : first + 1;
                        const auto a = static_cast<double>(before[first]);
                        const auto b = static_cast<double>(before[second]);
                        const auto c = static_cast<double>(cosine[r * pairs + i]);
                        const auto s = static_cast<double>(sine[r * pairs + i]);
                        nmse.add(static_cast<double>(x[first]), a * c - b * s);
                        nmse.add(static_cast<double>(x[second]), a * s + b * c);
                    }
                    for (std::size_t i = static_cast<std::size_t>(dimensions); i < headSize; ++i) {
                        QCOMPARE(x[at + i], before[at + i]);
                    }
                }
            }
            QVERIFY2(nmse.value() < 1e-13, nameOf(kernel.name).constData());
        });
    }

    void swigluEqualsADoubleReference() {
        auto gate = randomNumbers(1024, 1, 6);
        gate[0] = 0;
        gate[1] = 100;
        gate[2] = -100;
        gate[3] = -1e30F;
        gate[4] = 1e30F;
        const auto up = randomNumbers(1024, 2);
        forEachThatRuns(cpu::swigluKernels(), 1024, [&](const cpu::SwigluKernel& kernel) {
            auto got = gate;
            kernel.run({got.data(), up.data(), 0, 1024});
            for (std::size_t i = 0; i < got.size(); ++i) {
                const auto z = static_cast<double>(gate[i]);
                const double want = z / (1 + std::exp(-z)) * static_cast<double>(up[i]);
                const double error = std::abs(static_cast<double>(got[i]) - want);
                QVERIFY2(error <= 1e-6 * std::abs(want) + 1e-30, nameOf(kernel.name).constData());
            }
            auto broken = gate;
            broken[9] = kNan;
            kernel.run({broken.data(), up.data(), 0, 16});
            QVERIFY(std::isnan(broken[9]));
            QCOMPARE(broken[20], gate[20]); // outside the range
        });
    }
};

ALCUIN_TEST(RowKernelsTest)
#include "tst_row_kernels.moc"
