#include <QtTest/QTest>

#include <cstring>
#include <random>
#include <set>
#include <vector>

#include "base/checksum.h"
#include "support/test_registry.h"

using namespace alcuin::inference;

namespace {

std::vector<std::byte> randomBytes(std::size_t count) {
    std::mt19937 engine(1);
    std::vector<std::byte> bytes(count);
    for (std::byte& byte : bytes) {
        byte = static_cast<std::byte>(engine());
    }
    return bytes;
}

} // namespace

class ChecksumTest : public QObject {
    Q_OBJECT

private slots:
    void piecesDoNotMatter() {
        const auto bytes = randomBytes(1000);
        for (std::size_t size = 0; size <= 400; ++size) {
            const auto all = std::span(bytes).first(size);
            const std::uint64_t whole = Checksum::of(all, 7);
            for (const std::size_t piece : {1U, 7U, 63U, 64U, 65U, 129U}) {
                Checksum checksum(7);
                for (std::size_t at = 0; at < size; at += piece) {
                    checksum.update(all.subspan(at, std::min(piece, size - at)));
                }
                QCOMPARE(checksum.value(), whole);
            }
        }
    }

    /// No two of these agree: any one or two bits flipped near each other, any length, zeros at the end, seeds.
    void accidentsAreFound() {
        auto bytes = randomBytes(300);
        std::set<std::uint64_t> seen{Checksum::of(bytes)};
        std::size_t cases = 1;
        const auto expectNew = [&](std::uint64_t value) {
            seen.insert(value);
            ++cases;
        };
        const auto flip = [&](std::size_t bit) { bytes[bit / 8] ^= std::byte{1} << (bit % 8); };
        for (std::size_t first = 0; first < 8 * bytes.size(); ++first) {
            flip(first);
            expectNew(Checksum::of(bytes));
            // The neighbour bits, and the words that follow in the same lane.
            for (const std::size_t distance : {1U, 31U, 63U, 64U, 65U, 128U, 512U, 960U, 1024U, 1053U}) {
                if (first + distance < 8 * bytes.size()) {
                    flip(first + distance);
                    expectNew(Checksum::of(bytes));
                    flip(first + distance);
                }
            }
            flip(first);
        }
        const std::vector<std::byte> zeros(300);
        for (std::size_t size = 0; size <= zeros.size(); ++size) {
            expectNew(Checksum::of(std::span(zeros).first(size)));
        }
        for (std::uint64_t seed = 1; seed < 100; ++seed) {
            expectNew(Checksum::of(bytes, seed));
        }
        QCOMPARE(seen.size(), cases);
    }

    /// What is written to disk must be read by the next version.
    void theValueStays() {
        std::vector<std::byte> bytes(100);
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            bytes[i] = static_cast<std::byte>(i);
        }
        QCOMPARE(Checksum::of({}), std::uint64_t{0x6a16'2ac3'3d23'7934});
        QCOMPARE(Checksum::of(bytes, 1), std::uint64_t{0xdbf6'67ba'b9a8'9a95});
    }
};

ALCUIN_TEST(ChecksumTest)
#include "tst_checksum.moc"
