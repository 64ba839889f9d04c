#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace alcuin::inference {

enum class ErrorCode {
    kInvalidArgument, ///< the caller's request makes no sense as it stands
    kNotFound,        ///< a file, tensor or metadata key isn't there
    kIo,              ///< reading or writing failed
    kCorrupt,         ///< a file contradicts itself or its format
    kUnsupported,     ///< well-formed, but beyond what this version can do
    kOutOfMemory,     ///< more memory was needed than there is
    kContextFull,     ///< the prompt is longer than the context
    kTemplate,        ///< the chat template failed or refused
    kCancelled,       ///< stopped on request
    kDevice,          ///< a device was lost or refused work
    kInternal,        ///< a mistake of ours
};

/// What happened, to what, and what to do: `message` is a full sentence in English.
struct Error {
    ErrorCode code = ErrorCode::kInternal;
    std::string message;
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
    return tl::unexpected<Error>(Error{code, std::move(message)});
}

} // namespace alcuin::inference
