#include "support/test_registry.h"

#include "highlight/pattern.h"

using alcuin::ui::highlight::Pattern;

class TestPattern : public QObject {
    Q_OBJECT
private slots:
    void matches_data();
    void matches();
    void rejects_data();
    void rejects();
    void groups();
    void heldText();
    void foldsCase();
    void isBounded();
    void knowsHowItBegins();
};

void TestPattern::matches_data() {
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("at");
    QTest::addColumn<int>("end"); // -1: no match
    const auto row = [](const char* pattern, const char* text, int at, int end) {
        QTest::addRow("%s in %s at %d", pattern, text, at)
            << QString::fromUtf8(pattern) << QString::fromUtf8(text) << at << end;
    };
    row("abc", "abcd", 0, 3);
    row("abc", "abd", 0, -1);
    row("a*b", "aaab", 0, 4);
    row("a*ab", "aaab", 0, -1); // nothing is given back
    row("a+", "", 0, -1);
    row("[^\"]*\"", "ab\"c", 0, 3);
    row("(?:[^\"\\\\]|\\\\.)*\"", "a\\\"b\"c", 0, 5);
    row("a|ab", "ab", 0, 1); // the first that matches
    row("(?:a|ab)c", "abc", 0, -1);
    row("^a", "aa", 0, 1);
    row("^a", "aa", 1, -1);
    row("a$", "aa", 1, 2);
    row("a$", "aa", 0, -1);
    row("\\bin\\b", "in it", 0, 2);
    row("\\bin\\b", "int", 0, -1);
    row("a(?=b)", "ab", 0, 1);
    row("a(?!b)", "ab", 0, -1);
    row("(?<[x])a", "xa", 1, 2);
    row("(?<[x])a", "xa", 0, -1);
    row("(?<![x])a", "ya", 1, 2);
    row("(?<![x])a", "a", 0, 1);
    row("\\h\\h", "fG", 0, -1);
    row("\\w+", "\u00e9t\u00e9-", 0, 3);
    row("\\W", "-", 0, 1);
    row(".", "\u2192", 0, 1);
    row("[^a]", "\u2192", 0, 1);
    row("[a-c\\d]+", "a1c-", 0, 3);
    row("x?y", "y", 0, 1);
}

void TestPattern::matches() {
    QFETCH(QString, pattern);
    QFETCH(QString, text);
    QFETCH(int, at);
    QFETCH(int, end);
    const auto compiled = Pattern::compile(pattern, false);
    QVERIFY2(compiled, compiled ? "" : qPrintable(compiled.error()));
    Pattern::Match match;
    const bool found = compiled->match(text, at, {}, match);
    QCOMPARE(found ? match.end : -1, end);
}

void TestPattern::rejects_data() {
    QTest::addColumn<QString>("pattern");
    for (const char* pattern : {"(a", "a)", "[a", "*a", "a**", "(?<x)", "[z-a]", "\\q", "^*", "(?=a)+", "[\u00e9]",
                                "(((((((((a)))))))))", "()()()()()()()()()()"}) {
        QTest::newRow(pattern) << QString::fromUtf8(pattern);
    }
}

void TestPattern::rejects() {
    QFETCH(QString, pattern);
    const auto compiled = Pattern::compile(pattern, false);
    QVERIFY2(!compiled, "this is no pattern");
    QVERIFY2(compiled.error().contains(pattern), qPrintable(compiled.error()));
}

void TestPattern::groups() {
    const auto pattern = Pattern::compile(QStringLiteral("(a+)(?:-)(b)?(c)"), false);
    Pattern::Match match;
    QVERIFY(pattern->match(u"aa-c", 0, {}, match));
    QCOMPARE(pattern->groupCount(), 3);
    QCOMPARE(match.groups[1].start, 0);
    QCOMPARE(match.groups[1].end, 2);
    QCOMPARE(match.groups[2].start, -1);
    QCOMPARE(match.groups[3].start, 3);
}

void TestPattern::heldText() {
    const auto pattern = Pattern::compile(QStringLiteral("^\\s*\\1$"), false);
    Pattern::Match match;
    QVERIFY(pattern->match(u"  EOF", 0, u"EOF", match));
    QVERIFY(!pattern->match(u"  EOFX", 0, u"EOF", match));
    QVERIFY(!pattern->match(u"  EO", 0, u"EOF", match));
}

void TestPattern::foldsCase() {
    const auto pattern = Pattern::compile(QStringLiteral("Select[a-c]"), true);
    Pattern::Match match;
    QVERIFY(pattern->match(u"sELECTB", 0, {}, match));
    QVERIFY(pattern->first().contains(u'S') && pattern->first().contains(u's'));
}

/// A run that something follows sees only so far, so that no text makes a pattern slow; one that ends it is free.
void TestPattern::isBounded() {
    const QString text = QString(100000, u'a') + u'b';
    Pattern::Match match;
    QVERIFY(!Pattern::compile(QStringLiteral("a*b"), false)->match(text, 0, {}, match));
    QVERIFY(!Pattern::compile(QStringLiteral("(?:a|c)*b"), false)->match(text, 0, {}, match));
    QVERIFY(Pattern::compile(QStringLiteral("a*"), false)->match(text, 0, {}, match));
    QCOMPARE(match.end, 100000);
    QVERIFY(Pattern::compile(QStringLiteral("x|a(?:.*)"), false)->match(text, 0, {}, match));
    QCOMPARE(match.end, 100001);
}

void TestPattern::knowsHowItBegins() {
    const auto pattern = Pattern::compile(QStringLiteral("^\\s*(?:x|[yz])w"), false);
    for (const char16_t c : {u' ', u'x', u'y', u'z'}) {
        QVERIFY(pattern->first().contains(c));
    }
    QVERIFY(!pattern->first().contains(u'w'));
    QVERIFY(!pattern->mayBeEmpty());
    QVERIFY(Pattern::compile(QStringLiteral("(?=a)"), false)->mayBeEmpty());
}

ALCUIN_TEST(TestPattern)
#include "tst_pattern.moc"
