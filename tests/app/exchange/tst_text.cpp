#include "support/test_registry.h"

#include "exchange/base64.h"
#include "exchange/text.h"

using namespace alcuin::exchange;

/// Small things that every format needs.
class TstText : public QObject {
    Q_OBJECT
private slots:
    void base64GoesThereAndBack();
    void onlyCanonicalBase64IsRead();
    void utf8IsChecked();
    void namesAreOneLine();
    void timesAreReadable();
    void fencesOutrunBackticks();
};

void TstText::base64GoesThereAndBack() {
    QCOMPARE(toBase64(""), std::string());
    QCOMPARE(toBase64("f"), std::string("Zg=="));
    QCOMPARE(toBase64("fo"), std::string("Zm8="));
    QCOMPARE(toBase64("foo"), std::string("Zm9v"));
    QCOMPARE(toBase64("foobar"), std::string("Zm9vYmFy"));
    std::string all;
    for (int i = 0; i < 256; ++i) {
        all.push_back(static_cast<char>(i));
        QVERIFY(fromBase64(toBase64(all)) == all);
    }
}

void TstText::onlyCanonicalBase64IsRead() {
    for (const char* bad : {"Zg", "Zg=", "Zh==", "Z===", "====", "Zm9=", "Zg==Zg==", "Zm 9", "Zm9\n"}) {
        QVERIFY2(!fromBase64(bad), bad);
    }
}

void TstText::utf8IsChecked() {
    for (const char* good : {"", "a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x8D\x9E", "\xF4\x8F\xBF\xBF"}) {
        QVERIFY2(isUtf8(good), good);
        QCOMPARE(cleanText(good), std::string(good));
    }
    for (const char* bad : {"\x80", "\xC0\x80", "\xC3", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE0\x80\x80", "\xFF"}) {
        QVERIFY2(!isUtf8(bad), bad);
        QVERIFY(isUtf8(cleanText(bad)));
        QVERIFY(cleanText(bad).starts_with("\xEF\xBF\xBD"));
    }
    QCOMPARE(cleanText(std::string_view("a\0b", 3)), std::string("ab"));
}

void TstText::namesAreOneLine() {
    QCOMPARE(cleanName("  a\n\tb  \x01 c\x7F "), std::string("a b c"));
    QCOMPARE(cleanName("\u00E9\u00E9\u00E9", 5), std::string("\u00E9\u00E9"));
}

void TstText::timesAreReadable() {
    QCOMPARE(isoTime(1735689600000), std::string("2025-01-01T00:00:00Z"));
    QCOMPARE(isoTime(-5), std::string("1970-01-01T00:00:00Z"));
    QCOMPARE(isoTime(INT64_MAX), std::string("9999-12-31T23:59:59Z"));
    QCOMPARE(readableTime(1735734896000), std::string("2025-01-01 12:34 UTC"));
    QCOMPARE(readableDuration(400), std::string());
    QCOMPARE(readableDuration(12'400), std::string("12 s"));
    QCOMPARE(readableDuration(200'000), std::string("3 min 20 s"));
    QCOMPARE(readableSize(1), std::string("1 byte"));
    QCOMPARE(readableSize(3449), std::string("3.4 kB"));
}

void TstText::fencesOutrunBackticks() {
    QCOMPARE(fenced("a"), std::string("```\na\n```\n"));
    QCOMPARE(fenced("a\n", "c"), std::string("```c\na\n```\n"));
    QCOMPARE(fenced("x ```` y"), std::string("`````\nx ```` y\n`````\n"));
    QCOMPARE(fenced(""), std::string("```\n```\n"));
}

ALCUIN_TEST(TstText)
#include "tst_text.moc"
