#include "abi/guard.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace alcuin::inference::abi {

namespace {

/// As many of the first bytes as are allowed, without cutting a character of UTF-8 in two.
std::size_t cutLength(std::string_view text, std::size_t most) noexcept {
    if (text.size() <= most) {
        return text.size();
    }
    constexpr unsigned kContinuationMask = 0xC0;
    constexpr unsigned kContinuation = 0x80;
    std::size_t length = most;
    while (length > 0 && (static_cast<unsigned char>(text[length]) & kContinuationMask) == kContinuation) {
        --length;
    }
    return length;
}

} // namespace

alcuin_status statusOf(ErrorCode code) noexcept {
    switch (code) {
    case ErrorCode::kInvalidArgument:
        return ALCUIN_INVALID_ARGUMENT;
    case ErrorCode::kNotFound:
        return ALCUIN_NOT_FOUND;
    case ErrorCode::kIo:
        return ALCUIN_IO;
    case ErrorCode::kCorrupt:
        return ALCUIN_CORRUPT;
    case ErrorCode::kUnsupported:
        return ALCUIN_UNSUPPORTED;
    case ErrorCode::kOutOfMemory:
        return ALCUIN_OUT_OF_MEMORY;
    case ErrorCode::kContextFull:
        return ALCUIN_CONTEXT_FULL;
    case ErrorCode::kTemplate:
        return ALCUIN_TEMPLATE;
    case ErrorCode::kCancelled:
        return ALCUIN_CANCELLED;
    case ErrorCode::kDevice:
        return ALCUIN_DEVICE;
    case ErrorCode::kInternal:
        break;
    }
    return ALCUIN_INTERNAL;
}

alcuin_status report(alcuin_error* error, alcuin_status status, std::string_view message) noexcept {
    constexpr std::size_t kMessage = offsetof(alcuin_error, message);
    if (error == nullptr || error->struct_size < kMessage) {
        return status;
    }
    error->status = status;
    const std::size_t room = std::min<std::size_t>(error->struct_size - kMessage, sizeof error->message);
    if (room > 0) {
        const std::size_t length = cutLength(message, room - 1);
        std::memcpy(error->message, message.data(), length);
        std::memset(error->message + length, 0, room - length);
    }
    return status;
}

} // namespace alcuin::inference::abi

using namespace alcuin::inference::abi;

const char* alcuin_status_name(alcuin_status status) {
    switch (status) {
    case ALCUIN_OK:
        return "ok";
    case ALCUIN_INVALID_ARGUMENT:
        return "invalid argument";
    case ALCUIN_NOT_FOUND:
        return "not found";
    case ALCUIN_IO:
        return "input or output failed";
    case ALCUIN_CORRUPT:
        return "corrupt file";
    case ALCUIN_UNSUPPORTED:
        return "unsupported";
    case ALCUIN_OUT_OF_MEMORY:
        return "out of memory";
    case ALCUIN_CONTEXT_FULL:
        return "context full";
    case ALCUIN_TEMPLATE:
        return "chat template failed";
    case ALCUIN_CANCELLED:
        return "cancelled";
    case ALCUIN_DEVICE:
        return "device failed";
    case ALCUIN_INTERNAL:
        return "internal error";
    case ALCUIN_TIMEOUT:
        return "timeout";
    case ALCUIN_WOULD_DEADLOCK:
        return "would wait for itself";
    default:
        return "unknown status";
    }
}
