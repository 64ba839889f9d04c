#include "formats/gguf_writer.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "base/checked.h"
#include "base/file_writer.h"
#include "formats/gguf_format.h"

namespace alcuin::inference {

namespace {

using gguf::ValueType;

template <typename T>
constexpr ValueType typeOf() {
    if constexpr (std::is_same_v<T, std::uint8_t>) {
        return ValueType::kUint8;
    } else if constexpr (std::is_same_v<T, std::int8_t>) {
        return ValueType::kInt8;
    } else if constexpr (std::is_same_v<T, std::uint16_t>) {
        return ValueType::kUint16;
    } else if constexpr (std::is_same_v<T, std::int16_t>) {
        return ValueType::kInt16;
    } else if constexpr (std::is_same_v<T, std::uint32_t>) {
        return ValueType::kUint32;
    } else if constexpr (std::is_same_v<T, std::int32_t>) {
        return ValueType::kInt32;
    } else if constexpr (std::is_same_v<T, std::uint64_t>) {
        return ValueType::kUint64;
    } else if constexpr (std::is_same_v<T, std::int64_t>) {
        return ValueType::kInt64;
    } else if constexpr (std::is_same_v<T, float>) {
        return ValueType::kFloat32;
    } else if constexpr (std::is_same_v<T, double>) {
        return ValueType::kFloat64;
    } else if constexpr (std::is_same_v<T, bool>) {
        return ValueType::kBool;
    } else {
        static_assert(std::is_same_v<T, std::string>);
        return ValueType::kString;
    }
}

/// The bytes of a header, growing.
class Bytes {
public:
    template <typename T>
    void put(const T& value) {
        if constexpr (std::is_same_v<T, std::string>) {
            put(static_cast<std::uint64_t>(value.size()));
            append(value.data(), value.size());
        } else if constexpr (std::is_same_v<T, bool>) {
            put(static_cast<std::uint8_t>(value ? 1 : 0));
        } else {
            static_assert(std::is_arithmetic_v<T>);
            append(&value, sizeof(value));
        }
    }

    template <typename T>
    void put(const std::vector<T>& list) {
        put(static_cast<std::uint32_t>(typeOf<T>()));
        put(static_cast<std::uint64_t>(list.size()));
        for (const auto& element : list) {
            put(static_cast<const T&>(element));
        }
    }

    void append(const void* data, std::size_t size) {
        const auto* first = static_cast<const std::byte*>(data);
        bytes_.insert(bytes_.end(), first, first + size);
    }

    std::vector<std::byte> take() && {
        return std::move(bytes_);
    }

private:
    std::vector<std::byte> bytes_;
};

template <typename T>
constexpr ValueType entryTypeOf(const T&) {
    return typeOf<T>();
}
template <typename T>
constexpr ValueType entryTypeOf(const std::vector<T>&) {
    return ValueType::kArray;
}

constexpr std::uint64_t kBatchBytes = std::uint64_t{1} << 20U;

Result<void> padTo(FileWriter& file, std::uint64_t position) {
    const std::vector<std::byte> zeros(static_cast<std::size_t>(position - file.written()));
    return file.write(zeros);
}

} // namespace

void GgufWriter::set(std::string key, Value value) {
    entries_.insert_or_assign(std::move(key), std::move(value));
}

Result<void> GgufWriter::addTensor(std::string name, DType dtype, std::span<const std::uint64_t> dimensions,
                                   RowSource source) {
    const auto refuse = [&](std::string_view why) {
        return fail(ErrorCode::kInvalidArgument, fmt::format("The tensor \"{}\" can't be written: {}.", name, why));
    };
    if (name.empty() ||
        std::ranges::any_of(tensors_, [&](const Tensor& other) { return other.description.name == name; })) {
        return refuse("every tensor needs a name of its own");
    }
    if (dimensions.empty() || dimensions.size() > GgufTensor::kMaxDimensions) {
        return refuse(
            fmt::format("it has {} dimensions, and 1 to {} can be", dimensions.size(), GgufTensor::kMaxDimensions));
    }
    GgufTensor tensor;
    tensor.dtype = dtype;
    tensor.dimensionCount = static_cast<std::uint32_t>(dimensions.size());
    std::ranges::copy(dimensions, tensor.dimensions.begin());
    std::optional<std::uint64_t> elements = 1;
    for (const auto dimension : dimensions) {
        elements = elements && dimension != 0 ? checkedMultiply(*elements, dimension) : std::nullopt;
    }
    const auto bytes = elements ? storedBytes(dtype, *elements) : std::nullopt;
    if (!bytes || !storedBytes(dtype, dimensions[0])) {
        return refuse(fmt::format("its dimensions don't make whole blocks of {}", infoOf(dtype).name));
    }
    tensor.bytes = *bytes;
    tensor.name = std::move(name);
    tensors_.push_back({std::move(tensor), std::move(source)});
    return {};
}

Result<void> GgufWriter::addTensor(std::string name, DType dtype, std::span<const std::uint64_t> dimensions,
                                   std::vector<std::byte> bytes) {
    const auto size = bytes.size();
    // std::function wants what it holds to be copyable; the bytes aren't copied.
    const auto held = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
    auto added = addTensor(std::move(name), dtype, dimensions, [held](std::uint64_t row, std::span<std::byte> out) {
        std::memcpy(out.data(), held->data() + row * out.size(), out.size());
        return Result<void>();
    });
    if (added && tensors_.back().description.bytes != size) {
        const auto& tensor = tensors_.back().description;
        added = fail(ErrorCode::kInvalidArgument, fmt::format("The tensor \"{}\" can't be written: it needs {} bytes, "
                                                              "and {} were given.",
                                                              tensor.name, tensor.bytes, size));
        tensors_.pop_back();
    }
    return added;
}

Result<std::uint64_t> GgufWriter::alignment() const {
    const auto found = entries_.find(gguf::kAlignmentKey);
    if (found == entries_.end()) {
        return gguf::kDefaultAlignment;
    }
    const auto* value = std::get_if<std::uint32_t>(&found->second);
    if (value == nullptr || !std::has_single_bit(*value) || *value > gguf::kMaxAlignment) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("The alignment of a GGUF file is an unsigned integer of 32 bits, a power of two and at "
                                "most {}; set another.",
                                gguf::kMaxAlignment));
    }
    return *value;
}

std::vector<std::byte> GgufWriter::header(std::uint64_t alignment) const {
    Bytes bytes;
    bytes.append(gguf::kMagic.data(), gguf::kMagic.size());
    bytes.put(gguf::kVersion);
    bytes.put(static_cast<std::uint64_t>(tensors_.size()));
    bytes.put(static_cast<std::uint64_t>(entries_.size()));
    for (const auto& [key, entry] : entries_) {
        bytes.put(key);
        std::visit(
            [&](const auto& value) {
                bytes.put(static_cast<std::uint32_t>(entryTypeOf(value)));
                bytes.put(value);
            },
            entry);
    }
    std::uint64_t offset = 0;
    for (const auto& [tensor, source] : tensors_) {
        bytes.put(tensor.name);
        bytes.put(tensor.dimensionCount);
        for (std::uint32_t i = 0; i < tensor.dimensionCount; ++i) {
            bytes.put(tensor.dimensions[i]);
        }
        bytes.put(infoOf(tensor.dtype).ggufType);
        bytes.put(offset);
        offset = checkedAlignUp(offset + tensor.bytes, alignment).value_or(offset);
    }
    return std::move(bytes).take();
}

Result<std::uint64_t> GgufWriter::fileBytes() const {
    return alignment().map([this](std::uint64_t step) {
        std::uint64_t bytes = header(step).size();
        for (const auto& [tensor, source] : tensors_) {
            bytes = checkedAlignUp(bytes, step).value_or(bytes) + tensor.bytes;
        }
        return bytes;
    });
}

Result<void> GgufWriter::write(const std::filesystem::path& path) const {
    const auto step = alignment();
    if (!step) {
        return tl::make_unexpected(step.error());
    }
    auto file = FileWriter::create(path);
    if (!file) {
        return tl::make_unexpected(file.error());
    }
    if (const auto done = file->write(header(*step)); !done) {
        return done;
    }
    std::vector<std::byte> batch; // rows, so that short ones don't cost a system call each
    for (const auto& [tensor, source] : tensors_) {
        if (const auto done = padTo(*file, checkedAlignUp(file->written(), *step).value_or(file->written())); !done) {
            return done;
        }
        const auto rows = tensor.elements() / tensor.dimensions[0];
        const auto rowBytes = static_cast<std::size_t>(tensor.bytes / rows);
        const std::uint64_t batchRows = std::max<std::uint64_t>(1, kBatchBytes / rowBytes);
        for (std::uint64_t first = 0; first < rows; first += batchRows) {
            const auto count = static_cast<std::size_t>(std::min(batchRows, rows - first));
            batch.resize(count * rowBytes);
            for (std::size_t i = 0; i < count; ++i) {
                if (const auto filled = source(first + i, std::span(batch).subspan(i * rowBytes, rowBytes)); !filled) {
                    return filled;
                }
            }
            if (const auto done = file->write(batch); !done) {
                return done;
            }
        }
    }
    return file->commit();
}

} // namespace alcuin::inference
