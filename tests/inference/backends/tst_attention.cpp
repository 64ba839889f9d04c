#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include <QtTest/QTest>

#include "amx_twin.h"
#include "backends/backend.h"
#include "base/aligned_buffer.h"
#include "base/thread_pool.h"
#include "kernel_support.h"
#include "ops/attention.h"
#include "support/test_registry.h"
#include "tensor/half.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

/// Writes a step's keys [R, Hkv D] and values [R, Hkv Dv] into its sequence's pages.
void storeKeysAndValues(const cpu::KvStoreKernel& kernel, const ops::AttentionGeometry& g,
                        const ops::SequenceRows& sequence, std::span<const float> keys, std::span<const float> values) {
    cpu::KvStoreArgs args{};
    args.keys = keys.data();
    args.values = values.data();
    args.keyStride = g.kvHeads * g.headSize;
    args.valueStride = g.kvHeads * g.valueSize;
    args.firstToken = sequence.length;
    args.heads = g.kvHeads;
    args.headSize = g.headSize;
    args.valueSize = g.valueSize;
    args.pages = sequence.pages;
    args.keyOffset = g.keyOffset;
    args.valueOffset = g.valueOffset;
    args.rowEnd = sequence.rowEnd;
    kernel.run(args);
}

/// A sequence whose last `rows` tokens are the step; its keys and values lie in pages in no order.
struct Sequence {
    std::size_t tokens;
    std::size_t rows;
    std::vector<float> keys;   ///< [tokens, Hkv D]
    std::vector<float> values; ///< [tokens, Hkv Dv]
    AlignedBuffer memory;
    std::vector<unsigned char*> pages;

    Sequence(const ops::AttentionGeometry& g, const cpu::KvStoreKernel& store, std::size_t length, std::size_t newRows,
             unsigned seed)
        : tokens(length + newRows)
        , rows(newRows)
        , keys(randomNumbers(tokens * g.kvHeads * g.headSize, seed, 1.5F))
        , values(randomNumbers(tokens * g.kvHeads * g.valueSize, seed + 1)) {
        const std::size_t count = (tokens + kPageTokens - 1) / kPageTokens;
        const std::size_t bytes = g.valueOffset + g.kvHeads * g.valueBytesPerHead();
        memory = std::move(*AlignedBuffer::allocate(count * bytes));
        // What was in a page before must not matter.
        std::fill_n(memory.data(), memory.size(), std::byte{0xff});
        for (std::size_t i = 0; i < count; ++i) {
            pages.push_back(reinterpret_cast<unsigned char*>(memory.data()) + (count - 1 - i) * bytes);
        }
        const ops::SequenceRows all{pages.data(), 0, 0, tokens};
        storeKeysAndValues(store, g, all, keys, values);
    }
};

/// The best kernel here that stores the geometry's keys and values.
const cpu::KvStoreKernel& storeFor(const ops::AttentionGeometry& g) {
    return *std::ranges::find_if(cpu::kvStoreKernels(), [&](const cpu::KvStoreKernel& each) {
        return each.format == g.format && runsHere(each) && each.accepts({g.headSize, g.valueSize});
    });
}

/// What a format keeps of one token's key or value.
std::vector<double> stored(std::span<const float> numbers, KvFormat format) {
    const float largest = std::abs(std::ranges::max(numbers, {}, [](float x) { return std::abs(x); }));
    std::vector<double> kept;
    for (const float x : numbers) {
        switch (format) {
        case KvFormat::kF32:
            kept.push_back(static_cast<double>(x));
            break;
        case KvFormat::kBF16:
            kept.push_back(static_cast<double>(bf16ToF32(f32ToBf16(x))));
            break;
        case KvFormat::kInt8:
            kept.push_back(static_cast<double>(std::nearbyint(x * (127 / largest))) *
                           static_cast<double>(largest / 127));
            break;
        }
    }
    return kept;
}

/// One row and head in double.
std::vector<double> reference(const ops::AttentionGeometry& g, const Sequence& s, const float* q, std::size_t visible,
                              std::size_t kvHead) {
    std::vector<double> weight(visible);
    double max = -1e300;
    for (std::size_t j = 0; j < visible; ++j) {
        const auto key = stored(std::span(s.keys).subspan((j * g.kvHeads + kvHead) * g.headSize, g.headSize), g.format);
        for (std::size_t d = 0; d < g.headSize; ++d) {
            weight[j] += static_cast<double>(q[d]) * key[d];
        }
        weight[j] /= std::sqrt(static_cast<double>(g.headSize));
        max = std::max(max, weight[j]);
    }
    double sum = 0;
    for (double& w : weight) {
        w = std::exp(w - max);
        sum += w;
    }
    std::vector<double> out(g.valueSize);
    for (std::size_t j = 0; j < visible; ++j) {
        const auto value =
            stored(std::span(s.values).subspan((j * g.kvHeads + kvHead) * g.valueSize, g.valueSize), g.format);
        for (std::size_t d = 0; d < g.valueSize; ++d) {
            out[d] += weight[j] / sum * value[d];
        }
    }
    return out;
}

std::vector<float> attend(Stream& stream, const cpu::AttentionKernel& kernel, const ops::AttentionGeometry& g,
                          std::span<const ops::SequenceRows> rows, std::span<const float> q, int threads) {
    const ops::AttentionKernels kernels{&kernel, &kernel};
    const ops::AttentionPlan plan(rows, kernels, g.heads, g.kvHeads, g.heads / g.kvHeads, g.valueSize, threads);
    std::vector<float> partial(plan.partialFloats());
    std::vector<float> out(q.size() / g.headSize * g.valueSize, -77.0F);
    ops::attention(stream, kernels, plan, g, q, out, partial, 0, plan.items());
    ops::mergeAttention(stream, kernels, plan, g, partial, out);
    return out;
}

/// The production table, and behind it the twins of the kernels on tiles.
std::vector<cpu::AttentionKernel> allKernels() {
    const auto table = cpu::attentionKernels();
    std::vector<cpu::AttentionKernel> all(table.begin(), table.end());
    for (const KvFormat format : {KvFormat::kBF16, KvFormat::kInt8}) {
        all.push_back(amxTwinAttention(format));
    }
    return all;
}

} // namespace

class AttentionKernelsTest : public QObject {
    Q_OBJECT

private slots:
    void everyKernelEqualsADoubleReference_data() {
        QTest::addColumn<int>("index");
        QTest::addColumn<int>("group");
        QTest::addColumn<int>("headSize");
        QTest::addColumn<int>("valueSize");
        const auto table = allKernels();
        for (std::size_t i = 0; i < table.size(); ++i) {
            for (const auto& [group, keySize, valueSize] :
                 {std::array{1, 64, 64}, std::array{3, 64, 64}, std::array{4, 80, 72}, std::array{7, 16, 24},
                  std::array{2, 10, 14}, std::array{5, 96, 80}, std::array{6, 128, 48}, std::array{6, 128, 128},
                  std::array{8, 32, 48}, std::array{9, 64, 16}}) {
                QTest::addRow("%s, %d heads a group, keys %d values %d", nameOf(table[i].name).constData(), group,
                              keySize, valueSize)
                    << static_cast<int>(i) << group << keySize << valueSize;
            }
        }
    }

    void everyKernelEqualsADoubleReference() {
        QFETCH(int, index);
        QFETCH(int, group);
        QFETCH(int, headSize);
        QFETCH(int, valueSize);
        const cpu::AttentionKernel kernel = allKernels()[static_cast<std::size_t>(index)];
        if (!runsHere(kernel)) {
            ALCUIN_SKIP("this machine lacks what the kernel needs");
        }
        ops::AttentionGeometry g;
        g.kvHeads = 2;
        g.heads = 2 * static_cast<std::size_t>(group);
        g.headSize = static_cast<std::size_t>(headSize);
        g.valueSize = static_cast<std::size_t>(valueSize);
        g.format = kernel.format;
        g.keyOffset = 128;
        g.valueOffset = g.keyOffset + g.kvHeads * g.keyBytesPerHead();
        if (!kernel.accepts({g.headSize, g.valueSize})) {
            return; // it says so, and the table's next entry takes the shape
        }
        // Kernels on tiles round queries and weights to bf16: for weights that is 2^-9 / sqrt(3) each, squared.
        const bool rounds = kernel.query == cpu::ActivationFormat::kBF16;
        // In int8 a value's scale is rounded with its weight: where one token has all the weight, by up to 2^-8.
        const bool roundsScales = rounds && kernel.format == KvFormat::kInt8;
        const double allowed = roundsScales ? 1.6e-5 : rounds ? 4e-6 : 1e-11;
        ThreadPool pool(2);
        Stream stream(Device{}, pool);
        QVERIFY(stream.reserveScratch(cpu::attentionScratch(400, g.headSize, g.valueSize) * sizeof(float)).has_value());
        const cpu::KvStoreKernel& store = storeFor(g);
        for (const auto& [length, rows] : {std::pair{0, 1},
                                           {0, 2},
                                           {1, 1},
                                           {0, 33},
                                           {62, 5},
                                           {64, 64},
                                           {63, 1},
                                           {510, 5},
                                           {511, 1},
                                           {512, 1},
                                           {730, 45},
                                           {1030, 3},
                                           {1100, 40}}) {
            const Sequence s(g, store, static_cast<std::size_t>(length), static_cast<std::size_t>(rows), 9);
            auto q = randomNumbers(s.rows * g.heads * g.headSize, 4, 1.5F);
            if (rounds) {
                std::ranges::transform(q, q.begin(), [](float x) { return bf16ToF32(f32ToBf16(x)); });
            }
            const ops::SequenceRows where{s.pages.data(), static_cast<std::size_t>(length), 0, s.rows};
            const auto whole = attend(stream, kernel, g, {&where, 1}, q, 0);
            Nmse nmse;
            for (std::size_t r = 0; r < s.rows; r += std::max<std::size_t>(1, s.rows / 7)) {
                for (std::size_t h = 0; h < g.heads; ++h) {
                    const auto want =
                        reference(g, s, q.data() + (r * g.heads + h) * g.headSize,
                                  static_cast<std::size_t>(length) + r + 1, h / static_cast<std::size_t>(group));
                    for (std::size_t d = 0; d < g.valueSize; ++d) {
                        nmse.add(static_cast<double>(whole[(r * g.heads + h) * g.valueSize + d]), want[d]);
                    }
                }
            }
            QVERIFY2(nmse.value() < allowed,
                     qPrintable(QStringLiteral("%1 for %2 rows behind %3").arg(nmse.value()).arg(rows).arg(length)));
            // Cut into parts for many threads: not a bit differs.
            const auto parts = attend(stream, kernel, g, {&where, 1}, q, 1000);
            QCOMPARE(std::memcmp(whole.data(), parts.data(), whole.size() * sizeof(float)), 0);
            // Row by row, as decoding or prefilling in other chunks would have done it: not a bit differs. The twin is
            // slow, some rows will do for it.
            const std::size_t step = kernel.name.ends_with("twin") ? 7 : 1;
            for (std::size_t r = 0; r < s.rows; r += step) {
                const ops::SequenceRows one{s.pages.data(), static_cast<std::size_t>(length) + r, 0, 1};
                const auto alone = attend(stream, kernel, g, {&one, 1},
                                          std::span(q).subspan(r * g.heads * g.headSize, g.heads * g.headSize), 1);
                QCOMPARE(std::memcmp(alone.data(), whole.data() + r * alone.size(), alone.size() * sizeof(float)), 0);
            }
        }
    }

    void whatIsBrokenLaterDoesNotReachEarlierRows_data() {
        QTest::addColumn<int>("index");
        const auto table = allKernels();
        for (std::size_t i = 0; i < table.size(); ++i) {
            QTest::newRow(nameOf(table[i].name).constData()) << static_cast<int>(i);
        }
    }

    void whatIsBrokenLaterDoesNotReachEarlierRows() {
        QFETCH(int, index);
        const cpu::AttentionKernel kernel = allKernels()[static_cast<std::size_t>(index)];
        if (!runsHere(kernel)) {
            ALCUIN_SKIP("this machine lacks what the kernel needs");
        }
        ops::AttentionGeometry g;
        g.kvHeads = 1;
        g.heads = 3;
        g.headSize = 64;
        g.valueSize = 48;
        g.format = kernel.format;
        g.valueOffset = g.keyBytesPerHead();
        ThreadPool pool(2);
        Stream stream(Device{}, pool);
        QVERIFY(stream.reserveScratch(cpu::attentionScratch(400, g.headSize, g.valueSize) * sizeof(float)).has_value());
        const cpu::KvStoreKernel& store = storeFor(g);
        constexpr std::size_t kLength = 500;
        constexpr std::size_t kRows = 30;
        Sequence s(g, store, kLength, kRows, 9);
        const auto q = randomNumbers(kRows * g.heads * g.headSize, 4, 1.5F);
        const ops::SequenceRows where{s.pages.data(), kLength, 0, kRows};
        const auto good = attend(stream, kernel, g, {&where, 1}, q, 0);
        for (const float wrong : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
            // The first row that sees it; of a pair of tokens the even one, the odd one, and one behind a part's end.
            for (const std::size_t broken : {std::size_t{8}, std::size_t{9}, std::size_t{20}}) {
                for (float* numbers : {s.keys.data(), s.values.data()}) {
                    const std::size_t width = numbers == s.keys.data() ? g.headSize : g.valueSize;
                    const auto kept = s.keys;
                    const auto keptValues = s.values;
                    numbers[(kLength + broken) * width + 5] = wrong;
                    const ops::SequenceRows all{s.pages.data(), 0, 0, s.tokens};
                    storeKeysAndValues(store, g, all, s.keys, s.values);
                    for (const int threads : {0, 1000}) {
                        const auto got = attend(stream, kernel, g, {&where, 1}, q, threads);
                        const std::size_t row = g.heads * g.valueSize;
                        QCOMPARE(std::memcmp(got.data(), good.data(), broken * row * sizeof(float)), 0);
                        QVERIFY(!std::isfinite(got[broken * row + 5]));
                    }
                    s.keys = kept;
                    s.values = keptValues;
                }
            }
        }
    }

    void tilesAndTheirTwinAgreeBitForBit_data() {
        QTest::addColumn<int>("format");
        QTest::newRow("bf16") << static_cast<int>(KvFormat::kBF16);
        QTest::newRow("int8") << static_cast<int>(KvFormat::kInt8);
    }

    void tilesAndTheirTwinAgreeBitForBit() {
        QFETCH(int, format);
        const auto table = cpu::attentionKernels();
        const auto real = std::ranges::find_if(table, [format](const cpu::AttentionKernel& kernel) {
            return kernel.needs.has(CpuFeature::kAmxTile) && kernel.format == static_cast<KvFormat>(format);
        });
        QVERIFY(real != table.end());
        if (!runsHere(*real)) {
            ALCUIN_SKIP("this machine has no tiles");
        }
        ops::AttentionGeometry g;
        g.kvHeads = 2;
        g.heads = 12;
        g.headSize = 64;
        g.valueSize = 80;
        g.format = real->format;
        g.valueOffset = g.kvHeads * g.keyBytesPerHead();
        ThreadPool pool(2);
        Stream stream(Device{}, pool);
        QVERIFY(stream.reserveScratch(cpu::attentionScratch(400, g.headSize, g.valueSize) * sizeof(float)).has_value());
        const cpu::KvStoreKernel& store = storeFor(g);
        const Sequence s(g, store, 600, 21, 9);
        const auto q = randomNumbers(s.rows * g.heads * g.headSize, 4, 1.5F);
        const ops::SequenceRows where{s.pages.data(), 600, 0, s.rows};
        for (const int threads : {0, 1000}) {
            const auto tiles = attend(stream, *real, g, {&where, 1}, q, threads);
            const auto plain = attend(stream, amxTwinAttention(real->format), g, {&where, 1}, q, threads);
            QCOMPARE(std::memcmp(tiles.data(), plain.data(), tiles.size() * sizeof(float)), 0);
        }
    }

    void everyStoreWritesTheSamePages_data() {
        QTest::addColumn<int>("index");
        const auto table = cpu::kvStoreKernels();
        for (std::size_t i = 0; i < table.size(); ++i) {
            QTest::newRow(nameOf(table[i].name).constData()) << static_cast<int>(i);
        }
    }

    void everyStoreWritesTheSamePages() {
        QFETCH(int, index);
        const cpu::KvStoreKernel& kernel = cpu::kvStoreKernels()[static_cast<std::size_t>(index)];
        if (!runsHere(kernel)) {
            ALCUIN_SKIP("this machine lacks what the kernel needs");
        }
        ThreadPool pool(3);
        const auto& plain = *std::ranges::find_if(cpu::kvStoreKernels(), [&](const cpu::KvStoreKernel& each) {
            return each.format == kernel.format && each.needs.empty();
        });
        for (const auto& [headSize, valueSize] : {std::pair{64, 64}, {96, 80}, {10, 14}, {128, 16}, {32, 8}}) {
            ops::AttentionGeometry g;
            g.heads = 2;
            g.kvHeads = 2;
            g.headSize = static_cast<std::size_t>(headSize);
            g.valueSize = static_cast<std::size_t>(valueSize);
            g.format = kernel.format;
            g.keyOffset = 64;
            g.valueOffset = g.keyOffset + 2 * g.keyBytesPerHead();
            if (!kernel.accepts({g.headSize, g.valueSize})) {
                continue;
            }
            // Token by token, in odd pieces, and from the middle of a page on: what isn't written stays as it was.
            for (const auto& [length, rows] : {std::pair{0, 1}, {0, 2}, {0, 67}, {5, 1}, {63, 2}, {14, 90}}) {
                const Sequence want(g, plain, 0, static_cast<std::size_t>(length + rows), 21);
                const std::size_t keyWidth = 2 * g.headSize;
                const std::size_t valueWidth = 2 * g.valueSize;
                Sequence pages(g, kernel, 0, want.tokens, 22);
                std::fill_n(pages.memory.data(), pages.memory.size(), std::byte{0xff});
                const ops::SequenceRows first{pages.pages.data(), 0, 0, static_cast<std::size_t>(length)};
                const ops::SequenceRows rest{pages.pages.data(), static_cast<std::size_t>(length), 0,
                                             static_cast<std::size_t>(rows)};
                const std::span keys(want.keys);
                const std::span values(want.values);
                storeKeysAndValues(kernel, g, first, keys, values);
                storeKeysAndValues(kernel, g, rest, keys.subspan(first.rowEnd * keyWidth),
                                   values.subspan(first.rowEnd * valueWidth));
                QCOMPARE(std::memcmp(pages.memory.data(), want.memory.data(), want.memory.size()), 0);
            }
        }
    }

    void theCutFollowsTheWorkers() {
        const cpu::AttentionKernel& kernel = cpu::attentionKernels().back();
        const ops::AttentionKernels kernels{&kernel, &kernel};
        const ops::SequenceRows longOne{nullptr, 4000, 0, 1};
        QVERIFY(ops::AttentionPlan({&longOne, 1}, kernels, 6, 2, 3, 64, 4).hasParts());
        QCOMPARE(ops::AttentionPlan({&longOne, 1}, kernels, 6, 2, 3, 64, 4).items(), std::size_t{8});
        QVERIFY(!ops::AttentionPlan({&longOne, 1}, kernels, 6, 2, 3, 64, 0).hasParts());
        const ops::SequenceRows shortOne{nullptr, 100, 0, 1};
        QVERIFY(!ops::AttentionPlan({&shortOne, 1}, kernels, 6, 2, 3, 64, 4).hasParts());
    }
};

ALCUIN_TEST(AttentionKernelsTest)
#include "tst_attention.moc"
