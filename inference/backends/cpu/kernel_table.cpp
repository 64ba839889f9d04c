#include "backends/cpu/kernel_table.h"

#include <algorithm>

#include "backends/cpu/amx/kernels.h"
#include "backends/cpu/avx2/kernels.h"
#include "backends/cpu/avx512/kernels.h"
#include "backends/cpu/kernel_needs.h"
#include "backends/cpu/reference/kernels.h"

namespace alcuin::inference::cpu {

namespace {

/// Of attention on tiles: keys and values come from beyond L2 once for all these query vectors.
constexpr std::size_t kTileVectors = 384;

Verdict widthOf8(const RowShape& shape) {
    return shape.width % 8 == 0 ? Verdict{} : Verdict{"rows aren't a multiple of 8 wide"};
}

Verdict widthOf16(const RowShape& shape) {
    return shape.width % 16 == 0 ? Verdict{} : Verdict{"rows aren't a multiple of 16 wide"};
}

Verdict turnedOf16(const RowShape& shape) {
    return shape.width % 16 == 0 ? Verdict{} : Verdict{"the turned part isn't a multiple of 16 wide"};
}

Verdict turnedOf32(const RowShape& shape) {
    return shape.width % 32 == 0 ? Verdict{} : Verdict{"the turned part isn't a multiple of 32 wide"};
}

Verdict valuesOf8(const AttentionShape& shape) {
    return shape.headSize % 2 == 0 && shape.valueSize % 8 == 0
               ? Verdict{}
               : Verdict{"keys aren't a multiple of 2 or values not a multiple of 8 wide"};
}

Verdict valuesOf16(const AttentionShape& shape) {
    return shape.headSize % 2 == 0 && shape.valueSize % 16 == 0
               ? Verdict{}
               : Verdict{"keys aren't a multiple of 2 or values not a multiple of 16 wide"};
}

Verdict headsOf8(const AttentionShape& shape) {
    return shape.headSize % 8 == 0 && shape.valueSize % 8 == 0 ? Verdict{}
                                                               : Verdict{"keys or values aren't a multiple of 8 wide"};
}

Verdict headsOf16(const AttentionShape& shape) {
    return shape.headSize % 16 == 0 && shape.valueSize % 16 == 0
               ? Verdict{}
               : Verdict{"keys or values aren't a multiple of 16 wide"};
}

Verdict keysOf32ValuesOf16(const AttentionShape& shape) {
    return shape.headSize % 32 == 0 && shape.valueSize % 16 == 0
               ? Verdict{}
               : Verdict{"keys aren't a multiple of 32 or values not a multiple of 16 wide"};
}

Verdict evenKeys(const AttentionShape& shape) {
    return shape.headSize % 2 == 0 ? Verdict{} : Verdict{"keys aren't an even number wide"};
}

constexpr auto anyRow = any<RowShape>;
constexpr auto anyHead = any<AttentionShape>;

constexpr QuantiseKernel kQuantise[] = {
    {"int8 group32 avx512", kAvx512, anyRow, avx512::quantise},
    {"int8 group32 avx2", kAvx2, anyRow, avx2::quantise},
    {"int8 group32 reference", kBaseline, anyRow, reference::quantise},
};

constexpr SplitKernel kSplitRows[] = {
    {"int8 split avx512", kAvx512, anyRow, avx512::split},
    {"int8 split avx2", kAvx2, anyRow, avx2::split},
    {"int8 split reference", kBaseline, anyRow, reference::split},
};

constexpr PackKernel kPack[] = {
    {"bf16 tiles amx", kAmx, anyRow, amx::pack},
    {"bf16 tiles reference", kBaseline, anyRow, reference::pack},
};

constexpr RmsNormKernel kRmsNorm[] = {
    {"f32 avx512", kAvx512, widthOf16, avx512::rmsNorm},
    {"f32 avx2", kAvx2, widthOf8, avx2::rmsNorm},
    {"f32 reference", kBaseline, anyRow, reference::rmsNorm},
};

constexpr RopeKernel kRope[] = {
    {"f32 avx512", kAvx512, turnedOf32, avx512::rope},
    {"f32 avx2", kAvx2, turnedOf16, avx2::rope},
    {"f32 reference", kBaseline, anyRow, reference::rope},
};

constexpr SwigluKernel kSwiglu[] = {
    {"f32 avx512", kAvx512, widthOf16, avx512::swiglu},
    {"f32 avx2", kAvx2, widthOf8, avx2::swiglu},
    {"f32 reference", kBaseline, anyRow, reference::swiglu},
};

constexpr KvStoreKernel kKvStore[] = {
    {"bf16 avx512", kAvx512, KvFormat::kBF16, keysOf32ValuesOf16, avx512::kvStoreBF16},
    {"f32 avx512", kAvx512, KvFormat::kF32, anyHead, avx512::kvStoreF32},
    {"int8 avx512", kAvx512, KvFormat::kInt8, headsOf16, avx512::kvStoreInt8},
    {"bf16 avx2", kAvx2, KvFormat::kBF16, headsOf8, avx2::kvStoreBF16},
    {"f32 avx2", kAvx2, KvFormat::kF32, anyHead, avx2::kvStoreF32},
    {"int8 avx2", kAvx2, KvFormat::kInt8, headsOf8, avx2::kvStoreInt8},
    {"bf16 reference", kBaseline, KvFormat::kBF16, evenKeys, reference::kvStoreBF16},
    {"f32 reference", kBaseline, KvFormat::kF32, anyHead, reference::kvStoreF32},
    {"int8 reference", kBaseline, KvFormat::kInt8, anyHead, reference::kvStoreInt8},
};

constexpr AttentionKernel kAttention[] = {
    {"bf16 amx", kAmx, KvFormat::kBF16, keysOf32ValuesOf16, amx::attentionBF16, amx::attentionMerge, kPrefillRow, kBF16,
     kTileSpeed, kTileVectors},
    {"int8 amx", kAmx, KvFormat::kInt8, keysOf32ValuesOf16, amx::attentionInt8, amx::attentionMerge, kPrefillRow, kBF16,
     kTileSpeed, kTileVectors},
    {"bf16 avx512", kAvx512, KvFormat::kBF16, valuesOf16, avx512::attentionBF16, avx512::attentionMerge},
    {"f32 avx512", kAvx512, KvFormat::kF32, valuesOf16, avx512::attentionF32, avx512::attentionMerge},
    {"int8 avx512", kAvx512, KvFormat::kInt8, valuesOf16, avx512::attentionInt8, avx512::attentionMerge},
    {"bf16 avx2", kAvx2, KvFormat::kBF16, valuesOf8, avx2::attentionBF16, avx2::attentionMerge},
    {"f32 avx2", kAvx2, KvFormat::kF32, valuesOf8, avx2::attentionF32, avx2::attentionMerge},
    {"int8 avx2", kAvx2, KvFormat::kInt8, valuesOf8, avx2::attentionInt8, avx2::attentionMerge},
    {"bf16 reference", kBaseline, KvFormat::kBF16, evenKeys, reference::attentionBF16, reference::attentionMerge},
    {"f32 reference", kBaseline, KvFormat::kF32, anyHead, reference::attentionF32, reference::attentionMerge},
    {"int8 reference", kBaseline, KvFormat::kInt8, anyHead, reference::attentionInt8, reference::attentionMerge},
};

template <typename Kernel>
bool hasName(std::span<const Kernel> table, std::string_view name) {
    return std::ranges::find(table, name, &Kernel::name) != table.end();
}

} // namespace

std::span<const QuantiseKernel> quantiseKernels() {
    return kQuantise;
}

std::span<const SplitKernel> splitKernels() {
    return kSplitRows;
}

std::span<const PackKernel> packKernels() {
    return kPack;
}

std::span<const RmsNormKernel> rmsNormKernels() {
    return kRmsNorm;
}

std::span<const RopeKernel> ropeKernels() {
    return kRope;
}

std::span<const SwigluKernel> swigluKernels() {
    return kSwiglu;
}

std::span<const KvStoreKernel> kvStoreKernels() {
    return kKvStore;
}

std::span<const AttentionKernel> attentionKernels() {
    return kAttention;
}

bool hasKernel(std::string_view operation, std::string_view name) {
    const std::array<bool, kOperations.size()> found{
        hasName(matmulKernels(), name),   hasName(embeddingKernels(), name), hasName(quantiseKernels(), name),
        hasName(splitKernels(), name),    hasName(packKernels(), name),      hasName(rmsNormKernels(), name),
        hasName(ropeKernels(), name),     hasName(swigluKernels(), name),    hasName(kvStoreKernels(), name),
        hasName(attentionKernels(), name)};
    const auto* place = std::ranges::find(kOperations, operation);
    return place != kOperations.end() && found.at(static_cast<std::size_t>(place - kOperations.begin()));
}

} // namespace alcuin::inference::cpu
