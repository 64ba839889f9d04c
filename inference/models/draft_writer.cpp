#include "models/draft_writer.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/thread_pool.h"

namespace alcuin::inference {

namespace {

constexpr std::size_t kSlabBytes = std::size_t{8} << 20U;
constexpr std::size_t kChunkBytes = std::size_t{64} << 10U;
constexpr double kMegabyte = 1e6;

/// Rows of one tensor after the other, made a slab at a time by all workers.
class Slabs {
public:
    Slabs(ThreadPool& pool, const DraftRows& rows, const std::stop_token& cancel, std::uint64_t total,
          const std::function<void(std::uint64_t, std::uint64_t)>& progress)
        : pool_(pool), rows_(rows), cancel_(cancel), total_(total), progress_(progress) {}

    /// Row `row` of `count` of a tensor.
    Result<void> row(std::size_t tensor, std::uint64_t count, std::uint64_t row, std::span<std::byte> out) {
        if (held_ == 0 || tensor != tensor_ || row < first_ || row >= first_ + held_) {
            if (auto made = make(tensor, count, row, out.size()); !made) {
                return made;
            }
        }
        std::memcpy(out.data(), slab_.data() + (row - first_) * out.size(), out.size());
        done_ += out.size();
        return {};
    }

private:
    Result<void> make(std::size_t tensor, std::uint64_t count, std::uint64_t row, std::size_t rowBytes) {
        if (cancel_.stop_requested()) {
            return fail(ErrorCode::kCancelled, "Writing the model was stopped.");
        }
        if (progress_) {
            progress_(done_, total_);
        }
        tensor_ = tensor;
        first_ = row;
        held_ = std::min<std::uint64_t>(count - row, std::max<std::uint64_t>(1, kSlabBytes / rowBytes));
        slab_.resize(std::max(slab_.size(), static_cast<std::size_t>(held_) * rowBytes));
        std::atomic<bool> failed{false};
        Error error; // written by the one that set `failed`
        const auto body = [&](std::size_t begin, std::size_t end, int) noexcept {
            for (std::size_t i = begin; i < end && !failed.load(); ++i) {
                auto made = rows_(tensor, first_ + i, std::span(slab_).subspan(i * rowBytes, rowBytes));
                if (!made && !failed.exchange(true)) {
                    error = std::move(made).error();
                }
            }
        };
        pool_.parallelFor(static_cast<std::size_t>(held_), std::max<std::size_t>(1, kChunkBytes / rowBytes), body);
        if (failed.load()) {
            held_ = 0;
            return tl::unexpected(std::move(error));
        }
        return {};
    }

    ThreadPool& pool_;
    const DraftRows& rows_;
    const std::stop_token& cancel_;
    std::uint64_t total_;
    const std::function<void(std::uint64_t, std::uint64_t)>& progress_;
    std::vector<std::byte> slab_;
    std::size_t tensor_ = 0;
    std::uint64_t first_ = 0;
    std::uint64_t held_ = 0; ///< rows in the slab, from first_ on
    std::uint64_t done_ = 0;
};

Result<void> checkPlace(const DraftOutput& output, std::uint64_t bytes) {
    std::error_code error;
    if (!output.overwrite && std::filesystem::exists(output.path, error)) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("The file {} is there already; choose another name, or say that it may be replaced.",
                                output.path.string()));
    }
    if (std::filesystem::exists(output.path, error) && std::filesystem::equivalent(output.path, output.source, error)) {
        return fail(ErrorCode::kInvalidArgument, "The file to write is the one to read from.");
    }
    const auto parent = output.path.parent_path();
    const auto space = std::filesystem::space(parent.empty() ? std::filesystem::path(".") : parent, error);
    if (error) {
        return fail(ErrorCode::kIo, fmt::format("The folder of {} can't be used: {}. Choose another.",
                                                output.path.string(), error.message()));
    }
    if (space.available < bytes) {
        return fail(ErrorCode::kIo,
                    fmt::format("The file {} would have {:.0f} MB, and its disk has room for {:.0f} MB. Make room, or "
                                "choose another folder.",
                                output.path.string(), static_cast<double>(bytes) / kMegabyte,
                                static_cast<double>(space.available) / kMegabyte));
    }
    return {};
}

} // namespace

Result<WrittenModel> writeDraft(ModelDraft draft, const DraftRows& rows, const DraftOutput& output, ThreadPool& pool,
                                const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                                const std::stop_token& cancel) {
    WrittenModel report;
    for (const DraftTensor& tensor : draft.tensors) {
        report.bytes += storedBytes(tensor.dtype, tensor.elements()).value_or(0);
        report.parameters += tensor.elements();
    }
    Slabs slabs(pool, rows, cancel, report.bytes, progress);
    GgufWriter writer;
    for (std::size_t i = 0; i < draft.tensors.size(); ++i) {
        const DraftTensor& tensor = draft.tensors[i];
        const auto count = tensor.elements() / tensor.dimensions[0];
        const auto added = writer.addTensor(tensor.name, tensor.dtype, tensor.dimensions,
                                            [&slabs, i, count](std::uint64_t row, std::span<std::byte> bytes) {
                                                return slabs.row(i, count, row, bytes);
                                            });
        if (!added) {
            return tl::unexpected(added.error());
        }
    }
    for (auto& [key, value] : draft.entries) {
        writer.set(key, std::move(value));
    }
    const auto bytes = writer.fileBytes();
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    const auto written = checkPlace(output, *bytes).and_then([&] { return writer.write(output.path); });
    if (!written) {
        return tl::unexpected(written.error());
    }
    report.bytes = *bytes;
    return report;
}

} // namespace alcuin::inference
