#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <alcuin/inference/error.h>

namespace alcuin::inference {

/// Key-value metadata of a model file, read through typed accessors only.
/// Integers of any width and sign are kept as the widest of their sign; floats as double; an array has one kind.
class Metadata {
public:
    using Value =
        std::variant<std::uint64_t, std::int64_t, double, bool, std::string, std::vector<std::uint64_t>,
                     std::vector<std::int64_t>, std::vector<double>, std::vector<bool>, std::vector<std::string>>;

    void set(std::string key, Value value);
    bool contains(std::string_view key) const;
    const std::map<std::string, Value, std::less<>>& entries() const;

    /// Errors of all: kNotFound (names the key), kCorrupt (another type, or out of range).
    Result<std::uint64_t> unsignedInteger(std::string_view key) const; ///< any integer type, not negative
    Result<std::int64_t> signedInteger(std::string_view key) const;
    Result<double> number(std::string_view key) const; ///< float or integer
    Result<bool> boolean(std::string_view key) const;
    Result<std::string_view> string(std::string_view key) const;
    Result<std::vector<std::uint64_t>> unsignedIntegers(std::string_view key) const; ///< an array, or one scalar
    Result<std::vector<std::int64_t>> signedIntegers(std::string_view key) const;
    Result<std::vector<double>> numbers(std::string_view key) const;
    /// Borrowed: valid while this Metadata lives unchanged.
    Result<const std::vector<std::string>*> strings(std::string_view key) const;

    /// As above, but a missing key gives `otherwise`; a key of another type is still an error.
    Result<std::uint64_t> unsignedIntegerOr(std::string_view key, std::uint64_t otherwise) const;
    Result<double> numberOr(std::string_view key, double otherwise) const;
    Result<bool> booleanOr(std::string_view key, bool otherwise) const;
    Result<std::string_view> stringOr(std::string_view key, std::string_view otherwise) const;

private:
    std::map<std::string, Value, std::less<>> entries_;
};

} // namespace alcuin::inference
