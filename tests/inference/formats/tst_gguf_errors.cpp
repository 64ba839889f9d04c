#include "formats/gguf.h"

#include "support/test_registry.h"

#include "gguf_bytes.h"

#include <QDir>
#include <QFile>

#include <limits>

#include <sys/stat.h>
#include <unistd.h>

using namespace alcuin::inference;
using namespace alcuin::tests;

Q_DECLARE_METATYPE(alcuin::inference::ErrorCode)

namespace {

constexpr auto kHuge = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint32_t kF32 = 0;
constexpr std::uint32_t kQ4_0 = 2;
constexpr std::uint32_t kQ2_K = 10;

/// A sentence about this file that says what to do.
void compareError(const Result<GgufFile>& result, ErrorCode code, const QString& words,
                  const std::filesystem::path& path) {
    QVERIFY(!result);
    const auto message = QString::fromStdString(result.error().message);
    QVERIFY2(result.error().code == code, qPrintable(message));
    QVERIFY2(message.contains(words), qPrintable(message));
    QVERIFY2(message.contains(QString::fromStdString(path.string())), qPrintable(message));
    QVERIFY2(message.front().isUpper() || message.startsWith(u'/'), qPrintable(message));
    QVERIFY2(message.endsWith(u'.'), qPrintable(message));
}

} // namespace

class GgufErrorsTest : public QObject {
    Q_OBJECT

private slots:
    void refuses_data();
    void refuses();
    void saysHowMuchOfACutFileIsMissing();
    void namesWhatAForeignFileIs_data();
    void namesWhatAForeignFileIs();
    void missingFile();
    void folderInsteadOfFile();
    void unreadableFile();
    void pipeDoesNotBlock();
    void printsNamesSafely();
};

void GgufErrorsTest::refuses_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, const GgufBytes& bytes, ErrorCode code, const char* words) {
        QTest::newRow(name) << bytes.bytes() << code << QString::fromUtf8(words);
    };
    const auto corrupt = ErrorCode::kCorrupt;
    const auto unsupported = ErrorCode::kUnsupported;

    row("version 2", GgufBytes(0, 0, 2), unsupported, "version 2");
    row("version 4", GgufBytes(0, 0, 4), unsupported, "version 4");
    row("version 0", GgufBytes(0, 0, 0), unsupported, "version 0");
    row("big-endian", GgufBytes(0, 0, 0x03000000), unsupported, "big-endian");

    row("too many entries", GgufBytes(0, kHuge), corrupt, "metadata entries");
    row("more entries than bytes", GgufBytes(0, 1000), corrupt, "ends inside its header");
    row("too many tensors", GgufBytes(kHuge, 0), corrupt, "tensors");
    row("more tensors than bytes", GgufBytes(1000, 0), corrupt, "ends inside its header");

    row("key without end", GgufBytes(0, 1).put(kHuge).put(0).put(0), corrupt, "name of a metadata entry");
    row("key past the end", GgufBytes(0, 1).put<std::uint64_t>(500).put(0).put(0), corrupt, "ends inside its header");
    row("empty key", GgufBytes(0, 1).entry("", 4).put<std::uint32_t>(1), corrupt, "no name");
    row("key twice", GgufBytes(0, 2).entry("a.key", 4).put<std::uint32_t>(1).entry("a.key", 4).put<std::uint32_t>(1),
        corrupt, "\"a.key\" twice");
    row("unknown value type", GgufBytes(0, 1).entry("a.key", 13).put<std::uint64_t>(1), corrupt, "unknown type 13");
    row("bool of 2", GgufBytes(0, 1).entry("a.key", 7).put<std::uint8_t>(2), corrupt, "only 0 or 1");
    row("bool of 2 in a list",
        GgufBytes(0, 1).entry("a.key", 9).put<std::uint32_t>(7).put<std::uint64_t>(1).put<std::uint8_t>(2), corrupt,
        "only 0 or 1");
    row("string without end", GgufBytes(0, 1).entry("a.key", 8).put(kHuge), corrupt, "a text of the metadata");
    row("string past the end", GgufBytes(0, 1).entry("a.key", 8).put<std::uint64_t>(10), corrupt,
        "at least 10 bytes more");
    row("list without end", GgufBytes(0, 1).entry("a.key", 9).put<std::uint32_t>(4).put(kHuge), corrupt, "elements");
    row("list past the end", GgufBytes(0, 1).entry("a.key", 9).put<std::uint32_t>(4).put<std::uint64_t>(1 << 20),
        corrupt, "ends inside its header");
    row("strings past the end", GgufBytes(0, 1).entry("a.key", 9).put<std::uint32_t>(8).put<std::uint64_t>(1 << 20),
        corrupt, "ends inside its header");
    row("list of lists",
        GgufBytes(0, 1).entry("a.key", 9).put<std::uint32_t>(9).put<std::uint64_t>(1).put<std::uint64_t>(0),
        unsupported, "list of lists");
    row("list of unknown type", GgufBytes(0, 1).entry("a.key", 9).put<std::uint32_t>(77).put<std::uint64_t>(0), corrupt,
        "unknown type 77");

    const auto aligned = [](std::uint32_t alignment) {
        return GgufBytes(0, 1).entry("general.alignment", 4).put(alignment);
    };
    row("alignment 0", aligned(0), corrupt, "powers of two");
    row("alignment 48", aligned(48), corrupt, "powers of two");
    row("alignment 2^31", aligned(1U << 31), corrupt, "powers of two");
    row("alignment as text", GgufBytes(0, 1).entry("general.alignment", 8).string("32"), corrupt, "alignment");

    row("tensor without name", GgufBytes(1, 0).tensor("", {32}, kF32, 0).data(32, 128), corrupt, "no name");
    row("tensor twice", GgufBytes(2, 0).tensor("a", {8}, kF32, 0).tensor("a", {8}, kF32, 32).data(32, 64), corrupt,
        "\"a\" twice");
    row("no dimensions", GgufBytes(1, 0).tensor("a", {}, kF32, 0).data(32, 128), corrupt, "0 dimensions");
    row("five dimensions", GgufBytes(1, 0).tensor("a", {1, 1, 1, 1, 1}, kF32, 0).data(32, 128), corrupt,
        "5 dimensions");
    row("empty dimension", GgufBytes(1, 0).tensor("a", {8, 0}, kF32, 0).data(32, 128), corrupt, "dimension 0");
    row("elements overflow", GgufBytes(1, 0).tensor("a", {1ULL << 32, 1ULL << 32}, kF32, 0).data(32, 128), corrupt,
        "can't be");
    row("elements wrap to few", GgufBytes(1, 0).tensor("a", {1ULL << 63, 2, 8}, kF32, 0).data(32, 128), corrupt,
        "can't be");
    row("bytes overflow", GgufBytes(1, 0).tensor("a", {1ULL << 62}, kF32, 0).data(32, 128), corrupt,
        "larger than any file");
    row("half a block", GgufBytes(1, 0).tensor("a", {48, 2}, kQ4_0, 0).data(32, 128), corrupt, "blocks of 32");
    row("a type not read", GgufBytes(1, 0).tensor("blk.0.w", {256}, kQ2_K, 0).data(32, 210), unsupported,
        "\"blk.0.w\" has the type Q2_K");
    row("a type unknown", GgufBytes(1, 0).tensor("blk.0.w", {256}, 4711, 0).data(32, 210), unsupported,
        "\"blk.0.w\" has the type number 4711");
    row("offset off the grid", GgufBytes(1, 0).tensor("a", {8}, kF32, 8).data(32, 128), corrupt, "no multiple");
    row("offset overflows", GgufBytes(1, 0).tensor("a", {8}, kF32, kHuge - 31).data(32, 128), corrupt,
        "beyond the end of any file");
    row("offset past the end", GgufBytes(1, 0).tensor("a", {8}, kF32, 1 << 20).data(32, 128), corrupt, "are missing");
    row("tensors overlap", GgufBytes(2, 0).tensor("a", {16}, kF32, 0).tensor("b", {8}, kF32, 32).data(32, 64), corrupt,
        "\"a\" and \"b\" overlap");
}

void GgufErrorsTest::refuses() {
    QFETCH(QByteArray, bytes);
    QFETCH(ErrorCode, code);
    QFETCH(QString, words);
    const ScratchFolder folder;
    const auto path = folder.file(bytes);
    compareError(GgufFile::open(path), code, words, path);
}

void GgufErrorsTest::saysHowMuchOfACutFileIsMissing() {
    const ScratchFolder folder;
    auto bytes = GgufBytes(1, 0).tensor("a", {100}, kF32, 0).data(32, 400).bytes();
    const auto whole = bytes.size();
    QVERIFY(GgufFile::open(folder.file(bytes)));
    bytes.chop(150);
    const auto path = folder.file(bytes);
    compareError(
        GgufFile::open(path), ErrorCode::kCorrupt,
        QStringLiteral("it has %1 bytes, its tensors need %2 bytes, 150 bytes are missing").arg(whole - 150).arg(whole),
        path);
    const auto head = GgufFile::openHeader(path);
    QVERIFY(head);
    QCOMPARE(head->missingBytes(), std::uint64_t{150});
    QVERIFY(!head->requireWhole());
    QVERIFY(head->find("a") != nullptr);
    bytes.chop(250 + 1); // all of the weights, and a byte of the padding
    QCOMPARE(GgufFile::openHeader(folder.file(bytes))->missingBytes(), std::uint64_t{401});
    bytes.chop(32); // into the table of tensors
    QVERIFY(!GgufFile::openHeader(folder.file(bytes)));
}

void GgufErrorsTest::namesWhatAForeignFileIs_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("words");
    QTest::newRow("empty") << QByteArray() << "is empty";
    QTest::newRow("one byte") << QByteArray("x") << "isn't a GGUF model";
    QTest::newRow("text") << QByteArray("Once upon a time there was") << "isn't a GGUF model";
    QTest::newRow("LFS") << QByteArray("version https://git-lfs.github.com/spec/v1\n") << "Git LFS pointer";
    QTest::newRow("page") << QByteArray("<!DOCTYPE html><html></html>") << "web page";
    QTest::newRow("zip") << QByteArray("PK\x03\x04 and so on and on and on") << "ZIP archive";
    QTest::newRow("safetensors") << QByteArray("\x20\0\0\0\0\0\0\0{\"__metadata__\":{}}", 27) << "safetensors";
    QTest::newRow("magic cut") << QByteArray("GGU") << "ends inside its header";
    QTest::newRow("magic alone") << QByteArray("GGUF") << "ends inside its header";
}

void GgufErrorsTest::namesWhatAForeignFileIs() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, words);
    const ScratchFolder folder;
    const auto path = folder.file(bytes);
    compareError(GgufFile::open(path), ErrorCode::kCorrupt, words, path);
}

void GgufErrorsTest::missingFile() {
    const ScratchFolder folder;
    const auto path = folder.path(QStringLiteral("absent.gguf"));
    compareError(GgufFile::open(path), ErrorCode::kNotFound, QStringLiteral("There is no file"), path);
    const auto inside = folder.file("x", QStringLiteral("file")) / "model.gguf";
    compareError(GgufFile::open(inside), ErrorCode::kNotFound, QStringLiteral("There is no file"), inside);
}

void GgufErrorsTest::folderInsteadOfFile() {
    const ScratchFolder folder;
    const auto path = folder.path(QStringLiteral("."));
    compareError(GgufFile::open(path), ErrorCode::kIo, QStringLiteral("is a folder"), path);
}

void GgufErrorsTest::unreadableFile() {
    if (::geteuid() == 0) {
        QSKIP("the superuser reads every file");
    }
    const ScratchFolder folder;
    const auto path = folder.file("GGUF");
    QVERIFY(QFile::setPermissions(QString::fromStdString(path.string()), QFileDevice::WriteOwner));
    compareError(GgufFile::open(path), ErrorCode::kIo, QStringLiteral("permission is denied"), path);
}

void GgufErrorsTest::pipeDoesNotBlock() {
    const ScratchFolder folder;
    const auto path = folder.path(QStringLiteral("pipe"));
    QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
    compareError(GgufFile::open(path), ErrorCode::kIo, QStringLiteral("device or a pipe"), path);
}

void GgufErrorsTest::printsNamesSafely() {
    const ScratchFolder folder;
    const auto name = QByteArray("\x1b[2J\xff\n\"") + QByteArray(500, 'x');
    const auto file = GgufFile::open(folder.file(GgufBytes(1, 0).tensor(name, {48}, kQ4_0, 0).data(32, 128).bytes()));
    QVERIFY(!file);
    const auto message = QByteArray::fromStdString(file.error().message);
    QVERIFY2(message.contains("\"?[2J???xxx"), message.constData());
    QVERIFY2(message.contains("xxx...\""), message.constData());
    QVERIFY(!message.contains('\x1b'));
    QVERIFY(message.size() < 400);
}

ALCUIN_TEST(GgufErrorsTest)
#include "tst_gguf_errors.moc"
