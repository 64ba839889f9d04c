#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "backends/cpu/kernel_args.h"
#include "base/cpu_features.h"
#include "tensor/kv_format.h"
#include "tensor/row_class.h"
#include "tensor/weight_layout.h"

/// The kernels of every operation: one ordered table each, best first, reference last. Nothing registers itself.
namespace alcuin::inference::cpu {

/// Yes, or the reason why not.
struct Verdict {
    std::string_view refusal;
    explicit operator bool() const {
        return refusal.empty();
    }
};

/// What a product is computed from.
/// kSplit: int8 with a second term where one leaves too much.
enum class ActivationFormat : std::uint8_t { kF32, kInt8, kSplit, kBF16 };

/// Rows that a kernel may be given. Kernels that serve both classes give both the same numerics.
struct RowClasses {
    bool decode = true;
    bool prefill = true;
    constexpr bool has(RowClass rowClass) const {
        return rowClass == RowClass::kDecode ? decode : prefill;
    }
};

struct MatmulShape {
    std::size_t outputs = 0;
    std::size_t depth = 0;
};

struct MatmulKernel {
    std::string_view name;
    CpuFeatures needs;
    WeightLayout layout; ///< the only one it reads
    ActivationFormat activation;
    RowClasses rows;
    Verdict (*accepts)(const MatmulShape&);
    void (*run)(const MatmulArgs&) noexcept;
    /// Multiply-adds in the time of one of AVX2's, roughly: how large a piece of some milliseconds may be.
    std::size_t speed = 1;
    /// Panels that a call should get at least, where there are enough: activations are read once for all of them.
    std::size_t panelsTogether = 1;
    /// Rows from which on it is the faster one; fewer go to the next entry, whose bits are the same.
    std::size_t leastRows = 1;
    /// Two such products and their activation in one, for a next product in bf16; null where there is none.
    void (*gated)(const GatedMatmulArgs&) noexcept = nullptr;
};

struct EmbeddingKernel {
    std::string_view name;
    CpuFeatures needs;
    WeightLayout layout;
    Verdict (*accepts)(const MatmulShape&);
    void (*run)(const EmbeddingArgs&) noexcept;
};

/// Operations on rows: width is that of a row, or of a head for RoPE.
struct RowShape {
    std::size_t width = 0;
};

template <typename Args>
struct RowKernel {
    std::string_view name;
    CpuFeatures needs;
    Verdict (*accepts)(const RowShape&);
    void (*run)(const Args&) noexcept;
};

using QuantiseKernel = RowKernel<QuantiseArgs>;
using SplitKernel = RowKernel<SplitArgs>;
using PackKernel = RowKernel<PackArgs>;
using RmsNormKernel = RowKernel<RmsNormArgs>;
using RopeKernel = RowKernel<RopeArgs>;
using SwigluKernel = RowKernel<SwigluArgs>;

struct AttentionShape {
    std::size_t headSize = 0;
    std::size_t valueSize = 0;
};

struct KvStoreKernel {
    std::string_view name;
    CpuFeatures needs;
    KvFormat format;
    Verdict (*accepts)(const AttentionShape&);
    void (*run)(const KvStoreArgs&) noexcept;
};

/// Attention and the merging of its parts belong together: they share one arithmetic.
struct AttentionKernel {
    std::string_view name;
    CpuFeatures needs;
    KvFormat format;
    Verdict (*accepts)(const AttentionShape&);
    void (*run)(const AttentionArgs&) noexcept;
    void (*merge)(const AttentionMergeArgs&) noexcept;
    RowClasses rows = {};
    /// What queries and weights are rounded to.
    ActivationFormat query = ActivationFormat::kF32;
    /// As for products.
    std::size_t speed = 1;
    /// Query vectors that a call should get at most: what it keeps of them stays in the caches beside keys and values.
    std::size_t vectorsTogether = 48;
};

std::span<const MatmulKernel> matmulKernels();
std::span<const EmbeddingKernel> embeddingKernels();
std::span<const QuantiseKernel> quantiseKernels();
std::span<const SplitKernel> splitKernels();
std::span<const PackKernel> packKernels();
std::span<const RmsNormKernel> rmsNormKernels();
std::span<const RopeKernel> ropeKernels();
std::span<const SwigluKernel> swigluKernels();
std::span<const KvStoreKernel> kvStoreKernels();
std::span<const AttentionKernel> attentionKernels();

/// Names of operations, as ALCUIN_KERNEL spells them, in the order of the functions above.
inline constexpr std::array<std::string_view, 10> kOperations{
    "matmul", "embedding", "quantise", "split", "pack", "rms_norm", "rope", "swiglu", "kv_store", "attention"};

/// True if the operation's table has an entry of that name.
bool hasKernel(std::string_view operation, std::string_view name);

/// Floats of scratch that attention over `vectors` query vectors (rows times heads of a group) needs: results of a part
/// and of all parts so far, and for kernels on tiles also the queries, two tiles' scores on a block of keys, a
/// page's values, and a block's keys and values widened from int8, with their scales.
constexpr std::size_t attentionScratch(std::size_t vectors, std::size_t headSize, std::size_t valueSize) {
    const std::size_t filled = (vectors + 15) / 16 * 16;
    return (filled * 2 + 2) * (valueSize + 2) + filled * headSize / 2 + 32 * kAttentionBlock +
           kPageTokens * valueSize / 2 + kAttentionBlock * ((headSize + valueSize) / 2 + 2);
}

} // namespace alcuin::inference::cpu
