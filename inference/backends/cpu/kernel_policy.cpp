#include "backends/cpu/kernel_policy.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include <fmt/ranges.h>

#include "base/log.h"

namespace alcuin::inference::cpu {

namespace {

constexpr CpuFeatures kAvx2Set{CpuFeature::kAvx2, CpuFeature::kFma, CpuFeature::kF16c};
constexpr CpuFeatures kAvxVnniSet = kAvx2Set | CpuFeatures{CpuFeature::kAvxVnni};
constexpr CpuFeatures kAvx512Set =
    kAvxVnniSet | CpuFeatures{CpuFeature::kAvx512F,    CpuFeature::kAvx512Bw,   CpuFeature::kAvx512Dq,
                              CpuFeature::kAvx512Vl,   CpuFeature::kAvx512Vbmi, CpuFeature::kAvx512Vnni,
                              CpuFeature::kAvx512Bf16, CpuFeature::kAvx512Fp16};
constexpr CpuFeatures kAmxSet =
    kAvx512Set | CpuFeatures{CpuFeature::kAmxTile, CpuFeature::kAmxInt8, CpuFeature::kAmxBf16};

constexpr std::array<std::pair<std::string_view, CpuFeatures>, 5> kCaps{{{"reference", CpuFeatures{}},
                                                                         {"avx2", kAvx2Set},
                                                                         {"avxvnni", kAvxVnniSet},
                                                                         {"avx512", kAvx512Set},
                                                                         {"amx", kAmxSet}}};

std::string_view environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view{} : std::string_view(value);
}

} // namespace

Result<KernelPolicy> KernelPolicy::create(CpuFeatures present, std::string_view isaCap, std::string_view forced) {
    KernelPolicy policy;
    policy.features_ = present;
    if (!isaCap.empty()) {
        const auto* cap = std::ranges::find(kCaps, isaCap, [](const auto& entry) { return entry.first; });
        if (cap == kCaps.end()) {
            return fail(
                ErrorCode::kInvalidArgument,
                fmt::format("ALCUIN_ISA is \"{}\"; it may be reference, avx2, avxvnni, avx512 or amx.", isaCap));
        }
        policy.features_ = present & cap->second;
    }
    while (!forced.empty()) {
        const std::size_t comma = forced.find(',');
        const std::string_view item = forced.substr(0, comma);
        forced = comma == std::string_view::npos ? std::string_view{} : forced.substr(comma + 1);
        const std::size_t equals = item.find('=');
        const std::string_view operation = item.substr(0, equals);
        if (equals == std::string_view::npos || std::ranges::find(kOperations, operation) == kOperations.end()) {
            return fail(
                ErrorCode::kInvalidArgument,
                fmt::format("ALCUIN_KERNEL has \"{}\"; an item is operation=kernel, with one of the operations {}.",
                            item, fmt::join(kOperations, ", ")));
        }
        const std::string_view name = item.substr(equals + 1);
        if (!hasKernel(operation, name)) {
            return fail(
                ErrorCode::kInvalidArgument,
                fmt::format("ALCUIN_KERNEL asks for the {} kernel \"{}\", which doesn't exist.", operation, name));
        }
        policy.forced_.insert_or_assign(std::string(operation), std::string(name));
    }
    return policy;
}

Result<KernelPolicy> KernelPolicy::fromEnvironment() {
    return create(CpuFeatures::detect(), environment("ALCUIN_ISA"), environment("ALCUIN_KERNEL"));
}

std::string_view KernelPolicy::forcedName(std::string_view operation) const {
    const auto found = forced_.find(operation);
    return found == forced_.end() ? std::string_view{} : std::string_view(found->second);
}

void KernelPolicy::log(std::string_view operation, std::string_view what, std::string_view kernel,
                       std::string_view verdict) {
    if (debugIsLogged()) {
        logDebug(fmt::format("{} for {}: {}: {}", operation, what, kernel, verdict));
    }
}

} // namespace alcuin::inference::cpu
