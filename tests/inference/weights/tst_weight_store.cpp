#include <QFile>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include <algorithm>
#include <cstring>
#include <random>

#include "backends/cpu/kernel_table.h"
#include "base/thread_pool.h"
#include "formats/gguf_writer.h"
#include "support/test_registry.h"
#include "tensor/dequantize.h"
#include "tensor/quantize.h"
#include "weights/repack.h"
#include "weights/weight_store.h"

using namespace alcuin::inference;

namespace {

std::vector<std::byte> randomRows(DType dtype, std::size_t rows, std::size_t depth) {
    const DTypeInfo& info = infoOf(dtype);
    const std::size_t rowBytes = depth / info.blockElements * info.blockBytes;
    std::vector<std::byte> bytes(rows * rowBytes);
    std::mt19937 engine(3);
    std::normal_distribution<float> normal;
    std::vector<float> row(depth);
    for (std::size_t r = 0; r < rows; ++r) {
        for (float& number : row) {
            number = normal(engine);
        }
        const bool done = quantizeRow(dtype, row, std::span(bytes).subspan(r * rowBytes, rowBytes)).has_value();
        Q_ASSERT(done);
    }
    return bytes;
}

} // namespace

class WeightStoreTest : public QObject {
    Q_OBJECT

private slots:
    /// Read in slabs by several workers, a tensor of many slabs is what repacking all of it at once gives.
    void slabsMakeTheWholeMatrix_data() {
        QTest::addColumn<int>("dtype");
        for (std::size_t i = 0; i < kDTypeCount; ++i) {
            const auto dtype = static_cast<DType>(i);
            QTest::newRow(std::string(infoOf(dtype).name).c_str()) << static_cast<int>(dtype);
        }
    }

    void slabsMakeTheWholeMatrix() {
        QFETCH(int, dtype);
        const auto type = static_cast<DType>(dtype);
        constexpr std::size_t kRows = 3001; // no multiple of a panel
        constexpr std::size_t kDepth = 768;
        const auto bytes = randomRows(type, kRows, kDepth);
        GgufWriter writer;
        writer.set("general.architecture", std::string("test"));
        const std::uint64_t shape[] = {kDepth, kRows};
        const std::uint64_t length[] = {5};
        std::vector<std::byte> five(20);
        const float numbers[] = {1, 2, 3, 4, 5};
        std::memcpy(five.data(), numbers, sizeof numbers);
        QVERIFY(writer.addTensor("small", DType::kF32, length, five).has_value());
        QVERIFY(writer.addTensor("large", type, shape, bytes).has_value());
        const std::filesystem::path path = directory_.filePath(QStringLiteral("w.gguf")).toStdString();
        QVERIFY(writer.write(path).has_value());
        const auto file = GgufFile::open(path);
        QVERIFY(file.has_value());
        ThreadPool pool(3);
        const std::vector<WeightRequest> requests{{"large", kRows, kDepth, {}}, {"small", 5, 0, {}}};
        const auto store = WeightStore::load(*file, requests, {}, pool, nullptr, {});
        QVERIFY2(store.has_value(), store.has_value() ? "" : store.error().message.c_str());
        const Weight& weight = store->matrix(0);
        QVERIFY(infoOf(weight.layout).source == type);
        QCOMPARE(reinterpret_cast<std::uintptr_t>(weight.data) % 64, std::uintptr_t{0});
        std::vector<std::byte> whole(*layoutBytes(weight.layout, kRows, kDepth));
        repack(weight.layout, bytes.data(), kRows, kDepth, whole.data());
        QCOMPARE(weight.bytes, whole.size());
        QCOMPARE(std::memcmp(weight.data, whole.data(), whole.size()), 0);
        QVERIFY(std::ranges::equal(store->vector(1), numbers));
    }

    /// Whoever reads which piece; and one byte anywhere in a tensor of many pieces is seen.
    void identityIsTheFiles() {
        constexpr std::size_t kRows = 3001;
        constexpr std::size_t kDepth = 768;
        const std::uint64_t shape[] = {kDepth, kRows};
        GgufWriter writer;
        writer.set("general.architecture", std::string("test"));
        QVERIFY(writer.addTensor("large", DType::kQ8_0, shape, randomRows(DType::kQ8_0, kRows, kDepth)).has_value());
        const std::filesystem::path path = directory_.filePath(QStringLiteral("i.gguf")).toStdString();
        QVERIFY(writer.write(path).has_value());
        const auto file = GgufFile::open(path);
        QVERIFY(file.has_value());
        const std::vector<WeightRequest> requests{{"large", kRows, kDepth, {}}};
        const auto identity = [&](int threads) {
            ThreadPool pool(threads);
            const auto store = WeightStore::load(*file, requests, {}, pool, nullptr, {});
            return store ? store->identity() : 0;
        };
        const std::uint64_t plain = identity(1);
        QVERIFY(plain != 0);
        for (const int threads : {2, 3, 4}) {
            QCOMPARE(identity(threads), plain);
        }
        QFile raw(QString::fromStdString(path.string()));
        QVERIFY(raw.open(QIODevice::ReadWrite));
        const GgufTensor& tensor = file->tensors().front();
        for (const std::uint64_t at : {std::uint64_t{0}, tensor.bytes / 3, tensor.bytes - 1}) {
            const auto place = static_cast<qint64>(tensor.offset + at);
            QVERIFY(raw.seek(place));
            char byte = 0;
            QVERIFY(raw.getChar(&byte));
            for (const char written : {static_cast<char>(byte ^ 0x10), byte}) {
                QVERIFY(raw.seek(place) && raw.putChar(written) && raw.flush());
                QCOMPARE(identity(2) == plain, written == byte);
            }
        }
    }

    void rolesAndShapesAreChecked() {
        GgufWriter writer;
        writer.set("general.architecture", std::string("test"));
        const std::uint64_t shape[] = {32, 16};
        const std::uint64_t vector[] = {32};
        QVERIFY(writer.addTensor("m", DType::kQ8_0, shape, randomRows(DType::kQ8_0, 16, 32)).has_value());
        QVERIFY(writer.addTensor("v", DType::kQ8_0, vector, randomRows(DType::kQ8_0, 1, 32)).has_value());
        const std::filesystem::path path = directory_.filePath(QStringLiteral("r.gguf")).toStdString();
        QVERIFY(writer.write(path).has_value());
        const auto file = GgufFile::open(path);
        ThreadPool pool(1);
        const auto load = [&](const WeightRequest& request, std::optional<std::uint64_t> available = {}) {
            const auto store = WeightStore::load(*file, {&request, 1}, {available}, pool, nullptr, {});
            return store.has_value() ? std::optional<ErrorCode>() : store.error().code;
        };
        QVERIFY(!load({"m", 16, 32, {}}));
        QVERIFY(load({"m", 32, 16, {}}) == ErrorCode::kCorrupt); // transposed
        QVERIFY(load({"m", 16, 64, {}}) == ErrorCode::kCorrupt);
        QVERIFY(load({"m", 512, 0, {}}) == ErrorCode::kCorrupt);    // not a vector
        QVERIFY(load({"v", 32, 0, {}}) == ErrorCode::kUnsupported); // a vector in blocks
        QVERIFY(load({"w", 16, 32, {}}) == ErrorCode::kCorrupt);
        QVERIFY(load({"m", 16, 32, {}}, 100) == ErrorCode::kOutOfMemory);
    }

    /// The embedding kernels read the panels, number for number what the file's bytes mean.
    void panelsHoldTheFilesNumbers_data() {
        slabsMakeTheWholeMatrix_data();
    }

    void panelsHoldTheFilesNumbers() {
        QFETCH(int, dtype);
        const auto type = static_cast<DType>(dtype);
        constexpr std::size_t kRows = 37;
        constexpr std::size_t kDepth = 768;
        const auto bytes = randomRows(type, kRows, kDepth);
        const auto layout = layoutFor(type);
        QVERIFY(layout.has_value());
        std::vector<std::byte> panels(*layoutBytes(*layout, kRows, kDepth));
        repack(*layout, bytes.data(), kRows, kDepth, panels.data());
        const auto kernel = std::ranges::find(cpu::embeddingKernels(), *layout, &cpu::EmbeddingKernel::layout);
        QVERIFY(kernel != cpu::embeddingKernels().end());
        std::vector<float> want(kDepth);
        std::vector<float> got(kDepth);
        const std::size_t rowBytes = bytes.size() / kRows;
        for (std::int32_t row = 0; row < static_cast<std::int32_t>(kRows); ++row) {
            kernel->run({panels.data(), kDepth, &row, got.data(), 0, 1});
            const auto source = std::span(bytes).subspan(static_cast<std::size_t>(row) * rowBytes, rowBytes);
            QVERIFY(dequantizeRow(type, source, want).has_value());
            QVERIFY2(got == want, infoOf(type).name.data());
        }
    }

    /// A file whose rows end within a block: refused in words, whatever its header says.
    void rowsOfPartsOfBlocksAreRefused() {
        for (const DType dtype : {DType::kQ5_0, DType::kQ4_K, DType::kQ5_K, DType::kQ6_K}) {
            const std::uint64_t whole[] = {256, 16};
            GgufWriter writer;
            writer.set("general.architecture", std::string("test"));
            QVERIFY(writer.addTensor("blk.0.m", dtype, whole, randomRows(dtype, 16, 256)).has_value());
            const std::filesystem::path path = directory_.filePath(QStringLiteral("k.gguf")).toStdString();
            QVERIFY(writer.write(path).has_value());
            // The shape in the header, 256 x 16, becomes 16 x 256: the same numbers, in rows too short for a block.
            QFile raw(QString::fromStdString(path.string()));
            QVERIFY(raw.open(QIODevice::ReadWrite));
            QByteArray content = raw.readAll();
            const QByteArray shape(reinterpret_cast<const char*>(whole), sizeof whole);
            const std::uint64_t turned[] = {16, 256};
            QCOMPARE(content.count(shape), 1);
            content.replace(shape, QByteArray(reinterpret_cast<const char*>(turned), sizeof turned));
            QVERIFY(raw.seek(0) && raw.write(content) == content.size());
            raw.close();
            const auto file = GgufFile::open(path);
            std::optional<Error> error;
            if (!file.has_value()) {
                error = file.error();
            } else {
                ThreadPool pool(1);
                const WeightRequest request{"blk.0.m", 256, 16, {}};
                const auto store = WeightStore::load(*file, {&request, 1}, {}, pool, nullptr, {});
                error = store.has_value() ? std::nullopt : std::optional(store.error());
            }
            QVERIFY(error.has_value());
            QVERIFY2(error->code == ErrorCode::kCorrupt || error->code == ErrorCode::kUnsupported,
                     error->message.c_str());
            QVERIFY2(error->message.find("blk.0.m") != std::string::npos, error->message.c_str());
        }
    }

    void absurdSizesAreNoSizes() {
        QVERIFY(!layoutBytes(WeightLayout::kPanelF32, 1ULL << 60U, 1ULL << 60U).has_value());
        QVERIFY(!layoutBytes(WeightLayout::kPanelQ4, ~0ULL, 32).has_value());
        QCOMPARE(layoutBytes(WeightLayout::kPanelQ4, 17, 64).value_or(0), std::uint64_t{2 * 2 * 288});
        QCOMPARE(layoutBytes(WeightLayout::kPanelQ6K, 17, 512).value_or(0), std::uint64_t{2 * 2 * 3360});
    }

private:
    QTemporaryDir directory_;
};

ALCUIN_TEST(WeightStoreTest)
#include "tst_weight_store.moc"
