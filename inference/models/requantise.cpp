#include "models/requantise.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "formats/gguf.h"
#include "models/model_draft.h"
#include "tensor/dequantize.h"
#include "tensor/quantize.h"

namespace alcuin::inference {

namespace {

Result<void> convertRow(const File& file, const GgufTensor& from, DType to, std::uint64_t row,
                        std::span<std::byte> out) {
    const std::uint64_t width = from.dimensions[0];
    std::vector<std::byte> stored(storedBytes(from.dtype, width).value_or(0));
    const std::uint64_t offset = from.offset + row * stored.size();
    if (from.dtype == to) {
        return file.readAt(offset, out);
    }
    if (auto read = file.readAt(offset, stored); !read) {
        return read;
    }
    std::vector<float> wide(width);
    if (auto widened = dequantizeRow(from.dtype, stored, wide); !widened) {
        return widened;
    }
    return quantizeRow(to, wide, out).map_error([&](Error error) {
        error.message = fmt::format("Row {} of tensor \"{}\": {}", row, from.name, error.message);
        return error;
    });
}

} // namespace

Result<WrittenModel> requantise(const RequantiseOptions& options, ThreadPool& pool,
                                const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                                const std::stop_token& cancel) {
    const auto header = GgufFile::open(options.input);
    if (!header) {
        return tl::unexpected(header.error());
    }
    const auto file = File::open(options.input);
    if (!file) {
        return tl::unexpected(file.error());
    }
    ModelDraft draft = draftOf(*header);
    if (const auto set = setTypes(draft, options.type, options.pure); !set) {
        return tl::unexpected(set.error());
    }
    std::vector<DType> types;
    for (const DraftTensor& tensor : draft.tensors) {
        types.push_back(tensor.dtype);
    }
    const auto rows = [&](std::size_t tensor, std::uint64_t row, std::span<std::byte> bytes) {
        return convertRow(*file, header->tensors()[tensor], types[tensor], row, bytes);
    };
    return writeDraft(std::move(draft), rows, {options.output, options.overwrite, options.input}, pool, progress,
                      cancel);
}

} // namespace alcuin::inference
