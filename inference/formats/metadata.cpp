#include "formats/metadata.h"

#include <cmath>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

namespace alcuin::inference {

namespace {

constexpr auto kMaxSigned = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

tl::unexpected<Error> missing(std::string_view key) {
    return fail(ErrorCode::kNotFound,
                fmt::format("The model file's metadata lacks \"{}\"; get a complete file of this model.", key));
}

tl::unexpected<Error> unfit(std::string_view key, std::string_view wanted) {
    return fail(ErrorCode::kCorrupt,
                fmt::format("The model file's metadata has \"{}\", but not as {}; get another file of this model.", key,
                            wanted));
}

// What an entry of one type is as another; nothing where that would change its value.
std::optional<std::uint64_t> toUnsigned(std::uint64_t value) {
    return value;
}
std::optional<std::uint64_t> toUnsigned(std::int64_t value) {
    return value < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(value));
}
std::optional<std::int64_t> toSigned(std::uint64_t value) {
    return value > kMaxSigned ? std::nullopt : std::optional(static_cast<std::int64_t>(value));
}
std::optional<std::int64_t> toSigned(std::int64_t value) {
    return value;
}
std::optional<double> toNumber(double value) {
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}
std::optional<double> toNumber(std::uint64_t value) {
    return static_cast<double>(value);
}
std::optional<double> toNumber(std::int64_t value) {
    return static_cast<double>(value);
}

struct ToUnsigned {
    using Type = std::uint64_t;
    static constexpr std::string_view kSingle = "an integer that isn't negative";
    static constexpr std::string_view kList = "a list of integers that aren't negative";
    template <typename T>
    static auto convert(T value) -> decltype(toUnsigned(value)) {
        return toUnsigned(value);
    }
};
struct ToSigned {
    using Type = std::int64_t;
    static constexpr std::string_view kSingle = "an integer of 64 bits with a sign";
    static constexpr std::string_view kList = "a list of integers of 64 bits with a sign";
    template <typename T>
    static auto convert(T value) -> decltype(toSigned(value)) {
        return toSigned(value);
    }
};
struct ToNumber {
    using Type = double;
    static constexpr std::string_view kSingle = "a finite number";
    static constexpr std::string_view kList = "a list of finite numbers";
    template <typename T>
    static auto convert(T value) -> decltype(toNumber(value)) {
        return toNumber(value);
    }
};

template <typename T>
constexpr bool kIsPlainNumber =
    std::is_same_v<T, std::uint64_t> || std::is_same_v<T, std::int64_t> || std::is_same_v<T, double>;

/// Whether Conversion takes a T at all: a double is no integer.
template <typename Conversion, typename T>
constexpr bool kConverts = kIsPlainNumber<T> && (std::is_same_v<Conversion, ToNumber> || !std::is_same_v<T, double>);

template <typename Conversion>
using ScalarResult = Result<typename Conversion::Type>;
template <typename Conversion>
using ListResult = Result<std::vector<typename Conversion::Type>>;

template <typename Conversion>
ScalarResult<Conversion> scalar(std::string_view key, const Metadata::Value& value) {
    return std::visit(
        [&](const auto& held) -> ScalarResult<Conversion> {
            using Held = std::decay_t<decltype(held)>;
            if constexpr (kConverts<Conversion, Held>) {
                if (const auto converted = Conversion::convert(held)) {
                    return *converted;
                }
            }
            return unfit(key, Conversion::kSingle);
        },
        value);
}

template <typename Conversion, typename T>
ListResult<Conversion> convertAll(std::string_view key, const std::vector<T>& held) {
    std::vector<typename Conversion::Type> list;
    list.reserve(held.size());
    for (const auto& element : held) {
        const auto converted = Conversion::convert(element);
        if (!converted) {
            return unfit(key, Conversion::kList);
        }
        list.push_back(*converted);
    }
    return list;
}

template <typename Conversion>
ListResult<Conversion> list(std::string_view key, const Metadata::Value& value) {
    return std::visit(
        [&](const auto& held) -> ListResult<Conversion> {
            using Held = std::decay_t<decltype(held)>;
            if constexpr (kConverts<Conversion, Held>) {
                if (const auto converted = Conversion::convert(held)) {
                    return std::vector{*converted};
                }
            } else if constexpr (requires { typename Held::value_type; }) {
                if constexpr (kConverts<Conversion, typename Held::value_type>) {
                    return convertAll<Conversion>(key, held);
                }
            }
            return unfit(key, Conversion::kList);
        },
        value);
}

using Entries = std::map<std::string, Metadata::Value, std::less<>>;

template <typename Conversion>
ScalarResult<Conversion> findScalar(const Entries& entries, std::string_view key) {
    const auto found = entries.find(key);
    return found == entries.end() ? ScalarResult<Conversion>(missing(key)) : scalar<Conversion>(key, found->second);
}

template <typename Conversion>
ListResult<Conversion> findList(const Entries& entries, std::string_view key) {
    const auto found = entries.find(key);
    return found == entries.end() ? ListResult<Conversion>(missing(key)) : list<Conversion>(key, found->second);
}

} // namespace

void Metadata::set(std::string key, Value value) {
    entries_.insert_or_assign(std::move(key), std::move(value));
}

bool Metadata::contains(std::string_view key) const {
    return entries_.contains(key);
}

const std::map<std::string, Metadata::Value, std::less<>>& Metadata::entries() const {
    return entries_;
}

Result<std::uint64_t> Metadata::unsignedInteger(std::string_view key) const {
    return findScalar<ToUnsigned>(entries_, key);
}

Result<std::int64_t> Metadata::signedInteger(std::string_view key) const {
    return findScalar<ToSigned>(entries_, key);
}

Result<double> Metadata::number(std::string_view key) const {
    return findScalar<ToNumber>(entries_, key);
}

Result<bool> Metadata::boolean(std::string_view key) const {
    const auto found = entries_.find(key);
    if (found == entries_.end()) {
        return missing(key);
    }
    const auto* held = std::get_if<bool>(&found->second);
    return held == nullptr ? Result<bool>(unfit(key, "true or false")) : Result<bool>(*held);
}

Result<std::string_view> Metadata::string(std::string_view key) const {
    const auto found = entries_.find(key);
    if (found == entries_.end()) {
        return missing(key);
    }
    const auto* held = std::get_if<std::string>(&found->second);
    return held == nullptr ? Result<std::string_view>(unfit(key, "text")) : Result<std::string_view>(*held);
}

Result<std::vector<std::uint64_t>> Metadata::unsignedIntegers(std::string_view key) const {
    return findList<ToUnsigned>(entries_, key);
}

Result<std::vector<std::int64_t>> Metadata::signedIntegers(std::string_view key) const {
    return findList<ToSigned>(entries_, key);
}

Result<std::vector<double>> Metadata::numbers(std::string_view key) const {
    return findList<ToNumber>(entries_, key);
}

Result<const std::vector<std::string>*> Metadata::strings(std::string_view key) const {
    const auto found = entries_.find(key);
    if (found == entries_.end()) {
        return missing(key);
    }
    const auto* held = std::get_if<std::vector<std::string>>(&found->second);
    return held == nullptr ? Result<const std::vector<std::string>*>(unfit(key, "a list of texts")) : held;
}

Result<std::uint64_t> Metadata::unsignedIntegerOr(std::string_view key, std::uint64_t otherwise) const {
    return contains(key) ? unsignedInteger(key) : otherwise;
}

Result<double> Metadata::numberOr(std::string_view key, double otherwise) const {
    return contains(key) ? number(key) : otherwise;
}

Result<bool> Metadata::booleanOr(std::string_view key, bool otherwise) const {
    return contains(key) ? boolean(key) : otherwise;
}

Result<std::string_view> Metadata::stringOr(std::string_view key, std::string_view otherwise) const {
    return contains(key) ? string(key) : otherwise;
}

} // namespace alcuin::inference
