#include <QFile>

#include "base/cpu_features.h"
#include "support/test_registry.h"

using namespace alcuin::inference;

class CpuFeaturesTest : public QObject {
    Q_OBJECT

private slots:
    void setsContainTheirParts() {
        constexpr CpuFeatures both{CpuFeature::kAvx2, CpuFeature::kFma};
        QVERIFY(both.contains({CpuFeature::kFma}));
        QVERIFY(both.contains({}));
        QVERIFY(!CpuFeatures{CpuFeature::kFma}.contains(both));
        QVERIFY((both.without({CpuFeature::kFma}) == CpuFeatures{CpuFeature::kAvx2}));
        QCOMPARE(both.describe(), std::string("AVX2 FMA"));
        QCOMPARE(CpuFeatures{}.describe(), std::string("none"));
        QCOMPARE(CpuFeatures{CpuFeature::kAmxBf16}.describe(), std::string("AMX-BF16"));
    }

    /// What the kernel lists as usable is found, and nothing else.
    void detectionAgreesWithTheKernel() {
        QFile info(QStringLiteral("/proc/cpuinfo"));
        if (!info.open(QIODevice::ReadOnly)) {
            ALCUIN_SKIP("no /proc/cpuinfo");
        }
        QList<QByteArray> flags;
        for (const QByteArray& line : info.readAll().split('\n')) {
            if (line.startsWith("flags")) {
                flags = line.mid(line.indexOf(':') + 1).trimmed().split(' ');
                break;
            }
        }
        const CpuFeatures found = CpuFeatures::detect();
        const std::pair<CpuFeature, const char*> names[] = {
            {CpuFeature::kAvx2, "avx2"},
            {CpuFeature::kFma, "fma"},
            {CpuFeature::kF16c, "f16c"},
            {CpuFeature::kAvxVnni, "avx_vnni"},
            {CpuFeature::kAvx512F, "avx512f"},
            {CpuFeature::kAvx512Bw, "avx512bw"},
            {CpuFeature::kAvx512Dq, "avx512dq"},
            {CpuFeature::kAvx512Vl, "avx512vl"},
            {CpuFeature::kAvx512Vbmi, "avx512vbmi"},
            {CpuFeature::kAvx512Vnni, "avx512_vnni"},
            {CpuFeature::kAvx512Bf16, "avx512_bf16"},
            {CpuFeature::kAvx512Fp16, "avx512_fp16"},
        };
        for (const auto& [feature, name] : names) {
            QVERIFY2(found.has(feature) == flags.contains(name), name);
        }
        // Tiles also need the process's permission, so only one direction holds.
        QVERIFY(!found.has(CpuFeature::kAmxInt8) || flags.contains("amx_int8"));
    }
};

ALCUIN_TEST(CpuFeaturesTest)
#include "tst_cpu_features.moc"
