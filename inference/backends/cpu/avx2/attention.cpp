#include <immintrin.h>

#include "backends/cpu/avx2/kernels.h"
#include "backends/cpu/avx2/math.h"
#include "tensor/kv_format.h"

namespace alcuin::inference::cpu::avx2 {

namespace {

constexpr size_t kKeyBlock = 16;
constexpr float kMinusInfinity = -__builtin_inff();

/// Query vectors that go over a page together: their 8 sums, the keys and a broadcast fit the 16 registers.
constexpr int kTogether = 4;

inline __m256 evens(__m256i pairs) {
    return _mm256_castsi256_ps(_mm256_slli_epi32(pairs, 16));
}

inline __m256 odds(__m256i pairs) {
    return _mm256_castsi256_ps(_mm256_and_si256(pairs, _mm256_set1_epi32(static_cast<int>(0xffff0000U))));
}

inline __m256i load(const uint16_t* p) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}

/// R query vectors, their scores on a page, and {max, sum, weighted values} so far.
template <int R>
struct Vectors {
    const float* q[R];
    float* part[R];
    size_t count[R]; ///< keys of this page that the vector sees
    float (*score)[kPageTokens];
};

struct PageBF16 {
    using Element = uint16_t;
    static constexpr bool kScaled = false;

    /// Dot products with the 16 keys of a block.
    template <int R>
    static inline void scores(const Element* block, const float* const (&q)[R], size_t headSize, __m256 (&sum)[R][2]) {
        for (size_t d = 0; d < headSize; d += 2) {
            const __m256i k0 = load(block + d * kKeyBlock);
            const __m256i k1 = load(block + d * kKeyBlock + 16);
            const __m256 even0 = evens(k0);
            const __m256 even1 = evens(k1);
            const __m256 odd0 = odds(k0);
            const __m256 odd1 = odds(k1);
            for (int r = 0; r < R; ++r) {
                const __m256 qEven = _mm256_broadcast_ss(q[r] + d);
                sum[r][0] = _mm256_fmadd_ps(even0, qEven, sum[r][0]);
                sum[r][1] = _mm256_fmadd_ps(even1, qEven, sum[r][1]);
                const __m256 qOdd = _mm256_broadcast_ss(q[r] + d + 1);
                sum[r][0] = _mm256_fmadd_ps(odd0, qOdd, sum[r][0]);
                sum[r][1] = _mm256_fmadd_ps(odd1, qOdd, sum[r][1]);
            }
        }
    }

    /// Values of token j, dimensions d .. d + 7.
    static inline __m256 value(const Element* values, size_t j, size_t d, size_t valueSize) {
        const __m256i pairs = load(values + (j / 2 * valueSize + d) * 2);
        return j % 2 == 0 ? evens(pairs) : odds(pairs);
    }
};

struct PageF32 {
    using Element = float;
    static constexpr bool kScaled = false;

    template <int R>
    static inline void scores(const Element* block, const float* const (&q)[R], size_t headSize, __m256 (&sum)[R][2]) {
        for (size_t d = 0; d < headSize; ++d) {
            const __m256 k0 = _mm256_loadu_ps(block + d * kKeyBlock);
            const __m256 k1 = _mm256_loadu_ps(block + d * kKeyBlock + 8);
            for (int r = 0; r < R; ++r) {
                const __m256 x = _mm256_broadcast_ss(q[r] + d);
                sum[r][0] = _mm256_fmadd_ps(k0, x, sum[r][0]);
                sum[r][1] = _mm256_fmadd_ps(k1, x, sum[r][1]);
            }
        }
    }

    static inline __m256 value(const Element* values, size_t j, size_t d, size_t valueSize) {
        return _mm256_loadu_ps(values + j * valueSize + d);
    }
};

/// int8 is widened and multiplied in f32 as it is: a token's scale goes to its score and to its weight.
struct PageInt8 {
    using Element = int8_t;
    static constexpr bool kScaled = true;

    static inline __m256 widened(const Element* numbers) {
        const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(numbers));
        return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes));
    }

    template <int R>
    static inline void scores(const Element* block, const float* const (&q)[R], size_t headSize, __m256 (&sum)[R][2]) {
        for (size_t d = 0; d < headSize; ++d) {
            const __m256 k0 = widened(block + d * kKeyBlock);
            const __m256 k1 = widened(block + d * kKeyBlock + 8);
            for (int r = 0; r < R; ++r) {
                const __m256 x = _mm256_broadcast_ss(q[r] + d);
                sum[r][0] = _mm256_fmadd_ps(k0, x, sum[r][0]);
                sum[r][1] = _mm256_fmadd_ps(k1, x, sum[r][1]);
            }
        }
    }

    static inline __m256 value(const Element* values, size_t j, size_t d, size_t valueSize) {
        return widened(values + j * valueSize + d);
    }
};

/// Adds tokens [begin, end) to `width` * 8 dimensions of R vectors' weighted values, one token after the other.
template <typename Page, int R, int kWidth>
inline void addValues(const typename Page::Element* values, const Vectors<R>& v, size_t begin, size_t end, size_t d,
                      size_t valueSize) {
    __m256 sum[R][kWidth];
    for (int r = 0; r < R; ++r) {
        for (int i = 0; i < kWidth; ++i) {
            sum[r][i] = _mm256_loadu_ps(v.part[r] + 2 + d + static_cast<size_t>(8 * i));
        }
    }
    for (size_t j = begin; j < end; ++j) {
        __m256 x[kWidth];
        for (int i = 0; i < kWidth; ++i) {
            x[i] = Page::value(values, j, d + static_cast<size_t>(8 * i), valueSize);
        }
        for (int r = 0; r < R; ++r) {
            const __m256 weight = _mm256_broadcast_ss(v.score[r] + j);
            for (int i = 0; i < kWidth; ++i) {
                sum[r][i] = _mm256_fmadd_ps(x[i], weight, sum[r][i]);
            }
        }
    }
    for (int r = 0; r < R; ++r) {
        for (int i = 0; i < kWidth; ++i) {
            _mm256_storeu_ps(v.part[r] + 2 + d + static_cast<size_t>(8 * i), sum[r][i]);
        }
    }
}

template <typename Page, int R>
inline void addValues(const typename Page::Element* values, const Vectors<R>& v, size_t begin, size_t end,
                      size_t valueSize) {
    size_t d = 0;
    for (; d + 16 <= valueSize; d += 16) {
        addValues<Page, R, 2>(values, v, begin, end, d, valueSize);
    }
    for (; d < valueSize; d += 8) {
        addValues<Page, R, 1>(values, v, begin, end, d, valueSize);
    }
}

/// Turns a page's scores into weights and brings max, sum and weighted values so far to the new maximum.
/// Scales: of the page's keys and values, or none.
inline void soften(float* score, size_t count, float scale, float* part, size_t valueSize, const float* keyScales,
                   const float* valueScales) {
    __m256 s[kPageTokens / 8];
    __m256 largest = _mm256_set1_ps(kMinusInfinity);
    for (size_t j = 0; j < kPageTokens / 8; ++j) {
        const __m256 seen = _mm256_castsi256_ps(firstLanes(count < 8 * j ? 0 : count - 8 * j));
        s[j] = _mm256_mul_ps(_mm256_loadu_ps(score + 8 * j), _mm256_set1_ps(scale));
        if (keyScales != nullptr) {
            s[j] = _mm256_mul_ps(s[j], _mm256_loadu_ps(keyScales + 8 * j));
        }
        s[j] = _mm256_blendv_ps(_mm256_set1_ps(kMinusInfinity), s[j], seen);
        largest = _mm256_max_ps(largest, s[j]);
    }
    const float pageMax = maxOf(largest);
    const float max = part[0] > pageMax ? part[0] : pageMax;
    const __m256 correction = part[1] == 0.0F ? _mm256_setzero_ps() : exponential(_mm256_set1_ps(part[0] - max));
    __m256 total = _mm256_setzero_ps();
    for (size_t j = 0; j < kPageTokens / 8; ++j) {
        const __m256 seen = _mm256_castsi256_ps(firstLanes(count < 8 * j ? 0 : count - 8 * j));
        const __m256 weight = _mm256_and_ps(exponential(_mm256_sub_ps(s[j], _mm256_set1_ps(max))), seen);
        // Tokens that aren't seen are never added: their scales don't matter.
        const __m256 scaled =
            valueScales != nullptr ? _mm256_mul_ps(weight, _mm256_loadu_ps(valueScales + 8 * j)) : weight;
        _mm256_storeu_ps(score + 8 * j, scaled);
        total = _mm256_add_ps(total, weight);
    }
    part[1] = part[1] * _mm256_cvtss_f32(correction) + sumOf(total);
    part[0] = max;
    for (size_t d = 0; d < valueSize; d += 8) {
        _mm256_storeu_ps(part + 2 + d, _mm256_mul_ps(_mm256_loadu_ps(part + 2 + d), correction));
    }
}

/// One page for R query vectors. Each vector's numbers are the same whichever vectors it goes with.
template <typename Page, int R>
void addPage(const AttentionArgs& args, const unsigned char* page, const Vectors<R>& v) {
    using Element = typename Page::Element;
    const auto* keys = reinterpret_cast<const Element*>(page + args.keyOffset);
    const auto* values = reinterpret_cast<const Element*>(page + args.valueOffset);
    size_t least = kPageTokens;
    size_t most = 0;
    for (int r = 0; r < R; ++r) {
        least = v.count[r] < least ? v.count[r] : least;
        most = v.count[r] > most ? v.count[r] : most;
    }
    for (size_t block = 0; block < most; block += kKeyBlock) {
        __m256 sum[R][2] = {};
        Page::template scores<R>(keys + block * args.headSize, v.q, args.headSize, sum);
        for (int r = 0; r < R; ++r) {
            _mm256_storeu_ps(v.score[r] + block, sum[r][0]);
            _mm256_storeu_ps(v.score[r] + block + 8, sum[r][1]);
        }
    }
    const float* keyScales = nullptr;
    const float* valueScales = nullptr;
    if constexpr (Page::kScaled) {
        keyScales = reinterpret_cast<const float*>(keys + kPageTokens * args.headSize);
        valueScales = reinterpret_cast<const float*>(values + kPageTokens * args.valueSize);
    }
    for (int r = 0; r < R; ++r) {
        if (v.count[r] > 0) {
            soften(v.score[r], v.count[r], args.scale, v.part[r], args.valueSize, keyScales, valueScales);
        }
    }
    addValues<Page, R>(values, v, 0, least, args.valueSize);
    for (int r = 0; r < R; ++r) {
        if (v.count[r] > least) {
            const Vectors<1> one{{v.q[r]}, {v.part[r]}, {v.count[r]}, v.score + r};
            addValues<Page, 1>(values, one, least, v.count[r], args.valueSize);
        }
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
    const __m256 a = exponential(_mm256_set1_ps(total[0] - max));
    const __m256 b = exponential(_mm256_set1_ps(part[0] - max));
    total[0] = max;
    total[1] = total[1] * _mm256_cvtss_f32(a) + part[1] * _mm256_cvtss_f32(b);
    for (size_t d = 2; d < valueSize + 2; d += 8) {
        const __m256 scaled = _mm256_mul_ps(_mm256_loadu_ps(total + d), a);
        _mm256_storeu_ps(total + d, _mm256_fmadd_ps(_mm256_loadu_ps(part + d), b, scaled));
    }
}

inline void clear(float* part, size_t valueSize) {
    part[0] = kMinusInfinity;
    part[1] = 0.0F;
    for (size_t d = 0; d < valueSize; ++d) {
        part[2 + d] = 0.0F;
    }
}

inline void finish(const float* total, size_t valueSize, float* out) {
    const __m256 sum = _mm256_set1_ps(total[1]);
    for (size_t d = 0; d < valueSize; d += 8) {
        _mm256_storeu_ps(out + d, _mm256_div_ps(_mm256_loadu_ps(total + 2 + d), sum));
    }
}

/// Vectors first .. first + R - 1 (row by row, the group's heads within) on the page that starts at `token`.
template <typename Page, int R>
inline void addPageTo(const AttentionArgs& args, size_t first, size_t token, float* parts) {
    alignas(32) float score[R][kPageTokens];
    Vectors<R> v;
    v.score = score;
    const unsigned char* page = args.pages[token / kPageTokens];
    for (size_t r = 0; r < static_cast<size_t>(R); ++r) {
        const size_t row = (first + r) / args.groupHeads;
        const size_t head = args.firstHead + (first + r) % args.groupHeads;
        const size_t visible = args.firstVisible + row;
        const size_t seen = visible > token ? visible - token : 0;
        v.q[r] = args.q + row * args.qStride + head * args.headSize;
        v.part[r] = parts + (first + r) * (args.valueSize + 2);
        v.count[r] = seen < kPageTokens ? seen : kPageTokens;
    }
    addPage<Page, R>(args, page, v);
}

template <typename Page>
void addPageToAll(const AttentionArgs& args, size_t vectors, size_t token, float* parts) {
    size_t first = 0;
    for (; first + kTogether <= vectors; first += kTogether) {
        addPageTo<Page, kTogether>(args, first, token, parts);
    }
    switch (vectors - first) {
    case 1:
        return addPageTo<Page, 1>(args, first, token, parts);
    case 2:
        return addPageTo<Page, 2>(args, first, token, parts);
    case 3:
        return addPageTo<Page, 3>(args, first, token, parts);
    default:
        return;
    }
}

template <typename Page>
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
    for (size_t split = args.splitBegin; split < args.splitEnd; ++split) {
        for (size_t i = 0; i < vectors; ++i) {
            clear(parts + i * width, args.valueSize);
        }
        const size_t begin = split * kAttentionSplit;
        const size_t end = begin + kAttentionSplit < last ? begin + kAttentionSplit : last;
        for (size_t token = begin; token < end; token += kPageTokens) {
            addPageToAll<Page>(args, vectors, token, parts);
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
    attend<PageF32>(args);
}

void attentionBF16(const AttentionArgs& args) noexcept {
    attend<PageBF16>(args);
}

void attentionInt8(const AttentionArgs& args) noexcept {
    attend<PageInt8>(args);
}

void attentionMerge(const AttentionMergeArgs& args) noexcept {
    clear(args.scratch, args.valueSize);
    for (size_t i = 0; i < args.parts; ++i) {
        merge(args.scratch, args.partial + i * args.partStride, args.valueSize);
    }
    finish(args.scratch, args.valueSize, args.out);
}

} // namespace alcuin::inference::cpu::avx2
