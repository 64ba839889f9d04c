#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "base/histogram.h"
#include "support/test_registry.h"

using namespace alcuin::inference;

namespace {

/// The same quantile from the sorted values themselves.
double exactQuantile(std::vector<std::uint64_t> values, double fraction) {
    std::sort(values.begin(), values.end());
    const auto rank = static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(values.size())));
    return static_cast<double>(values[std::max<std::size_t>(rank, 1) - 1]);
}

/// Values spread over all magnitudes up to 2^35.
std::vector<std::uint64_t> spreadValues(std::size_t count) {
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> exponent(0, 35);
    std::vector<std::uint64_t> values(count);
    for (auto& value : values) {
        value = static_cast<std::uint64_t>(std::exp2(exponent(random)));
    }
    return values;
}

constexpr double kFractions[] = {0.0, 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0};

} // namespace

class HistogramTest : public QObject {
    Q_OBJECT

private slots:
    void withoutValuesEverythingIsZero() {
        const auto all = Histogram().percentiles(1);
        QCOMPARE(all.count, std::uint64_t{0});
        QCOMPARE(all.p50 + all.p90 + all.p99 + all.max + all.mean, 0.0);
    }

    void smallValuesAreExact() {
        Histogram histogram;
        for (std::uint64_t value = 1; value <= 100; ++value) {
            histogram.record(value);
        }
        QCOMPARE(histogram.quantile(0.5), 50.0);
        QCOMPARE(histogram.quantile(0.9), 90.0);
        QCOMPARE(histogram.quantile(0.99), 99.0);
        QCOMPARE(histogram.quantile(1), 100.0);
        QCOMPARE(histogram.mean(), 50.5);
    }

    void everyMagnitudeIsKnownWithinOnePercent() {
        // Each value alone, at a bucket's edges, where the error is largest.
        for (unsigned bit = 0; bit < 36; ++bit) {
            for (const std::int64_t off : {-1, 0, 1}) {
                const auto value = static_cast<std::uint64_t>((std::int64_t{1} << bit) + off);
                auto histogram = std::make_unique<Histogram>();
                histogram->record(value);
                histogram->record(Histogram::kLargest); // so that the largest value doesn't help
                const auto wanted = static_cast<double>(value);
                QVERIFY2(std::abs(histogram->quantile(0.5) - wanted) <= wanted / 100,
                         qPrintable(QString::number(value)));
            }
        }
    }

    void quantilesOfManyValuesAreTheSortedOnes() {
        const auto values = spreadValues(20000);
        Histogram histogram;
        for (const auto value : values) {
            histogram.record(value);
        }
        for (const double fraction : kFractions) {
            const double exact = exactQuantile(values, fraction);
            QVERIFY2(std::abs(histogram.quantile(fraction) - exact) <= exact / 100,
                     qPrintable(
                         QStringLiteral("%1: %2, not %3").arg(fraction).arg(histogram.quantile(fraction)).arg(exact)));
        }
        QCOMPARE(histogram.max(), *std::max_element(values.begin(), values.end()));
    }

    void noQuantileExceedsTheLargestValue() {
        Histogram histogram;
        histogram.record(1'000'001);
        QVERIFY(histogram.quantile(0.99) <= 1'000'001.0);
        QCOMPARE(histogram.percentiles(0.001).max, 1000.001);
    }

    void valuesBeyondTheRangeCountAsTheLargest() {
        Histogram histogram;
        histogram.record(~std::uint64_t{0});
        QCOMPARE(histogram.count(), std::uint64_t{1});
        QCOMPARE(histogram.max(), Histogram::kLargest);
        QVERIFY(histogram.quantile(0.5) > static_cast<double>(Histogram::kLargest) * 0.99);
    }

    void mergedPartsAreTheWhole() {
        const auto values = spreadValues(999);
        Histogram whole;
        Histogram parts[3];
        for (std::size_t i = 0; i < values.size(); ++i) {
            whole.record(values[i]);
            parts[i % 3].record(values[i]);
        }
        Histogram merged;
        for (const auto& part : parts) {
            merged.merge(part);
        }
        QCOMPARE(merged.count(), whole.count());
        QCOMPARE(merged.max(), whole.max());
        QCOMPARE(merged.mean(), whole.mean());
        for (const double fraction : kFractions) {
            QCOMPARE(merged.quantile(fraction), whole.quantile(fraction));
        }
    }
};

ALCUIN_TEST(HistogramTest)
#include "tst_histogram.moc"
