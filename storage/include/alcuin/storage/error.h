#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace alcuin::storage {

enum class ErrorCode {
    kInvalidArgument, ///< the caller's request makes no sense as it stands
    kNotFound,        ///< no row of that id
    kCannotOpen,      ///< the directory or file can't be created, read or written
    kNewerVersion,    ///< the database was written by a newer version of the program
    kCorrupt,         ///< SQLite says that the file is damaged
    kDiskFull,        ///< nothing more can be written; nothing was lost
    kLocked,          ///< another process holds the database
    kInternal,        ///< a mistake of ours
    kInterrupted,     ///< somebody no longer wanted the answer
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

} // namespace alcuin::storage
