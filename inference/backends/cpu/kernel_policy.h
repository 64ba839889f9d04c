#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <alcuin/inference/error.h>

#include "backends/cpu/kernel_table.h"
#include "base/cpu_features.h"

namespace alcuin::inference::cpu {

/// Which kernels may run: the machine's features, capped by ALCUIN_ISA (reference, avx2, avx512, amx), and kernels
/// forced by ALCUIN_KERNEL ("matmul=int8 q4 reference,attention=bf16 reference"). A forced kernel is taken wherever it
/// fits the layout or format at hand; one that doesn't exist, or can't run here, is an error.
class KernelPolicy {
public:
    /// Errors: kInvalidArgument (unknown ISA, operation or kernel; says which there are).
    static Result<KernelPolicy> create(CpuFeatures present, std::string_view isaCap, std::string_view forced);

    /// The machine's features and the two environment variables.
    static Result<KernelPolicy> fromEnvironment();

    CpuFeatures features() const {
        return features_;
    }

    /// The first entry of the table that `matches` and that runs here; logs it and the refusals before it.
    /// `what` says what it is for, in the log and in errors. Errors: kUnsupported, kInvalidArgument (forced).
    template <typename Kernel, typename Shape, typename Matches>
    Result<const Kernel*> choose(std::string_view operation, std::span<const Kernel> table, const Shape& shape,
                                 std::string_view what, const Matches& matches) const {
        const std::string_view wanted = forcedName(operation);
        for (const Kernel& kernel : table) {
            if (!wanted.empty() && kernel.name == wanted && matches(kernel)) {
                const std::string refusal = refusalOf(kernel, shape);
                if (!refusal.empty()) {
                    return fail(ErrorCode::kInvalidArgument,
                                fmt::format("ALCUIN_KERNEL asks for \"{}\" for {}, which can't run: {}.", wanted, what,
                                            refusal));
                }
                log(operation, what, kernel.name, "forced");
                return &kernel;
            }
        }
        for (const Kernel& kernel : table) {
            if (!matches(kernel)) {
                continue;
            }
            const std::string refusal = refusalOf(kernel, shape);
            if (refusal.empty()) {
                log(operation, what, kernel.name, "chosen");
                return &kernel;
            }
            log(operation, what, kernel.name, refusal);
        }
        return fail(ErrorCode::kUnsupported,
                    fmt::format("No {} kernel can compute {} on this machine.", operation, what));
    }

private:
    template <typename Kernel, typename Shape>
    std::string refusalOf(const Kernel& kernel, const Shape& shape) const {
        const CpuFeatures missing = kernel.needs.without(features_);
        if (!missing.empty()) {
            return "needs " + missing.describe();
        }
        return std::string(kernel.accepts(shape).refusal);
    }

    std::string_view forcedName(std::string_view operation) const;
    static void log(std::string_view operation, std::string_view what, std::string_view kernel,
                    std::string_view verdict);

    CpuFeatures features_;
    std::map<std::string, std::string, std::less<>> forced_;
};

} // namespace alcuin::inference::cpu
