#include "tensor/dtype.h"

#include "support/test_registry.h"

#include <QObject>

#include <limits>
#include <string>

using namespace alcuin::inference;

class DTypeTest : public QObject {
    Q_OBJECT

private slots:
    void knowsItsOwn_data();
    void knowsItsOwn();
    void namesWhatItDoesNotRead();
    void storedBytesNeedWholeBlocks();
};

void DTypeTest::knowsItsOwn_data() {
    QTest::addColumn<int>("dtype");
    QTest::addColumn<QString>("name");
    QTest::addColumn<quint32>("number");
    QTest::addColumn<quint64>("bytesOf256");
    const auto row = [](DType dtype, const char* name, quint32 number, quint64 bytes) {
        QTest::newRow(name) << static_cast<int>(dtype) << QString::fromLatin1(name) << number << bytes;
    };
    row(DType::kF32, "F32", 0, 1024);
    row(DType::kF16, "F16", 1, 512);
    row(DType::kBF16, "BF16", 30, 512);
    row(DType::kQ8_0, "Q8_0", 8, 272);
    row(DType::kQ4_0, "Q4_0", 2, 144);
    row(DType::kQ4_1, "Q4_1", 3, 160);
    row(DType::kQ5_0, "Q5_0", 6, 176);
    row(DType::kQ4_K, "Q4_K", 12, 144);
    row(DType::kQ5_K, "Q5_K", 13, 176);
    row(DType::kQ6_K, "Q6_K", 14, 210);
}

void DTypeTest::knowsItsOwn() {
    QFETCH(int, dtype);
    QFETCH(QString, name);
    QFETCH(quint32, number);
    QFETCH(quint64, bytesOf256);
    const auto which = static_cast<DType>(dtype);
    QVERIFY(infoOf(which).dtype == which);
    QCOMPARE(QString::fromStdString(std::string(infoOf(which).name)), name);
    QCOMPARE(infoOf(which).ggufType, number);
    QVERIFY(dtypeOfGguf(number) == which);
    QCOMPARE(QString::fromStdString(std::string(ggufTypeName(number))), name);
    QVERIFY(storedBytes(which, 256) == bytesOf256);
}

void DTypeTest::namesWhatItDoesNotRead() {
    QVERIFY(ggufTypeName(10) == "Q2_K");
    QVERIFY(ggufTypeName(39) == "MXFP4");
    QVERIFY(!dtypeOfGguf(10));
    for (const std::uint32_t never : {4U, 31U, 4711U, 0xffffffffU}) {
        QVERIFY(ggufTypeName(never).empty());
        QVERIFY(!dtypeOfGguf(never));
    }
}

void DTypeTest::storedBytesNeedWholeBlocks() {
    QVERIFY(storedBytes(DType::kQ4_0, 0) == 0U);
    QVERIFY(!storedBytes(DType::kQ4_0, 48));
    QVERIFY(!storedBytes(DType::kQ6_K, 128));
    QVERIFY(!storedBytes(DType::kF32, std::numeric_limits<std::uint64_t>::max()));
}

ALCUIN_TEST(DTypeTest)
#include "tst_dtype.moc"
