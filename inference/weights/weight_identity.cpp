#include "weights/weight_identity.h"

#include <string_view>
#include <type_traits>
#include <variant>

#include "base/checksum.h"

namespace alcuin::inference {

namespace {

constexpr std::string_view kArchitecture = "general.architecture";

template <typename Number>
void add(Checksum& checksum, Number number) {
    static_assert(std::is_arithmetic_v<Number> && sizeof number == 8);
    checksum.update(std::as_bytes(std::span(&number, 1)));
}

/// Its length first: two texts in a row can't be cut in two ways.
void add(Checksum& checksum, std::string_view text) {
    add(checksum, std::uint64_t{text.size()});
    checksum.update(std::as_bytes(std::span(text)));
}

void add(Checksum& checksum, bool value) {
    add(checksum, std::uint64_t{value ? 1U : 0U});
}

template <typename Element>
void add(Checksum& checksum, const std::vector<Element>& elements) {
    add(checksum, std::uint64_t{elements.size()});
    for (const auto& element : elements) {
        if constexpr (std::is_same_v<Element, std::string>) {
            add(checksum, std::string_view(element));
        } else {
            add(checksum, static_cast<Element>(element));
        }
    }
}

} // namespace

std::uint64_t identityOf(const Metadata& metadata, std::span<const TensorIdentity> tensors) {
    Checksum checksum;
    const std::string prefix = std::string(metadata.stringOr(kArchitecture, "").value_or("")) + ".";
    for (const auto& [key, value] : metadata.entries()) {
        if (key != kArchitecture && !key.starts_with(prefix)) {
            continue;
        }
        add(checksum, std::string_view(key));
        add(checksum, std::uint64_t{value.index()});
        std::visit(
            [&checksum](const auto& held) {
                if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string>) {
                    add(checksum, std::string_view(held));
                } else {
                    add(checksum, held);
                }
            },
            value);
    }
    for (const TensorIdentity& tensor : tensors) {
        add(checksum, std::string_view(tensor.tensor->name));
        add(checksum, infoOf(tensor.tensor->dtype).name);
        for (const std::uint64_t dimension : tensor.tensor->dimensions) {
            add(checksum, dimension);
        }
        add(checksum, tensor.pieces);
    }
    return checksum.value();
}

} // namespace alcuin::inference
