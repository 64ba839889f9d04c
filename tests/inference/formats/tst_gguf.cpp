#include "formats/gguf.h"

#include "base/file.h"
#include "support/real_model.h"
#include "support/test_registry.h"
#include "tensor/dequantize.h"

#include "gguf_bytes.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <bit>
#include <type_traits>

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

/// An element of metadata as the goldens spell it.
QJsonValue spelled(std::uint64_t value) {
    return QString::number(value);
}
QJsonValue spelled(std::int64_t value) {
    return QString::number(value);
}
QJsonValue spelled(double value) {
    return QJsonObject{{QStringLiteral("f64"), QString::number(std::bit_cast<quint64>(value))}};
}
QJsonValue spelled(bool value) {
    return value;
}
QJsonValue spelled(const std::string& value) {
    return QString::fromStdString(value);
}

template <typename T>
QJsonValue spelled(const std::vector<T>& list) {
    QJsonArray array;
    for (const auto& element : list) {
        array.append(spelled(static_cast<const T&>(element)));
    }
    return array;
}

QString hashOf(const QJsonArray& list) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const auto& element : list) {
        hash.addData(element.toString().toUtf8());
        hash.addData(QByteArrayView("\0", 1));
    }
    return QString::fromLatin1(hash.result().toHex());
}

void compareEntry(const QString& key, const Metadata::Value& value, const QJsonValue& expected) {
    const auto actual = std::visit([](const auto& held) { return spelled(held); }, value);
    const auto digest = expected.toObject();
    if (!digest.contains(QStringLiteral("sha256"))) {
        QVERIFY2(actual == expected, qPrintable(key));
        return;
    }
    const auto list = actual.toArray();
    QCOMPARE(list.size(), digest.value(QStringLiteral("length")).toInt());
    QCOMPARE(list.first(), digest.value(QStringLiteral("first")).toArray().first());
    QCOMPARE(list.last(), digest.value(QStringLiteral("last")).toArray().last());
    QVERIFY2(hashOf(list) == digest.value(QStringLiteral("sha256")).toString(), qPrintable(key));
}

void compareHeader(const GgufFile& file, const QJsonObject& golden) {
    QCOMPARE(file.fileBytes(), static_cast<std::uint64_t>(golden.value(QStringLiteral("bytes")).toInteger()));
    const auto entries = golden.value(QStringLiteral("entries")).toObject();
    QCOMPARE(file.metadata().entries().size(), static_cast<std::size_t>(entries.size()));
    for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
        const auto found = file.metadata().entries().find(entry.key().toStdString());
        QVERIFY2(found != file.metadata().entries().end(), qPrintable(entry.key()));
        compareEntry(entry.key(), found->second, entry.value().toObject().value(QStringLiteral("value")));
    }
    const auto tensors = golden.value(QStringLiteral("tensors")).toArray();
    QCOMPARE(file.tensors().size(), static_cast<std::size_t>(tensors.size()));
    for (const auto& line : tensors) {
        const auto expected = line.toObject();
        const auto name = expected.value(QStringLiteral("name")).toString();
        const auto* tensor = file.find(name.toStdString());
        QVERIFY2(tensor != nullptr, qPrintable(name));
        QCOMPARE(QString::fromStdString(tensor->name), name);
        QCOMPARE(QString::fromStdString(std::string(infoOf(tensor->dtype).name)),
                 expected.value(QStringLiteral("type")).toString());
        const auto dimensions = expected.value(QStringLiteral("dimensions")).toArray();
        QCOMPARE(tensor->dimensionCount, static_cast<std::uint32_t>(dimensions.size()));
        for (std::size_t i = 0; i < GgufTensor::kMaxDimensions; ++i) {
            const auto at = static_cast<qsizetype>(i);
            const auto dimension = at < dimensions.size() ? dimensions.at(at).toInteger() : 1;
            QCOMPARE(tensor->dimensions[i], static_cast<std::uint64_t>(dimension));
        }
        QCOMPARE(tensor->offset, static_cast<std::uint64_t>(expected.value(QStringLiteral("offset")).toInteger()));
        QCOMPARE(tensor->bytes, static_cast<std::uint64_t>(expected.value(QStringLiteral("bytes")).toInteger()));
    }
}

} // namespace

class GgufTest : public QObject {
    Q_OBJECT

private slots:
    void readsEveryTypeAsItsOwnReaderDoes();
    void dequantisesExactly();
    void readsTheRealModelsHeader();
    void movesWithItsNames();
    void keepsAnEmptyListAndAFileWithoutTensors();
};

void GgufTest::readsEveryTypeAsItsOwnReaderDoes() {
    const auto file = GgufFile::open(goldenPath(QStringLiteral("every_type.gguf")).toStdString());
    QVERIFY2(file, file ? "" : file.error().message.c_str());
    compareHeader(*file, QJsonDocument::fromJson(readGolden(QStringLiteral("every_type.json"))).object());
}

void GgufTest::dequantisesExactly() {
    const std::filesystem::path path = goldenPath(QStringLiteral("every_type.gguf")).toStdString();
    const auto file = GgufFile::open(path);
    const auto bytes = File::open(path);
    QVERIFY(file);
    QVERIFY(bytes);
    const auto golden = QJsonDocument::fromJson(readGolden(QStringLiteral("every_type.json"))).object();
    qsizetype compared = 0;
    for (const auto& line : golden.value(QStringLiteral("tensors")).toArray()) {
        const auto name = line.toObject().value(QStringLiteral("name")).toString();
        const auto expected = line.toObject().value(QStringLiteral("f32")).toArray();
        const auto* tensor = file->find(name.toStdString());
        QVERIFY2(tensor != nullptr, qPrintable(name));
        std::vector<std::byte> stored(tensor->bytes);
        QVERIFY(bytes->readAt(tensor->offset, stored));
        std::vector<float> numbers(tensor->elements());
        QVERIFY(dequantizeRow(tensor->dtype, stored, numbers));
        QCOMPARE(expected.size(), static_cast<qsizetype>(numbers.size()));
        for (qsizetype i = 0; i < expected.size(); ++i) {
            const auto actual = std::bit_cast<std::uint32_t>(numbers[static_cast<std::size_t>(i)]);
            QVERIFY2(actual == static_cast<std::uint32_t>(expected.at(i).toInteger()),
                     qPrintable(QStringLiteral("%1[%2]").arg(name).arg(i)));
            ++compared;
        }
    }
    QVERIFY(compared > 1000);
}

void GgufTest::readsTheRealModelsHeader() {
    const auto path = realModelPath();
    if (path.isEmpty()) {
        ALCUIN_SKIP(kNoRealModel);
    }
    const auto file = GgufFile::open(path.toStdString());
    QVERIFY2(file, file ? "" : file.error().message.c_str());
    compareHeader(*file, QJsonDocument::fromJson(readGolden(QStringLiteral("smollm2.json"))).object());
}

void GgufTest::movesWithItsNames() {
    static_assert(!std::is_copy_constructible_v<GgufFile>);
    auto file = GgufFile::open(goldenPath(QStringLiteral("every_type.gguf")).toStdString());
    QVERIFY(file);
    const GgufFile moved = std::move(*file);
    file = fail(ErrorCode::kInternal, "gone");
    for (const auto& tensor : moved.tensors()) {
        QCOMPARE(moved.find(tensor.name), &tensor);
    }
    QCOMPARE(moved.find("no such tensor"), nullptr);
}

void GgufTest::keepsAnEmptyListAndAFileWithoutTensors() {
    const ScratchFolder folder;
    GgufBytes bytes(0, 1);
    bytes.entry("a.list", 9).put<std::uint32_t>(8).put<std::uint64_t>(0);
    const auto file = GgufFile::open(folder.file(bytes.bytes()));
    QVERIFY2(file, file ? "" : file.error().message.c_str());
    QVERIFY(file->tensors().empty());
    const auto list = file->metadata().strings("a.list");
    QVERIFY(list);
    QVERIFY((*list)->empty());
}

ALCUIN_TEST(GgufTest)
#include "tst_gguf.moc"
