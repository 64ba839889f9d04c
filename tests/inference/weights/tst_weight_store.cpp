#include <QTemporaryDir>
#include <QtTest/QTest>

#include <cstring>
#include <random>

#include "base/thread_pool.h"
#include "formats/gguf_writer.h"
#include "support/test_registry.h"
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
        for (const DType dtype : {DType::kF32, DType::kF16, DType::kBF16, DType::kQ8_0, DType::kQ4_0, DType::kQ4_1}) {
            QTest::newRow(std::string(infoOf(dtype).name).c_str()) << static_cast<int>(dtype);
        }
    }

    void slabsMakeTheWholeMatrix() {
        QFETCH(int, dtype);
        const auto type = static_cast<DType>(dtype);
        constexpr std::size_t kRows = 3001; // no multiple of a panel
        constexpr std::size_t kDepth = 640;
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

    void aTypeWithoutKernelsIsRefusedByName() {
        const std::uint64_t shape[] = {256, 16};
        for (const DType dtype : {DType::kQ5_0, DType::kQ4_K, DType::kQ5_K, DType::kQ6_K}) {
            QVERIFY(!layoutFor(dtype));
            GgufWriter writer;
            writer.set("general.architecture", std::string("test"));
            QVERIFY(writer.addTensor("blk.0.m", dtype, shape, randomRows(dtype, 16, 256)).has_value());
            const std::filesystem::path path = directory_.filePath(QStringLiteral("k.gguf")).toStdString();
            QVERIFY(writer.write(path).has_value());
            const auto file = GgufFile::open(path);
            QVERIFY(file.has_value());
            ThreadPool pool(1);
            const WeightRequest request{"blk.0.m", 16, 256, {}};
            const auto store = WeightStore::load(*file, {&request, 1}, {}, pool, nullptr, {});
            QVERIFY(!store.has_value());
            QVERIFY(store.error().code == ErrorCode::kUnsupported);
            const std::string words = "\"blk.0.m\" of " + path.string() + " has the type ";
            const std::string& message = store.error().message;
            QVERIFY2(message.find(words + std::string(infoOf(dtype).name)) != std::string::npos, message.c_str());
        }
    }

    void absurdSizesAreNoSizes() {
        QVERIFY(!layoutBytes(WeightLayout::kPanelF32, 1ULL << 60U, 1ULL << 60U).has_value());
        QVERIFY(!layoutBytes(WeightLayout::kPanelQ4, ~0ULL, 32).has_value());
        QCOMPARE(layoutBytes(WeightLayout::kPanelQ4, 17, 64).value_or(0), std::uint64_t{2 * 2 * 288});
    }

private:
    QTemporaryDir directory_;
};

ALCUIN_TEST(WeightStoreTest)
#include "tst_weight_store.moc"
