#include "backends/cpu/amx/kernels.h"
#include "backends/cpu/avx2/kernels.h"
#include "backends/cpu/avx512/kernels.h"
#include "backends/cpu/avxvnni/kernels.h"
#include "backends/cpu/kernel_needs.h"
#include "backends/cpu/reference/kernels.h"

namespace alcuin::inference::cpu {

namespace {

/// Two passes of products in bf16 tiles: measured at a depth of 8960, 14 panels a pass instead of 24 cost a fifth.
constexpr std::size_t kTilePanels = 48;
constexpr std::size_t kByteTileSpeed = 4;
constexpr std::size_t kByteTilePanels = 4;
/// Measured over 0.9 GB of weights, two threads, gigaweights a second at 4, 5, 6, 8, 16 rows: tiles 46, 43, 42, 39, 28;
/// AVX-512 52, 40, 38, 32, 21.
constexpr std::size_t kByteTileRows = 5;
/// Of int8 products, beside AVX2 in f32; up to four panels side by side.
constexpr std::size_t kVectorSpeed = 4;
constexpr std::size_t kVectorSpeedVnni = 3;
constexpr std::size_t kVectorSpeedAvx2 = 2;
constexpr std::size_t kVectorPanels = 4;
/// Of split products, beside AVX2 in f32. Rows are listed and fetched once for all panels of a call.
constexpr std::size_t kSplitSpeed = 6;
constexpr std::size_t kSplitSpeedVnni = 4;
constexpr std::size_t kSplitSpeedAvx2 = 3;
constexpr std::size_t kSplitPanels = 16;

Verdict depthOf32(const MatmulShape& shape) {
    return shape.depth % kGroup == 0 ? Verdict{} : Verdict{"the depth isn't a multiple of 32"};
}

constexpr auto anyMatrix = any<MatmulShape>;
using L = WeightLayout;

// name, needs, layout, activations, rows, accepts, run, speed, panels together, least rows
constexpr MatmulKernel kMatmul[] = {
    {"bf16 q4min amx", kAmx, L::kPanelQ4Min, kBF16, kPrefillRow, anyMatrix, amx::matmulBf16PanelQ4Min, kTileSpeed,
     kTilePanels, 1, amx::gatedBf16PanelQ4Min},
    {"bf16 q4 amx", kAmx, L::kPanelQ4, kBF16, kPrefillRow, anyMatrix, amx::matmulBf16PanelQ4, kTileSpeed, kTilePanels,
     1, amx::gatedBf16PanelQ4},
    {"bf16 q8 amx", kAmx, L::kPanelQ8, kBF16, kPrefillRow, anyMatrix, amx::matmulBf16PanelQ8, kTileSpeed, kTilePanels,
     1, amx::gatedBf16PanelQ8},
    {"bf16 q5 amx", kAmx, L::kPanelQ5, kBF16, kPrefillRow, anyMatrix, amx::matmulBf16PanelQ5, kTileSpeed, kTilePanels,
     1, amx::gatedBf16PanelQ5},
    {"bf16 q4k amx", kAmx, L::kPanelQ4K, kBF16, kPrefillRow, anyMatrix, amx::matmulBf16PanelQ4K, kTileSpeed,
     kTilePanels, 1, amx::gatedBf16PanelQ4K},
    {"bf16 q5k amx", kAmx, L::kPanelQ5K, kBF16, kPrefillRow, anyMatrix, amx::matmulBf16PanelQ5K, kTileSpeed,
     kTilePanels, 1, amx::gatedBf16PanelQ5K},
    {"bf16 q6k amx", kAmx, L::kPanelQ6K, kBF16, kPrefillRow, anyMatrix, amx::matmulBf16PanelQ6K, kTileSpeed,
     kTilePanels, 1, amx::gatedBf16PanelQ6K},
    {"bf16 bf16 amx", kAmx, L::kPanelBF16, kBF16, kPrefillRow, depthOf32, amx::matmulBf16PanelBF16, kTileSpeed,
     kTilePanels, 1, amx::gatedBf16PanelBF16},
    {"bf16 f16 amx", kAmx, L::kPanelF16, kBF16, kPrefillRow, depthOf32, amx::matmulBf16PanelF16, kTileSpeed,
     kTilePanels, 1, amx::gatedBf16PanelF16},
    {"int8 q4min amx", kAmx, L::kPanelQ4Min, kInt8, kAnyRow, anyMatrix, amx::matmulInt8PanelQ4Min, kByteTileSpeed,
     kByteTilePanels, kByteTileRows},
    {"int8 q4 amx", kAmx, L::kPanelQ4, kInt8, kAnyRow, anyMatrix, amx::matmulInt8PanelQ4, kByteTileSpeed,
     kByteTilePanels, kByteTileRows},
    {"int8 q8 amx", kAmx, L::kPanelQ8, kInt8, kAnyRow, anyMatrix, amx::matmulInt8PanelQ8, kByteTileSpeed,
     kByteTilePanels, kByteTileRows},
    {"int8 q5 amx", kAmx, L::kPanelQ5, kInt8, kAnyRow, anyMatrix, amx::matmulInt8PanelQ5, kByteTileSpeed,
     kByteTilePanels, kByteTileRows},
    {"int8 q4k amx", kAmx, L::kPanelQ4K, kInt8, kAnyRow, anyMatrix, amx::matmulInt8PanelQ4K, kByteTileSpeed,
     kByteTilePanels, kByteTileRows},
    {"int8 q5k amx", kAmx, L::kPanelQ5K, kInt8, kAnyRow, anyMatrix, amx::matmulInt8PanelQ5K, kByteTileSpeed,
     kByteTilePanels, kByteTileRows},
    {"int8 q6k amx", kAmx, L::kPanelQ6K, kInt8, kAnyRow, anyMatrix, amx::matmulInt8PanelQ6K, kByteTileSpeed,
     kByteTilePanels, kByteTileRows},
    {"int8 q4min avx512", kAvx512Vnni, L::kPanelQ4Min, kInt8, kAnyRow, anyMatrix, avx512::matmulInt8PanelQ4Min,
     kVectorSpeed, kVectorPanels},
    {"int8 q4 avx512", kAvx512Vnni, L::kPanelQ4, kInt8, kAnyRow, anyMatrix, avx512::matmulInt8PanelQ4, kVectorSpeed,
     kVectorPanels},
    {"int8 q8 avx512", kAvx512Vnni, L::kPanelQ8, kInt8, kAnyRow, anyMatrix, avx512::matmulInt8PanelQ8, kVectorSpeed,
     kVectorPanels},
    {"int8 q5 avx512", kAvx512Vnni, L::kPanelQ5, kInt8, kAnyRow, anyMatrix, avx512::matmulInt8PanelQ5, kVectorSpeed,
     kVectorPanels},
    {"int8 q4k avx512", kAvx512Vnni, L::kPanelQ4K, kInt8, kAnyRow, anyMatrix, avx512::matmulInt8PanelQ4K, kVectorSpeed,
     kVectorPanels},
    {"int8 q5k avx512", kAvx512Vnni, L::kPanelQ5K, kInt8, kAnyRow, anyMatrix, avx512::matmulInt8PanelQ5K, kVectorSpeed,
     kVectorPanels},
    {"int8 q6k avx512", kAvx512Vnni, L::kPanelQ6K, kInt8, kAnyRow, anyMatrix, avx512::matmulInt8PanelQ6K, kVectorSpeed,
     kVectorPanels},
    {"split q4min avx512", kAvx512Vnni, L::kPanelQ4Min, kSplit, kPrefillRow, anyMatrix, avx512::matmulSplitPanelQ4Min,
     kSplitSpeed, kSplitPanels},
    {"split q4 avx512", kAvx512Vnni, L::kPanelQ4, kSplit, kPrefillRow, anyMatrix, avx512::matmulSplitPanelQ4,
     kSplitSpeed, kSplitPanels},
    {"split q8 avx512", kAvx512Vnni, L::kPanelQ8, kSplit, kPrefillRow, anyMatrix, avx512::matmulSplitPanelQ8,
     kSplitSpeed, kSplitPanels},
    {"split q5 avx512", kAvx512Vnni, L::kPanelQ5, kSplit, kPrefillRow, anyMatrix, avx512::matmulSplitPanelQ5,
     kSplitSpeed, kSplitPanels},
    {"split q4k avx512", kAvx512Vnni, L::kPanelQ4K, kSplit, kPrefillRow, anyMatrix, avx512::matmulSplitPanelQ4K,
     kSplitSpeed, kSplitPanels},
    {"split q5k avx512", kAvx512Vnni, L::kPanelQ5K, kSplit, kPrefillRow, anyMatrix, avx512::matmulSplitPanelQ5K,
     kSplitSpeed, kSplitPanels},
    {"split q6k avx512", kAvx512Vnni, L::kPanelQ6K, kSplit, kPrefillRow, anyMatrix, avx512::matmulSplitPanelQ6K,
     kSplitSpeed, kSplitPanels},
    {"f32 q4min avx512", kAvx512, L::kPanelQ4Min, kF32, kAnyRow, anyMatrix, avx512::matmulF32PanelQ4Min},
    {"f32 q4 avx512", kAvx512, L::kPanelQ4, kF32, kAnyRow, anyMatrix, avx512::matmulF32PanelQ4},
    {"f32 q8 avx512", kAvx512, L::kPanelQ8, kF32, kAnyRow, anyMatrix, avx512::matmulF32PanelQ8},
    {"f32 q5 avx512", kAvx512, L::kPanelQ5, kF32, kAnyRow, anyMatrix, avx512::matmulF32PanelQ5},
    {"f32 q4k avx512", kAvx512, L::kPanelQ4K, kF32, kAnyRow, anyMatrix, avx512::matmulF32PanelQ4K},
    {"f32 q5k avx512", kAvx512, L::kPanelQ5K, kF32, kAnyRow, anyMatrix, avx512::matmulF32PanelQ5K},
    {"f32 q6k avx512", kAvx512, L::kPanelQ6K, kF32, kAnyRow, anyMatrix, avx512::matmulF32PanelQ6K},
    {"f32 bf16 avx512", kAvx512, L::kPanelBF16, kF32, kAnyRow, anyMatrix, avx512::matmulF32PanelBF16},
    {"f32 f16 avx512", kAvx512, L::kPanelF16, kF32, kAnyRow, anyMatrix, avx512::matmulF32PanelF16},
    {"f32 f32 avx512", kAvx512, L::kPanelF32, kF32, kAnyRow, anyMatrix, avx512::matmulF32PanelF32},
    {"int8 q4min avxvnni", kAvxVnni, L::kPanelQ4Min, kInt8, kAnyRow, anyMatrix, avxvnni::matmulInt8PanelQ4Min,
     kVectorSpeedVnni, kVectorPanels},
    {"int8 q4 avxvnni", kAvxVnni, L::kPanelQ4, kInt8, kAnyRow, anyMatrix, avxvnni::matmulInt8PanelQ4, kVectorSpeedVnni,
     kVectorPanels},
    {"int8 q8 avxvnni", kAvxVnni, L::kPanelQ8, kInt8, kAnyRow, anyMatrix, avxvnni::matmulInt8PanelQ8, kVectorSpeedVnni,
     kVectorPanels},
    {"int8 q5 avxvnni", kAvxVnni, L::kPanelQ5, kInt8, kAnyRow, anyMatrix, avxvnni::matmulInt8PanelQ5, kVectorSpeedVnni,
     kVectorPanels},
    {"int8 q4k avxvnni", kAvxVnni, L::kPanelQ4K, kInt8, kAnyRow, anyMatrix, avxvnni::matmulInt8PanelQ4K,
     kVectorSpeedVnni, kVectorPanels},
    {"int8 q5k avxvnni", kAvxVnni, L::kPanelQ5K, kInt8, kAnyRow, anyMatrix, avxvnni::matmulInt8PanelQ5K,
     kVectorSpeedVnni, kVectorPanels},
    {"int8 q6k avxvnni", kAvxVnni, L::kPanelQ6K, kInt8, kAnyRow, anyMatrix, avxvnni::matmulInt8PanelQ6K,
     kVectorSpeedVnni, kVectorPanels},
    {"int8 q4min avx2", kAvx2, L::kPanelQ4Min, kInt8, kAnyRow, anyMatrix, avx2::matmulInt8PanelQ4Min, kVectorSpeedAvx2,
     kVectorPanels},
    {"int8 q4 avx2", kAvx2, L::kPanelQ4, kInt8, kAnyRow, anyMatrix, avx2::matmulInt8PanelQ4, kVectorSpeedAvx2,
     kVectorPanels},
    {"int8 q8 avx2", kAvx2, L::kPanelQ8, kInt8, kAnyRow, anyMatrix, avx2::matmulInt8PanelQ8, kVectorSpeedAvx2,
     kVectorPanels},
    {"int8 q5 avx2", kAvx2, L::kPanelQ5, kInt8, kAnyRow, anyMatrix, avx2::matmulInt8PanelQ5, kVectorSpeedAvx2,
     kVectorPanels},
    {"int8 q4k avx2", kAvx2, L::kPanelQ4K, kInt8, kAnyRow, anyMatrix, avx2::matmulInt8PanelQ4K, kVectorSpeedAvx2,
     kVectorPanels},
    {"int8 q5k avx2", kAvx2, L::kPanelQ5K, kInt8, kAnyRow, anyMatrix, avx2::matmulInt8PanelQ5K, kVectorSpeedAvx2,
     kVectorPanels},
    {"int8 q6k avx2", kAvx2, L::kPanelQ6K, kInt8, kAnyRow, anyMatrix, avx2::matmulInt8PanelQ6K, kVectorSpeedAvx2,
     kVectorPanels},
    {"split q4min avxvnni", kAvxVnni, L::kPanelQ4Min, kSplit, kPrefillRow, anyMatrix, avxvnni::matmulSplitPanelQ4Min,
     kSplitSpeedVnni, kSplitPanels},
    {"split q4 avxvnni", kAvxVnni, L::kPanelQ4, kSplit, kPrefillRow, anyMatrix, avxvnni::matmulSplitPanelQ4,
     kSplitSpeedVnni, kSplitPanels},
    {"split q8 avxvnni", kAvxVnni, L::kPanelQ8, kSplit, kPrefillRow, anyMatrix, avxvnni::matmulSplitPanelQ8,
     kSplitSpeedVnni, kSplitPanels},
    {"split q5 avxvnni", kAvxVnni, L::kPanelQ5, kSplit, kPrefillRow, anyMatrix, avxvnni::matmulSplitPanelQ5,
     kSplitSpeedVnni, kSplitPanels},
    {"split q4k avxvnni", kAvxVnni, L::kPanelQ4K, kSplit, kPrefillRow, anyMatrix, avxvnni::matmulSplitPanelQ4K,
     kSplitSpeedVnni, kSplitPanels},
    {"split q5k avxvnni", kAvxVnni, L::kPanelQ5K, kSplit, kPrefillRow, anyMatrix, avxvnni::matmulSplitPanelQ5K,
     kSplitSpeedVnni, kSplitPanels},
    {"split q6k avxvnni", kAvxVnni, L::kPanelQ6K, kSplit, kPrefillRow, anyMatrix, avxvnni::matmulSplitPanelQ6K,
     kSplitSpeedVnni, kSplitPanels},
    {"split q4min avx2", kAvx2, L::kPanelQ4Min, kSplit, kPrefillRow, anyMatrix, avx2::matmulSplitPanelQ4Min,
     kSplitSpeedAvx2, kSplitPanels},
    {"split q4 avx2", kAvx2, L::kPanelQ4, kSplit, kPrefillRow, anyMatrix, avx2::matmulSplitPanelQ4, kSplitSpeedAvx2,
     kSplitPanels},
    {"split q8 avx2", kAvx2, L::kPanelQ8, kSplit, kPrefillRow, anyMatrix, avx2::matmulSplitPanelQ8, kSplitSpeedAvx2,
     kSplitPanels},
    {"split q5 avx2", kAvx2, L::kPanelQ5, kSplit, kPrefillRow, anyMatrix, avx2::matmulSplitPanelQ5, kSplitSpeedAvx2,
     kSplitPanels},
    {"split q4k avx2", kAvx2, L::kPanelQ4K, kSplit, kPrefillRow, anyMatrix, avx2::matmulSplitPanelQ4K, kSplitSpeedAvx2,
     kSplitPanels},
    {"split q5k avx2", kAvx2, L::kPanelQ5K, kSplit, kPrefillRow, anyMatrix, avx2::matmulSplitPanelQ5K, kSplitSpeedAvx2,
     kSplitPanels},
    {"split q6k avx2", kAvx2, L::kPanelQ6K, kSplit, kPrefillRow, anyMatrix, avx2::matmulSplitPanelQ6K, kSplitSpeedAvx2,
     kSplitPanels},
    {"f32 q4min avx2", kAvx2, L::kPanelQ4Min, kF32, kAnyRow, anyMatrix, avx2::matmulF32PanelQ4Min},
    {"f32 q4 avx2", kAvx2, L::kPanelQ4, kF32, kAnyRow, anyMatrix, avx2::matmulF32PanelQ4},
    {"f32 q8 avx2", kAvx2, L::kPanelQ8, kF32, kAnyRow, anyMatrix, avx2::matmulF32PanelQ8},
    {"f32 q5 avx2", kAvx2, L::kPanelQ5, kF32, kAnyRow, anyMatrix, avx2::matmulF32PanelQ5},
    {"f32 q4k avx2", kAvx2, L::kPanelQ4K, kF32, kAnyRow, anyMatrix, avx2::matmulF32PanelQ4K},
    {"f32 q5k avx2", kAvx2, L::kPanelQ5K, kF32, kAnyRow, anyMatrix, avx2::matmulF32PanelQ5K},
    {"f32 q6k avx2", kAvx2, L::kPanelQ6K, kF32, kAnyRow, anyMatrix, avx2::matmulF32PanelQ6K},
    {"f32 bf16 avx2", kAvx2, L::kPanelBF16, kF32, kAnyRow, anyMatrix, avx2::matmulF32PanelBF16},
    {"f32 f16 avx2", kAvx2, L::kPanelF16, kF32, kAnyRow, anyMatrix, avx2::matmulF32PanelF16},
    {"f32 f32 avx2", kAvx2, L::kPanelF32, kF32, kAnyRow, anyMatrix, avx2::matmulF32PanelF32},
    {"int8 q4min reference", kBaseline, L::kPanelQ4Min, kInt8, kAnyRow, anyMatrix, reference::matmulInt8PanelQ4Min},
    {"int8 q4 reference", kBaseline, L::kPanelQ4, kInt8, kAnyRow, anyMatrix, reference::matmulInt8PanelQ4},
    {"int8 q8 reference", kBaseline, L::kPanelQ8, kInt8, kAnyRow, anyMatrix, reference::matmulInt8PanelQ8},
    {"int8 q5 reference", kBaseline, L::kPanelQ5, kInt8, kAnyRow, anyMatrix, reference::matmulInt8PanelQ5},
    {"int8 q4k reference", kBaseline, L::kPanelQ4K, kInt8, kAnyRow, anyMatrix, reference::matmulInt8PanelQ4K},
    {"int8 q5k reference", kBaseline, L::kPanelQ5K, kInt8, kAnyRow, anyMatrix, reference::matmulInt8PanelQ5K},
    {"int8 q6k reference", kBaseline, L::kPanelQ6K, kInt8, kAnyRow, anyMatrix, reference::matmulInt8PanelQ6K},
    {"f32 q4min reference", kBaseline, L::kPanelQ4Min, kF32, kAnyRow, anyMatrix, reference::matmulF32PanelQ4Min},
    {"f32 q4 reference", kBaseline, L::kPanelQ4, kF32, kAnyRow, anyMatrix, reference::matmulF32PanelQ4},
    {"f32 q8 reference", kBaseline, L::kPanelQ8, kF32, kAnyRow, anyMatrix, reference::matmulF32PanelQ8},
    {"f32 q5 reference", kBaseline, L::kPanelQ5, kF32, kAnyRow, anyMatrix, reference::matmulF32PanelQ5},
    {"f32 q4k reference", kBaseline, L::kPanelQ4K, kF32, kAnyRow, anyMatrix, reference::matmulF32PanelQ4K},
    {"f32 q5k reference", kBaseline, L::kPanelQ5K, kF32, kAnyRow, anyMatrix, reference::matmulF32PanelQ5K},
    {"f32 q6k reference", kBaseline, L::kPanelQ6K, kF32, kAnyRow, anyMatrix, reference::matmulF32PanelQ6K},
    {"f32 bf16 reference", kBaseline, L::kPanelBF16, kF32, kAnyRow, anyMatrix, reference::matmulF32PanelBF16},
    {"f32 f16 reference", kBaseline, L::kPanelF16, kF32, kAnyRow, anyMatrix, reference::matmulF32PanelF16},
    {"f32 f32 reference", kBaseline, L::kPanelF32, kF32, kAnyRow, anyMatrix, reference::matmulF32PanelF32},
    // Behind f32, which is plain code's most exact and no slower; what the others are compared with.
    {"split q4min reference", kBaseline, L::kPanelQ4Min, kSplit, kPrefillRow, anyMatrix,
     reference::matmulSplitPanelQ4Min},
    {"split q4 reference", kBaseline, L::kPanelQ4, kSplit, kPrefillRow, anyMatrix, reference::matmulSplitPanelQ4},
    {"split q8 reference", kBaseline, L::kPanelQ8, kSplit, kPrefillRow, anyMatrix, reference::matmulSplitPanelQ8},
    {"split q5 reference", kBaseline, L::kPanelQ5, kSplit, kPrefillRow, anyMatrix, reference::matmulSplitPanelQ5},
    {"split q4k reference", kBaseline, L::kPanelQ4K, kSplit, kPrefillRow, anyMatrix, reference::matmulSplitPanelQ4K},
    {"split q5k reference", kBaseline, L::kPanelQ5K, kSplit, kPrefillRow, anyMatrix, reference::matmulSplitPanelQ5K},
    {"split q6k reference", kBaseline, L::kPanelQ6K, kSplit, kPrefillRow, anyMatrix, reference::matmulSplitPanelQ6K},
};

constexpr EmbeddingKernel kEmbedding[] = {
    {"q4min reference", kBaseline, L::kPanelQ4Min, anyMatrix, reference::embeddingPanelQ4Min},
    {"q4 reference", kBaseline, L::kPanelQ4, anyMatrix, reference::embeddingPanelQ4},
    {"q8 reference", kBaseline, L::kPanelQ8, anyMatrix, reference::embeddingPanelQ8},
    {"q5 reference", kBaseline, L::kPanelQ5, anyMatrix, reference::embeddingPanelQ5},
    {"q4k reference", kBaseline, L::kPanelQ4K, anyMatrix, reference::embeddingPanelQ4K},
    {"q5k reference", kBaseline, L::kPanelQ5K, anyMatrix, reference::embeddingPanelQ5K},
    {"q6k reference", kBaseline, L::kPanelQ6K, anyMatrix, reference::embeddingPanelQ6K},
    {"bf16 reference", kBaseline, L::kPanelBF16, anyMatrix, reference::embeddingPanelBF16},
    {"f16 reference", kBaseline, L::kPanelF16, anyMatrix, reference::embeddingPanelF16},
    {"f32 reference", kBaseline, L::kPanelF32, anyMatrix, reference::embeddingPanelF32},
};

} // namespace

std::span<const MatmulKernel> matmulKernels() {
    return kMatmul;
}

std::span<const EmbeddingKernel> embeddingKernels() {
    return kEmbedding;
}

} // namespace alcuin::inference::cpu
