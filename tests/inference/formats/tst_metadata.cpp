#include "formats/metadata.h"

#include "support/test_registry.h"

#include <QObject>

#include <cmath>
#include <limits>

using namespace alcuin::inference;

namespace {

constexpr auto kMaxUnsigned = std::numeric_limits<std::uint64_t>::max();

Metadata sample() {
    Metadata metadata;
    metadata.set("unsigned", std::uint64_t{7});
    metadata.set("unsigned.max", kMaxUnsigned);
    metadata.set("negative", std::int64_t{-7});
    metadata.set("signed", std::int64_t{7});
    metadata.set("double", 1.5);
    metadata.set("nan", std::nan(""));
    metadata.set("bool", true);
    metadata.set("string", std::string("text"));
    metadata.set("unsigned.list", std::vector<std::uint64_t>{1, 2});
    metadata.set("unsigned.max.list", std::vector<std::uint64_t>{1, kMaxUnsigned});
    metadata.set("signed.list", std::vector<std::int64_t>{1, 2});
    metadata.set("negative.list", std::vector<std::int64_t>{1, -2});
    metadata.set("double.list", std::vector<double>{0.5, 2});
    metadata.set("infinite.list", std::vector<double>{0.5, INFINITY});
    metadata.set("bool.list", std::vector<bool>{true});
    metadata.set("string.list", std::vector<std::string>{"a", "b"});
    return metadata;
}

/// kNotFound or kCorrupt, and its sentence names the key.
template <typename T>
bool refused(const Result<T>& result, ErrorCode code, std::string_view key) {
    return !result && result.error().code == code && result.error().message.find(key) != std::string::npos &&
           result.error().message.ends_with('.');
}

} // namespace

class MetadataTest : public QObject {
    Q_OBJECT

private slots:
    void integers();
    void numbers();
    void booleansAndText();
    void lists();
    void aScalarIsAListOfOne();
    void missingKeys();
    void otherwise();
};

void MetadataTest::integers() {
    const auto metadata = sample();
    QCOMPARE(metadata.unsignedInteger("unsigned").value(), std::uint64_t{7});
    QCOMPARE(metadata.unsignedInteger("unsigned.max").value(), kMaxUnsigned);
    QCOMPARE(metadata.unsignedInteger("signed").value(), std::uint64_t{7});
    QVERIFY(refused(metadata.unsignedInteger("negative"), ErrorCode::kCorrupt, "\"negative\""));
    QCOMPARE(metadata.signedInteger("negative").value(), std::int64_t{-7});
    QCOMPARE(metadata.signedInteger("unsigned").value(), std::int64_t{7});
    QVERIFY(refused(metadata.signedInteger("unsigned.max"), ErrorCode::kCorrupt, "\"unsigned.max\""));
    for (const char* key : {"double", "bool", "string", "unsigned.list"}) {
        QVERIFY(refused(metadata.unsignedInteger(key), ErrorCode::kCorrupt, key));
        QVERIFY(refused(metadata.signedInteger(key), ErrorCode::kCorrupt, key));
    }
}

void MetadataTest::numbers() {
    const auto metadata = sample();
    QCOMPARE(metadata.number("double").value(), 1.5);
    QCOMPARE(metadata.number("unsigned").value(), 7.0);
    QCOMPARE(metadata.number("negative").value(), -7.0);
    for (const char* key : {"nan", "bool", "string", "double.list"}) {
        QVERIFY(refused(metadata.number(key), ErrorCode::kCorrupt, key));
    }
}

void MetadataTest::booleansAndText() {
    const auto metadata = sample();
    QCOMPARE(metadata.boolean("bool").value(), true);
    QVERIFY(refused(metadata.boolean("unsigned"), ErrorCode::kCorrupt, "unsigned"));
    QVERIFY(metadata.string("string").value() == "text");
    QVERIFY(refused(metadata.string("string.list"), ErrorCode::kCorrupt, "string.list"));
    QVERIFY(*metadata.strings("string.list").value() == (std::vector<std::string>{"a", "b"}));
    QVERIFY(refused(metadata.strings("string"), ErrorCode::kCorrupt, "string"));
}

void MetadataTest::lists() {
    const auto metadata = sample();
    QCOMPARE(metadata.unsignedIntegers("unsigned.list").value(), (std::vector<std::uint64_t>{1, 2}));
    QCOMPARE(metadata.unsignedIntegers("signed.list").value(), (std::vector<std::uint64_t>{1, 2}));
    QVERIFY(refused(metadata.unsignedIntegers("negative.list"), ErrorCode::kCorrupt, "negative.list"));
    QCOMPARE(metadata.signedIntegers("negative.list").value(), (std::vector<std::int64_t>{1, -2}));
    QCOMPARE(metadata.signedIntegers("unsigned.list").value(), (std::vector<std::int64_t>{1, 2}));
    QVERIFY(refused(metadata.signedIntegers("unsigned.max.list"), ErrorCode::kCorrupt, "unsigned.max.list"));
    QCOMPARE(metadata.numbers("double.list").value(), (std::vector<double>{0.5, 2}));
    QCOMPARE(metadata.numbers("negative.list").value(), (std::vector<double>{1, -2}));
    QVERIFY(refused(metadata.numbers("infinite.list"), ErrorCode::kCorrupt, "infinite.list"));
    for (const char* key : {"double.list", "bool.list", "string.list", "string"}) {
        QVERIFY(refused(metadata.unsignedIntegers(key), ErrorCode::kCorrupt, key));
        QVERIFY(refused(metadata.signedIntegers(key), ErrorCode::kCorrupt, key));
    }
    QVERIFY(refused(metadata.numbers("bool.list"), ErrorCode::kCorrupt, "bool.list"));
}

void MetadataTest::aScalarIsAListOfOne() {
    const auto metadata = sample();
    QCOMPARE(metadata.unsignedIntegers("unsigned").value(), (std::vector<std::uint64_t>{7}));
    QCOMPARE(metadata.signedIntegers("negative").value(), (std::vector<std::int64_t>{-7}));
    QCOMPARE(metadata.numbers("double").value(), (std::vector<double>{1.5}));
    QVERIFY(refused(metadata.unsignedIntegers("negative"), ErrorCode::kCorrupt, "negative"));
    QVERIFY(refused(metadata.numbers("bool"), ErrorCode::kCorrupt, "bool"));
}

void MetadataTest::missingKeys() {
    const Metadata metadata;
    QVERIFY(!metadata.contains("a.key"));
    QVERIFY(refused(metadata.unsignedInteger("a.key"), ErrorCode::kNotFound, "\"a.key\""));
    QVERIFY(refused(metadata.signedInteger("a.key"), ErrorCode::kNotFound, "\"a.key\""));
    QVERIFY(refused(metadata.number("a.key"), ErrorCode::kNotFound, "\"a.key\""));
    QVERIFY(refused(metadata.boolean("a.key"), ErrorCode::kNotFound, "\"a.key\""));
    QVERIFY(refused(metadata.string("a.key"), ErrorCode::kNotFound, "\"a.key\""));
    QVERIFY(refused(metadata.unsignedIntegers("a.key"), ErrorCode::kNotFound, "\"a.key\""));
    QVERIFY(refused(metadata.signedIntegers("a.key"), ErrorCode::kNotFound, "\"a.key\""));
    QVERIFY(refused(metadata.numbers("a.key"), ErrorCode::kNotFound, "\"a.key\""));
    QVERIFY(refused(metadata.strings("a.key"), ErrorCode::kNotFound, "\"a.key\""));
}

void MetadataTest::otherwise() {
    const auto metadata = sample();
    QCOMPARE(metadata.unsignedIntegerOr("unsigned", 3).value(), std::uint64_t{7});
    QCOMPARE(metadata.unsignedIntegerOr("a.key", 3).value(), std::uint64_t{3});
    QVERIFY(refused(metadata.unsignedIntegerOr("string", 3), ErrorCode::kCorrupt, "string"));
    QCOMPARE(metadata.numberOr("a.key", 0.5).value(), 0.5);
    QVERIFY(refused(metadata.numberOr("string", 3), ErrorCode::kCorrupt, "string"));
    QCOMPARE(metadata.booleanOr("a.key", true).value(), true);
    QVERIFY(refused(metadata.booleanOr("string", true), ErrorCode::kCorrupt, "string"));
    QVERIFY(metadata.stringOr("a.key", "other").value() == "other");
    QVERIFY(refused(metadata.stringOr("bool", "other"), ErrorCode::kCorrupt, "bool"));
}

ALCUIN_TEST(MetadataTest)
#include "tst_metadata.moc"
