#include <QtTest/QTest>

#include <cmath>
#include <vector>

#include "backends/cpu/limits.h"
#include "base/thread_pool.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using cpu::ActivationFormat;

namespace {

constexpr CpuFeatures kAvx512Machine{CpuFeature::kAvx2,      CpuFeature::kFma,      CpuFeature::kAvxVnni,
                                     CpuFeature::kAvx512F,   CpuFeature::kAvx512Dq, CpuFeature::kAvx512Vnni,
                                     CpuFeature::kAvx512Bf16};

} // namespace

/// What speeds are held against. No figure is judged.
class LimitsTest : public QObject {
    Q_OBJECT

private slots:
    void thePeakIsThatOfTheUnitThatIsUsed() {
        const auto name = [](ActivationFormat format, CpuFeatures features) {
            return cpu::peakProbe({format, features}).name;
        };
        const auto withTiles = kAvx512Machine | CpuFeatures{CpuFeature::kAmxTile, CpuFeature::kAmxBf16};
        QCOMPARE(name(ActivationFormat::kBF16, withTiles), std::string_view("bf16 tiles (AMX)"));
        QCOMPARE(name(ActivationFormat::kInt8, withTiles), std::string_view("int8 fours (AVX-512 VNNI)"));
        QCOMPARE(name(ActivationFormat::kBF16, kAvx512Machine), std::string_view("bf16 pairs (AVX-512 BF16)"));
        QCOMPARE(name(ActivationFormat::kF32, kAvx512Machine), std::string_view("f32 (AVX-512)"));
        QCOMPARE(name(ActivationFormat::kInt8, {CpuFeature::kAvx2, CpuFeature::kAvxVnni}),
                 std::string_view("int8 fours (AVX-VNNI)"));
        QCOMPARE(name(ActivationFormat::kInt8, {CpuFeature::kAvx2}), std::string_view("int8 fours (AVX2)"));
        QCOMPARE(name(ActivationFormat::kF32, {CpuFeature::kAvx2, CpuFeature::kFma}), std::string_view("f32 (FMA)"));
        QCOMPARE(name(ActivationFormat::kSplit, kAvx512Machine), std::string_view("int8 fours (AVX-512 VNNI)"));
        QCOMPARE(name(ActivationFormat::kInt8, {}), std::string_view("f32 (portable)"));
    }

    /// A line that isn't read changes nothing, so one bit in any line must show.
    void everyLineIsRead() {
        constexpr std::size_t kBytes = std::size_t{16} << 10U;
        const CpuFeatures here = CpuFeatures::detect();
        for (const CpuFeatures features : {here, here & CpuFeatures{CpuFeature::kAvx2}, CpuFeatures{}}) {
            const cpu::ReadProbe& probe = cpu::readProbe(features);
            std::vector<unsigned char> data(kBytes, 0);
            for (const std::size_t streams : {1U, 2U, 4U, 8U}) {
                const cpu::ReadArgs args{data.data(), kBytes, streams, 4096};
                QCOMPARE(probe.run(args), std::uint64_t{0});
                for (std::size_t at = 0; at < kBytes; at += cpu::kLine) {
                    data[at] = 1;
                    QCOMPARE(probe.run(args), std::uint64_t{1});
                    data[at] = 0;
                }
            }
        }
    }

    void everyUnitOfThisMachineIsMeasured() {
        ThreadPool pool(2);
        const CpuFeatures here = CpuFeatures::detect();
        for (const CpuFeatures features : {here, here & kAvx512Machine, here & CpuFeatures{CpuFeature::kAvx2},
                                           here & CpuFeatures{CpuFeature::kAvx2, CpuFeature::kFma}, CpuFeatures{}}) {
            for (const auto format : {ActivationFormat::kBF16, ActivationFormat::kInt8, ActivationFormat::kF32}) {
                auto peak = cpu::MatrixPeak::create(pool, {format, features});
                QVERIFY2(peak.has_value(), peak ? "" : peak.error().message.c_str());
                peak->measure();
                const double rate = peak->operationsPerSecond();
                QVERIFY(std::isfinite(rate));
                QVERIFY(rate > 0);
            }
        }
    }
};

ALCUIN_TEST(LimitsTest)
#include "tst_limits.moc"
