#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <alcuin/inference/error.h>

#include "formats/gguf.h"
#include "tensor/dtype.h"

namespace alcuin::inference {

/// Writes a GGUF v3 file: entries and tensors are noted first, write() then brings all to the disk.
/// Source: the GGUF specification, version 3.
class GgufWriter {
public:
    /// An entry keeps the width it is given: other readers insist on it (counts are std::uint32_t, scales float).
    using Value = std::variant<std::uint8_t, std::int8_t, std::uint16_t, std::int16_t, std::uint32_t, std::int32_t,
                               float, bool, std::string, std::uint64_t, std::int64_t, double, std::vector<std::uint8_t>,
                               std::vector<std::int8_t>, std::vector<std::uint16_t>, std::vector<std::int16_t>,
                               std::vector<std::uint32_t>, std::vector<std::int32_t>, std::vector<float>,
                               std::vector<bool>, std::vector<std::string>, std::vector<std::uint64_t>,
                               std::vector<std::int64_t>, std::vector<double>>;

    /// Fills the bytes of one row, a run of dimensions[0] numbers; called once for each row, ascending.
    using RowSource = std::function<Result<void>(std::uint64_t row, std::span<std::byte> bytes)>;

    /// "general.alignment" (std::uint32_t, a power of two) also sets where tensors begin; otherwise that is 32.
    /// An entry of the same key is replaced.
    void set(std::string key, Value value);

    /// dimensions[0] is contiguous. Errors: kInvalidArgument (a name that is there, 0 or more than 4 dimensions, an
    /// empty one, rows that aren't whole blocks, a size beyond 64 bits).
    Result<void> addTensor(std::string name, DType dtype, std::span<const std::uint64_t> dimensions, RowSource source);

    /// As above, with all bytes at hand. Errors: also kInvalidArgument where their number is another.
    Result<void> addTensor(std::string name, DType dtype, std::span<const std::uint64_t> dimensions,
                           std::vector<std::byte> bytes);

    /// What write() would write. Errors: kInvalidArgument (the alignment).
    Result<std::uint64_t> fileBytes() const;

    /// Errors: kInvalidArgument (the alignment), kIo, and what a RowSource returns; then no file appears.
    Result<void> write(const std::filesystem::path& path) const;

private:
    struct Tensor {
        GgufTensor description; ///< its offset is relative to the data section
        RowSource source;
    };
    Result<std::uint64_t> alignment() const;
    std::vector<std::byte> header(std::uint64_t alignment) const;

    std::map<std::string, Value, std::less<>> entries_;
    std::vector<Tensor> tensors_;
};

} // namespace alcuin::inference
