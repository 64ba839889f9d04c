#include <QtTest/QTest>

#include "backends/backend.h"
#include "backends/cpu/kernel_policy.h"
#include "base/thread_pool.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::inference::cpu;

namespace {

constexpr CpuFeatures kAll{CpuFeature::kAvx2, CpuFeature::kFma, CpuFeature::kF16c, CpuFeature::kAvx512F};

Result<const MatmulKernel*> chooseQ4(const KernelPolicy& policy) {
    return policy.choose("matmul", matmulKernels(), MatmulShape{16, 32}, "a test", [](const MatmulKernel& kernel) {
        return kernel.layout == WeightLayout::kPanelQ4 && kernel.activation == ActivationFormat::kInt8;
    });
}

} // namespace

class KernelPolicyTest : public QObject {
    Q_OBJECT

private slots:
    void theBestThatRunsIsChosen() {
        QCOMPARE((*chooseQ4(*KernelPolicy::create(kAll, "", "")))->name, std::string_view("int8 q4 avx2"));
        QCOMPARE((*chooseQ4(*KernelPolicy::create({}, "", "")))->name, std::string_view("int8 q4 reference"));
    }

    void theIsaCanBeCapped() {
        QCOMPARE((*chooseQ4(*KernelPolicy::create(kAll, "reference", "")))->name,
                 std::string_view("int8 q4 reference"));
        QCOMPARE((*chooseQ4(*KernelPolicy::create(kAll, "avx2", "")))->name, std::string_view("int8 q4 avx2"));
        QVERIFY(!KernelPolicy::create(kAll, "avx2", "")->features().has(CpuFeature::kAvx512F));
        QVERIFY(KernelPolicy::create(kAll, "amx", "")->features() == kAll); // a cap adds nothing
        const auto unknown = KernelPolicy::create(kAll, "sse9", "");
        QVERIFY(!unknown.has_value());
        QCOMPARE(unknown.error().code, ErrorCode::kInvalidArgument);
        QVERIFY(unknown.error().message.find("sse9") != std::string::npos);
    }

    void aKernelCanBeForced() {
        const auto policy = KernelPolicy::create(kAll, "", "rope=f32 reference,matmul=int8 q4 reference");
        QVERIFY(policy.has_value());
        QCOMPARE((*chooseQ4(*policy))->name, std::string_view("int8 q4 reference"));
        // Where the forced one reads another layout the table decides as usual.
        const auto other =
            policy->choose("matmul", matmulKernels(), MatmulShape{16, 32}, "a test", [](const auto& each) {
                return each.layout == WeightLayout::kPanelQ8 && each.activation == ActivationFormat::kInt8;
            });
        QCOMPARE((*other)->name, std::string_view("int8 q8 avx2"));
    }

    void aForcedKernelThatCantRunIsAnError() {
        const auto policy = KernelPolicy::create(kAll, "reference", "matmul=int8 q4 avx2");
        QVERIFY(policy.has_value());
        const auto chosen = chooseQ4(*policy);
        QVERIFY(!chosen.has_value());
        QCOMPARE(chosen.error().code, ErrorCode::kInvalidArgument);
        QVERIFY(chosen.error().message.find("AVX2") != std::string::npos);
    }

    void unknownNamesAreErrors_data() {
        QTest::addColumn<QString>("forced");
        QTest::newRow("kernel") << "matmul=int8 q4 abacus";
        QTest::newRow("operation") << "guess=int8 q4 avx2";
        QTest::newRow("another operation's kernel") << "rope=int8 q4 avx2";
        QTest::newRow("no equals sign") << "matmul";
        QTest::newRow("second item") << "matmul=int8 q4 avx2,attention=none";
    }

    void unknownNamesAreErrors() {
        QFETCH(QString, forced);
        const auto policy = KernelPolicy::create(kAll, "", forced.toStdString());
        QVERIFY(!policy.has_value());
        QCOMPARE(policy.error().code, ErrorCode::kInvalidArgument);
    }

    void everyTableEndsWithWhatRunsEverywhere() {
        for (std::size_t i = 0; i < kWeightLayouts; ++i) {
            const auto layout = static_cast<WeightLayout>(i);
            for (const ActivationFormat activation : {ActivationFormat::kF32, ActivationFormat::kInt8}) {
                for (const RowClass rows : {RowClass::kDecode, RowClass::kPrefill}) {
                    const auto found = KernelPolicy::create({}, "", "")
                                           ->choose("matmul", matmulKernels(), MatmulShape{1, 256}, "a test",
                                                    [&](const MatmulKernel& kernel) {
                                                        return kernel.layout == layout &&
                                                               kernel.activation == activation && kernel.rows.has(rows);
                                                    });
                    QVERIFY(found.has_value() || (activation == ActivationFormat::kInt8 && !isQuantised(layout)));
                }
            }
        }
    }

    void oneDeviceNeedsNoReduction() {
        ThreadPool pool(1);
        Stream stream(Device{}, pool);
        Stream* const one[] = {&stream};
        Stream* const two[] = {&stream, &stream};
        float numbers[] = {1, 2, 3};
        float* const part[] = {numbers};
        float* const parts[] = {numbers, numbers};
        QVERIFY(allReduce(one, part, 3).has_value());
        QCOMPARE(numbers[2], 3.0F);
        QCOMPARE(allReduce(two, parts, 3).error().code, ErrorCode::kUnsupported);
    }
};

ALCUIN_TEST(KernelPolicyTest)
#include "tst_kernel_policy.moc"
