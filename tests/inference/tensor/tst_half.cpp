#include "tensor/half.h"

#include "support/test_registry.h"

#include <QObject>

#include <bit>
#include <cmath>
#include <limits>

using namespace alcuin::inference;

namespace {

/// What a finite half means by the standard's definition, in double.
double definedValue(std::uint16_t half) {
    const int exponent = (half >> 10) & 0x1f;
    const int fraction = half & 0x3ff;
    const double magnitude =
        exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 15 - 10);
    return (half & 0x8000) != 0 ? -magnitude : magnitude;
}

constexpr float kInfinity = std::numeric_limits<float>::infinity();

} // namespace

class HalfTest : public QObject {
    Q_OBJECT

private slots:
    void everyHalfIsExact();
    void everyHalfComesBack();
    void roundsToNearestEvenBetweenAllNeighbours();
    void overflowsAtHalfAUnit();
    void nansStayNans();
    void everyBf16ComesBack();
    void bf16RoundsToNearestEven();
};

void HalfTest::everyHalfIsExact() {
    for (std::uint32_t half = 0; half < 0x10000; ++half) {
        if ((half & 0x7c00) == 0x7c00) {
            continue;
        }
        const auto bits = static_cast<std::uint16_t>(half);
        const auto value = static_cast<double>(f16ToF32(bits));
        QVERIFY2(value == definedValue(bits) && std::signbit(value) == ((half & 0x8000) != 0),
                 qPrintable(QString::number(half)));
    }
    QCOMPARE(f16ToF32(0x7c00), kInfinity);
    QCOMPARE(f16ToF32(0xfc00), -kInfinity);
}

void HalfTest::everyHalfComesBack() {
    for (std::uint32_t half = 0; half < 0x10000; ++half) {
        const auto bits = static_cast<std::uint16_t>(half);
        if (!std::isnan(f16ToF32(bits))) {
            QCOMPARE(f32ToF16(f16ToF32(bits)), bits);
        }
    }
}

void HalfTest::roundsToNearestEvenBetweenAllNeighbours() {
    for (std::uint32_t half = 0; half + 1 < 0x7c00; ++half) {
        const auto low = static_cast<std::uint16_t>(half);
        const auto high = static_cast<std::uint16_t>(half + 1);
        const auto middle = static_cast<float>((definedValue(low) + definedValue(high)) / 2); // exact
        for (const float sign : {1.0F, -1.0F}) {
            const auto signBit = static_cast<std::uint16_t>(sign < 0 ? 0x8000 : 0);
            const auto even = static_cast<std::uint16_t>((low & 1) == 0 ? low : high);
            QCOMPARE(f32ToF16(sign * middle), static_cast<std::uint16_t>(signBit | even));
            QCOMPARE(f32ToF16(sign * std::nextafter(middle, 0.0F)), static_cast<std::uint16_t>(signBit | low));
            QCOMPARE(f32ToF16(sign * std::nextafter(middle, kInfinity)), static_cast<std::uint16_t>(signBit | high));
        }
    }
}

void HalfTest::overflowsAtHalfAUnit() {
    QCOMPARE(f32ToF16(65519.996F), std::uint16_t{0x7bff});
    QCOMPARE(f32ToF16(65520.0F), std::uint16_t{0x7c00});
    QCOMPARE(f32ToF16(-65520.0F), std::uint16_t{0xfc00});
    QCOMPARE(f32ToF16(3.4e38F), std::uint16_t{0x7c00});
    QCOMPARE(f32ToF16(kInfinity), std::uint16_t{0x7c00});
    QCOMPARE(f32ToF16(-kInfinity), std::uint16_t{0xfc00});
    QCOMPARE(f32ToF16(std::numeric_limits<float>::denorm_min()), std::uint16_t{0});
    QCOMPARE(f32ToF16(-std::numeric_limits<float>::denorm_min()), std::uint16_t{0x8000});
}

void HalfTest::nansStayNans() {
    for (const std::uint32_t bits : {0x7f800001U, 0x7fc00000U, 0xff800001U, 0x7fffffffU, 0xffffffffU}) {
        const auto value = std::bit_cast<float>(bits);
        QVERIFY(std::isnan(f16ToF32(f32ToF16(value))));
        QVERIFY(std::isnan(bf16ToF32(f32ToBf16(value))));
        QCOMPARE(f32ToF16(value) >> 15, static_cast<int>(bits >> 31));
        QCOMPARE(f32ToBf16(value) >> 15, static_cast<int>(bits >> 31));
    }
    for (std::uint32_t fraction = 1; fraction < 0x400; ++fraction) {
        QVERIFY(std::isnan(f16ToF32(static_cast<std::uint16_t>(0x7c00 | fraction))));
    }
}

void HalfTest::everyBf16ComesBack() {
    for (std::uint32_t half = 0; half < 0x10000; ++half) {
        const auto bits = static_cast<std::uint16_t>(half);
        if (!std::isnan(bf16ToF32(bits))) {
            QCOMPARE(f32ToBf16(bf16ToF32(bits)), bits);
        }
    }
}

void HalfTest::bf16RoundsToNearestEven() {
    for (std::uint32_t low = 0; low < 0x7f80; ++low) {
        const std::uint32_t middle = (low << 16) | 0x8000;
        const auto even = static_cast<std::uint16_t>((low & 1) == 0 ? low : low + 1);
        QCOMPARE(f32ToBf16(std::bit_cast<float>(middle)), even);
        QCOMPARE(f32ToBf16(std::bit_cast<float>(middle - 1)), static_cast<std::uint16_t>(low));
        QCOMPARE(f32ToBf16(std::bit_cast<float>(middle + 1)), static_cast<std::uint16_t>(low + 1));
        QCOMPARE(f32ToBf16(std::bit_cast<float>((middle + 1) | 0x80000000U)),
                 static_cast<std::uint16_t>((low + 1) | 0x8000));
    }
}

ALCUIN_TEST(HalfTest)
#include "tst_half.moc"
