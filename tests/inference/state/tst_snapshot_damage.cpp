#include <QTemporaryDir>
#include <QtTest/QTest>

#include <filesystem>
#include <random>

#include "snapshot_pages.h"
#include "state/snapshot_format.h"
#include "support/test_registry.h"

using namespace alcuin::inference;
using namespace alcuin::tests;

namespace {

constexpr std::size_t kPage = 200;
constexpr std::size_t kStride = 4096 + 4096;

} // namespace

/// Files that aren't what was written: never a crash, never a wrong page, and the next turn mends them.
class SnapshotDamageTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        temporary_ = std::make_unique<QTemporaryDir>();
        directory_ = std::filesystem::path(temporary_->path().toStdString()) / "s";
        store_ = openStore(directory_);
        QVERIFY(store_);
        QVERIFY(store_->append("a", kRoot, chain_.records).has_value());
        file_ = onlyFile(directory_);
        contents_ = contentsOf(file_);
        QCOMPARE(contents_.size(), 4096 + 3 * kStride);
    }

    void cleanup() {
        store_.reset();
    }

    /// Cut anywhere, the pages before are there, and the next turn writes what is missing.
    void tornAtEveryByteOfTheLastRecord() {
        for (std::size_t size = 4096 + 2 * kStride; size < contents_.size(); ++size) {
            std::filesystem::resize_file(file_, size);
            QCOMPARE(readAll(), std::optional<std::size_t>(128));
            QCOMPARE(store_->append("a", kRoot, chain_.records)->pages, std::size_t{1});
            QCOMPARE(std::filesystem::file_size(file_), std::uintmax_t{contents_.size()});
        }
        QCOMPARE(readAll(), std::optional<std::size_t>(192));
    }

    void tornBeforeThat() {
        for (std::size_t size = 0; size < 4096 + 2 * kStride; size += 97) {
            std::filesystem::resize_file(file_, size);
            const std::size_t whole = size < 4096 ? 0 : (size - 4096) / kStride;
            QCOMPARE(readAll(), std::optional(whole * kPageTokens));
            QCOMPARE(store_->append("a", kRoot, chain_.records)->pages, 3 - whole);
            QCOMPARE(std::filesystem::file_size(file_), std::uintmax_t{contents_.size()});
            QCOMPARE(readAll(), std::optional<std::size_t>(192));
        }
    }

    /// The length was there before the bytes: what a power cut leaves on many file systems.
    void zerosInsteadOfTheLastRecord() {
        for (const std::size_t from : {0U, 1U, 100U, 320U, 4096U, 4097U, 4295U}) {
            auto torn = contents_;
            std::fill(torn.begin() + static_cast<std::ptrdiff_t>(4096 + 2 * kStride + from), torn.end(), '\0');
            overwrite(file_, torn);
            QCOMPARE(readAll(), std::optional<std::size_t>(128));
            // Where the record is whole, nobody has looked at the page before it was read.
            QCOMPARE(store_->append("a", kRoot, chain_.records)->pages, std::size_t{1});
            QCOMPARE(readAll(), std::optional<std::size_t>(192));
        }
    }

    /// Every bit of the header, of a record and of its page.
    void everyBitFlipped() {
        const auto check = [&](std::size_t begin, std::size_t end, std::size_t tokens) {
            for (std::size_t bit = 8 * begin; bit < 8 * end; ++bit) {
                flip(bit);
                const auto read = readAll();
                QVERIFY2(read == std::optional(tokens), qPrintable(QString::number(bit)));
                restoreByte(bit / 8);
                // The page that was found bad was dropped: its record is written again.
                writeAt(4096 + kStride, contents_.substr(4096 + kStride, snapshot::kRecordBytes));
            }
        };
        check(0, snapshot::kHeaderBytes, 0);
        check(4096 + kStride, 4096 + kStride + snapshot::kRecordBytes, 64);
        check(4096 + kStride + 4096, 4096 + kStride + 4096 + kPage, 64);
        QCOMPARE(readAll(), std::optional<std::size_t>(192));
    }

    void aBadPageIsWrittenAgain() {
        flip(8 * (4096 + kStride + 4096 + 50));
        const auto restore = store_->find("a", kRoot, kPage, chain_.tokens, false);
        QCOMPARE(restore.tokens, std::size_t{192}); // records are whole; the page is looked at when it is read
        QCOMPARE(readBack(*store_, restore, kPage), std::optional<std::size_t>(64));
        QCOMPARE(readBack(*store_, restore, kPage), std::optional<std::size_t>(64)); // and once more
        QCOMPARE(readAll(), std::optional<std::size_t>(64));
        QCOMPARE(store_->append("a", kRoot, chain_.records)->pages, std::size_t{1});
        QCOMPARE(readAll(), std::optional<std::size_t>(192));
    }

    /// A plan whose pages were written over before they were read gives none of the new ones.
    void aPlanDoesNotTakeOtherPages() {
        store_.reset();
        store_ = openStore(directory_, contents_.size());
        const auto restore = store_->find("a", kRoot, kPage, chain_.tokens, false);
        const Chain other(numbered(192, 1000), kPage);
        QCOMPARE(store_->append("a", kRoot, other.records)->pages, std::size_t{3});
        QCOMPARE(readBack(*store_, restore, kPage), std::optional<std::size_t>(0));
        QCOMPARE(readBack(*store_, store_->find("a", kRoot, kPage, other.tokens, false), kPage),
                 std::optional<std::size_t>(192)); // and harms them not
    }

    /// Records with right checksums that say what can't be.
    void liesAreNotBelieved() {
        const auto& page = chain_.records[1];
        snapshot::Record record{page.key, page.parent, true, 64, {}, 1, 0};
        std::ranges::copy(page.tokens, record.tokens.begin());
        QVERIFY(snapshot::decodeRecord(snapshot::encode(record)).has_value());
        auto lie = record;
        lie.tokens[5] ^= 1;
        QVERIFY(!snapshot::decodeRecord(snapshot::encode(lie)));
        lie = record;
        lie.prefilled = false;
        QVERIFY(!snapshot::decodeRecord(snapshot::encode(lie)));
        lie = record;
        lie.parent = kRoot;
        QVERIFY(!snapshot::decodeRecord(snapshot::encode(lie)));
        lie = record;
        lie.tokenCount = 0;
        QVERIFY(!snapshot::decodeRecord(snapshot::encode(lie)));
        const snapshot::Header header{kRoot, {}, kPage};
        QVERIFY(snapshot::decodeHeader(snapshot::encode(header)) == header);
        QVERIFY(!snapshot::decodeHeader(snapshot::encode(snapshot::Header{kRoot, {}, 0})));
        QVERIFY(!snapshot::decodeHeader(snapshot::encode(snapshot::Header{kRoot, {}, ~std::uint64_t{0}})));
        // A file without bytes as large as a disk: refused before anything is counted.
        std::filesystem::resize_file(file_, std::uintmax_t{1} << 42);
        QCOMPARE(readAll(), std::optional<std::size_t>(0));
        QCOMPARE(store_->append("a", kRoot, chain_.records)->pages, std::size_t{3});
        QCOMPARE(std::filesystem::file_size(file_), std::uintmax_t{contents_.size()});
    }

    /// Slots in another order, twice, or a page under another's record.
    void slotsMoved() {
        const auto slot = [&](std::size_t i) { return contents_.substr(4096 + i * kStride, kStride); };
        const std::string head = contents_.substr(0, 4096);
        overwrite(file_, head + slot(2) + slot(0) + slot(1));
        QCOMPARE(readAll(), std::optional<std::size_t>(192)); // each is whole
        overwrite(file_, head + slot(0) + slot(0) + slot(1) + slot(1) + slot(2));
        QCOMPARE(readAll(), std::optional<std::size_t>(192));
        overwrite(file_, head + slot(1) + slot(2));
        QCOMPARE(readAll(), std::optional<std::size_t>(0)); // nothing leads there
        QCOMPARE(store_->append("a", kRoot, chain_.records)->pages, std::size_t{1});
        QCOMPARE(readAll(), std::optional<std::size_t>(192));
        overwrite(file_, head + slot(0).substr(0, 4096) + slot(1).substr(4096) + slot(1));
        QCOMPARE(readAll(), std::optional<std::size_t>(0));
    }

    void randomMutants() {
        std::mt19937_64 engine(1);
        const auto below = [&engine](std::size_t count) { return static_cast<std::size_t>(engine() % count); };
        std::size_t whole = 0;
        for (int round = 0; round < 3000; ++round) {
            std::string mutant = contents_;
            const std::size_t changes = 1 + below(4);
            for (std::size_t i = 0; i < changes; ++i) {
                const std::size_t at = below(2) == 0 ? below(mutant.size()) : below(4) * kStride % mutant.size() + 4096;
                switch (below(5)) {
                case 0:
                    mutant[at % mutant.size()] ^= static_cast<char>(1 << below(8));
                    break;
                case 1:
                    mutant.resize(below(mutant.size()) + 1);
                    break;
                case 2:
                    mutant.insert(at % mutant.size(), std::string(below(9000), '\0'));
                    break;
                case 3:
                    mutant.replace(at % mutant.size(), below(300), contents_, below(contents_.size()), below(300));
                    break;
                default:
                    mutant[at % mutant.size()] = static_cast<char>(engine());
                }
            }
            overwrite(file_, mutant);
            const auto read = readAll();
            QVERIFY2(read.has_value(), "a wrong page was taken");
            whole += *read == 192 ? 1 : 0;
            if (round % 7 == 0) {
                QVERIFY(store_->append("a", kRoot, chain_.records).has_value());
                QVERIFY(readAll().has_value());
                QVERIFY(store_->append("a", kRoot, chain_.records).has_value());
                QCOMPARE(readAll(), std::optional<std::size_t>(192)); // mended
            }
        }
        QVERIFY(whole < 2000); // most mutants did harm
    }

private:
    std::optional<std::size_t> readAll() {
        return readBack(*store_, store_->find("a", kRoot, kPage, chain_.tokens, false), kPage);
    }
    void writeAt(std::size_t offset, const std::string& bytes) {
        std::fstream out(file_, std::ios::binary | std::ios::in | std::ios::out);
        out.seekp(static_cast<std::streamoff>(offset));
        out << bytes;
    }
    void flip(std::size_t bit) {
        writeAt(bit / 8, std::string(1, static_cast<char>(contents_[bit / 8] ^ (1 << (bit % 8)))));
    }
    void restoreByte(std::size_t byte) {
        writeAt(byte, contents_.substr(byte, 1));
    }

    const Chain chain_{numbered(192), kPage};
    std::unique_ptr<QTemporaryDir> temporary_;
    std::filesystem::path directory_;
    std::filesystem::path file_;
    std::string contents_;
    std::shared_ptr<SnapshotStore> store_;
};

ALCUIN_TEST(SnapshotDamageTest)
#include "tst_snapshot_damage.moc"
