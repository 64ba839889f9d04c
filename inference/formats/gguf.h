#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <alcuin/inference/error.h>

#include "formats/metadata.h"
#include "tensor/dtype.h"

namespace alcuin::inference {

namespace gguf {
class Cursor;
}

struct GgufTensor {
    static constexpr std::size_t kMaxDimensions = 4;
    std::string name;
    DType dtype = DType::kF32;
    std::uint32_t dimensionCount = 0;
    std::array<std::uint64_t, kMaxDimensions> dimensions{1, 1, 1, 1}; ///< dimensions[0] is contiguous
    std::uint64_t offset = 0;                                         ///< from the start of the file
    std::uint64_t bytes = 0;
    std::uint64_t elements() const;
};

/// The header of a GGUF v3 file: metadata and the table of tensors; no weights are read.
/// Every count, size and offset was checked against the bytes of the file before memory was taken.
/// Source: the GGUF specification, version 3.
/// Moves, but isn't copied: its names are borrowed from its tensors.
class GgufFile {
public:
    GgufFile(GgufFile&&) = default;
    GgufFile& operator=(GgufFile&&) = default;
    GgufFile(const GgufFile&) = delete;
    GgufFile& operator=(const GgufFile&) = delete;

    /// Errors: kNotFound, kIo, kCorrupt (also a file that is shorter than its tensors: says how much is missing),
    /// kUnsupported (another version, a big-endian file, a tensor type this version doesn't read).
    static Result<GgufFile> open(const std::filesystem::path& path);

    /// As open, but the bytes of the tensors may be missing, all or some: for who reads no weights.
    static Result<GgufFile> openHeader(const std::filesystem::path& path);

    /// Bytes that the file is shorter than its tensors need; 0 for a whole file.
    std::uint64_t missingBytes() const;

    /// kCorrupt, saying how much is missing, unless the file is whole.
    Result<void> requireWhole() const;

    const std::filesystem::path& path() const;
    std::uint64_t fileBytes() const;
    const Metadata& metadata() const;
    const std::vector<GgufTensor>& tensors() const;
    const GgufTensor* find(std::string_view name) const;

private:
    GgufFile() = default;
    Result<void> readTensors(gguf::Cursor& cursor, std::uint64_t count);

    std::filesystem::path path_;
    std::uint64_t fileBytes_ = 0;
    std::uint64_t neededBytes_ = 0; ///< by the header and all tensors
    Metadata metadata_;
    std::vector<GgufTensor> tensors_;
    std::unordered_map<std::string_view, std::size_t> byName_;
};

} // namespace alcuin::inference
