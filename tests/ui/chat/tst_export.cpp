#include "support/test_registry.h"

#include "chat/export/excerpt.h"
#include "chat/export/html_writer.h"
#include "chat/export/markdown_writer.h"
#include "chat/markdown/parser.h"
#include "chat/markdown/streaming_document.h"
#include "exchange/html_style.h"
#include "theme/theme.h"
#include "ui/chat/golden_cases.h"
#include "ui/chat/sample.h"

using namespace alcuin;
using namespace alcuin::ui;

class TestExport : public QObject {
    Q_OBJECT
private slots:
    void html_data();
    void html();
    void htmlIsInert();
    void pagesHaveTheWindowsColours();
    void markdownReadsAsTheSame_data();
    void markdownReadsAsTheSame();
    void excerptsOfTables();
    void sourceOfWholeBlocks();
};

void TestExport::html_data() {
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("html");
    const auto row = [](const char* name, const char* source, const char* html) {
        QTest::newRow(name) << QString::fromUtf8(source) << QString::fromUtf8(html);
    };
    row("paragraphs", "a *b* **c *d***\n\ne < f & g",
        "<p>a <em>b</em> <strong>c <em>d</em></strong></p>\n<p>e &lt; f &amp; g</p>\n");
    row("heading", "## A `b`", "<h2>A <code>b</code></h2>\n");
    row("hard break", "a\\\nb", "<p>a<br>\nb</p>\n");
    row("link", "[a *b*](https://e.org/?x=1&y=2)", "<p><a href=\"https://e.org/?x=1&amp;y=2\">a <em>b</em></a></p>\n");
    row("code", "```c++\na < b\n\n  c\n```",
        "<pre style=\"background:#f0ede4;color:#1f2328\"><code class=\"language-c++\">a &lt; b\n\n  "
        "c\n</code></pre>\n");
    row("code in colours", "```python\nif x: # <y>\n```",
        "<pre style=\"background:#f0ede4;color:#1f2328\"><code class=\"language-python\"><span "
        "style=\"color:#733780\">if</span> x: <span style=\"color:#6a675e\"># &lt;y&gt;</span>\n</code></pre>\n");
    row("code in no language", "```\nif x\n```",
        "<pre style=\"background:#f0ede4;color:#1f2328\"><code>if x\n</code></pre>\n");
    row("a formula stays TeX", "so $a<b$", "<p>so $a&lt;b$</p>\n");
    row("tight list", "- a\n- b\n  1. c\n  2. d\n- e",
        "<ul>\n<li>a</li>\n<li>b<ol>\n<li>c</li>\n<li>d</li>\n</ol>\n</li>\n<li>e</li>\n</ul>\n");
    row("loose list", "3. a\n\n   b\n4. c",
        "<ol start=\"3\">\n<li><p>a</p>\n<p>b</p>\n</li>\n<li><p>c</p>\n</li>\n</ol>\n");
    row("two lists", "- a\n\ntext\n\n1. b", "<ul>\n<li>a</li>\n</ul>\n<p>text</p>\n<ol>\n<li>b</li>\n</ol>\n");
    row("tasks", "- [x] a\n- [ ] b",
        "<ul>\n<li><input type=\"checkbox\" disabled checked> a</li>\n<li><input type=\"checkbox\" disabled> "
        "b</li>\n</ul>\n");
    row("quote", "> a\n>\n> - b\n\nc", "<blockquote>\n<p>a</p>\n<ul>\n<li>b</li>\n</ul>\n</blockquote>\n<p>c</p>\n");
    row("table", "|a|b|\n|:-:|---|\n|1|*2*|",
        "<table>\n<thead>\n<tr><th style=\"text-align:center\">a</th><th>b</th></tr>\n</thead>\n<tbody>\n"
        "<tr><td style=\"text-align:center\">1</td><td><em>2</em></td></tr>\n</tbody>\n</table>\n");
    row("rule", "a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>\n");
    row("footnotes", "a[^x]\n\n[^x]: note",
        "<p>a<a href=\"#note-1\"><sup>[1]</sup></a></p>\n<ol>\n<li id=\"note-1\">note</li>\n</ol>\n");
    row("tags", "H<sub>2</sub>O <kbd>a</kbd> <mark>b</mark> <u>c</u> ~~d~~",
        "<p>H<sub>2</sub>O <kbd>a</kbd> <mark>b</mark> <u>c</u> <del>d</del></p>\n");
    row("image", "![a](https://e.org/b.png)", "<p><a href=\"https://e.org/b.png\">a (https://e.org/b.png)</a></p>\n");
}

void TestExport::html() {
    QFETCH(QString, source);
    QFETCH(QString, html);
    QCOMPARE(writeHtml(markdown::parse(source.toUtf8())), html);
}

/// The exported page says its colours itself, as its library knows no theme.
void TestExport::pagesHaveTheWindowsColours() {
    const auto style = QString::fromUtf8(exchange::kHtmlStyle.data(), qsizetype(exchange::kHtmlStyle.size()));
    const qsizetype darkFrom = style.indexOf(QLatin1String("prefers-color-scheme: dark"));
    for (const auto& [colors, part] :
         {std::pair(Theme::light(), style.left(darkFrom)),
          std::pair(Theme::dark(), style.mid(darkFrom, style.indexOf("body {") - darkFrom))}) {
        const Syntax& syntax = colors.syntax;
        for (const auto& [name, color] :
             {std::pair("comment", syntax.comment), std::pair("string", syntax.string),
              std::pair("number", syntax.number), std::pair("keyword", syntax.keyword), std::pair("type", syntax.type),
              std::pair("function", syntax.function), std::pair("detail", syntax.meta),
              std::pair("new", colors.positive), std::pair("gone", colors.negative)}) {
            const QString wanted = QStringLiteral("--%1: %2;").arg(QLatin1String(name), color.name());
            QVERIFY2(part.contains(wanted), qPrintable(wanted));
        }
    }
}

void TestExport::htmlIsInert() {
    const QString html = writeHtml(markdown::parse("<script>alert(1)</script> [x](javascript:alert(1)) "
                                                   "[y](https://e.org/\"onclick=\"z) ![i](file:///etc/passwd)\n\n"
                                                   "```\"><script>\n</code></pre><script>x</script>\n```\n\n"
                                                   "|<b>|\n|---|\n|<img src=x onerror=y>|\n"));
    QVERIFY(!html.contains(QLatin1String("<script")));
    QVERIFY(!html.contains(QLatin1String("<img")));
    QVERIFY(!html.contains(QLatin1String("javascript:")));
    QVERIFY(!html.contains(QLatin1String("href=\"file")));
    QVERIFY(!html.contains(QLatin1String("\"onclick")));
    QVERIFY(html.contains(QLatin1String("&lt;script&gt;alert(1)&lt;/script&gt;")));
}

void TestExport::markdownReadsAsTheSame_data() {
    QTest::addColumn<QString>("source");
    QTest::newRow("rich") << tests::richAnswer();
    QTest::newRow("notes") << tests::notedAnswer();
    QTest::newRow("right to left") << tests::rightToLeftAnswer();
    for (const auto& [name, source] : tests::goldenCases(QStringLiteral("cases.txt"))) {
        if (name != QLatin1String("three signs")) { // the sign isn't in the model
            QTest::newRow(qPrintable(name)) << source;
        }
    }
    const auto row = [](const char* name, const char* source) { QTest::newRow(name) << QString::fromUtf8(source); };
    row("signs in text", "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f> \\&amp; a\\|b \\~\\~g\\~\\~ C:\\\\dir \\\\");
    row("signs at the beginning", "\\# a\n\n\\> b\n\n\\- c\n\n1\\. d\n\n\\+ e\n\n\\=== f\n\n\\---");
    row("alert", "> [!CAUTION]\n> a\n>\n> - b\n\n- > [!NOTE]\n  > c");
    row("lines", "a\nb\\\nc  \nd");
    row("backticks", "`` a`b `` ``` `` ``` ` ` `` `x` ``");
    row("fence in a fence", "````\n```\nx\n```\n````");
    row("fence of tildes", "~~~\n```\n~~~");
    row("bar in a cell", "|a|\n|---|\n|b \\| `c \\| d`|");
    row("rule in an item", "- a\n- ***\n- b");
    row("emphasis at spaces", "a **b** *c* d***e***f");
    row("nested", "> 1. a\n>    - b\n>\n>      c\n>\n>      ```\n>      d\n>\n>      e\n>      ```\n> 2. f\n\ng");
    row("address with spaces", "[a](<b c (d)>) [e](f\\(g) [h](https://e.org/?a=1&amp;copy=2)");
}

void TestExport::markdownReadsAsTheSame() {
    QFETCH(QString, source);
    const auto blocks = markdown::parse(source.toUtf8());
    const QString written = writeMarkdown(blocks);
    markdown::Blocks again = markdown::parse(written.toUtf8());
    markdown::Blocks expected = blocks;
    for (markdown::Blocks* all : {&expected, &again}) { // footnotes are called by their numbers now
        for (markdown::Block& block : *all) {
            block.label.clear();
        }
    }
    if (markdown::describe(again) != markdown::describe(expected)) {
        qInfo().noquote() << written;
    }
    QCOMPARE(markdown::describe(again), markdown::describe(expected));
    QCOMPARE(writeMarkdown(again), written);
}

void TestExport::excerptsOfTables() {
    const auto blocks = markdown::parse("|a|b|\n|---|---|\n|one|two|\n|three|four|");
    const auto& table = blocks.first();
    const QString flat = markdown::flatText(table);
    const auto cut = [&](const char* from, const char* to) {
        return excerpt(table, int(flat.indexOf(QLatin1String(from))), int(flat.indexOf(QLatin1String(to))));
    };
    QCOMPARE(writeMarkdown({excerpt(table, 0, int(flat.size()))}),
             QStringLiteral("| a | b |\n| --- | --- |\n| one | two |\n| three | four |"));
    QCOMPARE(writeMarkdown({cut("ne", "\ttwo")}), QStringLiteral("ne"));
    QCOMPARE(writeMarkdown({cut("wo", "ee")}), QStringLiteral("|  |  |\n| --- | --- |\n|  | wo |\n| thr |  |"));
    QCOMPARE(writeHtml({cut("wo", "ee")}),
             QStringLiteral("<table>\n<tr><td></td><td>wo</td></tr>\n<tr><td>thr</td><td></td></tr>\n</table>\n"));
}

void TestExport::sourceOfWholeBlocks() {
    markdown::StreamingDocument document;
    document.append(QStringLiteral("A   __b__\n\n* x\n* y\n\n\n\nend\n====\n\nlast\n"));
    document.finish();
    QCOMPARE(document.blocks().size(), 5);
    QCOMPARE(document.source(0, 1), QStringLiteral("A   __b__"));
    QCOMPARE(document.source(1, 3), QStringLiteral("* x\n* y"));
    QCOMPARE(document.source(1, 2), QString()); // an item alone isn't known in the source
    QCOMPARE(document.source(3, 5), QStringLiteral("end\n====\n\nlast"));
    QCOMPARE(document.source(0, 5), QStringLiteral("A   __b__\n\n* x\n* y\n\n\n\nend\n====\n\nlast"));
}

ALCUIN_TEST(TestExport)
#include "tst_export.moc"
