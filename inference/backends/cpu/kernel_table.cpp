#include "backends/cpu/kernel_table.h"

#include <algorithm>

#include "backends/cpu/amx/kernels.h"
#include "backends/cpu/avx2/kernels.h"
#include "backends/cpu/avx512/kernels.h"
#include "backends/cpu/reference/kernels.h"

namespace alcuin::inference::cpu {

namespace {

constexpr CpuFeatures kBaseline{};
constexpr CpuFeatures kAvx2{CpuFeature::kAvx2, CpuFeature::kFma, CpuFeature::kF16c};
constexpr CpuFeatures kAmx =
    kAvx2 | CpuFeatures{CpuFeature::kAvx512F,    CpuFeature::kAvx512Bw, CpuFeature::kAvx512Dq, CpuFeature::kAvx512Vl,
                        CpuFeature::kAvx512Bf16, CpuFeature::kAmxTile,  CpuFeature::kAmxInt8,  CpuFeature::kAmxBf16};
constexpr CpuFeatures kAvx512 =
    kAvx2 | CpuFeatures{CpuFeature::kAvx512F, CpuFeature::kAvx512Bw, CpuFeature::kAvx512Dq, CpuFeature::kAvx512Vl};
constexpr CpuFeatures kAvx512Vnni = kAvx512 | CpuFeatures{CpuFeature::kAvx512Vnni};
constexpr RowClasses kAnyRow{};
constexpr RowClasses kPrefillRow{.decode = false, .prefill = true};
constexpr auto kF32 = ActivationFormat::kF32;
constexpr auto kInt8 = ActivationFormat::kInt8;
constexpr auto kBF16 = ActivationFormat::kBF16;
/// Of products in bf16 tiles: measured beside AVX2.
constexpr std::size_t kTileSpeed = 16;
constexpr std::size_t kTilePanels = 32;
constexpr std::size_t kByteTileSpeed = 4;
constexpr std::size_t kByteTilePanels = 4;
/// Measured, gigaweights a second of a core at 4, 8, 16 rows: tiles 34, 26, 17; AVX-512 39, 22, 11; AVX2 22, 10, 5.
constexpr std::size_t kByteTileRows = 6;
/// Of int8 products in AVX-512, beside AVX2; up to four panels side by side.
constexpr std::size_t kVectorSpeed = 4;
constexpr std::size_t kVectorPanels = 4;

template <typename Shape>
Verdict any(const Shape&) {
    return {};
}

Verdict widthOf8(const RowShape& shape) {
    return shape.width % 8 == 0 ? Verdict{} : Verdict{"rows aren't a multiple of 8 wide"};
}

Verdict widthOf16(const RowShape& shape) {
    return shape.width % 16 == 0 ? Verdict{} : Verdict{"rows aren't a multiple of 16 wide"};
}

Verdict turnedOf16(const RowShape& shape) {
    return shape.width % 16 == 0 ? Verdict{} : Verdict{"the turned part isn't a multiple of 16 wide"};
}

Verdict depthOf32(const MatmulShape& shape) {
    return shape.depth % kGroup == 0 ? Verdict{} : Verdict{"the depth isn't a multiple of 32"};
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

Verdict keysOf32ValuesOf16(const AttentionShape& shape) {
    return shape.headSize % 32 == 0 && shape.valueSize % 16 == 0
               ? Verdict{}
               : Verdict{"keys aren't a multiple of 32 or values not a multiple of 16 wide"};
}

Verdict evenKeys(const AttentionShape& shape) {
    return shape.headSize % 2 == 0 ? Verdict{} : Verdict{"keys aren't an even number wide"};
}

constexpr auto anyMatrix = any<MatmulShape>;
constexpr auto anyRow = any<RowShape>;
constexpr auto anyHead = any<AttentionShape>;
using L = WeightLayout;

// name, needs, layout, activations, rows, accepts, run, speed, panels together, least rows
constexpr MatmulKernel kMatmul[] = {
    {"bf16 q4min amx", kAmx, L::kPanelQ4Min, kBF16, kPrefillRow, anyMatrix, amx::matmulBf16PanelQ4Min, kTileSpeed,
     kTilePanels},
    {"bf16 q4 amx", kAmx, L::kPanelQ4, kBF16, kPrefillRow, anyMatrix, amx::matmulBf16PanelQ4, kTileSpeed, kTilePanels},
    {"bf16 q8 amx", kAmx, L::kPanelQ8, kBF16, kPrefillRow, anyMatrix, amx::matmulBf16PanelQ8, kTileSpeed, kTilePanels},
    {"bf16 bf16 amx", kAmx, L::kPanelBF16, kBF16, kPrefillRow, depthOf32, amx::matmulBf16PanelBF16, kTileSpeed,
     kTilePanels},
    {"bf16 f16 amx", kAmx, L::kPanelF16, kBF16, kPrefillRow, depthOf32, amx::matmulBf16PanelF16, kTileSpeed,
     kTilePanels},
    {"int8 q4min amx", kAmx, L::kPanelQ4Min, kInt8, kAnyRow, anyMatrix, amx::matmulInt8PanelQ4Min, kByteTileSpeed,
     kByteTilePanels, kByteTileRows},
    {"int8 q4 amx", kAmx, L::kPanelQ4, kInt8, kAnyRow, anyMatrix, amx::matmulInt8PanelQ4, kByteTileSpeed,
     kByteTilePanels, kByteTileRows},
    {"int8 q8 amx", kAmx, L::kPanelQ8, kInt8, kAnyRow, anyMatrix, amx::matmulInt8PanelQ8, kByteTileSpeed,
     kByteTilePanels, kByteTileRows},
    {"int8 q4min avx512", kAvx512Vnni, L::kPanelQ4Min, kInt8, kAnyRow, anyMatrix, avx512::matmulInt8PanelQ4Min,
     kVectorSpeed, kVectorPanels},
    {"int8 q4 avx512", kAvx512Vnni, L::kPanelQ4, kInt8, kAnyRow, anyMatrix, avx512::matmulInt8PanelQ4, kVectorSpeed,
     kVectorPanels},
    {"int8 q8 avx512", kAvx512Vnni, L::kPanelQ8, kInt8, kAnyRow, anyMatrix, avx512::matmulInt8PanelQ8, kVectorSpeed,
     kVectorPanels},
    {"f32 q4min avx512", kAvx512, L::kPanelQ4Min, kF32, kAnyRow, anyMatrix, avx512::matmulF32PanelQ4Min},
    {"f32 q4 avx512", kAvx512, L::kPanelQ4, kF32, kAnyRow, anyMatrix, avx512::matmulF32PanelQ4},
    {"f32 q8 avx512", kAvx512, L::kPanelQ8, kF32, kAnyRow, anyMatrix, avx512::matmulF32PanelQ8},
    {"f32 bf16 avx512", kAvx512, L::kPanelBF16, kF32, kAnyRow, anyMatrix, avx512::matmulF32PanelBF16},
    {"f32 f16 avx512", kAvx512, L::kPanelF16, kF32, kAnyRow, anyMatrix, avx512::matmulF32PanelF16},
    {"f32 f32 avx512", kAvx512, L::kPanelF32, kF32, kAnyRow, anyMatrix, avx512::matmulF32PanelF32},
    {"int8 q4min avx2", kAvx2, L::kPanelQ4Min, kInt8, kAnyRow, anyMatrix, avx2::matmulInt8PanelQ4Min},
    {"int8 q4 avx2", kAvx2, L::kPanelQ4, kInt8, kAnyRow, anyMatrix, avx2::matmulInt8PanelQ4},
    {"int8 q8 avx2", kAvx2, L::kPanelQ8, kInt8, kAnyRow, anyMatrix, avx2::matmulInt8PanelQ8},
    {"f32 q4min avx2", kAvx2, L::kPanelQ4Min, kF32, kAnyRow, anyMatrix, avx2::matmulF32PanelQ4Min},
    {"f32 q4 avx2", kAvx2, L::kPanelQ4, kF32, kAnyRow, anyMatrix, avx2::matmulF32PanelQ4},
    {"f32 q8 avx2", kAvx2, L::kPanelQ8, kF32, kAnyRow, anyMatrix, avx2::matmulF32PanelQ8},
    {"f32 bf16 avx2", kAvx2, L::kPanelBF16, kF32, kAnyRow, anyMatrix, avx2::matmulF32PanelBF16},
    {"f32 f16 avx2", kAvx2, L::kPanelF16, kF32, kAnyRow, anyMatrix, avx2::matmulF32PanelF16},
    {"f32 f32 avx2", kAvx2, L::kPanelF32, kF32, kAnyRow, anyMatrix, avx2::matmulF32PanelF32},
    {"int8 q4min reference", kBaseline, L::kPanelQ4Min, kInt8, kAnyRow, anyMatrix, reference::matmulInt8PanelQ4Min},
    {"int8 q4 reference", kBaseline, L::kPanelQ4, kInt8, kAnyRow, anyMatrix, reference::matmulInt8PanelQ4},
    {"int8 q8 reference", kBaseline, L::kPanelQ8, kInt8, kAnyRow, anyMatrix, reference::matmulInt8PanelQ8},
    {"f32 q4min reference", kBaseline, L::kPanelQ4Min, kF32, kAnyRow, anyMatrix, reference::matmulF32PanelQ4Min},
    {"f32 q4 reference", kBaseline, L::kPanelQ4, kF32, kAnyRow, anyMatrix, reference::matmulF32PanelQ4},
    {"f32 q8 reference", kBaseline, L::kPanelQ8, kF32, kAnyRow, anyMatrix, reference::matmulF32PanelQ8},
    {"f32 bf16 reference", kBaseline, L::kPanelBF16, kF32, kAnyRow, anyMatrix, reference::matmulF32PanelBF16},
    {"f32 f16 reference", kBaseline, L::kPanelF16, kF32, kAnyRow, anyMatrix, reference::matmulF32PanelF16},
    {"f32 f32 reference", kBaseline, L::kPanelF32, kF32, kAnyRow, anyMatrix, reference::matmulF32PanelF32},
};

constexpr EmbeddingKernel kEmbedding[] = {
    {"q4min reference", kBaseline, L::kPanelQ4Min, anyMatrix, reference::embeddingPanelQ4Min},
    {"q4 reference", kBaseline, L::kPanelQ4, anyMatrix, reference::embeddingPanelQ4},
    {"q8 reference", kBaseline, L::kPanelQ8, anyMatrix, reference::embeddingPanelQ8},
    {"bf16 reference", kBaseline, L::kPanelBF16, anyMatrix, reference::embeddingPanelBF16},
    {"f16 reference", kBaseline, L::kPanelF16, anyMatrix, reference::embeddingPanelF16},
    {"f32 reference", kBaseline, L::kPanelF32, anyMatrix, reference::embeddingPanelF32},
};

constexpr QuantiseKernel kQuantise[] = {
    {"int8 group32 avx512", kAvx512, anyRow, avx512::quantise},
    {"int8 group32 avx2", kAvx2, anyRow, avx2::quantise},
    {"int8 group32 reference", kBaseline, anyRow, reference::quantise},
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
    {"bf16 reference", kBaseline, KvFormat::kBF16, evenKeys, reference::kvStoreBF16},
    {"f32 reference", kBaseline, KvFormat::kF32, anyHead, reference::kvStoreF32},
};

constexpr AttentionKernel kAttention[] = {
    {"bf16 amx", kAmx, KvFormat::kBF16, keysOf32ValuesOf16, amx::attentionBF16, amx::attentionMerge, kPrefillRow, kBF16,
     kTileSpeed},
    {"bf16 avx512", kAvx512, KvFormat::kBF16, valuesOf16, avx512::attentionBF16, avx512::attentionMerge},
    {"f32 avx512", kAvx512, KvFormat::kF32, valuesOf16, avx512::attentionF32, avx512::attentionMerge},
    {"bf16 avx2", kAvx2, KvFormat::kBF16, valuesOf8, avx2::attentionBF16, avx2::attentionMerge},
    {"f32 avx2", kAvx2, KvFormat::kF32, valuesOf8, avx2::attentionF32, avx2::attentionMerge},
    {"bf16 reference", kBaseline, KvFormat::kBF16, evenKeys, reference::attentionBF16, reference::attentionMerge},
    {"f32 reference", kBaseline, KvFormat::kF32, anyHead, reference::attentionF32, reference::attentionMerge},
};

template <typename Kernel>
bool hasName(std::span<const Kernel> table, std::string_view name) {
    return std::ranges::find(table, name, &Kernel::name) != table.end();
}

} // namespace

std::span<const MatmulKernel> matmulKernels() {
    return kMatmul;
}

std::span<const EmbeddingKernel> embeddingKernels() {
    return kEmbedding;
}

std::span<const QuantiseKernel> quantiseKernels() {
    return kQuantise;
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
        hasName(matmulKernels(), name), hasName(embeddingKernels(), name), hasName(quantiseKernels(), name),
        hasName(packKernels(), name),   hasName(rmsNormKernels(), name),   hasName(ropeKernels(), name),
        hasName(swigluKernels(), name), hasName(kvStoreKernels(), name),   hasName(attentionKernels(), name)};
    const auto* place = std::ranges::find(kOperations, operation);
    return place != kOperations.end() && found.at(static_cast<std::size_t>(place - kOperations.begin()));
}

} // namespace alcuin::inference::cpu
