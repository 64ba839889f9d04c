#include "ops/fused_rows.h"

#include <algorithm>
#include <cassert>

#include "base/thread_pool.h"

namespace alcuin::inference::ops {

namespace {

/// x[i] += bias[i]; blocks of a fixed size become vector instructions.
void add(float* x, const float* bias, std::size_t count) {
    constexpr std::size_t kBlock = 16;
    std::size_t i = 0;
    for (; i + kBlock <= count; i += kBlock) {
        for (std::size_t j = 0; j < kBlock; ++j) {
            x[i + j] += bias[i + j];
        }
    }
    for (; i < count; ++i) {
        x[i] += bias[i];
    }
}

/// One row's part of rotateAndStore that belongs to one KV head: its queries, its key, its value.
class HeadOfRow {
public:
    HeadOfRow(const cpu::RopeKernel& rope, const cpu::KvStoreKernel& store, const AttentionGeometry& geometry,
              const QueryKeyValue& rows, const RopeAngles& angles, bool halfSplit)
        : rope_(rope), store_(store), g_(geometry), rows_(rows), angles_(angles), halfSplit_(halfSplit) {}

    void run(const SequenceRows& sequence, std::size_t row, std::size_t kvHead) const noexcept {
        const std::size_t group = g_.heads / g_.kvHeads;
        float* query = rows_.query.data() + (row * g_.heads + kvHead * group) * g_.headSize;
        float* key = rows_.key.data() + (row * g_.kvHeads + kvHead) * g_.headSize;
        float* value = rows_.value.data() + (row * g_.kvHeads + kvHead) * g_.valueSize;
        if (!rows_.queryBias.empty()) {
            add(query, rows_.queryBias.data() + kvHead * group * g_.headSize, group * g_.headSize);
            add(key, rows_.keyBias.data() + kvHead * g_.headSize, g_.headSize);
            add(value, rows_.valueBias.data() + kvHead * g_.valueSize, g_.valueSize);
        }
        turn(query, group, row);
        turn(key, 1, row);
        cpu::KvStoreArgs args{};
        args.keys = key;
        args.values = value;
        args.keyStride = g_.headSize;
        args.valueStride = g_.valueSize;
        args.rowEnd = 1;
        args.firstToken = sequence.length + row - sequence.rowBegin;
        args.heads = 1;
        args.headSize = g_.headSize;
        args.valueSize = g_.valueSize;
        args.pages = sequence.pages;
        args.keyOffset = g_.keyOffset + kvHead * g_.keyBytesPerHead();
        args.valueOffset = g_.valueOffset + kvHead * g_.valueBytesPerHead();
        store_.run(args);
    }

private:
    void turn(float* heads, std::size_t count, std::size_t row) const {
        cpu::RopeArgs args{};
        args.x = heads;
        args.stride = count * g_.headSize;
        args.rowEnd = 1;
        args.heads = count;
        args.headSize = g_.headSize;
        args.pairs = angles_.pairs;
        args.cosine = angles_.cosine.data() + row * angles_.pairs;
        args.sine = angles_.sine.data() + row * angles_.pairs;
        args.halfSplit = halfSplit_;
        rope_.run(args);
    }

    const cpu::RopeKernel& rope_;
    const cpu::KvStoreKernel& store_;
    const AttentionGeometry& g_;
    const QueryKeyValue& rows_;
    const RopeAngles& angles_;
    bool halfSplit_;
};

} // namespace

void normalise(Stream& stream, const cpu::RmsNormKernel& kernel, const InputKernels& input, std::span<float> x,
               std::span<const float> delta, std::span<const float> gamma, float epsilon, std::span<float> normed,
               const MatmulInput& y, std::span<const MatmulOutput> products, std::span<const RowSpan> rows) {
    assert(x.size() % gamma.size() == 0 && normed.size() == x.size() && y.depth == gamma.size());
    assert(delta.empty() || delta.size() == x.size());
    constexpr std::size_t kCost = 8; // a number's additions, multiplications and rounding, in multiply-adds
    const std::size_t count = x.size() / gamma.size();
    const std::size_t chunk = chunkOf(count, kCost * gamma.size(), stream.pool().threads());
    stream.pool().parallelFor(count, chunk, [&](std::size_t begin, std::size_t end, int) noexcept {
        for (const RowSpan& span : rows) {
            const InputFormats formats = formatsOf(products, span.rowClass);
            const std::size_t from = std::max(begin, span.begin);
            for (std::size_t row = from; row < std::min(end, span.end); ++row) {
                if (formats.onlyTiles()) {
                    // All of them pass through the first one's place, which stays in the caches.
                    float* passing = normed.data() + from * gamma.size();
                    const std::size_t first = row * gamma.size();
                    kernel.run({x.data() + first, delta.empty() ? nullptr : delta.data() + first, gamma.data(), passing,
                                0, 1, gamma.size(), epsilon});
                    packRow(input, passing, y, row);
                    continue;
                }
                kernel.run({x.data(), delta.empty() ? nullptr : delta.data(), gamma.data(), normed.data(), row, row + 1,
                            gamma.size(), epsilon});
                prepareRows(input, y, formats, row, row + 1);
            }
        }
    });
}

void rotateAndStore(Stream& stream, const cpu::RopeKernel& rope, const cpu::KvStoreKernel& store,
                    const AttentionGeometry& geometry, std::span<const SequenceRows> sequences,
                    const QueryKeyValue& rows, const RopeAngles& angles, bool halfSplit) {
    assert(2 * angles.pairs <= geometry.headSize);
    // A number's addition, rotation and way to the pages, most of whose lines aren't in the caches.
    constexpr std::size_t kCost = 8;
    const std::size_t heads = geometry.kvHeads;
    const std::size_t width = (geometry.heads / heads + 1) * geometry.headSize + geometry.valueSize;
    const HeadOfRow head(rope, store, geometry, rows, angles, halfSplit);
    const std::size_t count = (sequences.back().rowEnd - sequences.front().rowBegin) * heads;
    const std::size_t chunk = chunkOf(count, kCost * width, stream.pool().threads());
    stream.pool().parallelFor(count, chunk, [&](std::size_t begin, std::size_t end, int) noexcept {
        for (const SequenceRows& sequence : sequences) {
            const std::size_t last = std::min(end, sequence.rowEnd * heads);
            for (std::size_t i = std::max(begin, sequence.rowBegin * heads); i < last; ++i) {
                head.run(sequence, i / heads, i % heads);
            }
        }
    });
}

} // namespace alcuin::inference::ops
