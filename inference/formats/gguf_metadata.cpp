#include "formats/gguf_metadata.h"

#include <concepts>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "formats/gguf_format.h"

namespace alcuin::inference::gguf {

namespace {

/// Reads values and keeps account of the memory they take.
class ValueReader {
public:
    explicit ValueReader(Cursor& cursor) : cursor_(cursor) {}

    Result<void> readEntry(Metadata& metadata);

private:
    Result<Metadata::Value> readValue(std::uint32_t type, const std::string& key);
    Result<Metadata::Value> readArray(const std::string& key);
    Result<Metadata::Value> readBool(const std::string& key);
    Result<Metadata::Value> readString();
    Result<Metadata::Value> readBools(std::uint64_t length, const std::string& key);
    Result<Metadata::Value> readStrings(std::uint64_t length);
    Result<void> take(std::uint64_t bytes);

    template <typename Stored, typename Kept>
    Result<Metadata::Value> readScalar() {
        const auto value = cursor_.read<Stored>();
        if (!value) {
            return tl::make_unexpected(value.error());
        }
        return static_cast<Kept>(*value);
    }

    template <typename Stored, typename Kept>
    Result<Metadata::Value> readNumbers(std::uint64_t length) {
        if (const auto enough = cursor_.require(length * sizeof(Stored)); !enough) {
            return tl::make_unexpected(enough.error());
        }
        if (const auto taken = take(length * sizeof(Kept)); !taken) {
            return tl::make_unexpected(taken.error());
        }
        std::vector<Kept> list;
        list.reserve(static_cast<std::size_t>(length));
        for (std::uint64_t i = 0; i < length; ++i) {
            const auto value = cursor_.read<Stored>();
            if (!value) {
                return tl::make_unexpected(value.error());
            }
            list.push_back(static_cast<Kept>(*value));
        }
        return list;
    }

    Cursor& cursor_;
    std::uint64_t taken_ = 0;
};

Result<void> ValueReader::take(std::uint64_t bytes) {
    taken_ += bytes;
    if (taken_ > kMaxMetadataMemory) {
        return cursor_.unsupported(fmt::format("its metadata takes more than {} MB of memory, which no known model "
                                               "comes near; use another file of this model",
                                               kMaxMetadataMemory >> 20));
    }
    return {};
}

Result<Metadata::Value> ValueReader::readBool(const std::string& key) {
    const auto value = cursor_.read<std::uint8_t>();
    if (!value) {
        return tl::make_unexpected(value.error());
    }
    if (*value > 1) {
        return cursor_.corrupt(
            fmt::format("the metadata entry {} is {}, where only 0 or 1 can be", inQuotes(key), *value));
    }
    return *value == 1;
}

Result<Metadata::Value> ValueReader::readBools(std::uint64_t length, const std::string& key) {
    if (const auto enough = cursor_.require(length); !enough) {
        return tl::make_unexpected(enough.error());
    }
    if (const auto taken = take(length / 8); !taken) {
        return tl::make_unexpected(taken.error());
    }
    std::vector<bool> list;
    list.reserve(static_cast<std::size_t>(length));
    for (std::uint64_t i = 0; i < length; ++i) {
        const auto value = readBool(key);
        if (!value) {
            return value;
        }
        list.push_back(std::get<bool>(*value));
    }
    return list;
}

Result<Metadata::Value> ValueReader::readString() {
    auto text = cursor_.readString(kMaxStringBytes, "a text of the metadata");
    if (!text) {
        return tl::make_unexpected(text.error());
    }
    if (const auto taken = take(text->size()); !taken) {
        return tl::make_unexpected(taken.error());
    }
    return std::move(*text);
}

Result<Metadata::Value> ValueReader::readStrings(std::uint64_t length) {
    if (const auto enough = cursor_.require(length * sizeof(std::uint64_t)); !enough) {
        return tl::make_unexpected(enough.error());
    }
    if (const auto taken = take(length * sizeof(std::string)); !taken) {
        return tl::make_unexpected(taken.error());
    }
    std::vector<std::string> list;
    list.reserve(static_cast<std::size_t>(length));
    for (std::uint64_t i = 0; i < length; ++i) {
        auto text = readString();
        if (!text) {
            return text;
        }
        list.push_back(std::move(std::get<std::string>(*text)));
    }
    return list;
}

Result<Metadata::Value> ValueReader::readArray(const std::string& key) {
    const auto type = cursor_.read<std::uint32_t>();
    if (!type) {
        return tl::make_unexpected(type.error());
    }
    const auto length = cursor_.read<std::uint64_t>();
    if (!length) {
        return tl::make_unexpected(length.error());
    }
    if (*length > kMaxArrayLength) {
        return cursor_.corrupt(fmt::format("the metadata list {} claims {} elements, and {} is the most there can be",
                                           inQuotes(key), *length, kMaxArrayLength));
    }
    switch (static_cast<ValueType>(*type)) {
    case ValueType::kUint8:
        return readNumbers<std::uint8_t, std::uint64_t>(*length);
    case ValueType::kInt8:
        return readNumbers<std::int8_t, std::int64_t>(*length);
    case ValueType::kUint16:
        return readNumbers<std::uint16_t, std::uint64_t>(*length);
    case ValueType::kInt16:
        return readNumbers<std::int16_t, std::int64_t>(*length);
    case ValueType::kUint32:
        return readNumbers<std::uint32_t, std::uint64_t>(*length);
    case ValueType::kInt32:
        return readNumbers<std::int32_t, std::int64_t>(*length);
    case ValueType::kUint64:
        return readNumbers<std::uint64_t, std::uint64_t>(*length);
    case ValueType::kInt64:
        return readNumbers<std::int64_t, std::int64_t>(*length);
    case ValueType::kFloat32:
        return readNumbers<float, double>(*length);
    case ValueType::kFloat64:
        return readNumbers<double, double>(*length);
    case ValueType::kBool:
        return readBools(*length, key);
    case ValueType::kString:
        return readStrings(*length);
    case ValueType::kArray:
        return cursor_.unsupported(fmt::format(
            "its metadata entry {} is a list of lists, which this version doesn't read; use another file of this model",
            inQuotes(key)));
    }
    return cursor_.corrupt(
        fmt::format("the elements of the metadata list {} have the unknown type {}", inQuotes(key), *type));
}

Result<Metadata::Value> ValueReader::readValue(std::uint32_t type, const std::string& key) {
    switch (static_cast<ValueType>(type)) {
    case ValueType::kUint8:
        return readScalar<std::uint8_t, std::uint64_t>();
    case ValueType::kInt8:
        return readScalar<std::int8_t, std::int64_t>();
    case ValueType::kUint16:
        return readScalar<std::uint16_t, std::uint64_t>();
    case ValueType::kInt16:
        return readScalar<std::int16_t, std::int64_t>();
    case ValueType::kUint32:
        return readScalar<std::uint32_t, std::uint64_t>();
    case ValueType::kInt32:
        return readScalar<std::int32_t, std::int64_t>();
    case ValueType::kUint64:
        return readScalar<std::uint64_t, std::uint64_t>();
    case ValueType::kInt64:
        return readScalar<std::int64_t, std::int64_t>();
    case ValueType::kFloat32:
        return readScalar<float, double>();
    case ValueType::kFloat64:
        return readScalar<double, double>();
    case ValueType::kBool:
        return readBool(key);
    case ValueType::kString:
        return readString();
    case ValueType::kArray:
        return readArray(key);
    }
    return cursor_.corrupt(fmt::format("its metadata entry {} has the unknown type {}", inQuotes(key), type));
}

Result<void> ValueReader::readEntry(Metadata& metadata) {
    auto key = cursor_.readString(kMaxNameBytes, "the name of a metadata entry");
    if (!key) {
        return tl::make_unexpected(key.error());
    }
    if (key->empty()) {
        return cursor_.corrupt("a metadata entry has no name");
    }
    if (metadata.contains(*key)) {
        return cursor_.corrupt(fmt::format("its metadata has the entry {} twice", inQuotes(*key)));
    }
    const auto type = cursor_.read<std::uint32_t>();
    if (!type) {
        return tl::make_unexpected(type.error());
    }
    auto value = readValue(*type, *key);
    if (!value) {
        return tl::make_unexpected(value.error());
    }
    if (const auto taken = take(key->size() + sizeof(Metadata::Value)); !taken) {
        return taken;
    }
    metadata.set(std::move(*key), std::move(*value));
    return {};
}

} // namespace

Result<Metadata> readMetadata(Cursor& cursor, std::uint64_t count) {
    // A name's length and one character, a type, and one byte of value.
    constexpr std::uint64_t kSmallestEntry = 8 + 1 + 4 + 1;
    if (count > kMaxMetadataEntries) {
        return cursor.corrupt(
            fmt::format("it claims {} metadata entries, and {} is the most there can be", count, kMaxMetadataEntries));
    }
    if (const auto enough = cursor.require(count * kSmallestEntry); !enough) {
        return tl::make_unexpected(enough.error());
    }
    Metadata metadata;
    ValueReader reader(cursor);
    for (std::uint64_t i = 0; i < count; ++i) {
        if (const auto read = reader.readEntry(metadata); !read) {
            return tl::make_unexpected(read.error());
        }
    }
    return metadata;
}

} // namespace alcuin::inference::gguf
