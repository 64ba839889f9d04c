#include "tensor/quantize.h"

#include "support/test_registry.h"
#include "tensor/dequantize.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <bit>
#include <cmath>
#include <limits>

using namespace alcuin::inference;

namespace {

constexpr std::array kDTypes{DType::kF32,  DType::kF16,  DType::kBF16, DType::kQ8_0, DType::kQ4_0,
                             DType::kQ4_1, DType::kQ5_0, DType::kQ4_K, DType::kQ5_K, DType::kQ6_K};
constexpr std::array kBlockDTypes{DType::kQ8_0, DType::kQ4_0, DType::kQ4_1, DType::kQ5_0,
                                  DType::kQ4_K, DType::kQ5_K, DType::kQ6_K};
constexpr std::array kKDTypes{DType::kQ4_K, DType::kQ5_K, DType::kQ6_K};
/// A row every dtype can hold.
constexpr std::size_t kRow = 256;

QString nameOf(DType dtype) {
    return QString::fromStdString(std::string(infoOf(dtype).name));
}

double squaredError(std::span<const float> a, std::span<const float> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double off = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        sum += off * off;
    }
    return sum;
}

std::vector<float> rowOf(const QJsonValue& bits) {
    std::vector<float> row;
    for (const auto& number : bits.toArray()) {
        row.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(number.toInteger())));
    }
    return row;
}

QByteArray hexOf(const std::vector<std::byte>& bytes) {
    return QByteArray(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())).toHex();
}

std::vector<std::byte> storeFor(DType dtype, std::size_t numbers) {
    return std::vector<std::byte>(storedBytes(dtype, numbers).value_or(0));
}

template <typename T>
bool refused(const Result<T>& result) {
    return !result && result.error().code == ErrorCode::kInvalidArgument && result.error().message.ends_with('.');
}

} // namespace

class QuantizeTest : public QObject {
    Q_OBJECT

private slots:
    void givesTheReferencesBytes();
    void fitsTheKFormatsBetterThanTheReference();
    void kBlocksComeBackAsTheyWere();
    void comesBackWithinHalfAStep();
    void f32IsUntouched();
    void refusesWrongSizes();
    void refusesWhatABlockCannotHold();
    void tinyNumbersBecomeZero();
    void emptyRows();
};

void QuantizeTest::givesTheReferencesBytes() {
    QFile golden(QStringLiteral(ALCUIN_GOLDEN_DIR "/gguf/quantize.json"));
    QVERIFY(golden.open(QIODevice::ReadOnly));
    const auto cases = QJsonDocument::fromJson(golden.readAll()).array();
    QVERIFY(cases.size() > 20);
    for (qsizetype i = 0; i < cases.size(); ++i) {
        const auto expected = cases.at(i).toObject();
        const auto row = rowOf(expected.value(QStringLiteral("row")));
        QCOMPARE(row.size(), std::size_t{64});
        for (const auto dtype : {DType::kF16, DType::kBF16, DType::kQ8_0, DType::kQ4_0, DType::kQ4_1, DType::kQ5_0}) {
            auto bytes = storeFor(dtype, row.size());
            QVERIFY(quantizeRow(dtype, row, bytes));
            const auto name = nameOf(dtype);
            QVERIFY2(hexOf(bytes) == expected.value(name).toString().toLatin1(),
                     qPrintable(QStringLiteral("%1 of row %2").arg(name).arg(i)));
        }
    }
}

void QuantizeTest::fitsTheKFormatsBetterThanTheReference() {
    QFile golden(QStringLiteral(ALCUIN_GOLDEN_DIR "/gguf/quantize_k.json"));
    QVERIFY(golden.open(QIODevice::ReadOnly));
    const auto cases = QJsonDocument::fromJson(golden.readAll()).array();
    QVERIFY(cases.size() >= 6);
    for (const auto dtype : kKDTypes) {
        double ours = 0; // mean of the ratios of the errors: every row counts alike
        for (const auto& line : cases) {
            const auto row = rowOf(line.toObject().value(QStringLiteral("row")));
            QCOMPARE(row.size(), kRow);
            auto bytes = storeFor(dtype, kRow);
            std::vector<float> back(kRow);
            QVERIFY(quantizeRow(dtype, row, bytes));
            QVERIFY(dequantizeRow(dtype, bytes, back));
            const double ratio = squaredError(row, back) / line.toObject().value(nameOf(dtype)).toDouble();
            QVERIFY2(ratio < 1.0, qPrintable(QStringLiteral("%1: %2").arg(nameOf(dtype)).arg(ratio)));
            ours += ratio / static_cast<double>(cases.size());
        }
        qInfo("%s: %.3f of the reference's squared error", qPrintable(nameOf(dtype)), ours);
        QVERIFY(ours < 0.98);
    }
}

void QuantizeTest::kBlocksComeBackAsTheyWere() {
    // Numbers that a block holds exactly, the extremes of every group among them, leave no error worth the name.
    for (const auto dtype : kKDTypes) {
        std::vector<float> row(kRow);
        const int top = dtype == DType::kQ4_K ? 15 : dtype == DType::kQ5_K ? 31 : 63;
        for (std::size_t i = 0; i < kRow; ++i) {
            const std::size_t group = dtype == DType::kQ6_K ? i / 16 : i / 32;
            const int q = i % 2 == 0 ? (i % 4 == 0 ? 0 : top) : static_cast<int>(i * 7) % (top + 1);
            const int offset = dtype == DType::kQ6_K ? 32 : 2;
            row[i] = 0x1p-9F * static_cast<float>(static_cast<int>(63 - group) * (q - offset));
        }
        auto bytes = storeFor(dtype, kRow);
        std::vector<float> back(kRow);
        QVERIFY(quantizeRow(dtype, row, bytes));
        QVERIFY(dequantizeRow(dtype, bytes, back));
        const std::vector<float> zero(kRow);
        const double left = squaredError(row, back) / squaredError(row, zero);
        QVERIFY2(left < 1e-5, qPrintable(QStringLiteral("%1: %2").arg(nameOf(dtype)).arg(left)));
    }
}

void QuantizeTest::comesBackWithinHalfAStep() {
    // One step of each format over numbers in [-1, 1]; the scale's rounding to f16 adds up to 2^-11 of the range.
    const auto stepOf = [](DType dtype) {
        switch (dtype) {
        case DType::kQ8_0:
            return 1.0F / 127;
        case DType::kQ4_0:
            return 1.0F / 8;
        default:
            return 2.0F / 15;
        }
    };
    std::vector<float> row(64);
    for (std::size_t i = 0; i < row.size(); ++i) {
        row[i] = std::sin(static_cast<float>(i * i));
    }
    row[0] = -1;
    row[33] = -1;
    for (const auto dtype : {DType::kQ8_0, DType::kQ4_0, DType::kQ4_1}) {
        auto bytes = storeFor(dtype, row.size());
        std::vector<float> back(row.size());
        QVERIFY(quantizeRow(dtype, row, bytes));
        QVERIFY(dequantizeRow(dtype, bytes, back));
        for (std::size_t i = 0; i < row.size(); ++i) {
            // Q4_0 has 7 steps on one side of zero: numbers beyond them are a whole step off.
            const float bound = dtype == DType::kQ4_0 && row[i] > 0.93F ? stepOf(dtype) : stepOf(dtype) / 2;
            QVERIFY(std::fabs(back[i] - row[i]) <= bound + 0x1p-10F);
        }
    }
}

void QuantizeTest::f32IsUntouched() {
    const std::vector<float> row{-0.0F, 1.5F, std::numeric_limits<float>::denorm_min(), 3.4e38F};
    auto bytes = storeFor(DType::kF32, row.size());
    std::vector<float> back(row.size());
    QVERIFY(quantizeRow(DType::kF32, row, bytes));
    QVERIFY(dequantizeRow(DType::kF32, bytes, back));
    for (std::size_t i = 0; i < row.size(); ++i) {
        QCOMPARE(std::bit_cast<std::uint32_t>(back[i]), std::bit_cast<std::uint32_t>(row[i]));
    }
}

void QuantizeTest::refusesWrongSizes() {
    std::vector<float> row(kRow);
    std::vector<float> halfBlock(48);
    for (const auto dtype : kDTypes) {
        auto bytes = storeFor(dtype, row.size());
        bytes.pop_back();
        QVERIFY(refused(quantizeRow(dtype, row, bytes)));
        QVERIFY(refused(dequantizeRow(dtype, bytes, row)));
        if (infoOf(dtype).blockElements > 1) {
            bytes.resize(halfBlock.size() * infoOf(dtype).blockBytes / infoOf(dtype).blockElements);
            QVERIFY(refused(quantizeRow(dtype, halfBlock, bytes)));
            QVERIFY(refused(dequantizeRow(dtype, bytes, halfBlock)));
        }
    }
}

void QuantizeTest::refusesWhatABlockCannotHold() {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    for (const auto dtype : kBlockDTypes) {
        const std::size_t block = infoOf(dtype).blockElements;
        auto bytes = storeFor(dtype, 2 * block);
        for (const float bad : {kInfinity, -kInfinity, std::nanf(""), 3.4e38F, -3.4e38F, 1e10F, -1e10F}) {
            std::vector<float> row(2 * block, 1.0F);
            row[block + 8] = bad;
            const auto result = quantizeRow(dtype, row, bytes);
            QVERIFY2(refused(result), qPrintable(nameOf(dtype)));
            const auto words = block == 32 ? "32 to 63" : "256 to 511";
            QVERIFY(result.error().message.find(words) != std::string::npos);
        }
    }
}

void QuantizeTest::tinyNumbersBecomeZero() {
    const std::vector<float> row(kRow, std::numeric_limits<float>::denorm_min());
    for (const auto dtype : kBlockDTypes) {
        auto bytes = storeFor(dtype, row.size());
        std::vector<float> back(row.size(), 1.0F);
        QVERIFY(quantizeRow(dtype, row, bytes));
        QVERIFY(dequantizeRow(dtype, bytes, back));
        for (const float number : back) {
            QCOMPARE(number, 0.0F);
        }
    }
}

void QuantizeTest::emptyRows() {
    for (const auto dtype : kDTypes) {
        QVERIFY(quantizeRow(dtype, {}, {}));
        QVERIFY(dequantizeRow(dtype, {}, {}));
    }
}

ALCUIN_TEST(QuantizeTest)
#include "tst_quantize.moc"
