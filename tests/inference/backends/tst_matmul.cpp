#include <algorithm>
#include <cstring>

#include <QtTest/QTest>

#include "amx_twin.h"
#include "kernel_support.h"
#include "matmul_support.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

Q_DECLARE_METATYPE(alcuin::inference::cpu::ActivationFormat)

namespace {

constexpr unsigned kMostRows = 40;

/// The products in double, of what a kernel is really given.
struct Exact {
    std::vector<double> sum;   ///< [kMostRows, N]
    std::vector<double> power; ///< what the sum's square is, at least where its terms don't cancel

    Exact(const Matrix& matrix, const Activations& a, std::size_t outputs, std::size_t depth,
          cpu::ActivationFormat format)
        : sum(kMostRows * outputs), power(sum.size()) {
        for (std::size_t r = 0; r < kMostRows; ++r) {
            for (std::size_t n = 0; n < outputs; ++n) {
                double total = 0;
                double squares = 0;
                for (std::size_t k = 0; k < depth; ++k) {
                    const double term = a.at(r, k, depth, format) * matrix.at(n, k, depth, format);
                    total += term;
                    squares += term * term;
                }
                sum[r * outputs + n] = total;
                power[r * outputs + n] = std::max(squares, total * total);
            }
        }
    }
};

} // namespace

class MatmulKernelsTest : public QObject {
    Q_OBJECT

private slots:
    void everyKernelEqualsADoubleReference_data() {
        addEveryKernel();
    }

    void everyKernelEqualsADoubleReference() {
        QFETCH(int, index);
        const cpu::MatmulKernel kernel = allKernels()[static_cast<std::size_t>(index)];
        if (!runsHere(kernel)) {
            ALCUIN_SKIP("this machine lacks what the kernel needs");
        }
        for (const std::size_t depth : depthsFor(kernel.layout)) {
            for (const std::size_t outputs : {1U, 7U, 8U, 16U, 19U, 48U, 57U, 71U}) {
                if (!kernel.accepts({outputs, depth}) || (isTwin(index) && outputs % 2 == 0)) {
                    continue; // twins are slow: half of the shapes will do
                }
                const Matrix matrix(kernel.layout, outputs, depth);
                Activations a(kMostRows, depth);
                const Exact exact(matrix, a, outputs, depth, kernel.activation);
                for (const std::size_t rows : {1U, 2U, 3U, 4U, 5U, 6U, 11U, 16U, 17U, kMostRows}) {
                    const std::size_t stride = outputs + 3;
                    std::vector<float> y(rows * stride, -77.0F);
                    multiply(kernel, matrix, a, outputs, depth, 0, rows, y, stride);
                    Nmse nmse;
                    for (std::size_t r = 0; r < rows; ++r) {
                        for (std::size_t n = 0; n < outputs; ++n) {
                            const double error = static_cast<double>(y[r * stride + n]) - exact.sum[r * outputs + n];
                            nmse.error += error * error;
                            nmse.power += exact.power[r * outputs + n];
                        }
                        for (std::size_t n = outputs; n < stride; ++n) {
                            QCOMPARE(y[r * stride + n], -77.0F); // nothing behind a row was written
                        }
                    }
                    // f32 rounding: 2^-24 relative per term, squared, times a few; the gate is 1e-7.
                    QVERIFY2(nmse.value() < 1e-11, qPrintable(QStringLiteral("%1 at K=%2 N=%3 R=%4")
                                                                  .arg(nmse.value())
                                                                  .arg(depth)
                                                                  .arg(outputs)
                                                                  .arg(rows)));
                }
            }
        }
    }

    void aRowsResultDoesntDependOnItsCompany_data() {
        addEveryKernel();
    }

    void aRowsResultDoesntDependOnItsCompany() {
        QFETCH(int, index);
        const cpu::MatmulKernel kernel = allKernels()[static_cast<std::size_t>(index)];
        if (!runsHere(kernel)) {
            ALCUIN_SKIP("this machine lacks what the kernel needs");
        }
        const std::size_t depth = severalChunks(kernel.layout);
        constexpr std::size_t kOutputs = 117;
        constexpr std::size_t kRows = 23;
        const Matrix matrix(kernel.layout, kOutputs, depth);
        Activations a(kRows, depth);
        std::vector<float> together(kRows * kOutputs);
        multiply(kernel, matrix, a, kOutputs, depth, 0, kRows, together, kOutputs);
        for (const std::size_t count : {1U, 2U, 3U, 4U, 5U, 6U, 7U, 12U, 16U, 17U}) {
            for (std::size_t first = 0; first + count <= kRows; ++first) {
                std::vector<float> some(count * kOutputs);
                multiply(kernel, matrix, a, kOutputs, depth, first, count, some, kOutputs);
                QCOMPARE(std::memcmp(some.data(), together.data() + first * kOutputs, some.size() * sizeof(float)), 0);
            }
        }
    }

    /// More rows and outputs than are multiplied at a time, on the machine's tiles and on their twin.
    void tilesAndTheirTwinAgreeBitForBit() {
        constexpr std::size_t kOutputs = 300;
        constexpr std::size_t kRows = 275;
        for (const cpu::MatmulKernel& twin : amxTwinKernels()) {
            const std::size_t depth = severalChunks(twin.layout);
            const auto real = std::ranges::find_if(cpu::matmulKernels(), [&](const cpu::MatmulKernel& kernel) {
                return kernel.layout == twin.layout && kernel.needs.has(CpuFeature::kAmxTile) &&
                       kernel.activation == twin.activation;
            });
            QVERIFY(real != cpu::matmulKernels().end());
            if (!runsHere(*real)) {
                ALCUIN_SKIP("this machine has no tiles");
            }
            const Matrix matrix(twin.layout, kOutputs, depth);
            Activations a(kRows, depth);
            std::vector<float> tiles(kRows * kOutputs);
            std::vector<float> plain(kRows * kOutputs);
            multiply(*real, matrix, a, kOutputs, depth, 3, kRows - 3, tiles, kOutputs);
            multiply(twin, matrix, a, kOutputs, depth, 3, kRows - 3, plain, kOutputs);
            QVERIFY2(std::memcmp(tiles.data(), plain.data(), tiles.size() * sizeof(float)) == 0,
                     nameOf(twin.name).constData());
        }
    }

    /// A product of many rows may go to another kernel than one of few: every one of them rounds in the same places.
    void kernelsOfBytesAgreeBitForBit_data() {
        QTest::addColumn<cpu::ActivationFormat>("format");
        QTest::newRow("int8") << cpu::ActivationFormat::kInt8;
        QTest::newRow("split") << cpu::ActivationFormat::kSplit;
    }

    void kernelsOfBytesAgreeBitForBit() {
        QFETCH(cpu::ActivationFormat, format);
        constexpr std::size_t kOutputs = 85;
        constexpr std::size_t kRows = 150; // more than a block of anybody's
        constexpr std::size_t kFirst = 3;
        for (const WeightLayout layout : quantisedLayouts()) {
            const std::size_t depth = severalChunks(layout);
            const Matrix matrix(layout, kOutputs, depth);
            Activations a(kRows, depth);
            std::vector<float> first;
            std::size_t kernels = 0;
            for (const cpu::MatmulKernel& kernel : allKernels()) {
                const bool fused = nameOf(kernel.name).contains("twin") || kernel.needs.has(CpuFeature::kFma);
                if (kernel.layout != layout || kernel.activation != format || !fused || !runsHere(kernel)) {
                    continue; // the reference rounds more often
                }
                std::vector<float> y((kRows - kFirst) * kOutputs);
                multiply(kernel, matrix, a, kOutputs, depth, kFirst, kRows - kFirst, y, kOutputs);
                ++kernels;
                first = first.empty() ? y : first;
                QVERIFY2(std::memcmp(first.data(), y.data(), y.size() * sizeof(float)) == 0,
                         nameOf(kernel.name).constData());
            }
            const bool twins = format == cpu::ActivationFormat::kInt8 && layout != WeightLayout::kPanelQ6K;
            QVERIFY2(kernels > 0 || !twins, infoOf(layout).name.data()); // elsewhere the machine may have none
        }
    }

    /// Kernels fetch what follows, of whatever shape; it must not get into the sums.
    void whatFollowsChangesNoBit() {
        constexpr std::size_t kOutputs = 117;
        constexpr std::size_t kRows = 21;
        const Matrix other(WeightLayout::kPanelQ4, 40, 64);
        for (const cpu::MatmulKernel& kernel : allKernels()) {
            if (!runsHere(kernel) || kernel.activation != cpu::ActivationFormat::kInt8) {
                continue;
            }
            const std::size_t depth = severalChunks(kernel.layout);
            const Matrix matrix(kernel.layout, kOutputs, depth);
            Activations a(kRows, depth);
            for (const std::size_t rows : {std::size_t{1}, std::size_t{3}, std::size_t{8}, kRows}) {
                std::vector<float> alone(rows * kOutputs);
                std::vector<float> followed(rows * kOutputs);
                multiply(kernel, matrix, a, kOutputs, depth, 0, rows, alone, kOutputs);
                multiply(kernel, matrix, a, kOutputs, depth, 0, rows, followed, kOutputs, {other.panels.data(), 64});
                QVERIFY2(std::memcmp(alone.data(), followed.data(), alone.size() * sizeof(float)) == 0,
                         nameOf(kernel.name).constData());
            }
        }
    }

    /// Both halves of a prompt that was cut, in blocks of other sizes, are what the whole is.
    void splitRowsDontDependOnTheirBlock() {
        constexpr std::size_t kOutputs = 40;
        constexpr std::size_t kRows = 300;
        const std::size_t depth = severalChunks(WeightLayout::kPanelQ4Min);
        const Matrix matrix(WeightLayout::kPanelQ4Min, kOutputs, depth);
        Activations a(kRows, depth);
        for (const cpu::MatmulKernel& kernel : cpu::matmulKernels()) {
            if (kernel.layout != WeightLayout::kPanelQ4Min || kernel.activation != cpu::ActivationFormat::kSplit ||
                !runsHere(kernel)) {
                continue;
            }
            std::vector<float> whole(kRows * kOutputs);
            multiply(kernel, matrix, a, kOutputs, depth, 0, kRows, whole, kOutputs);
            for (const std::size_t cut : {1U, 15U, 129U, 297U}) {
                std::vector<float> parts(kRows * kOutputs);
                multiply(kernel, matrix, a, kOutputs, depth, 0, cut, parts, kOutputs);
                multiply(kernel, matrix, a, kOutputs, depth, cut, kRows - cut, std::span(parts).subspan(cut * kOutputs),
                         kOutputs);
                QVERIFY2(whole == parts, nameOf(kernel.name).constData());
            }
        }
    }

    void quantisedActivationsStayWithinTheirGate() {
        constexpr std::size_t kDepth = 4096;
        Activations a(4, kDepth);
        Nmse one;
        Nmse two;
        for (std::size_t r = 0; r < 4; ++r) {
            for (std::size_t k = 0; k < kDepth; ++k) {
                const double want = a.at(r, k, kDepth, cpu::ActivationFormat::kF32);
                one.add(a.at(r, k, kDepth, cpu::ActivationFormat::kInt8), want);
                two.add(a.at(r, k, kDepth, cpu::ActivationFormat::kSplit), want);
            }
        }
        QVERIFY(one.value() < 5e-4);
        QVERIFY(one.value() > 1e-7); // the test sees the quantisation at all
        QVERIFY(two.value() < one.value());
        QVERIFY(two.value() > 1e-8);
    }

    void embeddingsAreTheMatrixsRows() {
        for (const cpu::EmbeddingKernel& kernel : cpu::embeddingKernels()) {
            constexpr std::size_t kTokens = 35;
            const std::size_t width = 3 * infoOf(kernel.layout).depthStep;
            const Matrix matrix(kernel.layout, kTokens, width);
            const std::vector<std::int32_t> tokens{34, 0, 15, 16, 31, 32};
            std::vector<float> y(tokens.size() * width);
            kernel.run({matrix.panels.data(), width, tokens.data(), y.data(), 0, tokens.size()});
            for (std::size_t i = 0; i < tokens.size(); ++i) {
                const float* want = matrix.exact.data() + static_cast<std::size_t>(tokens[i]) * width;
                QVERIFY2(std::equal(want, want + width, y.data() + i * width), nameOf(kernel.name).constData());
            }
        }
    }
};

ALCUIN_TEST(MatmulKernelsTest)
#include "tst_matmul.moc"
