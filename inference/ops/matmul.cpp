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

bool wants(std::span<const MatmulOutput> outputs, RowClass rowClass, ActivationFormat format) {
    return std::ranges::any_of(
        outputs, [&](const auto& output) { return output.linear->kernel(rowClass).activation == format; });
}

/// Whether the input has the format that a class of rows wants.
bool has(const MatmulInput& input, std::span<const MatmulOutput> outputs, RowClass rowClass) {
    return (input.quantised.values != nullptr || !wants(outputs, rowClass, ActivationFormat::kInt8)) &&
           (input.tiles != nullptr || !wants(outputs, rowClass, ActivationFormat::kBF16));
}

Result<void> check(const MatmulInput& input, std::span<const MatmulOutput> outputs, std::span<const RowSpan> rows,
                   std::size_t panelBegin, std::size_t panelEnd) {
    for (const MatmulOutput& output : outputs) {
        if (output.linear->weight().depth != input.depth) {
            return fail(ErrorCode::kInvalidArgument, fmt::format("A matrix of depth {} was given rows of {}.",
                                                                 output.linear->weight().depth, input.depth));
        }
    }
    if (!std::ranges::all_of(rows, [&](const RowSpan& span) { return has(input, outputs, span.rowClass); })) {
        return fail(ErrorCode::kInvalidArgument, "A product wants activations in a format that it wasn't given.");
    }
    if (std::ranges::any_of(rows,
                            [&](const RowSpan& span) { return span.begin > span.end || span.end > input.rows; })) {
        return fail(ErrorCode::kInvalidArgument, "A product was asked for rows that its input doesn't have.");
    }
    if (panelBegin > panelEnd || panelEnd > panelCount(outputs)) {
        return fail(ErrorCode::kInvalidArgument, "A product was asked for panels that its matrices don't have.");
    }
    return {};
}

/// Panels [begin, end) of one matrix.
void runPanels(const MatmulInput& input, const MatmulOutput& output, std::span<const RowSpan> rows, std::size_t begin,
               std::size_t end, void* scratch) {
    const Weight& weight = output.linear->weight();
    const std::size_t groups = input.depth / kGroup;
    for (const RowSpan& span : rows) {
        cpu::MatmulArgs args{};
        args.weights = weight.data;
        args.outputs = weight.outputs;
        args.depth = weight.depth;
        args.panelBegin = begin;
        args.panelEnd = end;
        args.x = input.x + span.begin * input.depth;
        const cpu::MatmulKernel& kernel = output.linear->kernel(span.rowClass, span.end - span.begin);
        if (kernel.activation == ActivationFormat::kBF16) {
            args.tiles = input.tiles + span.begin / kTileRows * kTileRows * input.depth;
            args.tileRow = span.begin % kTileRows;
        }
        if (kernel.activation == ActivationFormat::kInt8) {
            args.quantised = {input.quantised.values + span.begin * input.depth,
                              input.quantised.scale + span.begin * groups, input.quantised.sum + span.begin * groups,
                              input.quantised.offset + span.begin * groups,
                              input.quantised.lower + span.begin * groups};
        }
        args.rows = span.end - span.begin;
        args.y = output.y + span.begin * weight.outputs;
        args.yStride = weight.outputs;
        args.scratch = scratch;
        if (args.rows > 0) {
            kernel.run(args);
        }
    }
}

} // namespace

Result<Linear> Linear::resolve(const Weight& weight, ComputeMode compute, const cpu::KernelPolicy& policy,
                               std::string_view name) {
    const auto serves = [&](ActivationFormat format, RowClass rowClass) {
        if (compute == ComputeMode::kF32) {
            return format == ActivationFormat::kF32;
        }
        const bool coarse = rowClass == RowClass::kDecode && isQuantised(weight.layout);
        return format == ActivationFormat::kBF16 ||
               format == (coarse ? ActivationFormat::kInt8 : ActivationFormat::kF32);
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

void prepareInput(Stream& stream, const InputKernels& kernels, const MatmulInput& input,
                  std::span<const MatmulOutput> outputs, std::span<const RowSpan> rows) {
    for (const RowSpan& span : rows) {
        if (wants(outputs, span.rowClass, ActivationFormat::kInt8)) {
            quantise(stream, *kernels.quantise, input.x, input.depth, span, input.quantised);
        }
        if (wants(outputs, span.rowClass, ActivationFormat::kBF16)) {
            pack(stream, *kernels.pack, input.x, input.depth, span, input.tiles);
        }
    }
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

Result<void> matmul(Stream& stream, const MatmulInput& input, std::span<const MatmulOutput> outputs,
                    std::span<const RowSpan> rows, std::size_t panelBegin, std::size_t panelEnd) {
    if (auto checked = check(input, outputs, rows, panelBegin, panelEnd); !checked) {
        return checked;
    }
    const std::size_t count = panelEnd - panelBegin;
    const auto threads = static_cast<std::size_t>(stream.pool().threads());
    const std::size_t together = panelsTogether(outputs, rows);
    std::size_t chunk = chunkOf(count, panelCost(outputs, rows), stream.pool().threads());
    if (chunk < together) {
        // As many chunks as give every worker the same number of them, none larger than wanted; of whole pairs.
        const std::size_t turns = (count + threads * together - 1) / (threads * together);
        chunk = ((count + threads * turns - 1) / (threads * turns) + 1) / 2 * 2;
    } else {
        chunk = (chunk + together - 1) / together * together;
    }
    stream.pool().parallelFor(count, chunk, [&](std::size_t begin, std::size_t end, int worker) noexcept {
        std::size_t first = 0; // panels of the matrices before this one
        for (const MatmulOutput& output : outputs) {
            const std::size_t last = first + output.linear->panels();
            const std::size_t from = std::max(first, panelBegin + begin);
            const std::size_t to = std::min(last, panelBegin + end);
            if (from < to) {
                runPanels(input, output, rows, from - first, to - first, stream.scratch(worker));
            }
            first = last;
        }
    });
    return {};
}

} // namespace alcuin::inference::ops
