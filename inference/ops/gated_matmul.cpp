#include "ops/gated_matmul.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/thread_pool.h"

namespace alcuin::inference::ops {

namespace {

using cpu::kGroup;
using cpu::kPanelColumns;

/// Rows and panels of a block of results: half a megabyte each for gate and up, which stay in a core's second cache.
/// Kernels on tiles read weights once for 256 rows.
constexpr std::size_t kBlockRows = 256;
constexpr std::size_t kBlockPanels = 32;
constexpr std::size_t kBlockFloats = kBlockRows * kBlockPanels * kPanelColumns;
constexpr std::size_t kTileRows = 16;

std::size_t productScratch() {
    return std::max(cpu::kMatmulScratchBytes, cpu::kTileScratchBytes);
}

/// Some rows of one class of gate and up, outputs [firstColumn, firstColumn + width), rows close together.
struct Block {
    float* gate = nullptr;
    float* up = nullptr;
    std::size_t rowBegin = 0;
    std::size_t rowEnd = 0;
    std::size_t firstColumn = 0;
    std::size_t width = 0;
};

void quantiseBlock(const GatedResult& result, const Block& block, std::size_t forward) {
    const cpu::QuantisedRows& out = result.rows.quantised;
    for (std::size_t row = block.rowBegin; row < block.rowEnd; ++row) {
        const std::size_t first = row * forward + block.firstColumn;
        const cpu::QuantisedRows place{out.values + first, out.scale + first / kGroup, out.sum + first / kGroup,
                                       out.offset + first / kGroup, out.lower + first / kGroup};
        result.input.quantise->run({block.gate + (row - block.rowBegin) * block.width, place, 0, 1, block.width});
    }
}

/// Tiles of a row follow each other, so a run of columns is a smaller matrix that begins at one of them.
void packBlock(const GatedResult& result, const Block& block, std::size_t forward) {
    for (std::size_t row = block.rowBegin; row < block.rowEnd;) {
        const std::size_t tile = row / kTileRows;
        const std::size_t end = std::min(block.rowEnd, (tile + 1) * kTileRows);
        std::uint16_t* tiles =
            result.rows.tiles + (tile * (forward / kGroup) + block.firstColumn / kGroup) * kTileRows * kGroup;
        for (; row < end; ++row) {
            const float* x = block.gate + (row - block.rowBegin) * block.width;
            result.input.pack->run({x, tiles + row % kTileRows * kGroup, 0, 1, block.width});
        }
    }
}

void finish(const GatedResult& result, const Block& block, RowClass rowClass, std::size_t forward) {
    const std::size_t rows = block.rowEnd - block.rowBegin;
    result.swiglu->run({block.gate, block.up, 0, rows * block.width});
    const InputFormats formats = formatsOf(result.next, rowClass);
    if (formats.quantised) {
        quantiseBlock(result, block, forward);
    }
    if (formats.tiles) {
        packBlock(result, block, forward);
    }
    if (formats.wantsRows()) {
        for (std::size_t row = block.rowBegin; row < block.rowEnd; ++row) {
            std::memcpy(result.x + row * forward + block.firstColumn, block.gate + (row - block.rowBegin) * block.width,
                        block.width * sizeof(float));
        }
    }
}

/// The kernel that multiplies, activates and packs these rows in one go. Null where there is none: where the two
/// matrices have different layouts, or the next product wants other than bf16 tiles.
auto gatedKernel(const GatedProducts& products, const GatedResult& result, const RowSpan& rows)
    -> decltype(cpu::MatmulKernel::gated) {
    const auto run = products.gate->kernel(rows.rowClass, rows.end - rows.begin).gated;
    const bool onlyTiles = formatsOf(result.next, rows.rowClass).onlyTiles();
    const bool same = run == products.up->kernel(rows.rowClass, rows.end - rows.begin).gated;
    return onlyTiles && same && products.gate->weight().outputs % kGroup == 0 ? run : nullptr;
}

StepTraffic runGated(const MatmulInput& input, const GatedProducts& products, const GatedResult& result,
                     const RowSpan& rows, std::size_t begin, std::size_t end, void* scratch) {
    const Weight& gate = products.gate->weight();
    cpu::GatedMatmulArgs args{};
    args.gate = panelArgs(input, *products.gate, rows, begin, end);
    args.gate.scratch = scratch;
    args.up = panelArgs(input, *products.up, rows, begin, end).weights;
    args.width = gate.outputs;
    args.result = result.rows.tiles + (rows.begin / kTileRows * gate.outputs + begin * kPanelColumns) * kTileRows;
    gatedKernel(products, result, rows)(args);
    StepTraffic handed = panelTraffic(gate, args.gate.rows, begin, end);
    handed += panelTraffic(products.up->weight(), args.gate.rows, begin, end);
    return handed;
}

/// Panels of each matrix that a worker takes at a time.
std::size_t gatedChunk(std::span<const MatmulOutput> both, std::span<const RowSpan> rows, std::size_t panels,
                       int threads) {
    return std::min(kBlockPanels, panelChunk(panels, panelCost(both, rows),
                                             std::min(kBlockPanels, panelsTogether(both, rows)), threads));
}

} // namespace

Upcoming upcomingGated(std::span<const MatmulOutput> both, std::span<const RowSpan> rows, int threads) {
    const std::size_t panels = both.front().linear->panels();
    return {both, panels, gatedChunk(both, rows, panels, threads)};
}

std::size_t gatedScratchBytes() {
    return productScratch() + 2 * kBlockFloats * sizeof(float);
}

Result<void> gatedMatmul(Stream& stream, const MatmulInput& input, const GatedProducts& products,
                         const GatedResult& result, std::span<const RowSpan> rows, std::size_t panelBegin,
                         std::size_t panelEnd, const Upcoming& upcoming) {
    const std::size_t forward = products.gate->weight().outputs;
    const std::array both{MatmulOutput{products.gate, nullptr}, MatmulOutput{products.up, nullptr}};
    if (auto checked = checkProducts(input, both, rows); !checked) {
        return checked;
    }
    const bool plain = std::ranges::any_of(
        rows, [&](const RowSpan& span) { return formatsOf(result.next, span.rowClass).wantsRows(); });
    if (products.up->weight().outputs != forward || panelBegin > panelEnd || panelEnd > products.gate->panels() ||
        panelBegin % 2 != 0 || (plain && result.x == nullptr)) {
        return fail(ErrorCode::kInvalidArgument, "A gated product was asked for what its matrices don't have.");
    }
    const std::size_t count = panelEnd - panelBegin;
    const std::size_t chunk = gatedChunk(both, rows, count, stream.pool().threads());
    stream.pool().parallelFor(count, chunk, [&](std::size_t begin, std::size_t end, int worker) noexcept {
        std::byte* scratch = stream.scratch(worker);
        const std::span one(both.data(), 1);
        const cpu::NextPanels after = afterChunk(stream.pool(), count, chunk, end, worker, upcoming,
                                                 [&] { return panelsFrom(one, panelBegin + end); });
        const cpu::NextPanels ups = panelsFrom(std::span(both).subspan(1), panelBegin + begin);
        Block block;
        block.gate = reinterpret_cast<float*>(scratch + productScratch());
        block.up = block.gate + kBlockFloats;
        block.firstColumn = (panelBegin + begin) * kPanelColumns;
        block.width = std::min(forward, (panelBegin + end) * kPanelColumns) - block.firstColumn;
        for (const RowSpan& span : rows) {
            if (span.begin < span.end && gatedKernel(products, result, span) != nullptr) {
                stream.count(worker,
                             runGated(input, products, result, span, panelBegin + begin, panelBegin + end, scratch));
                continue;
            }
            // Blocks end where tiles do.
            for (std::size_t row = span.begin; row < span.end; row = block.rowEnd) {
                block.rowBegin = row;
                block.rowEnd = std::min(span.end, (row / kBlockRows + 1) * kBlockRows);
                const RowSpan some{block.rowBegin, block.rowEnd, span.rowClass};
                const std::size_t from = panelBegin + begin;
                StepTraffic handed = runPanels(input, *products.gate, some, from, panelBegin + end, block.gate,
                                               block.width, scratch, ups);
                handed +=
                    runPanels(input, *products.up, some, from, panelBegin + end, block.up, block.width, scratch, after);
                stream.count(worker, handed);
                finish(result, block, span.rowClass, forward);
            }
        }
    });
    return {};
}

} // namespace alcuin::inference::ops
