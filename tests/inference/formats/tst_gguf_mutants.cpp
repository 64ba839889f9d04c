#include "formats/gguf.h"

#include "alcuin/inference/model_info.h"
#include "base/file.h"
#include "support/test_registry.h"
#include "tensor/dequantize.h"

#include "allocation_meter.h"
#include "gguf_bytes.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <array>
#include <filesystem>
#include <limits>
#include <map>
#include <random>

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

constexpr std::size_t kMemoryBound = std::size_t{256} << 20;
constexpr qsizetype kMagicAndVersion = 8;

/// Opens a file as the program does and uses all that it offers. True where it was accepted.
bool tryFile(const std::filesystem::path& path, std::map<ErrorCode, int>& refusals) {
    AllocationMeter::restart();
    const auto before = AllocationMeter::heldBytes();
    const auto info = readModelInfo(path);
    const auto file = GgufFile::open(path);
    bool sound = true;
    if (file) {
        const auto bytes = File::open(path);
        sound = bytes.has_value();
        for (const auto& tensor : file->tensors()) {
            sound = sound && tensor.offset <= file->fileBytes() && tensor.bytes <= file->fileBytes() - tensor.offset;
            std::vector<std::byte> stored(sound ? tensor.bytes : 0);
            std::vector<float> numbers(sound ? tensor.elements() : 0);
            sound = sound && bytes->readAt(tensor.offset, stored) &&
                    dequantizeRow(tensor.dtype, stored, numbers).has_value();
        }
    } else {
        ++refusals[file.error().code];
        sound = file.error().message.ends_with('.') && (!info || info->problem == file.error().message);
    }
    const auto taken = AllocationMeter::peakBytes() - before;
    if (!sound || taken > kMemoryBound + std::filesystem::file_size(path)) {
        qCritical("unsound, or %zu bytes taken", taken);
        std::abort();
    }
    return file.has_value();
}

class Mutator {
public:
    explicit Mutator(QByteArray original) : original_(std::move(original)) {}

    QByteArray next() {
        auto bytes = original_;
        for (auto changes = between(1, 4); changes > 0; --changes) {
            change(bytes);
        }
        return bytes;
    }

private:
    qsizetype between(qsizetype low, qsizetype high) {
        // Not std::uniform_int_distribution, which differs between libraries.
        return low + static_cast<qsizetype>(random_() % static_cast<std::uint64_t>(high - low + 1));
    }

    void change(QByteArray& bytes) {
        if (bytes.isEmpty()) {
            return;
        }
        const auto at = between(0, bytes.size() - 1);
        switch (between(0, 5)) {
        case 0:
        case 1:
            bytes[at] = static_cast<char>(bytes.at(at) ^ (1 << between(0, 7)));
            break;
        case 2:
            overwrite(bytes, at, extreme(), 8);
            break;
        case 3:
            overwrite(bytes, at, extreme(), 4);
            break;
        case 4:
            bytes.remove(at, between(1, 16));
            break;
        default:
            bytes.insert(at, bytes.mid(between(0, bytes.size() - 1), between(1, 64)));
            break;
        }
    }

    std::uint64_t extreme() {
        constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
        const std::array<std::uint64_t, 14> values{0,          1,          2,          9,          255,
                                                   65535,      1ULL << 24, 1ULL << 26, 1ULL << 31, (1ULL << 32) - 1,
                                                   1ULL << 63, kMax,       kMax - 31,  random_()};
        return values[static_cast<std::size_t>(between(0, values.size() - 1))];
    }

    static void overwrite(QByteArray& bytes, qsizetype at, std::uint64_t value, qsizetype width) {
        for (qsizetype i = 0; i < width && at + i < bytes.size(); ++i) {
            bytes[at + i] = static_cast<char>((value >> (8 * i)) & 0xff);
        }
    }

    QByteArray original_;
    std::mt19937_64 random_{20240601};
};

} // namespace

class GgufMutantsTest : public QObject {
    Q_OBJECT

private slots:
    void theMeterSees();
    void cutAtEveryByte();
    void mutants();
    void listsThatSwellInMemoryAreRefused();
};

void GgufMutantsTest::theMeterSees() {
    AllocationMeter::restart();
    const auto before = AllocationMeter::heldBytes();
    const auto block = std::make_unique<std::array<char, 1 << 20>>();
    QVERIFY(block != nullptr);
    QVERIFY(AllocationMeter::heldBytes() - before >= (1U << 20));
    QVERIFY(AllocationMeter::peakBytes() - before >= (1U << 20));
}

void GgufMutantsTest::cutAtEveryByte() {
    const auto whole = readGolden(QStringLiteral("every_type.gguf"));
    const auto golden = QJsonDocument::fromJson(readGolden(QStringLiteral("every_type.json"))).object();
    const auto needed = golden.value(QStringLiteral("needed")).toInteger();
    QVERIFY(whole.size() <= 16 * 1024);
    QVERIFY(needed > 1000 && needed <= whole.size());
    const ScratchFolder folder;
    std::map<ErrorCode, int> refusals;
    const auto path = folder.file(whole);
    for (qsizetype length = whole.size(); length >= 0; --length) {
        // One file that is cut shorter and shorter: thousands of new ones take minutes on a busy disk.
        std::filesystem::resize_file(path, static_cast<std::uintmax_t>(length));
        // What may be missing is the padding behind the last tensor, and nothing else.
        QCOMPARE(tryFile(path, refusals), length >= needed);
    }
    QCOMPARE(refusals[ErrorCode::kCorrupt], static_cast<int>(needed));
}

void GgufMutantsTest::mutants() {
    constexpr int kMutants = 5000;
    const auto whole = readGolden(QStringLiteral("every_type.gguf"));
    const ScratchFolder folder;
    Mutator mutator(whole);
    std::map<ErrorCode, int> refusals;
    int accepted = 0;
    int pastVersion = 0;
    for (int i = 0; i < kMutants; ++i) {
        const auto bytes = mutator.next();
        pastVersion += bytes.first(std::min(kMagicAndVersion, bytes.size())) == whole.first(kMagicAndVersion) ? 1 : 0;
        accepted += tryFile(folder.file(bytes), refusals) ? 1 : 0;
    }
    qInfo("%d mutants: %d past magic and version, %d accepted, %d corrupt, %d unsupported", kMutants, pastVersion,
          accepted, refusals[ErrorCode::kCorrupt], refusals[ErrorCode::kUnsupported]);
    QVERIFY(pastVersion >= kMutants / 2);
    QVERIFY(accepted > 0);
    QVERIFY(refusals[ErrorCode::kCorrupt] > 0);
    QVERIFY(refusals[ErrorCode::kUnsupported] > 0);
    QCOMPARE(accepted + refusals[ErrorCode::kCorrupt] + refusals[ErrorCode::kUnsupported], kMutants);
}

void GgufMutantsTest::listsThatSwellInMemoryAreRefused() {
    // Bytes are kept as numbers of eight: each of these lists is 16 MiB in the file and 128 MiB in memory.
    constexpr qsizetype kLength = 1 << 24;
    GgufBytes bytes(0, 3);
    for (const char* key : {"a.list", "b.list", "c.list"}) {
        bytes.entry(key, 9).put<std::uint32_t>(0).put<std::uint64_t>(kLength).raw(QByteArray(kLength, 'x'));
    }
    const ScratchFolder folder;
    const auto path = folder.file(bytes.bytes());
    std::map<ErrorCode, int> refusals;
    QVERIFY(!tryFile(path, refusals));
    QCOMPARE(refusals[ErrorCode::kUnsupported], 1);
}

ALCUIN_TEST(GgufMutantsTest)
#include "tst_gguf_mutants.moc"
