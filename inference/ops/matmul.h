#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <alcuin/inference/error.h>
#include <alcuin/inference/runtime.h>

#include "backends/backend.h"
#include "backends/cpu/kernel_policy.h"
#include "base/thread_pool.h"
#include "ops/rows.h"
#include "weights/weight_store.h"

namespace alcuin::inference::ops {

/// A matrix of weights with the kernels that multiply by it, one for each class of rows.
class Linear {
public:
    Linear() = default;

    /// kFast multiplies quantised weights by int8 activations in decode rows. Prefill rows are multiplied in bf16 where
    /// the machine has tiles for it; elsewhere quantised weights by int8 of two terms, dense ones by f32: a prompt is
    /// read once and stands in the state of every later token, and one term in groups of 32 flips close calls there
    /// (NMSE 6e-4 on SmolLM2, 0.3 between two logits). kF32 multiplies everything by f32.
    /// Errors: kUnsupported (no kernel), kInvalidArgument (a forced one can't run).
    static Result<Linear> resolve(const Weight& weight, ComputeMode compute, const cpu::KernelPolicy& policy,
                                  std::string_view name);

    const Weight& weight() const {
        return *weight_;
    }
    std::size_t panels() const;
    /// For so many rows; the format of activations and the results' bits don't depend on how many.
    const cpu::MatmulKernel& kernel(RowClass rowClass, std::size_t rows = 1) const {
        const ForClass& kernels = rowClass == RowClass::kDecode ? decode_ : prefill_;
        return rows >= kernels.many->leastRows ? *kernels.many : *kernels.few;
    }

private:
    struct ForClass {
        const cpu::MatmulKernel* few = nullptr;
        const cpu::MatmulKernel* many = nullptr;
    };
    const Weight* weight_ = nullptr;
    ForClass decode_;
    ForClass prefill_;
};

/// Activations [R, K]: always as f32, and room for the other formats, which prepareInput fills as far as wanted.
struct MatmulInput {
    const float* x = nullptr;
    cpu::QuantisedRows quantised{};
    cpu::SplitRows split{};         ///< tiles of [R / 16 rounded up][K / 32][16]
    std::uint16_t* tiles = nullptr; ///< bf16, [R / 16 rounded up][K / 32][16][32]
    std::size_t rows = 0;
    std::size_t depth = 0;
};

/// One product of an input: y [R, N].
struct MatmulOutput {
    const Linear* linear = nullptr;
    float* y = nullptr;
};

/// Kernels that turn activations into the formats of products.
struct InputKernels {
    const cpu::QuantiseKernel* quantise = nullptr;
    const cpu::SplitKernel* split = nullptr;
    const cpu::PackKernel* pack = nullptr;
};

/// Formats of activations that products read.
struct InputFormats {
    bool plain = false;     ///< f32
    bool quantised = false; ///< int8
    bool split = false;     ///< int8 of one or two terms: takes whole rows
    bool tiles = false;     ///< bf16
    /// Whether rows must be there as f32 when all of them are complete.
    bool wantsRows() const {
        return plain || split;
    }
    bool onlyTiles() const {
        return tiles && !plain && !quantised && !split;
    }
};
InputFormats formatsOf(std::span<const MatmulOutput> outputs, RowClass rowClass);

/// Brings rows [rowBegin, rowEnd) of the input into formats, on the calling thread.
void prepareRows(const InputKernels& kernels, const MatmulInput& input, const InputFormats& formats,
                 std::size_t rowBegin, std::size_t rowEnd) noexcept;

/// Packs x [depth] as a row of the input's tiles.
void packRow(const InputKernels& kernels, const float* x, const MatmulInput& input, std::size_t row) noexcept;

/// Brings every row into the formats that the products want for its class.
void prepareInput(Stream& stream, const InputKernels& kernels, const MatmulInput& input,
                  std::span<const MatmulOutput> outputs, std::span<const RowSpan> rows);

/// What a panel of each product costs on these rows, in multiply-adds of AVX2; the dearest's.
std::size_t panelCost(std::span<const MatmulOutput> outputs, std::span<const RowSpan> rows);

/// Panels that are best taken at a time by each worker.
std::size_t panelsTogether(std::span<const MatmulOutput> outputs, std::span<const RowSpan> rows);

/// Panels of all products together: the range that matmul's work is cut from.
std::size_t panelCount(std::span<const MatmulOutput> outputs);

/// Panels that a worker takes at a time: so few that it comes back several times, as many as the kernels like to have
/// together where there are enough, always whole pairs.
std::size_t panelChunk(std::size_t panels, std::size_t cost, std::size_t together, int threads);

/// Whether products can be computed from this input. Errors: kInvalidArgument.
Result<void> checkProducts(const MatmulInput& input, std::span<const MatmulOutput> outputs,
                           std::span<const RowSpan> rows);

/// Panels of several matrices, counted through: `panel` and those behind it, of the matrix that it belongs to. Nothing
/// behind the last.
cpu::NextPanels panelsFrom(std::span<const MatmulOutput> outputs, std::size_t panel);

/// What every worker reads first of the products that follow an operation, so that its own last kernel call can fetch
/// it. The outputs must live until then.
struct Upcoming {
    std::span<const MatmulOutput> outputs; ///< none: not known
    std::size_t panels = 0;                ///< that are dealt out: of all outputs, or of each
    std::size_t chunk = 1;

    /// As matmul will deal them out.
    static Upcoming products(std::span<const MatmulOutput> outputs, std::span<const RowSpan> rows, int threads);
    cpu::NextPanels of(const ThreadPool& pool, int worker) const;
};

/// What the calling worker multiplies by after a chunk of `count` that ends at `end`: what lies behind it, which
/// `behind` tells, or where its own run ends what comes first in the operation that follows.
template <typename Behind>
cpu::NextPanels afterChunk(const ThreadPool& pool, std::size_t count, std::size_t chunk, std::size_t end, int worker,
                           const Upcoming& upcoming, const Behind& behind) {
    const bool over = end >= count || end == pool.runBegin(count, chunk, worker + 1);
    return over ? upcoming.of(pool, worker) : behind();
}

/// What a kernel is given to multiply rows of one class by panels [begin, end) of a matrix, but for scratch and y. Its
/// panel and output 0 are those of panel `begin`.
cpu::MatmulArgs panelArgs(const MatmulInput& input, const Linear& linear, const RowSpan& rows, std::size_t begin,
                          std::size_t end);

/// What a kernel that multiplies so many rows by these panels was handed.
StepTraffic panelTraffic(const Weight& weight, std::size_t rows, std::size_t begin, std::size_t end);

/// Panels [begin, end) of one matrix times rows of one class, on the calling thread. y is where the first of the rows
/// has the first output of panel `begin`; rows of y are `yStride` apart. Returns what the kernel was handed.
StepTraffic runPanels(const MatmulInput& input, const Linear& linear, const RowSpan& rows, std::size_t begin,
                      std::size_t end, float* y, std::size_t yStride, void* scratch,
                      const cpu::NextPanels& next) noexcept;

/// y[r, n] = sum_k x[r, k] W[n, k] for several matrices that share their input, panels [panelBegin, panelEnd) of all.
/// Numerics: as backends/cpu/kernel_args.h says; a row's result depends on that row and its class alone.
/// Errors: kInvalidArgument (shapes, rows outside the spans, no room for activations in the format that is wanted).
Result<void> matmul(Stream& stream, const MatmulInput& input, std::span<const MatmulOutput> outputs,
                    std::span<const RowSpan> rows, std::size_t panelBegin, std::size_t panelEnd,
                    const Upcoming& upcoming = {});

} // namespace alcuin::inference::ops
