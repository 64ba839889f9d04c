#include "models/synth.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/thread_pool.h"
#include "formats/gguf.h"
#include "formats/gguf_writer.h"
#include "models/synth_model.h"
#include "models/synth_random.h"
#include "models/synth_weights.h"

namespace alcuin::inference {

namespace {

using synth::Model;
using synth::RandomTensor;

constexpr std::size_t kSlabBytes = std::size_t{8} << 20U;
constexpr double kMegabyte = 1e6;

/// Rows of one tensor after the other, made a slab at a time by all workers.
class Slabs {
public:
    Slabs(ThreadPool& pool, const std::stop_token& cancel, std::uint64_t total,
          const std::function<void(std::uint64_t, std::uint64_t)>& progress)
        : pool_(pool), cancel_(cancel), total_(total), progress_(progress) {}

    Result<void> row(const RandomTensor& tensor, std::uint64_t rows, std::uint64_t row, std::span<std::byte> out) {
        if (&tensor != tensor_ || row < first_ || row >= first_ + count_) {
            if (cancel_.stop_requested()) {
                return fail(ErrorCode::kCancelled, "Writing the model was stopped.");
            }
            make(tensor, rows, row, out.size());
        }
        std::memcpy(out.data(), slab_.data() + (row - first_) * out.size(), out.size());
        done_ += out.size();
        return {};
    }

private:
    void make(const RandomTensor& tensor, std::uint64_t rows, std::uint64_t row, std::size_t rowBytes) {
        if (progress_) {
            progress_(done_, total_);
        }
        tensor_ = &tensor;
        first_ = row;
        count_ = std::min<std::uint64_t>(rows - row, std::max<std::uint64_t>(1, kSlabBytes / rowBytes));
        slab_.resize(std::max(slab_.size(), static_cast<std::size_t>(count_) * rowBytes));
        const auto body = [&](std::size_t begin, std::size_t end, int) noexcept {
            for (std::size_t i = begin; i < end; ++i) {
                tensor.fill(first_ + i, std::span(slab_).subspan(i * rowBytes, rowBytes));
            }
        };
        constexpr std::size_t kChunkBytes = std::size_t{64} << 10U;
        pool_.parallelFor(static_cast<std::size_t>(count_), std::max<std::size_t>(1, kChunkBytes / rowBytes), body);
    }

    ThreadPool& pool_;
    const std::stop_token& cancel_;
    std::uint64_t total_;
    const std::function<void(std::uint64_t, std::uint64_t)>& progress_;
    std::vector<std::byte> slab_;
    const RandomTensor* tensor_ = nullptr;
    std::uint64_t first_ = 0;
    std::uint64_t count_ = 0;
    std::uint64_t done_ = 0;
};

Result<Model> plan(const SynthOptions& options) {
    const bool preset = std::ranges::find(synthPresets(), options.like) != synthPresets().end();
    Result<Model> model;
    if (std::error_code ignored; preset || !std::filesystem::exists(options.like, ignored)) {
        model = synth::presetModel(options.like);
    } else {
        model = GgufFile::openHeader(options.like).map(synth::modelOf);
    }
    if (!model) {
        return model;
    }
    if (!options.type && preset) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("The shape {} needs a type: one of {}.", options.like, fmt::join(synthTypes(), ", ")));
    }
    if (options.type) {
        if (const auto set = synth::setTypes(*model, *options.type, options.pure); !set) {
            return tl::unexpected(set.error());
        }
    }
    if (options.vocabulary) {
        const auto set = GgufFile::openHeader(*options.vocabulary).and_then([&](const GgufFile& file) {
            return synth::setVocabulary(*model, file);
        });
        if (!set) {
            return tl::unexpected(set.error());
        }
    }
    auto& name = model->entries["general.name"];
    const auto* given = std::get_if<std::string>(&name);
    name = fmt::format("{} (random weights)", given == nullptr || given->empty() ? "A model" : *given);
    return model;
}

Result<void> checkPlace(const SynthOptions& options, std::uint64_t bytes) {
    std::error_code error;
    if (!options.overwrite && std::filesystem::exists(options.output, error)) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("The file {} is there already; choose another name, or say that it may be replaced.",
                                options.output.string()));
    }
    if (std::filesystem::exists(options.output, error) &&
        std::filesystem::equivalent(options.output, options.like, error)) {
        return fail(ErrorCode::kInvalidArgument, "The file to write is the one to take the shapes from.");
    }
    const auto parent = options.output.parent_path();
    const auto space = std::filesystem::space(parent.empty() ? std::filesystem::path(".") : parent, error);
    if (error) {
        return fail(ErrorCode::kIo, fmt::format("The folder of {} can't be used: {}. Choose another.",
                                                options.output.string(), error.message()));
    }
    if (space.available < bytes) {
        return fail(ErrorCode::kIo,
                    fmt::format("The file {} would have {:.0f} MB, and its disk has room for {:.0f} MB. Make room, or "
                                "choose another folder.",
                                options.output.string(), static_cast<double>(bytes) / kMegabyte,
                                static_cast<double>(space.available) / kMegabyte));
    }
    return {};
}

} // namespace

Result<SynthReport> synthesise(const SynthOptions& options, ThreadPool& pool,
                               const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                               const std::stop_token& cancel) {
    auto model = plan(options);
    if (!model) {
        return tl::unexpected(model.error());
    }
    SynthReport report;
    for (const auto& tensor : model->tensors) {
        report.bytes += storedBytes(tensor.dtype, tensor.elements()).value_or(0);
        report.parameters += tensor.elements();
    }
    Slabs slabs(pool, cancel, report.bytes, progress);
    std::vector<std::unique_ptr<const RandomTensor>> sources;
    GgufWriter writer;
    for (const auto& tensor : model->tensors) {
        const auto key = synth::RandomStream::keyOf(options.seed, sources.size());
        sources.push_back(std::make_unique<const RandomTensor>(tensor, model->entries, key));
        const auto rows = tensor.elements() / tensor.dimensions[0];
        const auto added = writer.addTensor(
            tensor.name, tensor.dtype, tensor.dimensions,
            [&slabs, source = sources.back().get(), rows](std::uint64_t row, std::span<std::byte> bytes) {
                return slabs.row(*source, rows, row, bytes);
            });
        if (!added) {
            return tl::unexpected(added.error());
        }
    }
    for (auto& [key, value] : model->entries) {
        writer.set(key, std::move(value));
    }
    const auto bytes = writer.fileBytes();
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    const auto written = checkPlace(options, *bytes).and_then([&] { return writer.write(options.output); });
    if (!written) {
        return tl::unexpected(written.error());
    }
    report.bytes = *bytes;
    return report;
}

} // namespace alcuin::inference
