#pragma once

#include <memory>
#include <string>

#include <alcuin.h>
#include <alcuin/inference/runtime.h>

#include "abi/guard.h"

namespace alcuin::inference::abi {
class Delivery;
class SubmittedRequest;
} // namespace alcuin::inference::abi

// What the opaque handles of alcuin.h are. Each holds what it needs of the others, so that they go in any order.

struct alcuin_runtime {
    std::shared_ptr<alcuin::inference::Runtime> runtime;
    std::shared_ptr<alcuin::inference::abi::Delivery> delivery;
};

struct alcuin_model {
    std::shared_ptr<alcuin::inference::TextEngine> engine;
    std::shared_ptr<alcuin::inference::abi::Delivery> delivery;
    std::string path;   ///< what `info` points to beside the engine's own strings
    std::string device; ///< what metrics point to
    alcuin_model_info info;
};

struct alcuin_request {
    std::shared_ptr<alcuin::inference::abi::SubmittedRequest> request;
};

struct alcuin_pin {
    std::shared_ptr<alcuin::inference::StatePin> pin;
};

namespace alcuin::inference::abi {

/// Errors: kInvalidArgument where a pointer that a function needs is NULL.
inline Result<void> needed(const void* pointer, const char* name) {
    if (pointer == nullptr) {
        return fail(ErrorCode::kInvalidArgument, std::string(name) + " is NULL.");
    }
    return {};
}

} // namespace alcuin::inference::abi
