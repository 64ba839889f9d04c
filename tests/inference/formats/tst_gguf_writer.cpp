#include "formats/gguf_writer.h"

#include "base/file.h"
#include "support/test_registry.h"

#include "gguf_bytes.h"

#include <QFileInfo>

#include <array>
#include <limits>
#include <numeric>

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

std::vector<std::byte> counted(std::size_t count) {
    std::vector<std::byte> bytes(count);
    for (std::size_t i = 0; i < count; ++i) {
        bytes[i] = static_cast<std::byte>(i * 7 + 1);
    }
    return bytes;
}

} // namespace

class GgufWriterTest : public QObject {
    Q_OBJECT

private slots:
    void readsBackEveryKindOfEntry();
    void readsBackTensors_data();
    void readsBackTensors();
    void asksForRowsInOrder();
    void refusesWhatNoReaderWouldTake();
    void leavesNothingBehindWhenItFails();
};

void GgufWriterTest::readsBackEveryKindOfEntry() {
    GgufWriter writer;
    writer.set("u8", std::uint8_t{255});
    writer.set("i8", std::int8_t{-128});
    writer.set("u16", std::uint16_t{65535});
    writer.set("i16", std::int16_t{-32768});
    writer.set("u32", std::numeric_limits<std::uint32_t>::max());
    writer.set("i32", std::numeric_limits<std::int32_t>::min());
    writer.set("u64", std::numeric_limits<std::uint64_t>::max());
    writer.set("i64", std::numeric_limits<std::int64_t>::min());
    writer.set("f32", 0.1F);
    writer.set("f64", 0.1);
    writer.set("yes", true);
    writer.set("text", std::string("replaced"));
    writer.set("text", std::string("Grüße"));
    writer.set("u8s", std::vector<std::uint8_t>{1, 255});
    writer.set("i64s", std::vector<std::int64_t>{-1, 1});
    writer.set("f32s", std::vector<float>{0.5F, -2.0F});
    writer.set("bools", std::vector<bool>{true, false, true});
    writer.set("texts", std::vector<std::string>{"a", "", "c"});
    const ScratchFolder folder;
    const auto path = folder.path(QStringLiteral("written.gguf"));
    const auto written = writer.write(path);
    QVERIFY2(written, written ? "" : written.error().message.c_str());

    const auto file = GgufFile::open(path);
    QVERIFY2(file, file ? "" : file.error().message.c_str());
    const std::map<std::string, Metadata::Value, std::less<>> expected{
        {"u8", std::uint64_t{255}},
        {"i8", std::int64_t{-128}},
        {"u16", std::uint64_t{65535}},
        {"i16", std::int64_t{-32768}},
        {"u32", std::uint64_t{0xffffffff}},
        {"i32", std::int64_t{std::numeric_limits<std::int32_t>::min()}},
        {"u64", std::numeric_limits<std::uint64_t>::max()},
        {"i64", std::numeric_limits<std::int64_t>::min()},
        {"f32", static_cast<double>(0.1F)},
        {"f64", 0.1},
        {"yes", true},
        {"text", std::string("Grüße")},
        {"u8s", std::vector<std::uint64_t>{1, 255}},
        {"i64s", std::vector<std::int64_t>{-1, 1}},
        {"f32s", std::vector<double>{0.5, -2.0}},
        {"bools", std::vector<bool>{true, false, true}},
        {"texts", std::vector<std::string>{"a", "", "c"}},
    };
    QVERIFY(file->metadata().entries() == expected);
}

void GgufWriterTest::readsBackTensors_data() {
    QTest::addColumn<quint32>("alignment");
    for (const quint32 alignment : {1U, 32U, 4096U}) {
        QTest::addRow("%u", alignment) << alignment;
    }
}

void GgufWriterTest::readsBackTensors() {
    QFETCH(quint32, alignment);
    GgufWriter writer;
    writer.set("general.alignment", alignment);
    const std::array<std::uint64_t, 2> shape{64, 3};
    for (const auto dtype : {DType::kF32, DType::kF16, DType::kBF16, DType::kQ8_0, DType::kQ4_0, DType::kQ4_1}) {
        const auto added = writer.addTensor(std::string(infoOf(dtype).name), dtype, shape,
                                            counted(storedBytes(dtype, 64 * 3).value_or(0)));
        QVERIFY2(added, added ? "" : added.error().message.c_str());
    }
    const ScratchFolder folder;
    const auto path = folder.path(QStringLiteral("written.gguf"));
    QVERIFY(writer.write(path));
    const auto file = GgufFile::open(path);
    QVERIFY2(file, file ? "" : file.error().message.c_str());
    const auto bytes = File::open(path);
    QVERIFY(bytes);
    QCOMPARE(file->tensors().size(), std::size_t{6});
    for (const auto& tensor : file->tensors()) {
        QCOMPARE(QString::fromStdString(tensor.name), QString::fromStdString(std::string(infoOf(tensor.dtype).name)));
        QCOMPARE(tensor.dimensionCount, 2U);
        QVERIFY(tensor.dimensions == (std::array<std::uint64_t, 4>{64, 3, 1, 1}));
        QCOMPARE(tensor.offset % alignment, std::uint64_t{0});
        std::vector<std::byte> stored(tensor.bytes);
        QVERIFY(bytes->readAt(tensor.offset, stored));
        QVERIFY(stored == counted(stored.size()));
    }
}

void GgufWriterTest::asksForRowsInOrder() {
    GgufWriter writer;
    const std::array<std::uint64_t, 3> shape{4, 3, 2};
    std::vector<std::uint64_t> asked;
    QVERIFY(writer.addTensor("rows", DType::kF32, shape, [&](std::uint64_t row, std::span<std::byte> bytes) {
        asked.push_back(row);
        std::ranges::fill(bytes, static_cast<std::byte>(row));
        return bytes.size() == 16 ? Result<void>() : fail(ErrorCode::kInternal, "another size.");
    }));
    const ScratchFolder folder;
    const auto path = folder.path(QStringLiteral("written.gguf"));
    QVERIFY(writer.write(path));
    QCOMPARE(asked, (std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5}));
    const auto file = GgufFile::open(path);
    QVERIFY(file);
    QCOMPARE(file->tensors().at(0).bytes, std::uint64_t{96});
}

void GgufWriterTest::refusesWhatNoReaderWouldTake() {
    GgufWriter writer;
    const auto refused = [&](std::string name, DType dtype, std::vector<std::uint64_t> shape, std::size_t bytes) {
        const auto added = writer.addTensor(std::move(name), dtype, shape, counted(bytes));
        return !added && added.error().code == ErrorCode::kInvalidArgument;
    };
    QVERIFY(!refused("taken", DType::kF32, {4}, 16));
    QVERIFY(refused("taken", DType::kF32, {4}, 16));
    QVERIFY(refused("", DType::kF32, {4}, 16));
    QVERIFY(refused("none", DType::kF32, {}, 0));
    QVERIFY(refused("five", DType::kF32, {1, 1, 1, 1, 1}, 4));
    QVERIFY(refused("empty", DType::kF32, {4, 0}, 0));
    QVERIFY(refused("half a block", DType::kQ8_0, {16, 2}, 34));
    QVERIFY(refused("overflow", DType::kF32, {1ULL << 32, 1ULL << 32}, 0));
    QVERIFY(refused("other size", DType::kF32, {4}, 12));
    const ScratchFolder folder;
    writer.set("general.alignment", std::uint32_t{48});
    const auto written = writer.write(folder.path(QStringLiteral("written.gguf")));
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::kInvalidArgument);
}

void GgufWriterTest::leavesNothingBehindWhenItFails() {
    const ScratchFolder folder;
    const auto path = folder.file("what was there", QStringLiteral("kept.gguf"));
    GgufWriter writer;
    const std::array<std::uint64_t, 2> shape{4, 3};
    QVERIFY(writer.addTensor("rows", DType::kF32, shape, [](std::uint64_t row, std::span<std::byte>) {
        return row < 2 ? Result<void>() : fail(ErrorCode::kIo, "The source failed.");
    }));
    const auto written = writer.write(path);
    QVERIFY(!written);
    QCOMPARE(QString::fromStdString(written.error().message), QStringLiteral("The source failed."));
    QCOMPARE(std::filesystem::file_size(path), std::uintmax_t{14});
    const auto entries = std::filesystem::directory_iterator(path.parent_path());
    QCOMPARE(std::distance(begin(entries), end(entries)), 1);

    const auto nowhere = writer.write(path / "inside a file.gguf");
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().code, ErrorCode::kIo);
}

ALCUIN_TEST(GgufWriterTest)
#include "tst_gguf_writer.moc"
