#include "support/test_registry.h"

#include "exchange/json_text.h"

using namespace alcuin::exchange;

/// JSON taken apart as text, without values being made.
class TstJsonText : public QObject {
    Q_OBJECT
private slots:
    void elementsComeOneByOne();
    void membersKeepTheirText();
    void depthIsLimited();
    void badTextIsRefused();
};

void TstJsonText::elementsComeOneByOne() {
    Elements elements(R"( [ 1, "a]\"b", {"c": [ "}" ]} , [ ], null ] )", Limits{});
    QStringList found;
    while (const auto element = elements.next()) {
        found << QString::fromUtf8(element->data(), static_cast<qsizetype>(element->size()));
    }
    QCOMPARE(found, QStringList({"1", R"("a]\"b")", R"({"c": [ "}" ]})", "[ ]", "null"}));
    QVERIFY(elements.endedWell());
    Elements cut(R"([1, 2)", Limits{});
    QVERIFY(cut.next() && cut.next() && !cut.next());
    QVERIFY(!cut.endedWell());
    Elements empty("[]", Limits{});
    QVERIFY(!empty.next() && empty.endedWell());
}

void TstJsonText::membersKeepTheirText() {
    const auto members = membersOf(R"({"a": {"b": 1}, "\u0063": "x", "d": [1, 2]})", Limits{});
    QVERIFY(members);
    QCOMPARE(members->size(), std::size_t{3});
    QVERIFY(memberOf(*members, "a") == R"({"b": 1})");
    QVERIFY(memberOf(*members, "c") == R"("x")");
    QVERIFY(memberOf(*members, "e").empty());
    QVERIFY(!membersOf("{\"a\": 1", Limits{}));
    QVERIFY(!membersOf("{\"a\" 1}", Limits{}));
    QVERIFY(!membersOf("{\"a\": 1} x", Limits{}));
    QVERIFY(membersOf("{}", Limits{}));
}

void TstJsonText::depthIsLimited() {
    const std::size_t deepest = Limits{}.jsonDepth;
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    QVERIFY(parseJson(nested(deepest), "it", Limits{}));
    QVERIFY(!parseJson(nested(deepest + 1), "it", Limits{}));
    QVERIFY(firstValue(nested(deepest), Limits{}));
    QVERIFY(!firstValue(nested(deepest + 1), Limits{}));
    QVERIFY(!parseJson(nested(1'000'000), "it", Limits{}));
}

void TstJsonText::badTextIsRefused() {
    for (const char* bad :
         {"", "{", "[1,]", "{\"a\":}", "nul", "1 2", "\"\xFF\"", "\"\\u12\"", "1e999999", "{}}", "NaN"}) {
        const auto parsed = parseJson(bad, "it", Limits{});
        QVERIFY2(!parsed, bad);
        QVERIFY(parsed.error().message.ends_with('.'));
    }
}

ALCUIN_TEST(TstJsonText)
#include "tst_json_text.moc"
