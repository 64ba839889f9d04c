#include "ops/matmul.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/thread_pool.h"
#include "ops/row_ops.h"

namespace alcuin::inference::ops {

namespace {

using cpu::ActivationFormat;
using cpu::kGroup;
using cpu::kPanelColumns;

constexpr std::size_t kTileRows = 16;

/// Whether the input has the formats that a class of rows wants.
bool has(const MatmulInput& input, const InputFormats& formats) {
    return (input.quantised.values != nullptr || !formats.quantised) &&
           (input.split.coarse != nullptr || !formats.split) && (input.tiles != nullptr || !formats.tiles);
}

} // namespace

InputFormats formatsOf(std::span<const MatmulOutput> outputs, RowClass rowClass) {
    InputFormats formats;
    for (const MatmulOutput& output : outputs) {
        const ActivationFormat format = output.linear->kernel(rowClass).activation;
        formats.plain = formats.plain || format == ActivationFormat::kF32;
        formats.quantised = formats.quantised || format == ActivationFormat::kInt8;
        formats.split = formats.split || format == ActivationFormat::kSplit;
        formats.tiles = formats.tiles || format == ActivationFormat::kBF16;
    }
    return formats;
}

Result<void> checkProducts(const MatmulInput& input, std::span<const MatmulOutput> outputs,
                           std::span<const RowSpan> rows) {
    for (const MatmulOutput& output : outputs) {
        if (output.linear->weight().depth != input.depth) {
            return fail(ErrorCode::kInvalidArgument, fmt::format("A matrix of depth {} was given rows of {}.",
                                                                 output.linear->weight().depth, input.depth));
        }
    }
    if (!std::ranges::all_of(rows,
                             [&](const RowSpan& span) { return has(input, formatsOf(outputs, span.rowClass)); })) {
        return fail(ErrorCode::kInvalidArgument, "A product wants activations in a format that it wasn't given.");
    }
    if (std::ranges::any_of(rows,
                            [&](const RowSpan& span) { return span.begin > span.end || span.end > input.rows; })) {
        return fail(ErrorCode::kInvalidArgument, "A product was asked for rows that its input doesn't have.");
    }
    return {};
}

cpu::MatmulArgs panelArgs(const MatmulInput& input, const Linear& linear, const RowSpan& rows, std::size_t begin,
                          std::size_t end) {
    const Weight& weight = linear.weight();
    const cpu::MatmulKernel& kernel = linear.kernel(rows.rowClass, rows.end - rows.begin);
    const std::size_t groups = input.depth / kGroup;
    cpu::MatmulArgs args{};
    // Panels follow each other, so some of them are a smaller matrix.
    args.weights = weight.data + layoutBytes(weight.layout, begin * kPanelColumns, weight.depth).value_or(0);
    args.outputs = weight.outputs - begin * kPanelColumns;
    args.depth = weight.depth;
    args.panelEnd = end - begin;
    args.x = input.x + rows.begin * input.depth;
    if (kernel.activation == ActivationFormat::kBF16) {
        args.tiles = input.tiles + rows.begin / kTileRows * kTileRows * input.depth;
        args.tileRow = rows.begin % kTileRows;
    }
    if (kernel.activation == ActivationFormat::kSplit) {
        const std::size_t skipped = rows.begin / cpu::kSplitTile * cpu::kSplitTile * groups;
        args.split = {input.split.coarse + skipped, input.split.fine + skipped, input.split.fineRows + skipped};
        args.tileRow = rows.begin % cpu::kSplitTile;
    }
    if (kernel.activation == ActivationFormat::kInt8) {
        args.quantised = {input.quantised.values + rows.begin * input.depth,
                          input.quantised.scale + rows.begin * groups, input.quantised.sum + rows.begin * groups,
                          input.quantised.offset + rows.begin * groups, input.quantised.lower + rows.begin * groups};
    }
    args.rows = rows.end - rows.begin;
    return args;
}

StepTraffic panelTraffic(const Weight& weight, std::size_t rows, std::size_t begin, std::size_t end) {
    const std::size_t outputs = std::min(weight.outputs, end * kPanelColumns) - begin * kPanelColumns;
    return {layoutBytes(weight.layout, (end - begin) * kPanelColumns, weight.depth).value_or(0), 0,
            rows * outputs * weight.depth};
}

StepTraffic runPanels(const MatmulInput& input, const Linear& linear, const RowSpan& rows, std::size_t begin,
                      std::size_t end, float* y, std::size_t yStride, void* scratch,
                      const cpu::NextPanels& next) noexcept {
    if (rows.begin == rows.end) {
        return {};
    }
    cpu::MatmulArgs args = panelArgs(input, linear, rows, begin, end);
    args.y = y;
    args.yStride = yStride;
    args.scratch = scratch;
    args.next = next;
    linear.kernel(rows.rowClass, args.rows).run(args);
    return panelTraffic(linear.weight(), args.rows, begin, end);
}

Result<Linear> Linear::resolve(const Weight& weight, ComputeMode compute, const cpu::KernelPolicy& policy,
                               std::string_view name) {
    const auto serves = [&](ActivationFormat format, RowClass rowClass) {
        if (compute == ComputeMode::kF32) {
            return format == ActivationFormat::kF32;
        }
        if (!isQuantised(weight.layout)) {
            return format == ActivationFormat::kBF16 || format == ActivationFormat::kF32;
        }
        if (rowClass == RowClass::kDecode) {
            return format == ActivationFormat::kBF16 || format == ActivationFormat::kInt8;
        }
        return format != ActivationFormat::kInt8;
    };
    Linear linear;
    linear.weight_ = &weight;
    for (const RowClass rowClass : {RowClass::kDecode, RowClass::kPrefill}) {
        ForClass& kernels = rowClass == RowClass::kDecode ? linear.decode_ : linear.prefill_;
        const auto choose = [&](bool anyCount) {
            const auto matches = [&](const cpu::MatmulKernel& kernel) {
                return kernel.layout == weight.layout && serves(kernel.activation, rowClass) &&
                       kernel.rows.has(rowClass) &&
                       (anyCount ? kernel.leastRows == 1 : kernel.activation == kernels.few->activation);
            };
            return policy.choose("matmul", cpu::matmulKernels(), cpu::MatmulShape{weight.outputs, weight.depth}, name,
                                 matches);
        };
        auto few = choose(true);
        if (!few) {
            return tl::unexpected(std::move(few).error());
        }
        kernels.few = *few;
        auto many = choose(false);
        if (!many) {
            return tl::unexpected(std::move(many).error());
        }
        kernels.many = *many;
    }
    return linear;
}

std::size_t Linear::panels() const {
    return (weight_->outputs + kPanelColumns - 1) / kPanelColumns;
}

void prepareRows(const InputKernels& kernels, const MatmulInput& input, const InputFormats& formats,
                 std::size_t rowBegin, std::size_t rowEnd) noexcept {
    if (formats.quantised) {
        kernels.quantise->run({input.x, input.quantised, rowBegin, rowEnd, input.depth});
    }
    if (formats.split) {
        kernels.split->run({input.x, input.split, rowBegin, rowEnd, input.depth});
    }
    if (formats.tiles) {
        kernels.pack->run({input.x, input.tiles, rowBegin, rowEnd, input.depth});
    }
}

void packRow(const InputKernels& kernels, const float* x, const MatmulInput& input, std::size_t row) noexcept {
    std::uint16_t* tile = input.tiles + row / kTileRows * kTileRows * input.depth;
    kernels.pack->run({x, tile + row % kTileRows * kGroup, 0, 1, input.depth});
}

void prepareInput(Stream& stream, const InputKernels& kernels, const MatmulInput& input,
                  std::span<const MatmulOutput> outputs, std::span<const RowSpan> rows) {
    const std::size_t chunk = chunkOf(input.rows, input.depth, stream.pool().threads());
    stream.pool().parallelFor(input.rows, chunk, [&](std::size_t begin, std::size_t end, int) noexcept {
        for (const RowSpan& span : rows) {
            const std::size_t first = std::max(begin, span.begin);
            const std::size_t last = std::min(end, span.end);
            if (first < last) {
                prepareRows(kernels, input, formatsOf(outputs, span.rowClass), first, last);
            }
        }
    });
}

std::size_t panelCost(std::span<const MatmulOutput> outputs, std::span<const RowSpan> rows) {
    std::size_t dearest = 1;
    for (const MatmulOutput& output : outputs) {
        std::size_t cost = 0;
        for (const RowSpan& span : rows) {
            cost += (span.end - span.begin) * output.linear->weight().depth * kPanelColumns /
                    output.linear->kernel(span.rowClass, span.end - span.begin).speed;
        }
        dearest = std::max(dearest, cost);
    }
    return dearest;
}

std::size_t panelsTogether(std::span<const MatmulOutput> outputs, std::span<const RowSpan> rows) {
    std::size_t most = 1;
    for (const MatmulOutput& output : outputs) {
        for (const RowSpan& span : rows) {
            most = std::max(most, output.linear->kernel(span.rowClass, span.end - span.begin).panelsTogether);
        }
    }
    return most;
}

std::size_t panelCount(std::span<const MatmulOutput> outputs) {
    std::size_t count = 0;
    for (const MatmulOutput& output : outputs) {
        count += output.linear->panels();
    }
    return count;
}

cpu::NextPanels panelsFrom(std::span<const MatmulOutput> outputs, std::size_t panel) {
    for (const MatmulOutput& output : outputs) {
        if (panel < output.linear->panels()) {
            const Weight& weight = output.linear->weight();
            const auto bytes = [&](std::size_t panels) {
                return layoutBytes(weight.layout, panels * kPanelColumns, weight.depth).value_or(0);
            };
            return {weight.data + bytes(panel), bytes(1)};
        }
        panel -= output.linear->panels();
    }
    return {};
}

Upcoming Upcoming::products(std::span<const MatmulOutput> outputs, std::span<const RowSpan> rows, int threads) {
    const std::size_t panels = panelCount(outputs);
    return {outputs, panels, panelChunk(panels, panelCost(outputs, rows), panelsTogether(outputs, rows), threads)};
}

cpu::NextPanels Upcoming::of(const ThreadPool& pool, int worker) const {
    return outputs.empty() ? cpu::NextPanels{} : panelsFrom(outputs, pool.runBegin(panels, chunk, worker));
}

std::size_t panelChunk(std::size_t panels, std::size_t cost, std::size_t together, int threads) {
    const auto workers = static_cast<std::size_t>(threads);
    const std::size_t chunk = chunkOf(panels, cost, threads);
    if (chunk >= together) {
        const std::size_t whole = (chunk + together - 1) / together * together;
        return whole + whole % 2;
    }
    // As many chunks as give every worker the same number of them, none larger than wanted; of whole pairs.
    const std::size_t turns = (panels + workers * together - 1) / (workers * together);
    return ((panels + workers * turns - 1) / (workers * turns) + 1) / 2 * 2;
}

Result<void> matmul(Stream& stream, const MatmulInput& input, std::span<const MatmulOutput> outputs,
                    std::span<const RowSpan> rows, std::size_t panelBegin, std::size_t panelEnd,
                    const Upcoming& upcoming) {
    if (auto checked = checkProducts(input, outputs, rows); !checked) {
        return checked;
    }
    if (panelBegin > panelEnd || panelEnd > panelCount(outputs)) {
        return fail(ErrorCode::kInvalidArgument, "A product was asked for panels that its matrices don't have.");
    }
    const std::size_t count = panelEnd - panelBegin;
    const int threads = stream.pool().threads();
    const std::size_t chunk = panelChunk(count, panelCost(outputs, rows), panelsTogether(outputs, rows), threads);
    stream.pool().parallelFor(count, chunk, [&](std::size_t begin, std::size_t end, int worker) noexcept {
        const cpu::NextPanels after = afterChunk(stream.pool(), count, chunk, end, worker, upcoming,
                                                 [&] { return panelsFrom(outputs, panelBegin + end); });
        std::size_t first = 0; // panels of the matrices before this one
        for (const MatmulOutput& output : outputs) {
            const std::size_t last = first + output.linear->panels();
            const std::size_t from = std::max(first, panelBegin + begin);
            const std::size_t to = std::min(last, panelBegin + end);
            const std::size_t stride = output.linear->weight().outputs;
            const cpu::NextPanels next = to < panelBegin + end ? panelsFrom(outputs, to) : after;
            for (const RowSpan& span : rows) {
                if (from < to) {
                    stream.count(worker, runPanels(input, *output.linear, span, from - first, to - first,
                                                   output.y + span.begin * stride + (from - first) * kPanelColumns,
                                                   stride, stream.scratch(worker), next));
                }
            }
            first = last;
        }
    });
    return {};
}

} // namespace alcuin::inference::ops
