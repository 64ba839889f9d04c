#pragma once

#include <exception>
#include <new>
#include <string_view>

#include <alcuin.h>
#include <alcuin/inference/error.h>

namespace alcuin::inference::abi {

alcuin_status statusOf(ErrorCode code) noexcept;

/// Writes code and message into a caller's struct, as far as it is there and has room, and returns the code.
alcuin_status report(alcuin_error* error, alcuin_status status, std::string_view message) noexcept;

inline alcuin_status report(alcuin_error* into, const Error& error) noexcept {
    return report(into, statusOf(error.code), error.message);
}

/// Runs the body of a function of the interface, a callable without arguments that returns Result<void>: nothing it
/// throws gets out, and what goes wrong is reported.
template <typename Body>
alcuin_status guarded(alcuin_error* error, const Body& body) noexcept {
    try {
        if (const Result<void> result = body(); !result) {
            return report(error, result.error());
        }
        return ALCUIN_OK;
    } catch (const std::bad_alloc&) {
        return report(error, ALCUIN_OUT_OF_MEMORY, "There isn't enough memory for this.");
    } catch (const std::exception& caught) {
        return report(error, ALCUIN_INTERNAL, caught.what());
    } catch (...) {
        return report(error, ALCUIN_INTERNAL, "An unknown exception was stopped at the library's edge.");
    }
}

} // namespace alcuin::inference::abi
