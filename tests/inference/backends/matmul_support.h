#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "backends/cpu/kernel_table.h"
#include "base/aligned_buffer.h"
#include "weights/repack.h"

namespace alcuin::tests {

/// Random weights as a file stores them, in a layout's panels. Those of one type and depth begin alike.
struct Matrix {
    std::span<const float> exact; ///< [N, K]: what the stored bytes mean
    inference::AlignedBuffer panels;

    Matrix(inference::WeightLayout layout, std::size_t outputs, std::size_t depth);

    /// What a kernel multiplies by.
    double at(std::size_t n, std::size_t k, std::size_t depth, inference::cpu::ActivationFormat format) const;
};

/// Random rows, and what kernels are given of them: their int8 form, split or on bf16 tiles.
struct Activations {
    std::vector<float> x; ///< [T, K]
    std::vector<std::int8_t> values;
    std::vector<float> scale;
    std::vector<std::int32_t> sum;
    std::vector<float> offset;
    std::vector<std::int32_t> lower;
    std::vector<inference::cpu::SplitGroup> coarse;
    std::vector<inference::cpu::SplitGroup> fine;
    std::vector<std::uint8_t> fineRows;
    std::vector<std::uint16_t> tiles;

    Activations(std::size_t rows, std::size_t depth);

    inference::cpu::QuantisedRows rowsOf(std::size_t row, std::size_t depth);
    /// From the tile that holds a row.
    inference::cpu::SplitRows splitFrom(std::size_t row, std::size_t depth);
    /// What a kernel is really given.
    double at(std::size_t row, std::size_t k, std::size_t depth, inference::cpu::ActivationFormat format) const;
};

/// The production table, and behind it the kernels on tiles as plain C++, which run everywhere.
std::vector<inference::cpu::MatmulKernel> allKernels();
/// A test's rows: the column "index" into allKernels.
void addEveryKernel();
bool isTwin(int index);

std::vector<inference::WeightLayout> quantisedLayouts();
/// Depths around the kernels' chunks of 256, 512, 1024 and, for the reference, 1024.
std::vector<std::size_t> depthsFor(inference::WeightLayout layout);
/// A depth of more than one of everybody's chunks.
std::size_t severalChunks(inference::WeightLayout layout);

/// y[r, n] for rows [firstRow, firstRow + rows) of the activations; a row of y begins every `stride` numbers.
void multiply(const inference::cpu::MatmulKernel& kernel, const Matrix& matrix, Activations& a, std::size_t outputs,
              std::size_t depth, std::size_t firstRow, std::size_t rows, std::span<float> y, std::size_t stride,
              const inference::cpu::NextPanels& next = {});

} // namespace alcuin::tests
