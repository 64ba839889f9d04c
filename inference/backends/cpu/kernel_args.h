#pragma once

#include <stddef.h>
#include <stdint.h>

#include "backends/cpu/panels.h"

/// What kernels are given: plain data, so that code compiled for an ISA shares no function with the rest. Sizes and
/// pointers were checked by the op that calls; kernels trust them, allocate nothing and can't fail.
namespace alcuin::inference::cpu {

/// Rows quantised to int8 in groups of 32: x[r][k] ~ scale[r][k / 32] * values[r][k].
struct QuantisedRows {
    int8_t* values; ///< [R][K]
    float* scale;   ///< [R][K / 32]
    int32_t* sum;   ///< [R][K / 32] sums of a group's values
    float* offset;  ///< [R][K / 32] scale * sum
    int32_t* lower; ///< [R][K / 32] sums of the first 16 of a group's values
};

/// scale = max |x| / 127, values = x / scale to nearest, ties to even. A group that holds an infinity or a NaN gets a
/// scale of NaN: a broken number stays visible.
struct QuantiseArgs {
    const float* x; ///< [R][K]
    QuantisedRows out;
    size_t rowBegin;
    size_t rowEnd;
    size_t depth; ///< K, a multiple of 32
};

/// Writes rows [rowBegin, rowEnd) as bf16 to tiles [row / 16][K / 32][row % 16][32], to nearest, ties to even: the left
/// operand of products in bf16.
struct PackArgs {
    const float* x;  ///< [R][K]
    uint16_t* tiles; ///< of [R / 16 rounded up][K / 32][16][32]
    size_t rowBegin;
    size_t rowEnd;
    size_t depth; ///< K, a multiple of 32
};

/// Rows of a tile of split rows.
inline constexpr size_t kSplitTile = 16;

/// 32 numbers of a row in int8, x[k] ~ scale * values[k], and all that a product needs of them: one cache line.
struct SplitGroup {
    int8_t values[kGroup];
    float scale;
    float offset;  ///< scale * sum, of the coarse term and of the fine one together
    int32_t sum;   ///< of values
    int32_t lower; ///< of the first 16
    /// kSplitStart less 8, 16 and 128 times the sum: where integer sums start for weights that are as much too large.
    int32_t start8;
    int32_t start16;
    int32_t start128;
    int32_t unused;
};
static_assert(sizeof(SplitGroup) == 64);

/// As the start of an integer sum it makes the sum's bits those of the float kSplitMagic + sum, as long as the sum is
/// below 2^22: products needn't be converted, and nothing is rounded.
inline constexpr int32_t kSplitStart = 0x4b400000;
inline constexpr float kSplitMagic = 12582912.0F;

/// Rows in int8 of one or two terms, x ~ coarse + fine, in tiles [row / 16][K / 32][row % 16].
struct SplitRows {
    SplitGroup* coarse;
    SplitGroup* fine;  ///< unwritten where a group has none; its offset isn't used
    uint8_t* fineRows; ///< 255 where a group has a fine term, 0 elsewhere
};

/// coarse: as QuantiseArgs has it. fine: what that leaves, in steps of scale / kFineSteps to nearest, for the groups
/// whose scale squared exceeds kFineShare times the mean of the row's scales squared: the few that hold a row's largest
/// numbers make most of its error, which grows with the square of the scale. The mean's sum runs in order.
struct SplitArgs {
    const float* x; ///< [R][K]
    SplitRows out;
    size_t rowBegin;
    size_t rowEnd;
    size_t depth; ///< K, a multiple of 32
};

/// A coarse term is wrong by half a step at most, which is 127 fine steps.
inline constexpr float kFineSteps = 254;

/// Measured on SmolLM2 over 400 tokens, share of groups with a fine term, NMSE of the logits and KL: 0 gives all, 3e-6
/// and 3e-5; 0.5 gives 41%, 3.4e-5 and 3.4e-4; 1 gives 22%, 5.4e-5 and 5.2e-4; 2 gives 11%, 7.1e-5 and 8.0e-4; none at
/// all 3.6e-4 and 3.2e-3. From 2 on a close call of more than 0.1 between two logits comes out differently.
inline constexpr float kFineShare = 1;

/// What the calling worker multiplies by next: panels `bytes` apart. A kernel that streams weights fetches where these
/// begin while it multiplies by the last groups of its own, so that memory has work between two calls. It changes no
/// result.
struct NextPanels {
    const void* first; ///< null: nothing is known to follow
    size_t bytes;
};

/// y[r][n] = sum_k x[r][k] * w[n][k], for the panels [panelBegin, panelEnd) of w.
/// f32 activations: w is widened to f32, and k adds up in order, one accumulator for each y[r][n].
/// int8 activations: groups g add up in order, y = y + (isum * scale_w) * scale_x with the exact integer sum of the
/// group, where its halves have scales of their own (whole numbers, factors of scale_w) each half's sum times its
/// scale; then, for layouts with a minimum, y = y + minimum * offset_x. Whether a multiplication and its addition round
/// once or twice is the kernel's choice, the same for all rows.
/// Split activations: as int8, and after a group's coarse term its fine one, y = y + (isum * scale_w) * scale_x.
/// bf16 activations: w is rounded to bf16, scale and
/// minimum folded in; sums are f32, their order fixed by K alone.
struct MatmulArgs {
    const void* weights; ///< panels of the layout
    size_t outputs;      ///< N
    size_t depth;        ///< K
    size_t panelBegin;
    size_t panelEnd;
    const float* x;          ///< [R][K]; f32 activations only
    QuantisedRows quantised; ///< int8 activations only
    SplitRows split;         ///< split activations only: from the tile that holds row 0
    const uint16_t* tiles;   ///< bf16 activations only: as PackArgs has them, from the tile that holds row 0
    size_t tileRow;          ///< row of that tile that row 0 is
    size_t rows;             ///< R
    float* y;                ///< [R][yStride]
    size_t yStride;
    void* scratch;   ///< kMatmulScratchBytes for this worker, 64-byte aligned; kTileScratchBytes with bf16 activations
    NextPanels next; ///< of the call that follows
};

/// silu(x Wgate) * (x Wup) in one go, as the bf16 activations of the next product. silu(z) = z / (1 + exp(-z)); all is
/// f32 until the result is rounded. Source: Shazeer 2020, arXiv:2002.05202.
struct GatedMatmulArgs {
    MatmulArgs gate;  ///< activations in bf16, N a multiple of 32; y isn't written
    const void* up;   ///< as gate.weights
    uint16_t* result; ///< as MatmulArgs::tiles: from the tile that holds row 0 and output 0, of rows `width` deep
    size_t width;     ///< a multiple of 32, at least N
};

inline constexpr size_t kMatmulScratchBytes = 64 * 1024;

/// Products in tiles: sums of 256 rows x 384 outputs that wait while the depth goes by in blocks, and two blocks of
/// unpacked weights of 32 outputs x 768 deep.
inline constexpr size_t kTileScratchBytes = 256 * 384 * 4 + 2 * 32 * 768 * 2;

/// residual[r] += delta[r] (if delta is given), then y[r][e] = residual[r][e] * gamma[e] / sqrt(mean(residual^2) +
/// eps).
struct RmsNormArgs {
    float* residual;    ///< [R][E]; only read where delta is null
    const float* delta; ///< [R][E] or null: nothing is added
    const float* gamma; ///< [E]
    float* y;           ///< [R][E]
    size_t rowBegin;
    size_t rowEnd;
    size_t width; ///< E
    float epsilon;
};

/// Turns pairs of a head's first 2P numbers by the row's angles: (a, b) -> (a cos - b sin, a sin + b cos).
/// Pair i is (2i, 2i + 1) when interleaved, (i, P + i) when half-split.
struct RopeArgs {
    float* x; ///< [R][stride], heads side by side
    size_t stride;
    size_t rowBegin;
    size_t rowEnd;
    size_t heads;
    size_t headSize;
    size_t pairs;        ///< P
    const float* cosine; ///< [R][P]
    const float* sine;   ///< [R][P]
    bool halfSplit;
};

/// Writes keys and values of consecutive tokens of one sequence into its pages.
struct KvStoreArgs {
    const float* keys;   ///< [R][keyStride], head h at h * headSize
    const float* values; ///< [R][valueStride], head h at h * valueSize
    size_t keyStride;
    size_t valueStride;
    size_t rowBegin;
    size_t rowEnd;
    size_t firstToken; ///< place in the sequence of row 0
    size_t heads;
    size_t headSize;
    size_t valueSize;
    unsigned char* const* pages; ///< the sequence's, one for every 64 tokens
    size_t keyOffset;            ///< of the layer's keys of head 0 within a page; heads follow each other
    size_t valueOffset;
};

/// Keys that one partial result covers: a multiple of a page; parts are merged in order.
inline constexpr size_t kAttentionSplit = 512;

/// Keys of a step of the running softmax on tiles; a part is a multiple of it.
inline constexpr size_t kAttentionBlock = 256;

/// Scaled dot product attention of one KV head and the query heads that share it, over the keys
/// [splitBegin * 512, splitEnd * 512) as far as each row sees them.
/// Within a part of 512 keys, pages of 64 keys (or blocks of 256) follow each other with a running softmax (Milakov &
/// Gimelshein 2018, arXiv:1805.02867); parts are merged in order, here or by the merge kernel, with the same
/// arithmetic.
struct AttentionArgs {
    const float* q; ///< [rows][qStride], head h at h * headSize
    size_t qStride;
    size_t rows;
    size_t firstVisible; ///< keys that row 0 sees; row t sees t more
    size_t firstHead;    ///< first query head of the group
    size_t groupHeads;
    size_t headSize;
    size_t valueSize;
    float scale;
    const unsigned char* const* pages;
    size_t keyOffset;   ///< of this layer's and head's keys within a page
    size_t valueOffset; ///< of its values
    size_t splitBegin;
    size_t splitEnd;
    float* out; ///< [rows][outStride], head h at h * valueSize; unused where partial is given
    size_t outStride;
    float* partial; ///< null, or [rows * groupHeads][partialStride] of {max, sum, weighted values [valueSize]}
    size_t partialStride;
    float* scratch; ///< attentionScratch(rows * groupHeads, headSize, valueSize) floats
};

/// out = the merged parts of one row and head, in order, divided by their sum.
struct AttentionMergeArgs {
    const float* partial; ///< [parts][partStride] of {max, sum, weighted values}
    size_t parts;
    size_t partStride; ///< from one part to the next, at least 2 + valueSize
    size_t valueSize;
    float* out;     ///< [valueSize]
    float* scratch; ///< 2 + valueSize floats
};

/// gate[r][f] = silu(gate[r][f]) * up[r][f], silu(z) = z / (1 + exp(-z)).
struct SwigluArgs {
    float* gate;     ///< [R][F]
    const float* up; ///< [R][F]
    size_t begin;    ///< elements [begin, end) of R * F
    size_t end;
};

/// y[r] = row tokens[r] of the matrix.
struct EmbeddingArgs {
    const void* weights; ///< panels of the layout
    size_t depth;        ///< E
    const int32_t* tokens;
    float* y; ///< [R][E]
    size_t rowBegin;
    size_t rowEnd;
};

} // namespace alcuin::inference::cpu
