#define ALCUIN_AMX_TWIN // before the kernels' header: their names lie in the twin's namespace
#include "backends/cpu/amx/kernels.h"

#include "amx_twin.h"

namespace alcuin::tests {

namespace {

using namespace inference;
using L = WeightLayout;

constexpr auto kBF16 = cpu::ActivationFormat::kBF16;
constexpr cpu::RowClasses kPrefillRow{.decode = false, .prefill = true};

cpu::Verdict depthOf32(const cpu::MatmulShape& shape) {
    return shape.depth % 32 == 0 ? cpu::Verdict{} : cpu::Verdict{"the depth isn't a multiple of 32"};
}

constexpr auto kInt8 = cpu::ActivationFormat::kInt8;

constexpr cpu::MatmulKernel kTwins[] = {
    {"int8 q4min twin", {}, L::kPanelQ4Min, kInt8, {}, depthOf32, cpu::amx_twin::matmulInt8PanelQ4Min},
    {"int8 q4 twin", {}, L::kPanelQ4, kInt8, {}, depthOf32, cpu::amx_twin::matmulInt8PanelQ4},
    {"int8 q8 twin", {}, L::kPanelQ8, kInt8, {}, depthOf32, cpu::amx_twin::matmulInt8PanelQ8},
    {"bf16 q4min twin",
     {},
     L::kPanelQ4Min,
     kBF16,
     kPrefillRow,
     depthOf32,
     cpu::amx_twin::matmulBf16PanelQ4Min,
     1,
     1,
     1,
     cpu::amx_twin::gatedBf16PanelQ4Min},
    {"bf16 q4 twin",
     {},
     L::kPanelQ4,
     kBF16,
     kPrefillRow,
     depthOf32,
     cpu::amx_twin::matmulBf16PanelQ4,
     1,
     1,
     1,
     cpu::amx_twin::gatedBf16PanelQ4},
    {"bf16 q8 twin",
     {},
     L::kPanelQ8,
     kBF16,
     kPrefillRow,
     depthOf32,
     cpu::amx_twin::matmulBf16PanelQ8,
     1,
     1,
     1,
     cpu::amx_twin::gatedBf16PanelQ8},
    {"int8 q5 twin", {}, L::kPanelQ5, kInt8, {}, depthOf32, cpu::amx_twin::matmulInt8PanelQ5},
    {"int8 q4k twin", {}, L::kPanelQ4K, kInt8, {}, depthOf32, cpu::amx_twin::matmulInt8PanelQ4K},
    {"int8 q5k twin", {}, L::kPanelQ5K, kInt8, {}, depthOf32, cpu::amx_twin::matmulInt8PanelQ5K},
    {"int8 q6k twin", {}, L::kPanelQ6K, kInt8, {}, depthOf32, cpu::amx_twin::matmulInt8PanelQ6K},
    {"bf16 q5 twin",
     {},
     L::kPanelQ5,
     kBF16,
     kPrefillRow,
     depthOf32,
     cpu::amx_twin::matmulBf16PanelQ5,
     1,
     1,
     1,
     cpu::amx_twin::gatedBf16PanelQ5},
    {"bf16 q4k twin",
     {},
     L::kPanelQ4K,
     kBF16,
     kPrefillRow,
     depthOf32,
     cpu::amx_twin::matmulBf16PanelQ4K,
     1,
     1,
     1,
     cpu::amx_twin::gatedBf16PanelQ4K},
    {"bf16 q5k twin",
     {},
     L::kPanelQ5K,
     kBF16,
     kPrefillRow,
     depthOf32,
     cpu::amx_twin::matmulBf16PanelQ5K,
     1,
     1,
     1,
     cpu::amx_twin::gatedBf16PanelQ5K},
    {"bf16 q6k twin",
     {},
     L::kPanelQ6K,
     kBF16,
     kPrefillRow,
     depthOf32,
     cpu::amx_twin::matmulBf16PanelQ6K,
     1,
     1,
     1,
     cpu::amx_twin::gatedBf16PanelQ6K},
    {"bf16 bf16 twin",
     {},
     L::kPanelBF16,
     kBF16,
     kPrefillRow,
     depthOf32,
     cpu::amx_twin::matmulBf16PanelBF16,
     1,
     1,
     1,
     cpu::amx_twin::gatedBf16PanelBF16},
    {"bf16 f16 twin",
     {},
     L::kPanelF16,
     kBF16,
     kPrefillRow,
     depthOf32,
     cpu::amx_twin::matmulBf16PanelF16,
     1,
     1,
     1,
     cpu::amx_twin::gatedBf16PanelF16},
};

} // namespace

cpu::AttentionKernel amxTwinAttention(KvFormat format) {
    constexpr auto tiledHeads = [](const cpu::AttentionShape& shape) {
        return shape.headSize % 32 == 0 && shape.valueSize % 16 == 0 ? cpu::Verdict{} : cpu::Verdict{"not in tiles"};
    };
    const bool int8 = format == KvFormat::kInt8;
    return {int8 ? "int8 twin" : "bf16 twin",
            {},
            format,
            tiledHeads,
            int8 ? cpu::amx_twin::attentionInt8 : cpu::amx_twin::attentionBF16,
            cpu::amx_twin::attentionMerge,
            kPrefillRow,
            kBF16,
            1,
            384};
}

std::span<const cpu::MatmulKernel> amxTwinKernels() {
    return kTwins;
}

} // namespace alcuin::tests
