#include "weights/weight_store.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "backends/cpu/panels.h"
#include "base/available_memory.h"
#include "base/byte_size.h"
#include "base/checked.h"
#include "base/checksum.h"
#include "base/file.h"
#include "base/thread_pool.h"
#include "tensor/half.h"
#include "weights/repack.h"
#include "weights/weight_identity.h"

namespace alcuin::inference {

namespace {

using cpu::kPanelColumns;

/// Bytes of the file that one piece of work reads, unless 16 rows are more.
constexpr std::size_t kSlabBytes = std::size_t{512} << 10U;
/// Bytes between two reports and looks at the stop token: some 50 ms of a slow disk.
constexpr std::size_t kBatchBytes = std::size_t{8} << 20U;

struct Planned {
    const GgufTensor* tensor = nullptr;
    Weight weight;
    std::size_t offset = 0; ///< in the store's memory
    bool isVector = false;
    std::size_t rowBytes = 0; ///< of one row in the file; a vector is one row
};

/// A run of rows of one tensor, a multiple of 16 but at the end.
struct Slab {
    const Planned* planned = nullptr;
    std::size_t firstRow = 0;
    std::size_t rows = 0;
    std::uint64_t checksum = 0; ///< of its bytes in the file, once it is loaded
    std::size_t bytes() const {
        return rows * planned->rowBytes;
    }
};

std::string shapeOf(const GgufTensor& tensor) {
    std::string text;
    for (std::uint32_t i = 0; i < tensor.dimensionCount; ++i) {
        text += fmt::format("{}{}", i == 0 ? "" : " x ", tensor.dimensions[i]);
    }
    return text;
}

Result<Planned> plan(const GgufFile& file, const WeightRequest& request) {
    const GgufTensor* tensor = file.find(request.name);
    if (tensor == nullptr) {
        return fail(ErrorCode::kCorrupt, fmt::format("The model file {} has no tensor \"{}\", which its architecture "
                                                     "needs. Download it again or choose another.",
                                                     file.path().string(), request.name));
    }
    Planned planned;
    planned.tensor = tensor;
    planned.isVector = request.depth == 0;
    const std::uint64_t depth = planned.isVector ? 1 : request.depth;
    const bool fits = planned.isVector
                          ? tensor->dimensions[0] == request.outputs && tensor->elements() == request.outputs
                          : tensor->dimensions[0] == request.depth && tensor->dimensions[1] == request.outputs &&
                                tensor->dimensions[2] == 1 && tensor->dimensions[3] == 1;
    if (!fits) {
        const std::string wanted = planned.isVector ? fmt::format("{}", request.outputs)
                                                    : fmt::format("{} x {}", request.depth, request.outputs);
        return fail(ErrorCode::kCorrupt,
                    fmt::format("Tensor \"{}\" of {} is {}, but the file's own description makes it {}.", request.name,
                                file.path().string(), shapeOf(*tensor), wanted));
    }
    const DTypeInfo& dtype = infoOf(tensor->dtype);
    if (planned.isVector && dtype.blockElements != 1) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("Tensor \"{}\" is {}; a vector must be F32, F16 or BF16.", request.name, dtype.name));
    }
    const std::uint64_t contiguous = planned.isVector ? request.outputs : depth;
    planned.rowBytes = contiguous / dtype.blockElements * dtype.blockBytes;
    const std::uint64_t rows = planned.isVector ? 1 : request.outputs;
    if (contiguous % dtype.blockElements != 0 || planned.rowBytes * rows != tensor->bytes) {
        return fail(ErrorCode::kCorrupt, fmt::format("Tensor \"{}\" has {}, which doesn't match its shape.",
                                                     request.name, describeBytes(tensor->bytes)));
    }
    const auto layout = planned.isVector ? WeightLayout::kPanelF32 : layoutFor(tensor->dtype);
    if (!layout) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("Tensor \"{}\" of {} has the type {}, which this version can read but not compute "
                                "with; get the model as Q8_0, Q4_0, Q4_1, F16 or BF16.",
                                request.name, file.path().string(), dtype.name));
    }
    planned.weight.layout = *layout;
    planned.weight.outputs = request.outputs;
    planned.weight.depth = request.depth;
    planned.weight.device = request.device;
    const auto bytes = planned.isVector ? checkedMultiply(request.outputs, sizeof(float))
                                        : layoutBytes(planned.weight.layout, request.outputs, request.depth);
    if (!bytes) {
        return fail(ErrorCode::kCorrupt, fmt::format("Tensor \"{}\" is too large to be real.", request.name));
    }
    planned.weight.bytes = *bytes;
    return planned;
}

std::vector<Slab> cut(const std::vector<Planned>& all) {
    std::vector<Slab> slabs;
    for (const Planned& planned : all) {
        const std::size_t rows = planned.isVector ? 1 : planned.weight.outputs;
        const std::size_t panels = std::max<std::size_t>(1, kSlabBytes / kPanelColumns / planned.rowBytes);
        const std::size_t step = panels * kPanelColumns;
        for (std::size_t first = 0; first < rows; first += step) {
            slabs.push_back({&planned, first, std::min(step, rows - first), 0});
        }
    }
    return slabs;
}

void widen(DType dtype, const std::byte* from, std::size_t count, std::byte* to) {
    for (std::size_t i = 0; i < count; ++i) {
        float value = 0;
        if (dtype == DType::kF32) {
            std::memcpy(&value, from + i * 4, 4);
        } else {
            std::uint16_t bits = 0;
            std::memcpy(&bits, from + i * 2, 2);
            value = dtype == DType::kF16 ? f16ToF32(bits) : bf16ToF32(bits);
        }
        std::memcpy(to + i * 4, &value, 4);
    }
}

Result<void> loadSlab(const File& file, Slab& slab, std::byte* memory, std::span<std::byte> staging) {
    const Planned& planned = *slab.planned;
    const std::span<std::byte> rows = staging.first(slab.bytes());
    const std::uint64_t offset = planned.tensor->offset + slab.firstRow * planned.rowBytes;
    if (auto read = file.readAt(offset, rows); !read) {
        return read;
    }
    slab.checksum = Checksum::of(rows); // while they are in the cache
    std::byte* target = memory + planned.offset;
    if (planned.isVector) {
        widen(planned.tensor->dtype, rows.data(), planned.weight.outputs, target);
        return {};
    }
    const auto before = layoutBytes(planned.weight.layout, slab.firstRow, planned.weight.depth);
    repack(planned.weight.layout, rows.data(), slab.rows, planned.weight.depth, target + before.value_or(0));
    return {};
}

/// Loads slabs on all workers; remembers the first failure.
class SlabLoader {
public:
    SlabLoader(const File& file, std::byte* memory, std::size_t slabBytes, const std::stop_token& cancel)
        : file_(file), memory_(memory), slabBytes_(slabBytes), cancel_(cancel) {}

    Result<void> prepare(int workers) {
        auto staging = AlignedBuffer::allocate(slabBytes_ * static_cast<std::size_t>(workers));
        if (!staging) {
            return tl::unexpected(std::move(staging).error());
        }
        staging_ = std::move(*staging);
        return {};
    }

    Result<void> run(ThreadPool& pool, std::span<Slab> slabs) {
        pool.parallelFor(slabs.size(), 1, [this, slabs](std::size_t begin, std::size_t end, int worker) noexcept {
            for (std::size_t i = begin; i < end && !failed_.load() && !cancel_.stop_requested(); ++i) {
                runOne(slabs[i], worker);
            }
        });
        if (failed_.load()) {
            return tl::unexpected(error_);
        }
        if (cancel_.stop_requested()) {
            return fail(ErrorCode::kCancelled, "Loading the model was stopped.");
        }
        return {};
    }

private:
    void runOne(Slab& slab, int worker) noexcept {
        auto done = loadSlab(file_, slab, memory_,
                             {staging_.data() + slabBytes_ * static_cast<std::size_t>(worker), slabBytes_});
        if (!done && !failed_.exchange(true)) {
            error_ = std::move(done).error();
        }
    }

    const File& file_;
    std::byte* memory_;
    std::size_t slabBytes_;
    const std::stop_token& cancel_;
    AlignedBuffer staging_;
    std::atomic<bool> failed_{false};
    Error error_; ///< written by the one that set failed_; read after the pool has finished
};

/// In the order of the file's description, whoever read what.
std::vector<TensorIdentity> identitiesOf(const std::vector<Slab>& slabs) {
    std::vector<TensorIdentity> tensors;
    for (const Slab& slab : slabs) {
        if (slab.firstRow == 0) {
            tensors.push_back({slab.planned->tensor, {}});
        }
        tensors.back().pieces.push_back(slab.checksum);
    }
    return tensors;
}

/// Gives the checksums of what was read.
Result<std::vector<TensorIdentity>> loadAll(const File& file, const std::vector<Planned>& all, std::byte* memory,
                                            ThreadPool& pool, const std::function<void(const LoadProgress&)>& progress,
                                            const std::stop_token& cancel) {
    std::vector<Slab> slabs = cut(all);
    LoadProgress done;
    std::size_t largest = 0;
    for (const Slab& slab : slabs) {
        done.bytesTotal += slab.bytes();
        largest = std::max(largest, slab.bytes());
    }
    // Whole lines, so that no two workers share one.
    SlabLoader loader(file, memory, (largest + AlignedBuffer::kAlignment - 1) / 64 * 64, cancel);
    if (auto ready = loader.prepare(pool.threads()); !ready) {
        return tl::unexpected(std::move(ready).error());
    }
    for (std::size_t first = 0; first < slabs.size();) {
        if (progress) {
            progress(done);
        }
        std::size_t last = first;
        for (std::size_t bytes = 0; last < slabs.size() && (last == first || bytes < kBatchBytes); ++last) {
            bytes += slabs[last].bytes();
            done.bytesDone += slabs[last].bytes();
        }
        if (auto loaded = loader.run(pool, std::span(slabs).subspan(first, last - first)); !loaded) {
            return tl::unexpected(std::move(loaded).error());
        }
        first = last;
    }
    if (progress) {
        progress(done);
    }
    return identitiesOf(slabs);
}

struct Layout {
    std::vector<Planned> tensors;
    std::uint64_t bytes = 0;
};

Result<Layout> layOut(const GgufFile& file, std::span<const WeightRequest> requests) {
    Layout layout;
    for (const WeightRequest& request : requests) {
        auto planned = plan(file, request);
        if (!planned) {
            return tl::unexpected(std::move(planned).error());
        }
        planned->offset = layout.bytes;
        const auto end = checkedAdd(layout.bytes, planned->weight.bytes);
        const auto aligned = end ? checkedAlignUp(*end, AlignedBuffer::kAlignment) : std::nullopt;
        if (!aligned) {
            return fail(ErrorCode::kCorrupt, "The model's tensors are too large to be real.");
        }
        layout.bytes = *aligned;
        layout.tensors.push_back(*planned);
    }
    return layout;
}

} // namespace

Result<WeightStore> WeightStore::describe(const GgufFile& file, std::span<const WeightRequest> requests) {
    auto layout = layOut(file, requests);
    if (!layout) {
        return tl::unexpected(std::move(layout).error());
    }
    WeightStore store;
    store.bytes_ = layout->bytes;
    for (const Planned& planned : layout->tensors) {
        store.weights_.push_back(planned.weight);
    }
    return store;
}

Result<WeightStore> WeightStore::load(const GgufFile& file, std::span<const WeightRequest> requests,
                                      const Options& options, ThreadPool& pool,
                                      const std::function<void(const LoadProgress&)>& progress,
                                      const std::stop_token& cancel) {
    const auto layout = layOut(file, requests);
    if (!layout) {
        return tl::unexpected(layout.error());
    }
    const std::uint64_t available = options.availableBytes.value_or(availableMemory());
    if (layout->bytes > available) {
        return fail(ErrorCode::kOutOfMemory,
                    fmt::format("The model's weights need {} of memory and {} are available. Close other programs or "
                                "choose a smaller model.",
                                describeBytes(layout->bytes), describeBytes(available)));
    }
    auto source = File::open(file.path());
    if (!source) {
        return tl::unexpected(std::move(source).error());
    }
    auto memory = Buffer::allocate(Device{}, layout->bytes);
    if (!memory) {
        return tl::unexpected(std::move(memory).error());
    }
    const auto loaded = loadAll(*source, layout->tensors, memory->data(), pool, progress, cancel);
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    WeightStore store;
    store.identity_ = identityOf(file.metadata(), *loaded);
    store.bytes_ = layout->bytes;
    store.memory_ = std::move(*memory);
    for (const Planned& planned : layout->tensors) {
        Weight& weight = store.weights_.emplace_back(planned.weight);
        weight.data = store.memory_.data() + planned.offset;
    }
    return store;
}

} // namespace alcuin::inference
