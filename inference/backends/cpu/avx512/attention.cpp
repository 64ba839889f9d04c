#include <immintrin.h>

#include "backends/cpu/avx512/kernels.h"
#include "backends/cpu/avx512/math.h"
#include "backends/cpu/finite_values.h"
#include "tensor/kv_format.h"

namespace alcuin::inference::cpu::avx512 {

namespace {

constexpr size_t kKeyBlock = 16;
constexpr size_t kBlocks = kPageTokens / kKeyBlock;
constexpr float kMinusInfinity = -__builtin_inff();

/// Query vectors that go over a page together.
constexpr size_t kTogether = 8;

/// Blocks of keys, and vectors of 16 of a value's numbers, that R query vectors take at a time: R times as many sums
/// fit the 32 registers, and enough of them hide the additions' latency.
constexpr int blocksFor(int vectors) {
    return vectors <= 4 ? 4 : 2;
}

inline __m512 evens(__m512i pairs) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(pairs, 16));
}

inline __m512 odds(__m512i pairs) {
    return _mm512_castsi512_ps(_mm512_and_si512(pairs, _mm512_set1_epi32(static_cast<int>(0xffff0000U))));
}

/// R query vectors, their scores on a page, and {max, sum, weighted values} so far.
template <int R>
struct Vectors {
    const float* q[R];
    float* part[R];
    size_t count[R]; ///< keys of this page that the vector sees
    float (*score)[kPageTokens];
};

/// What a page is computed from and what is fetched meanwhile: the next one, or itself where none follows.
struct Page {
    const unsigned char* keys;
    const unsigned char* values;
    const unsigned char* nextKeys;
    const unsigned char* nextValues;
    size_t headSize;
    size_t valueSize;
};

inline void fetch(const unsigned char* p) {
    _mm_prefetch(reinterpret_cast<const char*>(p), _MM_HINT_T1);
}

/// bf16 is widened and multiplied in f32: each pair of K or V serves all R vectors.
struct FormatBF16 {
    static constexpr bool kScaled = false;

    /// Dot products with kCount blocks of 16 keys, beginning with `block`.
    template <int R, int kCount>
    static inline void scores(const Page& page, size_t block, const Vectors<R>& v) {
        const size_t blockBytes = page.headSize * kKeyBlock * 2;
        __m512 sum[kCount][R];
#pragma GCC unroll 32
        for (int i = 0; i < kCount * R; ++i) {
            sum[i / R][i % R] = _mm512_setzero_ps();
        }
        for (size_t d = 0; d < page.headSize; d += 2) {
#pragma GCC unroll 4
            for (int b = 0; b < kCount; ++b) {
                const size_t at = (block + static_cast<size_t>(b)) * blockBytes + d * kKeyBlock * 2;
                fetch(page.nextKeys + at);
                const __m512i pairs = _mm512_loadu_si512(page.keys + at);
                const __m512 even = evens(pairs);
                const __m512 odd = odds(pairs);
#pragma GCC unroll 8
                for (int r = 0; r < R; ++r) {
                    sum[b][r] = _mm512_fmadd_ps(even, _mm512_set1_ps(v.q[r][d]), sum[b][r]);
                    sum[b][r] = _mm512_fmadd_ps(odd, _mm512_set1_ps(v.q[r][d + 1]), sum[b][r]);
                }
            }
        }
#pragma GCC unroll 32
        for (int i = 0; i < kCount * R; ++i) {
            _mm512_store_ps(v.score[i % R] + (block + static_cast<size_t>(i / R)) * kKeyBlock, sum[i / R][i % R]);
        }
    }

    /// Adds tokens [0, count) to 16 * kCount numbers, from d on, of R vectors' weighted values, one token after the
    /// other. A vector that doesn't see a token has the weight 0 for it.
    template <int R, int kCount>
    static inline void addValues(const Page& page, size_t count, size_t d, const Vectors<R>& v) {
        __m512 sum[kCount][R];
#pragma GCC unroll 32
        for (int i = 0; i < kCount * R; ++i) {
            sum[i / R][i % R] = _mm512_loadu_ps(v.part[i % R] + 2 + d + 16 * static_cast<size_t>(i / R));
        }
        for (size_t j = 0; j + 2 <= count; j += 2) {
#pragma GCC unroll 4
            for (int c = 0; c < kCount; ++c) {
                const size_t at = (j * page.valueSize + (d + 16 * static_cast<size_t>(c)) * 2) * 2;
                fetch(page.nextValues + at);
                const __m512i pairs = _mm512_loadu_si512(page.values + at);
                const __m512 even = evens(pairs);
                const __m512 odd = odds(pairs);
#pragma GCC unroll 8
                for (int r = 0; r < R; ++r) {
                    sum[c][r] = _mm512_fmadd_ps(even, _mm512_set1_ps(v.score[r][j]), sum[c][r]);
                    sum[c][r] = _mm512_fmadd_ps(odd, _mm512_set1_ps(v.score[r][j + 1]), sum[c][r]);
                }
            }
        }
        if (count % 2 != 0) {
            const size_t j = count - 1;
#pragma GCC unroll 4
            for (int c = 0; c < kCount; ++c) {
                const size_t at = (j * page.valueSize + (d + 16 * static_cast<size_t>(c)) * 2) * 2;
                const __m512 even = evens(_mm512_loadu_si512(page.values + at));
#pragma GCC unroll 8
                for (int r = 0; r < R; ++r) {
                    sum[c][r] = _mm512_fmadd_ps(even, _mm512_set1_ps(v.score[r][j]), sum[c][r]);
                }
            }
        }
#pragma GCC unroll 32
        for (int i = 0; i < kCount * R; ++i) {
            _mm512_storeu_ps(v.part[i % R] + 2 + d + 16 * static_cast<size_t>(i / R), sum[i / R][i % R]);
        }
    }
};

struct FormatF32 {
    static constexpr bool kScaled = false;

    template <int R, int kCount>
    static inline void scores(const Page& page, size_t block, const Vectors<R>& v) {
        const auto* keys = reinterpret_cast<const float*>(page.keys) + block * page.headSize * kKeyBlock;
        __m512 sum[kCount][R];
#pragma GCC unroll 32
        for (int i = 0; i < kCount * R; ++i) {
            sum[i / R][i % R] = _mm512_setzero_ps();
        }
        for (size_t d = 0; d < page.headSize; ++d) {
#pragma GCC unroll 4
            for (int b = 0; b < kCount; ++b) {
                const __m512 k = _mm512_loadu_ps(keys + (static_cast<size_t>(b) * page.headSize + d) * kKeyBlock);
#pragma GCC unroll 8
                for (int r = 0; r < R; ++r) {
                    sum[b][r] = _mm512_fmadd_ps(k, _mm512_set1_ps(v.q[r][d]), sum[b][r]);
                }
            }
        }
#pragma GCC unroll 32
        for (int i = 0; i < kCount * R; ++i) {
            _mm512_store_ps(v.score[i % R] + (block + static_cast<size_t>(i / R)) * kKeyBlock, sum[i / R][i % R]);
        }
    }

    template <int R, int kCount>
    static inline void addValues(const Page& page, size_t count, size_t d, const Vectors<R>& v) {
        const auto* values = reinterpret_cast<const float*>(page.values) + d;
        __m512 sum[kCount][R];
#pragma GCC unroll 32
        for (int i = 0; i < kCount * R; ++i) {
            sum[i / R][i % R] = _mm512_loadu_ps(v.part[i % R] + 2 + d + 16 * static_cast<size_t>(i / R));
        }
        for (size_t j = 0; j < count; ++j) {
#pragma GCC unroll 4
            for (int c = 0; c < kCount; ++c) {
                const __m512 x = _mm512_loadu_ps(values + j * page.valueSize + 16 * static_cast<size_t>(c));
#pragma GCC unroll 8
                for (int r = 0; r < R; ++r) {
                    sum[c][r] = _mm512_fmadd_ps(x, _mm512_set1_ps(v.score[r][j]), sum[c][r]);
                }
            }
        }
#pragma GCC unroll 32
        for (int i = 0; i < kCount * R; ++i) {
            _mm512_storeu_ps(v.part[i % R] + 2 + d + 16 * static_cast<size_t>(i / R), sum[i / R][i % R]);
        }
    }
};

inline __m512 widened(const int8_t* numbers) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(numbers));
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes));
}

/// int8 is widened and multiplied in f32 as it is: a token's scale goes to its score and to its weight.
struct FormatInt8 {
    static constexpr bool kScaled = true;

    template <int R, int kCount>
    static inline void scores(const Page& page, size_t block, const Vectors<R>& v) {
        __m512 sum[kCount][R];
#pragma GCC unroll 32
        for (int i = 0; i < kCount * R; ++i) {
            sum[i / R][i % R] = _mm512_setzero_ps();
        }
        for (size_t d = 0; d < page.headSize; ++d) {
#pragma GCC unroll 4
            for (int b = 0; b < kCount; ++b) {
                const size_t at = ((block + static_cast<size_t>(b)) * page.headSize + d) * kKeyBlock;
                if (d % 4 == 0) {
                    fetch(page.nextKeys + at);
                }
                const __m512 k = widened(reinterpret_cast<const int8_t*>(page.keys) + at);
#pragma GCC unroll 8
                for (int r = 0; r < R; ++r) {
                    sum[b][r] = _mm512_fmadd_ps(k, _mm512_set1_ps(v.q[r][d]), sum[b][r]);
                }
            }
        }
#pragma GCC unroll 32
        for (int i = 0; i < kCount * R; ++i) {
            _mm512_store_ps(v.score[i % R] + (block + static_cast<size_t>(i / R)) * kKeyBlock, sum[i / R][i % R]);
        }
    }

    template <int R, int kCount>
    static inline void addValues(const Page& page, size_t count, size_t d, const Vectors<R>& v) {
        __m512 sum[kCount][R];
#pragma GCC unroll 32
        for (int i = 0; i < kCount * R; ++i) {
            sum[i / R][i % R] = _mm512_loadu_ps(v.part[i % R] + 2 + d + 16 * static_cast<size_t>(i / R));
        }
        for (size_t j = 0; j < count; ++j) {
            fetch(page.nextValues + j * page.valueSize + d);
#pragma GCC unroll 4
            for (int c = 0; c < kCount; ++c) {
                const size_t at = j * page.valueSize + d + 16 * static_cast<size_t>(c);
                const __m512 x = widened(reinterpret_cast<const int8_t*>(page.values) + at);
#pragma GCC unroll 8
                for (int r = 0; r < R; ++r) {
                    sum[c][r] = _mm512_fmadd_ps(x, _mm512_set1_ps(v.score[r][j]), sum[c][r]);
                }
            }
        }
#pragma GCC unroll 32
        for (int i = 0; i < kCount * R; ++i) {
            _mm512_storeu_ps(v.part[i % R] + 2 + d + 16 * static_cast<size_t>(i / R), sum[i / R][i % R]);
        }
    }
};

/// Lanes of block `block` that are among the first `count` keys.
inline __mmask16 seenOf(size_t count, size_t block) {
    const size_t seen = count > block * kKeyBlock ? count - block * kKeyBlock : 0;
    return static_cast<__mmask16>(seen < kKeyBlock ? (1U << seen) - 1U : 0xffffU);
}

/// Scales of block `block` of an int8 head.
inline __m512 scalesOf(const unsigned char* head, size_t size, size_t block) {
    return _mm512_loadu_ps(head + kPageTokens * size + block * kKeyBlock * sizeof(float));
}

/// Turns a page's scores into weights, zero for keys that aren't seen, and brings max, sum and weighted values so far
/// to the new maximum. Maxima are those of scores * scale * log2(e): weights are powers of two. kScaled: the page's
/// keys and values have scales of their own.
template <bool kScaled>
inline void soften(const Page& page, float* score, size_t count, float scale, float* part) {
    const size_t valueSize = page.valueSize;
    __m512 s[kBlocks];
    const __m512 factor = _mm512_set1_ps(scale * kLog2E);
    const __m512 least = _mm512_set1_ps(kMinusInfinity);
#pragma GCC unroll 4
    for (size_t b = 0; b < kBlocks; ++b) {
        __m512 all = factor;
        if constexpr (kScaled) {
            all = _mm512_mul_ps(factor, scalesOf(page.keys, page.headSize, b));
        }
        s[b] = _mm512_mask_mul_ps(least, seenOf(count, b), _mm512_load_ps(score + b * kKeyBlock), all);
    }
    const float pageMax = _mm512_reduce_max_ps(_mm512_max_ps(_mm512_max_ps(s[0], s[1]), _mm512_max_ps(s[2], s[3])));
    const float old = part[0];
    const float max = old > pageMax ? old : pageMax;
#pragma GCC unroll 4
    for (size_t b = 0; b < kBlocks; ++b) {
        const __m512 weight = powerOfTwo(_mm512_sub_ps(s[b], _mm512_set1_ps(max)));
        s[b] = _mm512_maskz_mov_ps(seenOf(count, b), weight);
        if constexpr (kScaled) {
            // Masked again: a token that isn't seen may have any scale.
            const __m512 values = scalesOf(page.values, page.valueSize, b);
            _mm512_store_ps(score + b * kKeyBlock, _mm512_maskz_mul_ps(seenOf(count, b), s[b], values));
        } else {
            _mm512_store_ps(score + b * kKeyBlock, s[b]);
        }
    }
    const float total = _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(s[0], s[1]), _mm512_add_ps(s[2], s[3])));
    if (old == max) {
        part[1] += total;
        return;
    }
    // The first page finds sum and values zero.
    const __m512 correction = part[1] == 0.0F ? _mm512_setzero_ps() : powerOfTwo(_mm512_set1_ps(old - max));
    part[0] = max;
    part[1] = part[1] * _mm512_cvtss_f32(correction) + total;
    for (size_t d = 0; d < valueSize; d += 16) {
        _mm512_storeu_ps(part + 2 + d, _mm512_mul_ps(_mm512_loadu_ps(part + 2 + d), correction));
    }
}

/// One page for R query vectors. Each vector's numbers are the same whichever vectors it goes with.
template <typename Format, int R>
void addPage(const Page& page, float scale, const Vectors<R>& v) {
    constexpr int kCount = blocksFor(R);
    size_t most = 0;
    for (int r = 0; r < R; ++r) {
        most = v.count[r] > most ? v.count[r] : most;
    }
    size_t block = 0;
    for (; block + kCount <= kBlocks && (block + kCount - 1) * kKeyBlock < most; block += kCount) {
        Format::template scores<R, kCount>(page, block, v);
    }
    for (; block * kKeyBlock < most; ++block) {
        Format::template scores<R, 1>(page, block, v);
    }
    for (int r = 0; r < R; ++r) {
        if (v.count[r] > 0) {
            soften<Format::kScaled>(page, v.score[r], v.count[r], scale, v.part[r]);
        } else {
            __builtin_memset(v.score[r], 0, sizeof v.score[r]);
        }
    }
    size_t d = 0;
    for (; d + 16 * kCount <= page.valueSize; d += 16 * kCount) {
        Format::template addValues<R, kCount>(page, most, d, v);
    }
    for (; d < page.valueSize; d += 16) {
        Format::template addValues<R, 1>(page, most, d, v);
    }
}

/// total and part become one; a part without keys changes nothing.
inline void merge(float* total, const float* part, size_t valueSize) {
    if (part[1] == 0.0F) {
        return;
    }
    if (total[1] == 0.0F) {
        __builtin_memcpy(total, part, (valueSize + 2) * sizeof(float));
        return;
    }
    const float max = total[0] > part[0] ? total[0] : part[0];
    const __m512 a = powerOfTwo(_mm512_set1_ps(total[0] - max));
    const __m512 b = powerOfTwo(_mm512_set1_ps(part[0] - max));
    total[0] = max;
    total[1] = total[1] * _mm512_cvtss_f32(a) + part[1] * _mm512_cvtss_f32(b);
    for (size_t d = 2; d < valueSize + 2; d += 16) {
        const __m512 scaled = _mm512_mul_ps(_mm512_loadu_ps(total + d), a);
        _mm512_storeu_ps(total + d, _mm512_fmadd_ps(_mm512_loadu_ps(part + d), b, scaled));
    }
}

inline void clear(float* part, size_t valueSize) {
    part[0] = kMinusInfinity;
    __builtin_memset(part + 1, 0, (valueSize + 1) * sizeof(float));
}

inline void finish(const float* total, size_t valueSize, float* out) {
    const __m512 sum = _mm512_set1_ps(total[1]);
    for (size_t d = 0; d < valueSize; d += 16) {
        _mm512_storeu_ps(out + d, _mm512_div_ps(_mm512_loadu_ps(total + 2 + d), sum));
    }
}

/// Vectors first .. first + R - 1 (row by row, the group's heads within) on the page that starts at `token`.
template <typename Format, int R>
void addPageTo(const AttentionArgs& args, const Page& page, size_t first, size_t token, float* parts) {
    alignas(64) float score[R][kPageTokens];
    Vectors<R> v;
    v.score = score;
    for (size_t r = 0; r < static_cast<size_t>(R); ++r) {
        const size_t row = (first + r) / args.groupHeads;
        const size_t head = args.firstHead + (first + r) % args.groupHeads;
        const size_t visible = args.firstVisible + row;
        const size_t seen = visible > token ? visible - token : 0;
        v.q[r] = args.q + row * args.qStride + head * args.headSize;
        v.part[r] = parts + (first + r) * (args.valueSize + 2);
        v.count[r] = seen < kPageTokens ? seen : kPageTokens;
    }
    addPage<Format, R>(page, args.scale, v);
}

template <typename Format>
constexpr void (*kByVectors[kTogether + 1])(const AttentionArgs&, const Page&, size_t, size_t,
                                            float*) = {nullptr,
                                                       addPageTo<Format, 1>,
                                                       addPageTo<Format, 2>,
                                                       addPageTo<Format, 3>,
                                                       addPageTo<Format, 4>,
                                                       addPageTo<Format, 5>,
                                                       addPageTo<Format, 6>,
                                                       addPageTo<Format, 7>,
                                                       addPageTo<Format, 8>};

/// All vectors on the page that starts at `token`, in turns of nearly the same size; `follows`: another page comes.
template <typename Format>
void addPageToAll(const AttentionArgs& args, size_t vectors, size_t token, bool follows, float* parts) {
    const unsigned char* start = args.pages[token / kPageTokens];
    const unsigned char* next = follows ? args.pages[token / kPageTokens + 1] : start;
    Page page{start + args.keyOffset, start + args.valueOffset,
              next + args.keyOffset,  next + args.valueOffset,
              args.headSize,          args.valueSize};
    const size_t turns = (vectors + kTogether - 1) / kTogether;
    size_t first = 0;
    for (size_t turn = 0; turn < turns; ++turn) {
        const size_t count = (vectors - first + turns - turn - 1) / (turns - turn);
        kByVectors<Format>[count](args, page, first, token, parts);
        page.nextKeys = page.keys;
        page.nextValues = page.values;
        first += count;
    }
}

template <typename Format>
void attend(const AttentionArgs& args) {
    const size_t vectors = args.rows * args.groupHeads;
    const size_t width = args.valueSize + 2;
    float* parts = args.scratch;
    float* totals = args.partial != nullptr ? args.partial : args.scratch + vectors * width;
    const size_t totalStride = args.partial != nullptr ? args.partialStride : width;
    for (size_t i = 0; i < vectors; ++i) {
        clear(totals + i * totalStride, args.valueSize);
    }
    const size_t last = args.firstVisible + args.rows - 1; // keys that the last row sees
    const size_t splitEnd = args.splitEnd * kAttentionSplit;
    const size_t keysEnd = splitEnd < last ? splitEnd : last;
    for (size_t split = args.splitBegin; split < args.splitEnd; ++split) {
        for (size_t i = 0; i < vectors; ++i) {
            clear(parts + i * width, args.valueSize);
        }
        const size_t begin = split * kAttentionSplit;
        const size_t end = begin + kAttentionSplit < last ? begin + kAttentionSplit : last;
        for (size_t token = begin; token < end; token += kPageTokens) {
            addPageToAll<Format>(args, vectors, token, token + kPageTokens < keysEnd, parts);
        }
        for (size_t i = 0; i < vectors; ++i) {
            merge(totals + i * totalStride, parts + i * width, args.valueSize);
        }
    }
    if (args.partial == nullptr) {
        for (size_t i = 0; i < vectors; ++i) {
            const size_t head = args.firstHead + i % args.groupHeads;
            finish(totals + i * width, args.valueSize,
                   args.out + i / args.groupHeads * args.outStride + head * args.valueSize);
        }
    }
}

} // namespace

void attentionF32(const AttentionArgs& args) noexcept {
    attendSafely<float>(args, attend<FormatF32>);
}

void attentionBF16(const AttentionArgs& args) noexcept {
    attendSafely<uint16_t>(args, attend<FormatBF16>);
}

void attentionInt8(const AttentionArgs& args) noexcept {
    // Numbers of unseen tokens are finite, and their scales are masked.
    attend<FormatInt8>(args);
}

void attentionMerge(const AttentionMergeArgs& args) noexcept {
    clear(args.scratch, args.valueSize);
    for (size_t i = 0; i < args.parts; ++i) {
        merge(args.scratch, args.partial + i * args.partStride, args.valueSize);
    }
    finish(args.scratch, args.valueSize, args.out);
}

} // namespace alcuin::inference::cpu::avx512
