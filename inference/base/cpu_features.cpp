#include "base/cpu_features.h"

#include <array>
#include <string_view>

#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace alcuin::inference {

namespace {

struct Registers {
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
};

Registers cpuid(unsigned leaf, unsigned subleaf) {
    Registers r;
    if (__get_cpuid_count(leaf, subleaf, &r.a, &r.b, &r.c, &r.d) == 0) {
        return {};
    }
    return r;
}

/// XCR0: which register sets the system saves. Only where CPUID says that it uses XSAVE.
std::uint64_t savedRegisterSets() {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (static_cast<std::uint64_t>(high) << 32U) | low;
}

/// Linux hands out the 8 KiB of tile registers per process, on request only (arch_prctl, since 5.16).
bool requestTiles() {
    constexpr long kRequestPermission = 0x1023; // ARCH_REQ_XCOMP_PERM
    constexpr long kTileData = 18;              // the tile data's bit in XCR0
    return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

bool bit(unsigned value, unsigned index) {
    return (value >> index & 1U) != 0;
}

constexpr std::array<std::string_view, 15> kNames{
    "AVX2",        "FMA",         "F16C",        "AVX-VNNI",    "AVX512F",  "AVX512BW", "AVX512DQ", "AVX512VL",
    "AVX512-VBMI", "AVX512-VNNI", "AVX512-BF16", "AVX512-FP16", "AMX-TILE", "AMX-INT8", "AMX-BF16"};

} // namespace

std::string CpuFeatures::describe() const {
    std::string text;
    for (unsigned i = 0; i < kNames.size(); ++i) {
        if (bit(bits_, i)) {
            text += text.empty() ? "" : " ";
            text += kNames[i];
        }
    }
    return text.empty() ? "none" : text;
}

CpuFeatures CpuFeatures::detect() {
    // Bits and leaves: Intel SDM volume 2A, CPUID.
    CpuFeatures found;
    const auto addIf = [&found](bool present, CpuFeature feature) {
        if (present) {
            found.add(feature);
        }
    };
    const Registers basic = cpuid(1, 0);
    if (!bit(basic.c, 27)) { // OSXSAVE
        return found;
    }
    const std::uint64_t saved = savedRegisterSets();
    const bool ymm = (saved & 0x6U) == 0x6U;
    const bool zmm = ymm && (saved & 0xe0U) == 0xe0U;
    const bool tiles = (saved & 0x60000U) == 0x60000U;
    const Registers extended = cpuid(7, 0);
    const Registers extended1 = cpuid(7, 1);
    addIf(ymm && bit(extended.b, 5), CpuFeature::kAvx2);
    addIf(ymm && bit(basic.c, 12), CpuFeature::kFma);
    addIf(ymm && bit(basic.c, 29), CpuFeature::kF16c);
    addIf(ymm && bit(extended1.a, 4), CpuFeature::kAvxVnni);
    addIf(zmm && bit(extended.b, 16), CpuFeature::kAvx512F);
    addIf(zmm && bit(extended.b, 30), CpuFeature::kAvx512Bw);
    addIf(zmm && bit(extended.b, 17), CpuFeature::kAvx512Dq);
    addIf(zmm && bit(extended.b, 31), CpuFeature::kAvx512Vl);
    addIf(zmm && bit(extended.c, 1), CpuFeature::kAvx512Vbmi);
    addIf(zmm && bit(extended.c, 11), CpuFeature::kAvx512Vnni);
    addIf(zmm && bit(extended1.a, 5), CpuFeature::kAvx512Bf16);
    addIf(zmm && bit(extended.d, 23), CpuFeature::kAvx512Fp16);
    if (tiles && bit(extended.d, 24) && requestTiles()) {
        found.add(CpuFeature::kAmxTile);
        addIf(bit(extended.d, 25), CpuFeature::kAmxInt8);
        addIf(bit(extended.d, 22), CpuFeature::kAmxBf16);
    }
    return found;
}

} // namespace alcuin::inference
