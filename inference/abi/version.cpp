#include <cstdint>
#include <cstdlib>

#include <alcuin.h>

static_assert(ALCUIN_VERSION_MAJOR == ALCUIN_PROJECT_MAJOR && ALCUIN_VERSION_MINOR == ALCUIN_PROJECT_MINOR &&
                  ALCUIN_VERSION_PATCH == ALCUIN_PROJECT_PATCH,
              "alcuin.h and the project have different versions");

namespace {

constexpr std::uint32_t kMajorStep = 1'000'000;
constexpr std::uint32_t kMinorStep = 1'000;

} // namespace

const char* alcuin_version() {
    return ALCUIN_PROJECT_VERSION;
}

std::uint32_t alcuin_version_number() {
    return ALCUIN_VERSION_MAJOR * kMajorStep + ALCUIN_VERSION_MINOR * kMinorStep + ALCUIN_VERSION_PATCH;
}

std::uint32_t alcuin_abi_version() {
    return ALCUIN_ABI_VERSION;
}

void alcuin_free(void* memory) {
    std::free(memory);
}
