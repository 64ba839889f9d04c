#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include <QtTest/QTest>

#include "amx_twin.h"
#include "backends/cpu/kernel_table.h"
#include "base/aligned_buffer.h"
#include "kernel_support.h"
#include "support/test_registry.h"
#include "tensor/dequantize.h"
#include "tensor/half.h"
#include "tensor/quantize.h"
#include "weights/repack.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

Q_DECLARE_METATYPE(alcuin::inference::cpu::ActivationFormat)

namespace {

/// Random rows as a file stores them, and what those bytes mean.
struct Stored {
    std::size_t rowBytes = 0;
    std::vector<std::byte> bytes;
    std::vector<float> exact; ///< [N, K]

    Stored(DType type, std::size_t rows, std::size_t depth) : exact(rows * depth) {
        const DTypeInfo& dtype = infoOf(type);
        rowBytes = depth / dtype.blockElements * dtype.blockBytes;
        bytes.resize(rows * rowBytes);
        const auto numbers = randomNumbers(rows * depth, 7);
        for (std::size_t n = 0; n < rows; ++n) {
            const std::span<std::byte> row = std::span(bytes).subspan(n * rowBytes, rowBytes);
            const bool done = quantizeRow(type, std::span(numbers).subspan(n * depth, depth), row).has_value() &&
                              dequantizeRow(type, row, std::span(exact).subspan(n * depth, depth)).has_value();
            Q_ASSERT(done);
        }
    }

    /// At least so many rows, until more are asked for: made once, as fitting scales takes the quantisers their time.
    static const Stored& of(DType type, std::size_t rows, std::size_t depth) {
        static std::map<std::pair<DType, std::size_t>, Stored> made;
        auto place = made.find({type, depth});
        if (place == made.end() || place->second.bytes.size() < rows * place->second.rowBytes) {
            place = made.insert_or_assign({type, depth}, Stored(type, std::max(rows, std::size_t{71}), depth)).first;
        }
        return place->second;
    }
};

/// Its first rows, and the same in a layout's panels.
struct Matrix {
    std::span<const float> exact; ///< [N, K]
    AlignedBuffer panels;

    Matrix(WeightLayout layout, std::size_t outputs, std::size_t depth) {
        const Stored& stored = Stored::of(infoOf(layout).source, outputs, depth);
        exact = stored.exact;
        panels = std::move(*AlignedBuffer::allocate(*layoutBytes(layout, outputs, depth)));
        repack(layout, stored.bytes.data(), outputs, depth, panels.data());
    }

    /// What a kernel multiplies by.
    double at(std::size_t n, std::size_t k, std::size_t depth, cpu::ActivationFormat format) const {
        const float weight = exact[n * depth + k];
        return static_cast<double>(format == cpu::ActivationFormat::kBF16 ? bf16ToF32(f32ToBf16(weight)) : weight);
    }
};

/// The production table, and behind it the kernels on tiles as plain C++, which run everywhere.
std::vector<cpu::MatmulKernel> allKernels() {
    const auto table = cpu::matmulKernels();
    std::vector<cpu::MatmulKernel> all(table.begin(), table.end());
    const auto twins = amxTwinKernels();
    all.insert(all.end(), twins.begin(), twins.end());
    return all;
}

bool isTwin(int index) {
    return static_cast<std::size_t>(index) >= cpu::matmulKernels().size();
}

/// Activations and, where a kernel wants it, their int8 form or bf16 tiles.
struct Activations {
    std::vector<float> x;
    std::vector<std::int8_t> values;
    std::vector<float> scale;
    std::vector<std::int32_t> sum;
    std::vector<float> offset;
    std::vector<std::int32_t> lower;
    std::vector<cpu::SplitGroup> coarse;
    std::vector<cpu::SplitGroup> fine;
    std::vector<std::uint8_t> fineRows;
    std::vector<std::uint16_t> tiles;

    Activations(std::size_t rows, std::size_t depth)
        : x(randomNumbers(rows * depth, 11))
        , values(rows * depth)
        , scale(rows * (depth / 32 + 1))
        , sum(scale.size())
        , offset(scale.size())
        , lower(scale.size())
        , coarse((rows + 15) / 16 * 16 * (depth / 32))
        , fine(coarse.size())
        , fineRows(coarse.size())
        , tiles((rows + 15) / 16 * 16 * depth) {
        if (depth % cpu::kGroup == 0) {
            cpu::quantiseKernels().back().run({x.data(), rowsOf(0, depth), 0, rows, depth});
            cpu::splitKernels().back().run({x.data(), splitFrom(0, depth), 0, rows, depth});
            cpu::packKernels().back().run({x.data(), tiles.data(), 0, rows, depth});
        }
    }

    cpu::QuantisedRows rowsOf(std::size_t row, std::size_t depth) {
        const std::size_t group = row * (depth / cpu::kGroup);
        return {values.data() + row * depth, scale.data() + group, sum.data() + group, offset.data() + group,
                lower.data() + group};
    }

    /// From the tile that holds a row.
    cpu::SplitRows splitFrom(std::size_t row, std::size_t depth) {
        const std::size_t skipped = row / cpu::kSplitTile * cpu::kSplitTile * (depth / cpu::kGroup);
        return {coarse.data() + skipped, fine.data() + skipped, fineRows.data() + skipped};
    }

    /// What a kernel is really given.
    double at(std::size_t row, std::size_t k, std::size_t depth, cpu::ActivationFormat format) const {
        if (format == cpu::ActivationFormat::kSplit) {
            const std::size_t index = (row / 16 * (depth / 32) + k / 32) * 16 + row % 16;
            const double rough = static_cast<double>(coarse[index].scale) * coarse[index].values[k % 32];
            const double rest = static_cast<double>(fine[index].scale) * fine[index].values[k % 32];
            return fineRows[index] != 0 ? rough + rest : rough;
        }
        if (format != cpu::ActivationFormat::kInt8) {
            const float number = x[row * depth + k];
            return static_cast<double>(format == cpu::ActivationFormat::kF32 ? number : bf16ToF32(f32ToBf16(number)));
        }
        const std::size_t group = row * (depth / cpu::kGroup) + k / cpu::kGroup;
        return static_cast<double>(scale[group]) * values[row * depth + k];
    }
};

std::vector<WeightLayout> quantisedLayouts() {
    std::vector<WeightLayout> layouts;
    for (std::size_t i = 0; i < kWeightLayouts; ++i) {
        const auto layout = static_cast<WeightLayout>(i);
        if (isQuantised(layout)) {
            layouts.push_back(layout);
        }
    }
    return layouts;
}

/// Depths around the kernels' chunks of 256, 512, 1024 and, for the reference, 1024.
std::vector<std::size_t> depthsFor(WeightLayout layout) {
    switch (infoOf(layout).depthStep) {
    case cpu::kSuperGroup:
        return {256, 768, 1280, 2304};
    case cpu::kGroup:
        return {32, 96, 288, 1024, 1056, 2080};
    default:
        return {1, 7, 32, 255, 257, 544, 1030};
    }
}

/// A depth of more than one of everybody's chunks.
std::size_t severalChunks(WeightLayout layout) {
    return infoOf(layout).depthStep == cpu::kSuperGroup ? 1280 : 1056;
}

void run(const cpu::MatmulKernel& kernel, const Matrix& matrix, Activations& a, std::size_t outputs, std::size_t depth,
         std::size_t firstRow, std::size_t rows, std::span<float> y, std::size_t stride) {
    auto scratch = std::move(*AlignedBuffer::allocate(std::max(cpu::kMatmulScratchBytes, cpu::kTileScratchBytes)));
    cpu::MatmulArgs args{};
    args.weights = matrix.panels.data();
    args.outputs = outputs;
    args.depth = depth;
    args.panelEnd = (outputs + cpu::kPanelColumns - 1) / cpu::kPanelColumns;
    args.x = a.x.data() + firstRow * depth;
    if (kernel.activation == cpu::ActivationFormat::kInt8) {
        args.quantised = a.rowsOf(firstRow, depth);
    }
    if (kernel.activation == cpu::ActivationFormat::kSplit) {
        args.split = a.splitFrom(firstRow, depth);
        args.tileRow = firstRow % cpu::kSplitTile;
    }
    if (kernel.activation == cpu::ActivationFormat::kBF16) {
        args.tiles = a.tiles.data() + firstRow / 16 * 16 * depth;
        args.tileRow = firstRow % 16;
    }
    args.rows = rows;
    args.y = y.data();
    args.yStride = stride;
    args.scratch = scratch.data();
    kernel.run(args);
}

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
        QTest::addColumn<int>("index");
        const auto table = allKernels();
        for (std::size_t i = 0; i < table.size(); ++i) {
            QTest::newRow(nameOf(table[i].name).constData()) << static_cast<int>(i);
        }
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
                    run(kernel, matrix, a, outputs, depth, 0, rows, y, stride);
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
        everyKernelEqualsADoubleReference_data();
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
        run(kernel, matrix, a, kOutputs, depth, 0, kRows, together, kOutputs);
        for (const std::size_t count : {1U, 2U, 3U, 4U, 5U, 6U, 7U, 12U, 16U, 17U}) {
            for (std::size_t first = 0; first + count <= kRows; ++first) {
                std::vector<float> some(count * kOutputs);
                run(kernel, matrix, a, kOutputs, depth, first, count, some, kOutputs);
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
            run(*real, matrix, a, kOutputs, depth, 3, kRows - 3, tiles, kOutputs);
            run(twin, matrix, a, kOutputs, depth, 3, kRows - 3, plain, kOutputs);
            QVERIFY2(std::memcmp(tiles.data(), plain.data(), tiles.size() * sizeof(float)) == 0,
                     nameOf(twin.name).constData());
        }
    }

    /// More rows and panels than are multiplied at a time; what is asked for is a part of the rows and of the result.
    void gatedProductsEqualTheirPartsActivated_data() {
        everyKernelEqualsADoubleReference_data();
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
        run(kernel, both.gate, a, kGatedOutputs, depth, kFirst, rows - kFirst, gate, kGatedOutputs);
        run(kernel, both.up, a, kGatedOutputs, depth, kFirst, rows - kFirst, up, kGatedOutputs);
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
                run(kernel, matrix, a, kOutputs, depth, kFirst, kRows - kFirst, y, kOutputs);
                ++kernels;
                first = first.empty() ? y : first;
                QVERIFY2(std::memcmp(first.data(), y.data(), y.size() * sizeof(float)) == 0,
                         nameOf(kernel.name).constData());
            }
            const bool twins = format == cpu::ActivationFormat::kInt8 && layout != WeightLayout::kPanelQ6K;
            QVERIFY2(kernels > 0 || !twins, infoOf(layout).name.data()); // elsewhere the machine may have none
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
            run(kernel, matrix, a, kOutputs, depth, 0, kRows, whole, kOutputs);
            for (const std::size_t cut : {1U, 15U, 129U, 297U}) {
                std::vector<float> parts(kRows * kOutputs);
                run(kernel, matrix, a, kOutputs, depth, 0, cut, parts, kOutputs);
                run(kernel, matrix, a, kOutputs, depth, cut, kRows - cut, std::span(parts).subspan(cut * kOutputs),
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
