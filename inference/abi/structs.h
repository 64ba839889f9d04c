#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

#include <alcuin.h>
#include <alcuin/inference/error.h>

namespace alcuin::inference::abi {

/// Larger sizes than any struct will ever have: struct_size was left unset.
inline constexpr std::uint32_t kLargestStruct = 1U << 16U;

/// A caller's struct, of whatever age, as this library knows it: what an older one lacks is zero; one that is newer
/// must be zero where it goes on. `least`: bytes without which it means nothing.
/// Errors: kInvalidArgument.
template <typename Struct>
Result<Struct> readStruct(const Struct* given, std::size_t least, std::string_view name) {
    static_assert(std::is_trivial_v<Struct> && offsetof(Struct, struct_size) == 0);
    if (given == nullptr) {
        return fail(ErrorCode::kInvalidArgument, fmt::format("{} is NULL.", name));
    }
    const std::size_t size = given->struct_size;
    if (size < least || size > kLargestStruct) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("{}.struct_size is {}; set it to sizeof(alcuin_{}).", name, size, name));
    }
    const auto* bytes = reinterpret_cast<const unsigned char*>(given);
    if (size > sizeof(Struct) &&
        std::any_of(bytes + sizeof(Struct), bytes + size, [](auto byte) { return byte != 0; })) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("{} uses fields that came with a later version than this library's, {}: update it, or "
                                "leave them zero.",
                                name, alcuin_version()));
    }
    Struct read{};
    std::memcpy(&read, bytes, std::min(size, sizeof(Struct)));
    return read;
}

/// Checks a caller's struct that is to be filled in, before any work is done for it. Errors: kInvalidArgument.
template <typename Struct>
Result<void> checkRoom(const Struct* into, std::string_view name) {
    if (into != nullptr && (into->struct_size < sizeof(std::uint32_t) || into->struct_size > kLargestStruct)) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("{}.struct_size is {}; set it to sizeof(alcuin_{}).", name, into->struct_size, name));
    }
    return {};
}

/// Fills in a caller's struct of whatever age that checkRoom() found good; NULL is passed over.
template <typename Struct>
void writeStruct(Struct* into, const Struct& value) noexcept {
    static_assert(std::is_trivially_copyable_v<Struct> && offsetof(Struct, struct_size) == 0);
    if (into == nullptr) {
        return;
    }
    constexpr std::size_t kFirst = sizeof(std::uint32_t);
    const std::size_t size = into->struct_size;
    const std::size_t both = std::min(size, sizeof(Struct));
    auto* bytes = reinterpret_cast<unsigned char*>(into);
    std::memcpy(bytes + kFirst, reinterpret_cast<const unsigned char*>(&value) + kFirst, both - kFirst);
    std::memset(bytes + both, 0, size - both);
}

/// Bytes of a struct up to the end of a field: the least that a caller must give.
#define ALCUIN_UP_TO(Struct, field) (offsetof(Struct, field) + sizeof(Struct::field))

} // namespace alcuin::inference::abi
