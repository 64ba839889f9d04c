#pragma once

#include <string>
#include <utility>

#include <fmt/format.h>
#include <tl/expected.hpp>

#include <alcuin/inference/error.h>

namespace alcuin::cli {

/// What a command leaves the shell with.
enum ExitCode : int {
    kSuccess = 0,
    kFailure = 1,
    kWrongUsage = 2,
};

/// Why a command failed: what happened, to what, what to do. Empty: it was said already, or nobody reads any more.
struct Failure {
    std::string message;
    int exitCode = kFailure;
};

template <typename T>
using Outcome = tl::expected<T, Failure>;

inline tl::unexpected<Failure> failure(std::string message, int exitCode = kFailure) {
    return tl::unexpected<Failure>(Failure{std::move(message), exitCode});
}

/// A failure that nobody needs to be told.
inline tl::unexpected<Failure> silentFailure() {
    return failure(std::string());
}

/// A request that makes no sense is wrong usage; everything else an engine says is a failure.
inline tl::unexpected<Failure> failure(const inference::Error& error) {
    return failure(error.message, error.code == inference::ErrorCode::kInvalidArgument ? kWrongUsage : kFailure);
}

} // namespace alcuin::cli
