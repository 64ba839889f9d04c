#include <algorithm>
#include <cmath>
#include <cstring>

#include <QtTest/QTest>

#include "amx_twin.h"
#include "kernel_support.h"
#include "matmul_support.h"
#include "support/test_registry.h"
#include "tensor/half.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

constexpr std::size_t kGatedOutputs = 224; ///< of both matrices: more panels than go together
constexpr std::size_t kGatedFirst = 32;    ///< where they lie in the next product's input, which is wider
constexpr std::size_t kGatedWidth = 288;
constexpr std::uint16_t kUntouched = 0x7fff; ///< no number

struct GatedMatrices {
    Matrix gate;
    Matrix up;

    GatedMatrices(WeightLayout layout, std::size_t depth)
        : gate(layout, kGatedOutputs, depth), up(layout, kGatedOutputs + 32, depth) {
        // Panels follow each other: up begins behind its first two, so that it differs.
        const std::size_t bytes = *layoutBytes(layout, kGatedOutputs, depth);
        std::memmove(up.panels.data(), up.panels.data() + *layoutBytes(layout, 32, depth), bytes);
    }
};

/// The activations of the next product for rows [firstRow, end), the others untouched.
std::vector<std::uint16_t> runGated(const cpu::MatmulKernel& kernel, const GatedMatrices& both, Activations& a,
                                    std::size_t depth, std::size_t firstRow, std::size_t end) {
    auto scratch = std::move(*AlignedBuffer::allocate(cpu::kTileScratchBytes));
    std::vector<std::uint16_t> result(a.tiles.size() / depth * kGatedWidth, kUntouched);
    cpu::GatedMatmulArgs args{};
    args.gate.weights = both.gate.panels.data();
    args.gate.outputs = kGatedOutputs;
    args.gate.depth = depth;
    args.gate.panelEnd = kGatedOutputs / cpu::kPanelColumns;
    args.gate.tiles = a.tiles.data() + firstRow / 16 * 16 * depth;
    args.gate.tileRow = firstRow % 16;
    args.gate.rows = end - firstRow;
    args.gate.scratch = scratch.data();
    args.up = both.up.panels.data();
    args.result = result.data() + firstRow / 16 * 16 * kGatedWidth + kGatedFirst * 16;
    args.width = kGatedWidth;
    kernel.gated(args);
    return result;
}

} // namespace

/// Two products that are activated together, on the way into the next one.
class GatedMatmulTest : public QObject {
    Q_OBJECT

private slots:
    /// More rows and panels than are multiplied at a time; what is asked for is a part of the rows and of the result.
    void gatedProductsEqualTheirPartsActivated_data() {
        addEveryKernel();
    }

    void gatedProductsEqualTheirPartsActivated() {
        QFETCH(int, index);
        const cpu::MatmulKernel kernel = allKernels()[static_cast<std::size_t>(index)];
        if (kernel.gated == nullptr) {
            return;
        }
        if (!runsHere(kernel)) {
            ALCUIN_SKIP("this machine lacks what the kernel needs");
        }
        const std::size_t rows = isTwin(index) ? 21 : 275; // twins are slow
        constexpr std::size_t kFirst = 3;
        const std::size_t depth = severalChunks(kernel.layout);
        const GatedMatrices both(kernel.layout, depth);
        Activations a(rows, depth);
        std::vector<float> gate((rows - kFirst) * kGatedOutputs);
        std::vector<float> up(gate.size());
        multiply(kernel, both.gate, a, kGatedOutputs, depth, kFirst, rows - kFirst, gate, kGatedOutputs);
        multiply(kernel, both.up, a, kGatedOutputs, depth, kFirst, rows - kFirst, up, kGatedOutputs);
        const auto tiles = runGated(kernel, both, a, depth, kFirst, rows);
        std::size_t written = 0;
        for (std::size_t at = 0; at < tiles.size(); ++at) {
            const std::size_t tile = at / (kGatedWidth * 16);
            const std::size_t row = tile * 16 + at / 32 % 16;
            const std::size_t output = at / (32 * 16) % (kGatedWidth / 32) * 32 + at % 32;
            if (row < kFirst || row >= rows || output < kGatedFirst || output >= kGatedFirst + kGatedOutputs) {
                QCOMPARE(tiles[at], kUntouched);
                continue;
            }
            const std::size_t of = (row - kFirst) * kGatedOutputs + output - kGatedFirst;
            const double z = static_cast<double>(gate[of]);
            const double want = z / (1 + std::exp(-z)) * static_cast<double>(up[of]);
            const double got = static_cast<double>(bf16ToF32(tiles[at]));
            // Half a step of bf16, and a little for the f32 before it; what is next to nothing becomes nothing.
            QVERIFY2(std::abs(got - want) <= 0.00392 * std::abs(want) + 1e-33,
                     qPrintable(QStringLiteral("%1 for %2 at %3, %4").arg(got).arg(want).arg(row).arg(output)));
            ++written;
        }
        QCOMPARE(written, (rows - kFirst) * kGatedOutputs);
        for (const std::size_t cut :
             isTwin(index) ? std::vector<std::size_t>{19} : std::vector<std::size_t>{4, 16, 259}) {
            auto parts = runGated(kernel, both, a, depth, kFirst, cut);
            const auto rest = runGated(kernel, both, a, depth, cut, rows);
            std::ranges::transform(parts, rest, parts.begin(),
                                   [](auto part, auto other) { return part == kUntouched ? other : part; });
            QVERIFY(parts == tiles); // where the rows are cut changes no bit
        }
    }

    void gatedProductsOnTilesAndTheirTwinAgreeBitForBit() {
        for (const cpu::MatmulKernel& twin : amxTwinKernels()) {
            const auto real = std::ranges::find_if(cpu::matmulKernels(), [&](const cpu::MatmulKernel& kernel) {
                return kernel.layout == twin.layout && kernel.gated != nullptr;
            });
            if (twin.gated == nullptr) {
                continue;
            }
            QVERIFY(real != cpu::matmulKernels().end());
            if (!runsHere(*real)) {
                ALCUIN_SKIP("this machine has no tiles");
            }
            const std::size_t depth = severalChunks(twin.layout);
            const GatedMatrices both(twin.layout, depth);
            Activations a(40, depth);
            QVERIFY2(runGated(*real, both, a, depth, 5, 40) == runGated(twin, both, a, depth, 5, 40),
                     nameOf(twin.name).constData());
        }
    }
};

ALCUIN_TEST(GatedMatmulTest)
#include "tst_gated_matmul.moc"
