#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace alcuin::exchange {

/// What happened, to what, and what to do: a full sentence in English.
struct Error {
    std::string message;
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(std::string message) {
    return tl::unexpected<Error>(Error{std::move(message)});
}

} // namespace alcuin::exchange
