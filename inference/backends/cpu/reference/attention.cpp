#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "backends/cpu/reference/kernels.h"
#include "tensor/half.h"
#include "tensor/kv_format.h"

namespace alcuin::inference::cpu::reference {

namespace {

constexpr std::size_t kKeyBlock = 16;
static_assert(kAttentionSplit % kPageTokens == 0 && kPageTokens % kKeyBlock == 0);

/// Where the numbers of a page are, relative to a head's keys or values.
struct PageF32 {
    using Element = float;
    static std::size_t keyIndex(std::size_t token, std::size_t d, std::size_t headSize) {
        return (token / kKeyBlock * headSize + d) * kKeyBlock + token % kKeyBlock;
    }
    static std::size_t valueIndex(std::size_t token, std::size_t d, std::size_t valueSize) {
        return token * valueSize + d;
    }
    static float read(Element element) {
        return element;
    }
    static Element write(float value) {
        return value;
    }
    static float scale(const unsigned char* /*head*/, std::size_t /*token*/, std::size_t /*size*/) {
        return 1.0F;
    }
};

struct PageBF16 {
    using Element = std::uint16_t;
    static std::size_t keyIndex(std::size_t token, std::size_t d, std::size_t headSize) {
        return ((token / kKeyBlock * (headSize / 2) + d / 2) * kKeyBlock + token % kKeyBlock) * 2 + d % 2;
    }
    static std::size_t valueIndex(std::size_t token, std::size_t d, std::size_t valueSize) {
        return (token / 2 * valueSize + d) * 2 + token % 2;
    }
    static float read(Element element) {
        return bf16ToF32(element);
    }
    static Element write(float value) {
        return f32ToBf16(value);
    }
    static float scale(const unsigned char* /*head*/, std::size_t /*token*/, std::size_t /*size*/) {
        return 1.0F;
    }
};

/// Keys and values lie as in f32, as numbers of 8 bits; the tokens' scales behind them.
struct PageInt8 : PageF32 {
    using Element = std::int8_t;
    static float read(Element element) {
        return static_cast<float>(element);
    }
    static float scale(const unsigned char* head, std::size_t token, std::size_t size) {
        float scale = 0;
        std::memcpy(&scale, head + kPageTokens * size + token * sizeof scale, sizeof scale);
        return scale;
    }
};

/// Writes one token's key or value: `place(d)` is where its number d lies. What isn't finite makes the scale NaN.
template <typename Place>
void storeInt8(const float* numbers, std::size_t size, std::size_t token, unsigned char* head, const Place& place) {
    float largest = 0;
    bool finite = true;
    for (std::size_t d = 0; d < size; ++d) {
        finite = finite && std::isfinite(numbers[d]);
        largest = std::max(largest, std::abs(numbers[d]));
    }
    const bool zeros = !finite || largest < kLeastKvMagnitude;
    const float inverse = zeros ? 0.0F : 127.0F / largest;
    const float scale = !finite ? std::numeric_limits<float>::quiet_NaN() : zeros ? 0.0F : largest / 127.0F;
    for (std::size_t d = 0; d < size; ++d) {
        const float nearest = zeros ? 0.0F : std::nearbyint(numbers[d] * inverse);
        head[place(d)] = static_cast<unsigned char>(static_cast<std::int8_t>(nearest));
    }
    std::memcpy(head + kPageTokens * size + token * sizeof scale, &scale, sizeof scale);
}

template <typename Page>
void store(const KvStoreArgs& args) {
    using Element = typename Page::Element;
    for (std::size_t r = args.rowBegin; r < args.rowEnd; ++r) {
        const std::size_t token = args.firstToken + r;
        unsigned char* page = args.pages[token / kPageTokens];
        for (std::size_t h = 0; h < args.heads; ++h) {
            auto* keys = reinterpret_cast<Element*>(page + args.keyOffset) + h * kPageTokens * args.headSize;
            auto* values = reinterpret_cast<Element*>(page + args.valueOffset) + h * kPageTokens * args.valueSize;
            const float* key = args.keys + r * args.keyStride + h * args.headSize;
            const float* value = args.values + r * args.valueStride + h * args.valueSize;
            for (std::size_t d = 0; d < args.headSize; ++d) {
                keys[Page::keyIndex(token % kPageTokens, d, args.headSize)] = Page::write(key[d]);
            }
            for (std::size_t d = 0; d < args.valueSize; ++d) {
                values[Page::valueIndex(token % kPageTokens, d, args.valueSize)] = Page::write(value[d]);
            }
        }
    }
}

/// {max, sum, weighted values}: the state of a running softmax.
struct Running {
    float* data;
    float& max() const {
        return data[0];
    }
    float& sum() const {
        return data[1];
    }
    float* values() const {
        return data + 2;
    }
    void clear(std::size_t valueSize) const {
        std::fill_n(data, valueSize + 2, 0.0F);
        max() = -std::numeric_limits<float>::infinity();
    }
};

/// total and part become one; a part without keys changes nothing.
void merge(Running total, const float* part, std::size_t valueSize) {
    if (part[1] == 0.0F) {
        return;
    }
    if (total.sum() == 0.0F) {
        std::copy_n(part, valueSize + 2, total.data);
        return;
    }
    const float max = std::max(total.max(), part[0]);
    const float a = std::exp(total.max() - max);
    const float b = std::exp(part[0] - max);
    total.max() = max;
    total.sum() = total.sum() * a + part[1] * b;
    for (std::size_t d = 0; d < valueSize; ++d) {
        total.values()[d] = total.values()[d] * a + part[2 + d] * b;
    }
}

void finish(Running total, std::size_t valueSize, float* out) {
    for (std::size_t d = 0; d < valueSize; ++d) {
        out[d] = total.values()[d] / total.sum();
    }
}

/// Adds the first `count` keys of a page to a running softmax.
template <typename Page>
void addPage(const AttentionArgs& args, const unsigned char* page, std::size_t count, const float* q, Running part) {
    using Element = typename Page::Element;
    const auto* keys = reinterpret_cast<const Element*>(page + args.keyOffset);
    const auto* values = reinterpret_cast<const Element*>(page + args.valueOffset);
    float score[kPageTokens];
    float max = part.max();
    for (std::size_t j = 0; j < count; ++j) {
        float sum = 0;
        for (std::size_t d = 0; d < args.headSize; ++d) {
            sum += q[d] * Page::read(keys[Page::keyIndex(j, d, args.headSize)]);
        }
        score[j] = sum * Page::scale(page + args.keyOffset, j, args.headSize) * args.scale;
        max = std::max(max, score[j]);
    }
    const float correction = part.sum() == 0.0F ? 0.0F : std::exp(part.max() - max);
    float total = 0;
    for (std::size_t d = 0; d < args.valueSize; ++d) {
        part.values()[d] *= correction;
    }
    for (std::size_t j = 0; j < count; ++j) {
        const float weight = std::exp(score[j] - max);
        total += weight;
        const float scaled = weight * Page::scale(page + args.valueOffset, j, args.valueSize);
        for (std::size_t d = 0; d < args.valueSize; ++d) {
            part.values()[d] += scaled * Page::read(values[Page::valueIndex(j, d, args.valueSize)]);
        }
    }
    part.sum() = part.sum() * correction + total;
    part.max() = max;
}

template <typename Page>
void attend(const AttentionArgs& args) {
    const Running part{args.scratch};
    for (std::size_t v = 0; v < args.rows * args.groupHeads; ++v) {
        const std::size_t row = v / args.groupHeads;
        const std::size_t head = args.firstHead + v % args.groupHeads;
        const float* q = args.q + row * args.qStride + head * args.headSize;
        const std::size_t visible = args.firstVisible + row;
        const Running total{args.partial != nullptr ? args.partial + v * args.partialStride
                                                    : args.scratch + args.valueSize + 2};
        total.clear(args.valueSize);
        for (std::size_t split = args.splitBegin; split < args.splitEnd; ++split) {
            part.clear(args.valueSize);
            const std::size_t end = std::min(visible, (split + 1) * kAttentionSplit);
            for (std::size_t token = split * kAttentionSplit; token < end; token += kPageTokens) {
                addPage<Page>(args, args.pages[token / kPageTokens], std::min(kPageTokens, end - token), q, part);
            }
            merge(total, part.data, args.valueSize);
        }
        if (args.partial == nullptr) {
            finish(total, args.valueSize, args.out + row * args.outStride + head * args.valueSize);
        }
    }
}

} // namespace

void kvStoreF32(const KvStoreArgs& args) noexcept {
    store<PageF32>(args);
}

void kvStoreBF16(const KvStoreArgs& args) noexcept {
    store<PageBF16>(args);
}

void kvStoreInt8(const KvStoreArgs& args) noexcept {
    for (std::size_t r = args.rowBegin; r < args.rowEnd; ++r) {
        const std::size_t token = (args.firstToken + r) % kPageTokens;
        unsigned char* page = args.pages[(args.firstToken + r) / kPageTokens];
        for (std::size_t h = 0; h < args.heads; ++h) {
            storeInt8(args.keys + r * args.keyStride + h * args.headSize, args.headSize, token,
                      page + args.keyOffset + h * pageBytesOf(KvFormat::kInt8, args.headSize),
                      [&](std::size_t d) { return PageInt8::keyIndex(token, d, args.headSize); });
            storeInt8(args.values + r * args.valueStride + h * args.valueSize, args.valueSize, token,
                      page + args.valueOffset + h * pageBytesOf(KvFormat::kInt8, args.valueSize),
                      [&](std::size_t d) { return PageInt8::valueIndex(token, d, args.valueSize); });
        }
    }
}

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
    const Running total{args.scratch};
    total.clear(args.valueSize);
    for (std::size_t i = 0; i < args.parts; ++i) {
        merge(total, args.partial + i * args.partStride, args.valueSize);
    }
    finish(total, args.valueSize, args.out);
}

} // namespace alcuin::inference::cpu::reference
