#include "support/test_registry.h"

#include "chat/markdown/entities.h"
#include "chat/markdown/parser.h"

using namespace alcuin::ui;

class TestMarkdown : public QObject {
    Q_OBJECT
private slots:
    void describes_data();
    void describes();
    void copies_data();
    void copies();
    void entities();
    void typedTextStaysAsTyped();
    void longParagraphsAreCutAtSpaces();
    void deepNestingIsBounded();
    void hugeTableIsShownAsWritten();
};

void TestMarkdown::describes_data() {
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QString>("model");
    const auto row = [](const char* name, const char* source, const char* model) {
        QTest::newRow(name) << QByteArray(source) << QString::fromUtf8(model);
    };
    row("empty", "", "");
    row("paragraphs", "a\nb\n\nc", "p \"a\\\\b\"\np \"c\"");
    row("alert", "> [!WARNING]\n> a *b*\n>\n> c\n\n> d",
        ">[!WARNING] p \"Warning\" [0+7 strong]\n(>[!WARNING]) p \"a b\" [2+1 em]\n(>[!WARNING]) p \"c\"\n"
        "> p \"d\"");
    row("alert without words", "> [!tip]", ">[!TIP] p \"Tip\" [0+3 strong]");
    row("no alert", "> [!NOTES]\n> a\n\n> b [!NOTE]\n\n[!NOTE]\n\n> a\n>\n> [!NOTE]",
        "> p \"[!NOTES]\\\\a\"\n> p \"b [!NOTE]\"\np \"[!NOTE]\"\n> p \"a\"\n(>) p \"[!NOTE]\"");
    row("hard break", "a  \nb\\\nc", "p \"a\\\\b\\\\c\"");
    row("headings", "# A\n\nB\n===\n\n###### C", "h1 \"A\"\nh1 \"B\"\nh6 \"C\"");
    row("inline", "a *b* **c** ***d*** ~~e~~ `f*`",
        "p \"a b c d e f*\" [2+1 em] [4+1 strong] [6+1 strong em] [8+1 del] [10+2 code]");
    row("link", "see [the *page*](https://example.org/a?b=1&amp;c)",
        "p \"see the page\" [4+4 <https://example.org/a?b=1&c>] [8+4 em <https://example.org/a?b=1&c>]");
    row("bare address", "at https://example.org now", "p \"at https://example.org now\" [3+19 <https://example.org>]");
    row("mail", "to <me@example.org>", "p \"to me@example.org\" [3+14 <mailto:me@example.org>]");
    row("image", "![a cat](file:///etc/passwd)", "p \"a cat (file:///etc/passwd)\" [0+26 img <file:///etc/passwd>]");
    row("image without words", "![](http://x/y.png)", "p \"http://x/y.png\" [0+14 img <http://x/y.png>]");
    row("image in a link", "[![a](b.png)](https://c)", "p \"a (b.png)\" [0+9 img <https://c>]");
    row("html is text", "<font>x</font> <script>alert(1)</script>", "p \"<font>x</font> <script>alert(1)</script>\"");
    row("tags for what has a sign",
        "<b>a</b> <strong>b</strong> <I>c</I> <em>d</em> <s>e</s> <del>f</del> <ins>g</ins>",
        "p \"a b c d e f g\" [0+1 strong] [2+1 strong] [4+1 em] [6+1 em] [8+1 del] [10+1 del] [12+1 u]");
    row("html block is text", "<div>\n\nx\n\n</div>", "p \"<div>\"\np \"x\"\np \"</div>\"");
    row("comments aren't shown", "<!-- x -->\n\na <!-- b --> c\n<!-- d\ne -->\nf<!-- g -->", "p \"a c\\\\f\"");
    row("a comment without end is text", "<!-- x", "p \"<!-- x\"");
    row("a comment in code", "`<!-- x -->`\n\n```\n<!-- y -->\n```",
        "p \"<!-- x -->\" [0+10 code]\ncode() \"<!-- y -->\"");
    row("fence", "```cpp {.x}\nint a;\n\nint b;\n```\nafter", "code(cpp) \"int a;\\n\\nint b;\"\np \"after\"");
    row("open fence", "```\nint a;", "code() \"int a;\"");
    row("empty fence", "```\n```", "code() \"\"");
    row("tilde fence", "~~~ sh\n```\n~~~", "code(sh) \"```\"");
    row("indented code", "    a\n      b", "code() \"a\\n  b\"");
    row("rule", "a\n\n---\n\nb", "p \"a\"\nrule\np \"b\"");
    row("tight list", "- a\n- b", "- p \"a\"\n- p \"b\"");
    row("loose list", "- a\n\n- b", "- loose p \"a\"\n- loose p \"b\"");
    row("item of two paragraphs", "1. a\n\n   b\n2. c", "1. loose p \"a\"\n(1. loose) p \"b\"\n2. loose p \"c\"");
    row("ordered from", "7) a\n8) b", "7. p \"a\"\n8. p \"b\"");
    row("nested", "- a\n  1. b\n     - c\n- d", "- p \"a\"\n(-) 1. p \"b\"\n(-) (1.) - p \"c\"\n- p \"d\"");
    row("tasks", "- [x] a\n- [ ] b", "[x] p \"a\"\n[ ] p \"b\"");
    row("empty item", "-\n- b", "- p \"\"\n- p \"b\"");
    row("quote", "> a\n>\n> b\n\n> c", "> p \"a\"\n(>) p \"b\"\n> p \"c\"");
    row("quoted list", "> - a\n>   ```\n>   x\n>   ```", "> - p \"a\"\n(>) (-) code() \"x\"");
    row("table", "| a | b |\n|:-:|--:|\n| `1` | 2 |\n| 3 |",
        "table center right | \"a\" \"b\" | \"1\" [0+1 code] \"2\" | \"3\" \"\"");
    row("entities", "&lt;b&gt; &copy; &#x41; &nosuch;", "p \"<b> \u00a9 A &nosuch;\"");
    row("null", "a&#0;b", "p \"a\uFFFDb\"");
    row("reference link", "[a][r]\n\n[r]: https://example.org", "p \"a\" [0+1 <https://example.org>]");
    row("tags that mean something", "H<sub>2</sub>O, x<SUP>2</SUP>, <kbd>Ctrl</kbd>, <mark>a *b*</mark>, <u>c</u>",
        "p \"H2O, x2, Ctrl, a b, c\" [1+1 sub] [6+1 sup] [9+4 kbd] [15+2 mark] [17+1 em mark] [20+1 u]");
    row("a break in a cell", "|a|\n|---|\n|b<br>c<br/>d|", "table default | \"a\" | \"b\\\\c\\\\d\"");
    row("a tag without its other half", "the <kbd> element, </sub> and <sub>",
        "p \"the <kbd> element, </sub> and <sub>\"");
    row("a tag with attributes is text", "<sub class=\"x\">a</sub>", "p \"<sub class=\"x\">a</sub>\"");
    row("tags across emphasis", "<u>a *b</u> c*", "p \"a b c\" [0+2 u] [2+1 em u] [3+2 em]");
    row("a tag in code", "`<sub>`", "p \"<sub>\" [0+5 code]");
    row("details show what is in them", "<details><summary>x</summary>\n\ny\n\n</details>",
        "p \"x\" [0+1 strong]\np \"y\"");
    row("details on lines of their own", "<details open>\n<summary>x</summary>\ny\n</details>\n\nz",
        "p \"x\\\\y\" [0+1 strong]\np \"z\"");
    row("details around a list", "<details>\n<summary>x</summary>\n\n- a\n- b\n</details>\n\nz",
        "p \"x\" [0+1 strong]\n- p \"a\"\n- p \"b\"\np \"z\"");
    row("words about details", "<details> is an element, </details> its end, <summary> its head",
        "p \"<details> is an element, </details> its end, <summary> its head\"");
    row("footnote", "a[^1] b\n\n[^1]: the *note*\n",
        "p \"a[1] b\" [1+3 sup note <1.1>]\n^1 p \"the note\u00a0\u2191\" [4+4 em] [8+2 back <1.1>]");
    row("footnotes count by their references", "a[^b] c[^a] d[^b]\n\n[^a]: A\n\n[^b]: B\n\nend",
        "p \"a[1] c[2] d[1]\" [1+3 sup note <1.1>] [6+3 sup note <2.1>] [11+3 sup note <1.2>]\np \"end\"\n"
        "^1 p \"B\u00a0\u2191\u00a0\u2191\" [1+2 back <1.1>] [3+2 back <1.2>]\n^2 p \"A\u00a0\u2191\" [1+2 back "
        "<2.1>]");
    row("a footnote of one word is no link definition", "a[^1]\n\n[^1]: See",
        "p \"a[1]\" [1+3 sup note <1.1>]\n^1 p \"See\u00a0\u2191\" [3+2 back <1.1>]");
    row("a footnote of several blocks", "a[^n]\n\n[^n]: p1\n    goes on\n\n    p2\n\n    ```c\n    x\n    ```\n\nend",
        "p \"a[1]\" [1+3 sup note <1.1>]\np \"end\"\n^1 p \"p1\\\\goes on\"\n(^1) p \"p2\"\n(^1) code(c) \"x\"\n"
        "(^1) p \"\u2191\" [0+1 back <1.1>]");
    row("a reference without a note is text", "a[^1] and [^abc]", "p \"a[^1] and [^abc]\"");
    row("a note nobody refers to", "a\n\n[^x]: lost?", "p \"a\"\n^1 p \"lost?\"");
    row("no footnotes in code", "`[^1]` a[^1]\n\n```\n[^1]: x\n[^1]\n```\n\n[^1]: n",
        "p \"[^1] a[1]\" [0+4 code] [6+3 sup note <1.1>]\ncode() \"[^1]: x\\n[^1]\"\n^1 p \"n\u00a0\u2191\" [1+2 back "
        "<1.1>]");
    row("no footnotes in addresses", "[a](http://x/[^1]) ![^1](b) [^1](c)\n\n[^1]: n",
        "p \"a ^1 (b) ^1\" [0+1 <http://x/[^1]>] [2+6 img <b>] [9+2 <c>]\n^1 p \"n\"");
    row("an escaped reference", "a\\[^1]\n\n[^1]: n", "p \"a[^1]\"\n^1 p \"n\"");
    row("a footnote ends a paragraph and a list", "- a[^1]\n[^1]: n\n[^2]: m\ntext goes on",
        "- p \"a[1]\" [1+3 sup note <1.1>]\n^1 p \"n\u00a0\u2191\" [1+2 back <1.1>]\n^2 p \"m\\\\text goes on\"");
    row("a footnote in a quote", "> a[^1]\n>\n> [^1]: n",
        "> p \"a[1]\" [1+3 sup note <1.1>]\n^1 p \"n\u00a0\u2191\" [1+2 back <1.1>]");
    row("references in a table and a heading", "# h[^1]\n\n|a[^2]|\n|---|\n\n[^1]: A\n[^2]: B",
        "h1 \"h[1]\" [1+3 sup note <1.1>]\ntable default | \"a[2]\" [1+3 sup note <2.1>]\n"
        "^1 p \"A\u00a0\u2191\" [1+2 back <1.1>]\n^2 p \"B\u00a0\u2191\" [1+2 back <2.1>]");
    row("forged marks", "\uFDD20\uFDD3 [^1]\n\n[^1]: n",
        "p \"\uFFFD0\uFFFD [1]\" [4+3 sup note <1.1>]\n^1 p \"n\u00a0\u2191\" [1+2 back <1.1>]");
    row("quote in a list", "- a\n\n  > q\n  > - b\n\n- c",
        "- loose p \"a\"\n(- loose) > p \"q\"\n(- loose) (>) - p \"b\"\n- loose p \"c\"");
    row("task with nested list", "1. [x] a\n   - [ ] b\n     1. c",
        "[x] p \"a\"\n([x]) [ ] p \"b\"\n([x]) ([ ]) 1. p \"c\"");
    row("unclosed", "**a [b](c `d", "p \"**a [b](c `d\"");
}

void TestMarkdown::describes() {
    QFETCH(QByteArray, source);
    QFETCH(QString, model);
    QCOMPARE(markdown::describe(markdown::parse(source)), model);
}

void TestMarkdown::copies_data() {
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const char* source, const char* text) {
        QTest::newRow(name) << QByteArray(source) << QString::fromUtf8(text);
    };
    row("paragraphs", "a **b**\n\nc", "a b\n\nc");
    row("list", "- a\n- b\n  1. c", "- a\n- b\n  1. c");
    row("code", "x\n\n```py\na\n  b\n```", "x\n\na\n  b");
    row("quote", "> a\n>\n> b", "> a\n>\n> b");
    row("table", "|a|b|\n|---|---|\n|1|2|", "a\tb\n1\t2");
    row("footnotes", "a[^1]\n\n[^1]: n", "a[1]\n\n[1] n");
    row("a break in a cell", "|a|b|\n|---|---|\n|1<br>2|3|", "a\tb\n1 2\t3");
    row("hard break in a list", "- a\\\n  b", "- a\n  b");
}

void TestMarkdown::copies() {
    QFETCH(QByteArray, source);
    QFETCH(QString, text);
    QCOMPARE(markdown::plainText(markdown::parse(source)), text);
}

void TestMarkdown::entities() {
    QCOMPARE(markdown::resolveEntity(QStringLiteral("&amp;")), QStringLiteral("&"));
    QCOMPARE(markdown::resolveEntity(QStringLiteral("&zeta;")), QString(QChar(0x3B6)));
    QCOMPARE(markdown::resolveEntity(QStringLiteral("&Alpha;")), QString(QChar(0x391)));
    QCOMPARE(markdown::resolveEntity(QStringLiteral("&#128512;")), QString::fromUcs4(U"\U0001F600"));
    QCOMPARE(markdown::resolveEntity(QStringLiteral("&#xD800;")), QString(QChar::ReplacementCharacter));
    QCOMPARE(markdown::resolveEntity(QStringLiteral("&#99999999999;")), QString(QChar::ReplacementCharacter));
    QCOMPARE(markdown::resolveEntity(QStringLiteral("&Amp;")), QStringLiteral("&Amp;"));
}

void TestMarkdown::typedTextStaysAsTyped() {
    const auto blocks = markdown::parseTyped(QStringLiteral("# no heading\n*a*  b\n```cpp\nx\n```\n- c"));
    QCOMPARE(markdown::describe(blocks),
             QStringLiteral("typed \"# no heading\\\\*a*  b\"\ncode(cpp) \"x\"\ntyped \"- c\""));
    QCOMPARE(markdown::plainText(markdown::parseTyped(QStringLiteral("a\n\nb"))), QStringLiteral("a\n\nb"));
}

void TestMarkdown::longParagraphsAreCutAtSpaces() {
    QByteArray source;
    for (int i = 0; i < 6000; ++i) {
        source += "word **w** ";
    }
    const auto blocks = markdown::parse(source);
    QVERIFY(blocks.size() > 3);
    QString joined;
    for (const auto& block : blocks) {
        QVERIFY(block.text.text.size() <= markdown::Limits::kParagraph + 512);
        for (const auto& span : block.text.spans) {
            QVERIFY(span.start >= 0 && span.start + span.length <= block.text.text.size());
            QCOMPARE(block.text.text.mid(span.start, span.length), QStringLiteral("w"));
        }
        joined += block.text.text;
    }
    QCOMPARE(joined.trimmed(), QString::fromUtf8(source.replace("*", "")).trimmed());
    QVERIFY(!blocks.first().continues);
    QVERIFY(blocks.last().continues);
}

void TestMarkdown::deepNestingIsBounded() {
    const auto quotes = markdown::parse(QByteArray(10000, '>') + " deep");
    QCOMPARE(quotes.size(), 1);
    QCOMPARE(quotes.first().containers.size(), int(markdown::Limits::kContainers));
    QCOMPARE(quotes.first().text.text, QStringLiteral("deep"));
    QByteArray nested;
    for (int i = 0; i < 500; ++i) {
        nested += QByteArray(2 * i, ' ') + "- x\n";
    }
    const auto lists = markdown::parse(nested);
    QVERIFY(!lists.isEmpty());
    for (const auto& block : lists) {
        QVERIFY(block.containers.size() <= markdown::Limits::kContainers);
    }
}

void TestMarkdown::hugeTableIsShownAsWritten() {
    QByteArray source = "|" + QByteArray("a|").repeated(300) + "\n|" + QByteArray("---|").repeated(300) + "\n";
    source += QByteArray("|x\n").repeated(300);
    const auto blocks = markdown::parse(source);
    for (const auto& block : blocks) {
        QCOMPARE(block.kind, markdown::BlockKind::kTyped);
    }
    QCOMPARE(markdown::plainText(blocks), QString::fromUtf8(source));
}

ALCUIN_TEST(TestMarkdown)
#include "tst_markdown.moc"
