#include "support/test_registry.h"

#include <random>

#include "golden_corpus.h"
#include "tokenizer/utf8.h"

using namespace alcuin::inference;

class Utf8Test : public QObject {
    Q_OBJECT

private slots:
    void everyCodePointIsReadAndNoSurrogateIs();
    void illFormedPartsBecomeOneReplacementEach();
    void repairAgreesWithPython();
    void offsetsFollowTheText();
};

void Utf8Test::everyCodePointIsReadAndNoSurrogateIs() {
    for (char32_t point = 0; point <= 0x10FFFF; ++point) {
        std::string bytes;
        if (point < 0x80) {
            bytes = {static_cast<char>(point)};
        } else if (point < 0x800) {
            bytes = {static_cast<char>(0xC0 | (point >> 6)), static_cast<char>(0x80 | (point & 0x3F))};
        } else if (point < 0x10000) {
            bytes = {static_cast<char>(0xE0 | (point >> 12)), static_cast<char>(0x80 | ((point >> 6) & 0x3F)),
                     static_cast<char>(0x80 | (point & 0x3F))};
        } else {
            bytes = {static_cast<char>(0xF0 | (point >> 18)), static_cast<char>(0x80 | ((point >> 12) & 0x3F)),
                     static_cast<char>(0x80 | ((point >> 6) & 0x3F)), static_cast<char>(0x80 | (point & 0x3F))};
        }
        const Utf8Character read = readUtf8(bytes, 0);
        if (point >= 0xD800 && point <= 0xDFFF) {
            QVERIFY(read.state == Utf8State::kInvalid);
            QCOMPARE(int{read.length}, 1);
            continue;
        }
        QVERIFY(read.state == Utf8State::kValid);
        QCOMPARE(static_cast<quint32>(read.codePoint), static_cast<quint32>(point));
        QCOMPARE(std::size_t{read.length}, bytes.size());
        const Utf8Character trusted = readValidUtf8(bytes, 0);
        QVERIFY(trusted.codePoint == point && trusted.length == read.length);
        for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
            const Utf8Character part = readUtf8(std::string_view(bytes).substr(0, cut), 0);
            QVERIFY(part.state == Utf8State::kIncomplete);
            QCOMPARE(std::size_t{part.length}, cut);
        }
    }
}

void Utf8Test::illFormedPartsBecomeOneReplacementEach() {
    const std::string r(kReplacementCharacter);
    // The Unicode Standard's own examples of maximal subparts, tables 3-8 to 3-11.
    QCOMPARE(RepairedText("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41").text(), r + r + r + r + r + r + r + r + "A");
    QCOMPARE(RepairedText("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41").text(), r + r + r + r + r + r + r + r + "A");
    QCOMPARE(RepairedText("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42").text(), r + r + r + r + r + "A" + r + r + "B");
    QCOMPARE(RepairedText("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41").text(), r + r + r + r + "A");
    QCOMPARE(RepairedText("").text(), std::string());
    QCOMPARE(validUtf8Prefix("aaaaaaaaaaaaaaaaaaaa\xC3"), std::size_t{20});
    QCOMPARE(validUtf8Prefix("\xC3\xA9"), std::size_t{2});
}

void Utf8Test::repairAgreesWithPython() {
    std::size_t broken = 0;
    for (const auto& text : alcuin::tests::goldenCorpus()) {
        QCOMPARE(QByteArray::fromStdString(RepairedText(text.original).text()).toHex(),
                 QByteArray::fromStdString(text.repaired).toHex());
        const bool valid = validUtf8Prefix(text.original) == text.original.size();
        QCOMPARE(valid, text.original == text.repaired);
        broken += valid ? 0 : 1;
    }
    QVERIFY(broken >= 100);
}

void Utf8Test::offsetsFollowTheText() {
    std::mt19937 random(5);
    for (int round = 0; round < 2000; ++round) {
        std::string text;
        const auto length = random() % 24;
        for (std::size_t i = 0; i < length; ++i) {
            text += static_cast<char>(random() % 3 == 0 ? 'a' + random() % 3 : 0x80 + random() % 0x80);
        }
        const RepairedText repaired(text);
        QCOMPARE(repaired.mapDown(0), std::size_t{0});
        QCOMPARE(repaired.mapUp(text.size()), repaired.text().size());
        QCOMPARE(repaired.mapDown(text.size()), repaired.text().size());
        // Walk both texts side by side: every byte of the original knows its place.
        std::size_t there = 0;
        for (std::size_t here = 0; here < text.size();) {
            const Utf8Character read = readUtf8(text, here);
            const bool valid = read.state == Utf8State::kValid;
            QCOMPARE(repaired.mapDown(here), there);
            QCOMPARE(repaired.mapUp(here), there);
            for (std::size_t inside = 1; inside < read.length; ++inside) {
                QCOMPARE(repaired.mapDown(here + inside), valid ? there + inside : there);
                QCOMPARE(repaired.mapUp(here + inside), valid ? there + inside : there + 3);
            }
            here += read.length;
            there += valid ? read.length : 3;
        }
    }
}

ALCUIN_TEST(Utf8Test)
#include "tst_utf8.moc"
