#include "ops/matmul.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/thread_pool.h"

namespace alcuin::inference::ops {

namespace {

using cpu::ActivationFormat;
using cpu::kGroup;
using cpu::kPanelColumns;

Result<void> check(const MatmulInput& input, std::span<const MatmulOutput> outputs, std::span<const RowSpan> rows,
                   std::size_t panelBegin, std::size_t panelEnd) {
    for (const MatmulOutput& output : outputs) {
        if (output.linear->weight().depth != input.depth) {
            return fail(ErrorCode::kInvalidArgument, fmt::format("A matrix of depth {} was given rows of {}.",
                                                                 output.linear->weight().depth, input.depth));
        }
        if (output.linear->wantsInt8() && input.quantised.values == nullptr) {
            return fail(ErrorCode::kInvalidArgument, "A product needs int8 activations and was given none.");
        }
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

/// Kernels take two or four panels side by side; a chunk is made of such blocks.
std::size_t wholeBlocks(std::size_t panels) {
    const std::size_t block = panels > 2 ? 4 : 2;
    return (panels + block - 1) / block * block;
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
        if (output.linear->wantsInt8()) {
            args.quantised = {input.quantised.values + span.begin * input.depth,
                              input.quantised.scale + span.begin * groups, input.quantised.sum + span.begin * groups,
                              input.quantised.offset + span.begin * groups};
        }
        args.rows = span.end - span.begin;
        args.y = output.y + span.begin * weight.outputs;
        args.yStride = weight.outputs;
        args.scratch = scratch;
        if (args.rows > 0) {
            output.linear->kernel(span.rowClass).run(args);
        }
    }
}

} // namespace

Result<Linear> Linear::resolve(const Weight& weight, ComputeMode compute, const cpu::KernelPolicy& policy,
                               std::string_view name) {
    const auto activation =
        compute == ComputeMode::kFast && isQuantised(weight.layout) ? ActivationFormat::kInt8 : ActivationFormat::kF32;
    Linear linear;
    linear.weight_ = &weight;
    for (const RowClass rowClass : {RowClass::kDecode, RowClass::kPrefill}) {
        const auto matches = [&](const cpu::MatmulKernel& kernel) {
            return kernel.layout == weight.layout && kernel.activation == activation && kernel.rows.has(rowClass);
        };
        auto kernel = policy.choose("matmul", cpu::matmulKernels(), cpu::MatmulShape{weight.outputs, weight.depth},
                                    name, matches);
        if (!kernel) {
            return tl::unexpected(std::move(kernel).error());
        }
        (rowClass == RowClass::kDecode ? linear.decode_ : linear.prefill_) = *kernel;
    }
    return linear;
}

std::size_t Linear::panels() const {
    return (weight_->outputs + kPanelColumns - 1) / kPanelColumns;
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
    const std::size_t chunk =
        wholeBlocks(chunkOf(count, input.rows * input.depth * kPanelColumns, stream.pool().threads()));
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
