#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

namespace alcuin::inference {

/// Instruction sets that kernels ask for. One counts as present when the processor has it and the system saves its
/// registers; AMX only if the kernel also granted this process its tiles.
enum class CpuFeature : std::uint8_t {
    kAvx2,
    kFma,
    kF16c,
    kAvxVnni,
    kAvx512F,
    kAvx512Bw,
    kAvx512Dq,
    kAvx512Vl,
    kAvx512Vbmi,
    kAvx512Vnni,
    kAvx512Bf16,
    kAvx512Fp16,
    kAmxTile,
    kAmxInt8,
    kAmxBf16,
};

/// A set of CpuFeature.
class CpuFeatures {
public:
    constexpr CpuFeatures() = default;
    constexpr CpuFeatures(std::initializer_list<CpuFeature> features) {
        for (const CpuFeature feature : features) {
            add(feature);
        }
    }

    constexpr void add(CpuFeature feature) {
        bits_ |= 1U << static_cast<unsigned>(feature);
    }
    constexpr bool has(CpuFeature feature) const {
        return (bits_ >> static_cast<unsigned>(feature) & 1U) != 0;
    }
    constexpr bool contains(CpuFeatures needed) const {
        return (bits_ & needed.bits_) == needed.bits_;
    }
    constexpr bool empty() const {
        return bits_ == 0;
    }
    constexpr CpuFeatures operator|(CpuFeatures other) const {
        return CpuFeatures(bits_ | other.bits_);
    }
    constexpr CpuFeatures operator&(CpuFeatures other) const {
        return CpuFeatures(bits_ & other.bits_);
    }
    /// What of this set isn't in `other`.
    constexpr CpuFeatures without(CpuFeatures other) const {
        return CpuFeatures(bits_ & ~other.bits_);
    }
    constexpr bool operator==(const CpuFeatures&) const = default;

    /// "AVX2 FMA F16C"; "none" for the empty set.
    std::string describe() const;

    /// What this machine has. Asks the kernel for AMX tiles where the processor has them.
    static CpuFeatures detect();

private:
    constexpr explicit CpuFeatures(std::uint32_t bits) : bits_(bits) {}

    std::uint32_t bits_ = 0;
};

} // namespace alcuin::inference
