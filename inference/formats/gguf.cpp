#include "formats/gguf.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/byte_size.h"
#include "base/checked.h"
#include "base/file.h"
#include "formats/gguf_cursor.h"
#include "formats/gguf_format.h"
#include "formats/gguf_metadata.h"

namespace alcuin::inference {

namespace {

using gguf::Cursor;
using gguf::inQuotes;

/// What a file begins with instead of the magic, where that tells what it is.
std::string_view foreignKind(std::string_view start) {
    struct Known {
        std::string_view prefix;
        std::string_view kind;
    };
    static constexpr std::array kKnown{
        Known{"version https://git-lfs", "it is a Git LFS pointer that only names the model"},
        Known{"<!DOCTYPE", "it is a web page"},
        Known{"<!doctype", "it is a web page"},
        Known{"<html", "it is a web page"},
        Known{"PK\x03\x04", "it is a ZIP archive or a PyTorch checkpoint"},
        Known{"lmgg", "it is in the GGML format that came before GGUF"},
        Known{"fmgg", "it is in the GGML format that came before GGUF"},
        Known{"tjgg", "it is in the GGJT format that came before GGUF"},
        Known{"FUGG", "its bytes are in reverse order"},
    };
    for (const auto& known : kKnown) {
        if (start.starts_with(known.prefix)) {
            return known.kind;
        }
    }
    // safetensors: the length of a JSON text, then the text.
    if (start.size() > 8 && start.substr(8).starts_with("{\"")) {
        return "it is a safetensors file";
    }
    return "it begins with other bytes";
}

Result<void> checkMagic(const File& file, Cursor& cursor) {
    std::array<char, 24> start{};
    const auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(start.size(), file.size()));
    if (const auto read = file.readAt(0, std::as_writable_bytes(std::span(start).first(bytes))); !read) {
        return read;
    }
    const std::string_view text(start.data(), bytes);
    if (text.empty()) {
        return fail(ErrorCode::kCorrupt,
                    fmt::format("The model file {} is empty. Download it again.", file.path().string()));
    }
    if (!text.starts_with(gguf::kMagic.substr(0, bytes))) {
        return fail(ErrorCode::kCorrupt,
                    fmt::format("The file {} isn't a GGUF model: {}. Choose a file whose name ends in .gguf.",
                                file.path().string(), foreignKind(text)));
    }
    return cursor.read<std::uint32_t>().map([](std::uint32_t) {});
}

Result<void> checkVersion(Cursor& cursor) {
    const auto version = cursor.read<std::uint32_t>();
    if (!version) {
        return tl::make_unexpected(version.error());
    }
    if (*version == gguf::kVersion) {
        return {};
    }
    // Versions are small numbers: with nothing in the lower half, the bytes stand in the other order.
    if (*version != 0 && (*version & 0xffffU) == 0) {
        return cursor.unsupported("it was written for big-endian machines; get the little-endian file of this model");
    }
    return cursor.unsupported(fmt::format(
        "it has version {} of the GGUF format, and only version {} is read; {}", *version, gguf::kVersion,
        *version < gguf::kVersion ? "get a newer file of this model" : "get a newer Alcuin, or an older file"));
}

Result<std::uint64_t> alignmentOf(const Metadata& metadata, const Cursor& cursor) {
    const auto alignment = metadata.unsignedIntegerOr(std::string(gguf::kAlignmentKey), gguf::kDefaultAlignment);
    if (!alignment) {
        return cursor.corrupt("its alignment is no number");
    }
    if (!std::has_single_bit(*alignment) || *alignment > gguf::kMaxAlignment) {
        return cursor.corrupt(fmt::format("its alignment is {}, and only powers of two up to {} can be", *alignment,
                                          gguf::kMaxAlignment));
    }
    return *alignment;
}

Result<void> readDimensions(Cursor& cursor, GgufTensor& tensor) {
    const auto count = cursor.read<std::uint32_t>();
    if (!count) {
        return tl::make_unexpected(count.error());
    }
    if (*count == 0 || *count > GgufTensor::kMaxDimensions) {
        return cursor.corrupt(fmt::format("the tensor {} claims {} dimensions, and 1 to {} can be",
                                          inQuotes(tensor.name), *count, GgufTensor::kMaxDimensions));
    }
    tensor.dimensionCount = *count;
    std::uint64_t elements = 1;
    for (std::uint32_t i = 0; i < *count; ++i) {
        const auto dimension = cursor.read<std::uint64_t>();
        if (!dimension) {
            return tl::make_unexpected(dimension.error());
        }
        const auto product = checkedMultiply(elements, *dimension);
        if (*dimension == 0 || !product ||
            *product > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            return cursor.corrupt(
                fmt::format("the dimension {} of the tensor {} can't be", *dimension, inQuotes(tensor.name)));
        }
        elements = *product;
        tensor.dimensions[i] = *dimension;
    }
    return {};
}

Result<void> readType(Cursor& cursor, GgufTensor& tensor) {
    const auto type = cursor.read<std::uint32_t>();
    if (!type) {
        return tl::make_unexpected(type.error());
    }
    const auto dtype = dtypeOfGguf(*type);
    if (!dtype) {
        const auto name = ggufTypeName(*type);
        return cursor.unsupported(
            fmt::format("its tensor {} has the type {}, which this version doesn't read; get the model as Q4_K_M, "
                        "Q5_K_M, Q6_K, Q8_0, Q4_0, F16 or BF16",
                        inQuotes(tensor.name), name.empty() ? fmt::format("number {}", *type) : std::string(name)));
    }
    tensor.dtype = *dtype;
    const auto& info = infoOf(*dtype);
    if (tensor.dimensions[0] % info.blockElements != 0) {
        return cursor.corrupt(fmt::format("the tensor {} has rows of {} numbers, and {} comes in blocks of {}",
                                          inQuotes(tensor.name), tensor.dimensions[0], info.name, info.blockElements));
    }
    const auto bytes = storedBytes(*dtype, tensor.elements());
    if (!bytes) {
        return cursor.corrupt(fmt::format("the tensor {} is larger than any file", inQuotes(tensor.name)));
    }
    tensor.bytes = *bytes;
    return {};
}

/// Reads one line of the table; `offset` stays relative to the data section.
Result<GgufTensor> readTensor(Cursor& cursor, std::uint64_t alignment) {
    GgufTensor tensor;
    auto name = cursor.readString(gguf::kMaxNameBytes, "the name of a tensor");
    if (!name) {
        return tl::make_unexpected(name.error());
    }
    if (name->empty()) {
        return cursor.corrupt("a tensor has no name");
    }
    tensor.name = std::move(*name);
    if (const auto read = readDimensions(cursor, tensor); !read) {
        return tl::make_unexpected(read.error());
    }
    if (const auto read = readType(cursor, tensor); !read) {
        return tl::make_unexpected(read.error());
    }
    const auto offset = cursor.read<std::uint64_t>();
    if (!offset) {
        return tl::make_unexpected(offset.error());
    }
    if (*offset % alignment != 0) {
        return cursor.corrupt(fmt::format("the tensor {} lies at {}, which is no multiple of the alignment {}",
                                          inQuotes(tensor.name), *offset, alignment));
    }
    tensor.offset = *offset;
    return tensor;
}

/// Makes offsets absolute and returns where the last tensor ends.
Result<std::uint64_t> placeTensors(const Cursor& cursor, std::vector<GgufTensor>& tensors, std::uint64_t alignment) {
    const auto dataStart = checkedAlignUp(cursor.position(), alignment);
    std::uint64_t end = cursor.position();
    for (auto& tensor : tensors) {
        const auto offset = dataStart ? checkedAdd(*dataStart, tensor.offset) : std::nullopt;
        const auto tensorEnd = offset ? checkedAdd(*offset, tensor.bytes) : std::nullopt;
        if (!tensorEnd) {
            return cursor.corrupt(fmt::format("the tensor {} lies beyond the end of any file", inQuotes(tensor.name)));
        }
        tensor.offset = *offset;
        end = std::max(end, *tensorEnd);
    }
    return end;
}

/// No byte may belong to two tensors: so the weights of a file never take more memory than the file has bytes.
Result<void> checkOverlap(const Cursor& cursor, const std::vector<GgufTensor>& tensors) {
    std::vector<std::size_t> order(tensors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return tensors[i].offset; });
    for (std::size_t i = 1; i < order.size(); ++i) {
        const auto& before = tensors[order[i - 1]];
        const auto& after = tensors[order[i]];
        if (before.offset + before.bytes > after.offset) {
            return cursor.corrupt(
                fmt::format("the tensors {} and {} overlap", inQuotes(before.name), inQuotes(after.name)));
        }
    }
    return {};
}

} // namespace

std::uint64_t GgufTensor::elements() const {
    // Doesn't overflow for a tensor that GgufFile::open let through.
    std::uint64_t product = 1;
    for (const auto dimension : dimensions) {
        product *= dimension;
    }
    return product;
}

Result<GgufFile> GgufFile::open(const std::filesystem::path& path) {
    auto file = openHeader(path);
    if (file) {
        if (const auto whole = file->requireWhole(); !whole) {
            return tl::make_unexpected(whole.error());
        }
    }
    return file;
}

Result<GgufFile> GgufFile::openHeader(const std::filesystem::path& path) {
    const auto file = File::open(path);
    if (!file) {
        return tl::make_unexpected(file.error());
    }
    Cursor cursor(*file);
    if (const auto checked = checkMagic(*file, cursor); !checked) {
        return tl::make_unexpected(checked.error());
    }
    if (const auto checked = checkVersion(cursor); !checked) {
        return tl::make_unexpected(checked.error());
    }
    const auto tensorCount = cursor.read<std::uint64_t>();
    if (!tensorCount) {
        return tl::make_unexpected(tensorCount.error());
    }
    const auto entryCount = cursor.read<std::uint64_t>();
    if (!entryCount) {
        return tl::make_unexpected(entryCount.error());
    }
    auto metadata = gguf::readMetadata(cursor, *entryCount);
    if (!metadata) {
        return tl::make_unexpected(metadata.error());
    }
    GgufFile result;
    result.path_ = path;
    result.fileBytes_ = file->size();
    result.metadata_ = std::move(*metadata);
    if (const auto read = result.readTensors(cursor, *tensorCount); !read) {
        return tl::make_unexpected(read.error());
    }
    return result;
}

Result<void> GgufFile::readTensors(gguf::Cursor& cursor, std::uint64_t count) {
    // A name's length and one character, the number of dimensions and one, a type, an offset.
    constexpr std::uint64_t kSmallestEntry = 8 + 1 + 4 + 8 + 4 + 8;
    const auto alignment = alignmentOf(metadata_, cursor);
    if (!alignment) {
        return tl::make_unexpected(alignment.error());
    }
    if (count > gguf::kMaxTensors) {
        return cursor.corrupt(
            fmt::format("it claims {} tensors, and {} is the most there can be", count, gguf::kMaxTensors));
    }
    if (const auto enough = cursor.require(count * kSmallestEntry); !enough) {
        return enough;
    }
    tensors_.reserve(static_cast<std::size_t>(count));
    byName_.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count; ++i) {
        auto tensor = readTensor(cursor, *alignment);
        if (!tensor) {
            return tl::make_unexpected(tensor.error());
        }
        tensors_.push_back(std::move(*tensor));
        if (!byName_.emplace(tensors_.back().name, tensors_.size() - 1).second) {
            return cursor.corrupt(fmt::format("it has the tensor {} twice", inQuotes(tensors_.back().name)));
        }
    }
    const auto end = placeTensors(cursor, tensors_, *alignment);
    if (!end) {
        return tl::make_unexpected(end.error());
    }
    neededBytes_ = *end;
    return checkOverlap(cursor, tensors_);
}

std::uint64_t GgufFile::missingBytes() const {
    return neededBytes_ > fileBytes_ ? neededBytes_ - fileBytes_ : 0;
}

Result<void> GgufFile::requireWhole() const {
    if (missingBytes() == 0) {
        return {};
    }
    return fail(ErrorCode::kCorrupt,
                fmt::format("The model file {} is incomplete: it has {}, its tensors need {}, {} are missing. "
                            "Download it again.",
                            path_.string(), describeBytes(fileBytes_), describeBytes(neededBytes_),
                            describeBytes(missingBytes())));
}

const std::filesystem::path& GgufFile::path() const {
    return path_;
}

std::uint64_t GgufFile::fileBytes() const {
    return fileBytes_;
}

const Metadata& GgufFile::metadata() const {
    return metadata_;
}

const std::vector<GgufTensor>& GgufFile::tensors() const {
    return tensors_;
}

const GgufTensor* GgufFile::find(std::string_view name) const {
    const auto found = byName_.find(name);
    return found == byName_.end() ? nullptr : &tensors_[found->second];
}

} // namespace alcuin::inference
