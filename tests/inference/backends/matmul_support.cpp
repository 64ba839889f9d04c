#include "matmul_support.h"

#include <QtTest/QTest>

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "amx_twin.h"
#include "kernel_support.h"
#include "tensor/dequantize.h"
#include "tensor/half.h"
#include "tensor/quantize.h"

namespace alcuin::tests {

using namespace inference;

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

} // namespace

Matrix::Matrix(WeightLayout layout, std::size_t outputs, std::size_t depth) {
    const Stored& stored = Stored::of(infoOf(layout).source, outputs, depth);
    exact = stored.exact;
    panels = std::move(*AlignedBuffer::allocate(*layoutBytes(layout, outputs, depth)));
    repack(layout, stored.bytes.data(), outputs, depth, panels.data());
}

double Matrix::at(std::size_t n, std::size_t k, std::size_t depth, cpu::ActivationFormat format) const {
    const float weight = exact[n * depth + k];
    return static_cast<double>(format == cpu::ActivationFormat::kBF16 ? bf16ToF32(f32ToBf16(weight)) : weight);
}

Activations::Activations(std::size_t rows, std::size_t depth)
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

cpu::QuantisedRows Activations::rowsOf(std::size_t row, std::size_t depth) {
    const std::size_t group = row * (depth / cpu::kGroup);
    return {values.data() + row * depth, scale.data() + group, sum.data() + group, offset.data() + group,
            lower.data() + group};
}

cpu::SplitRows Activations::splitFrom(std::size_t row, std::size_t depth) {
    const std::size_t skipped = row / cpu::kSplitTile * cpu::kSplitTile * (depth / cpu::kGroup);
    return {coarse.data() + skipped, fine.data() + skipped, fineRows.data() + skipped};
}

double Activations::at(std::size_t row, std::size_t k, std::size_t depth, cpu::ActivationFormat format) const {
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

std::vector<cpu::MatmulKernel> allKernels() {
    const auto table = cpu::matmulKernels();
    std::vector<cpu::MatmulKernel> all(table.begin(), table.end());
    const auto twins = amxTwinKernels();
    all.insert(all.end(), twins.begin(), twins.end());
    return all;
}

void addEveryKernel() {
    QTest::addColumn<int>("index");
    const auto table = allKernels();
    for (std::size_t i = 0; i < table.size(); ++i) {
        QTest::newRow(nameOf(table[i].name).constData()) << static_cast<int>(i);
    }
}

bool isTwin(int index) {
    return static_cast<std::size_t>(index) >= cpu::matmulKernels().size();
}

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

std::size_t severalChunks(WeightLayout layout) {
    return infoOf(layout).depthStep == cpu::kSuperGroup ? 1280 : 1056;
}

void multiply(const cpu::MatmulKernel& kernel, const Matrix& matrix, Activations& a, std::size_t outputs,
              std::size_t depth, std::size_t firstRow, std::size_t rows, std::span<float> y, std::size_t stride,
              const cpu::NextPanels& next) {
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
    args.next = next;
    kernel.run(args);
}

} // namespace alcuin::tests
