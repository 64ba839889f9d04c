#include <algorithm>
#include <limits>

#include "base/aligned_buffer.h"
#include "support/test_registry.h"

using namespace alcuin::inference;

class AlignedBufferTest : public QObject {
    Q_OBJECT

private slots:
    void startsAlignedAndZero_data() {
        QTest::addColumn<qulonglong>("bytes");
        for (const qulonglong bytes : {1ULL, 63ULL, 64ULL, 65ULL, 4097ULL, (2ULL << 20) - 1, 2ULL << 20, 5000001ULL}) {
            QTest::addRow("%llu", bytes) << bytes;
        }
    }

    void startsAlignedAndZero() {
        QFETCH(qulonglong, bytes);
        auto buffer = AlignedBuffer::allocate(bytes);
        QVERIFY(buffer.has_value());
        QCOMPARE(buffer->size(), static_cast<std::size_t>(bytes));
        const std::size_t alignment = bytes < (2U << 20U) ? AlignedBuffer::kAlignment : std::size_t{2} << 20U;
        QCOMPARE(reinterpret_cast<std::uintptr_t>(buffer->data()) % alignment, std::size_t{0});
        QVERIFY(std::all_of(buffer->data(), buffer->data() + bytes, [](std::byte b) { return b == std::byte{0}; }));
        std::fill_n(buffer->data(), bytes, std::byte{0xa5}); // all of it can be written
    }

    void movesItsMemory() {
        auto a = AlignedBuffer::allocate(3U << 20U);
        QVERIFY(a.has_value());
        std::byte* memory = a->data();
        AlignedBuffer b = std::move(*a);
        QCOMPARE(b.data(), memory);
        QCOMPARE(a->size(), std::size_t{0});
        b = AlignedBuffer();
        QCOMPARE(b.data(), static_cast<std::byte*>(nullptr));
    }

    void refusesWhatTheSystemCantGive() {
        for (const std::size_t bytes :
             {std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::size_t>::max() / 4}) {
            const auto buffer = AlignedBuffer::allocate(bytes);
            QVERIFY(!buffer.has_value());
            QCOMPARE(buffer.error().code, ErrorCode::kOutOfMemory);
        }
    }
};

ALCUIN_TEST(AlignedBufferTest)
#include "tst_aligned_buffer.moc"
