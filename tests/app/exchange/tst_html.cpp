#include "support/test_registry.h"

#include <QXmlStreamReader>

#include "exchange/html.h"
#include "exchange/html_markdown.h"
#include "exchange/tree_builder.h"
#include "reading.h"

using namespace alcuin;
using namespace alcuin::exchange;
using namespace alcuin::tests;

namespace {

std::string html(std::string_view markdown) {
    std::string text;
    appendHtml(text, markdown);
    return text;
}

storage::ConversationTree conversation(const std::string& text) {
    storage::ConversationTree tree;
    tree.conversation.title = text;
    storage::Message message;
    message.id.push_back('1');
    message.role = storage::Role::kAssistant;
    message.state = storage::MessageState::kFailed;
    message.error = text;
    message.parts = {attachmentPart(text, text, text), reasoningPart(text), textPart(text)};
    message.generation = storage::Generation{};
    message.generation->modelName = text;
    tree.messages.push_back(message);
    return tree;
}

/// Elements and attributes of a page; fails where an element isn't closed or an attribute isn't quoted.
struct Page {
    QSet<QString> elements;
    QMap<QString, QSet<QString>> attributes;
    QString error;
};

Page parsed(const std::string& text) {
    // The page is XML but for these elements, which have no end.
    QString xml = QString::fromStdString(text);
    xml.remove(QStringLiteral("<!DOCTYPE html>"));
    for (const char* element : {"meta", "hr", "br", "input"}) {
        xml.replace(QRegularExpression(QStringLiteral("<%1([^>]*)>").arg(element)),
                    QStringLiteral("<%1\\1/>").arg(element));
    }
    xml.replace(QStringLiteral(" checked"), QStringLiteral(" checked=\"\""));
    xml.replace(QStringLiteral(" disabled"), QStringLiteral(" disabled=\"\""));
    Page page;
    QXmlStreamReader reader(xml);
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::StartElement) {
            page.elements << reader.name().toString();
            for (const auto& attribute : reader.attributes()) {
                page.attributes[attribute.name().toString()] << attribute.value().toString();
            }
        }
    }
    page.error = reader.hasError() ? reader.errorString() : QString();
    return page;
}

} // namespace

/// The page is for a browser, and what stands in a conversation may be anything.
class TstHtml : public QObject {
    Q_OBJECT
private slots:
    void markdownBecomesElements_data();
    void markdownBecomesElements();
    void linksLeadNowhereElse_data();
    void linksLeadNowhereElse();
    void hostileTextStaysText_data();
    void hostileTextStaysText();
    void thePageLoadsNothing();
    void textsMadeToGrowDoNot();
    void longNestingEnds();
};

void TstHtml::markdownBecomesElements_data() {
    QTest::addColumn<QString>("markdown");
    QTest::addColumn<QString>("expected");
    QTest::newRow("words") << "a *b* **c** ~~d~~ `e`"
                           << "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e</code></p>\n";
    QTest::newRow("lines") << "a\nb  \nc"
                           << "<p>a<br>\nb<br>\nc</p>\n";
    QTest::newRow("alert") << "> [!Warning]\n> a\n>\n> b"
                           << "<blockquote class=\"warning\">\n<p><strong>Warning</strong></p>\n<p>a</p>\n<p>b</p>\n"
                              "</blockquote>\n";
    QTest::newRow("no alert") << "> [!NOTES]\n> a"
                              << "<blockquote>\n<p>[!NOTES]<br>\na</p>\n</blockquote>\n";
    QTest::newRow("heading") << "# a\n###### b"
                             << "<h3>a</h3>\n<h6>b</h6>\n";
    QTest::newRow("code") << "```c++\na < b\n```"
                          << "<pre data-language=\"c++\"><code>a &lt; b\n</code></pre>\n";
    QTest::newRow("list") << "3. a\n4. b"
                          << "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n";
    QTest::newRow("tasks") << "- [x] a\n- [ ] b"
                           << "<ul>\n<li class=\"task\"><input type=\"checkbox\" disabled checked> a</li>\n"
                              "<li class=\"task\"><input type=\"checkbox\" disabled> b</li>\n</ul>\n";
    QTest::newRow("table") << "|a|b|\n|---|--:|\n|1|2|"
                           << "<div class=\"table\"><table>\n<thead>\n<tr><th>a</th><th class=\"right\">b</th></tr>\n"
                              "</thead>\n<tbody>\n<tr><td>1</td><td class=\"right\">2</td></tr>\n</tbody>\n"
                              "</table></div>\n";
    QTest::newRow("math") << "$a_1 < b_1$"
                          << "<p><code class=\"math\">$a_1 &lt; b_1$</code></p>\n";
    QTest::newRow("math in round brackets") << "so \\(a_1 * b_1\\), or \\( x \\)"
                                            << "<p>so <code class=\"math\">$a_1 * b_1$</code>, or "
                                               "<code class=\"math\">$x$</code></p>\n";
    QTest::newRow("math in square brackets") << "\\[\nx_1 = *2*\n\\]"
                                             << "<p><code class=\"math\">$$x_1 = *2*$$</code></p>\n";
    QTest::newRow("an environment") << "\\begin{align}a &= b\\\\\nc &= d\\end{align}"
                                    << "<p><code class=\"math\">$$\\begin{align}a &amp;= b\\\\ c &amp;= "
                                       "d\\end{align}$$</code></p>\n";
    QTest::newRow("an environment between dollars")
        << "$A = \\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}$"
        << "<p><code class=\"math\">$A = \\begin{pmatrix} 1 &amp; 2 \\\\ 3 &amp; 4 \\end{pmatrix}$</code></p>\n";
    QTest::newRow("an environment between two dollars")
        << "$$\nx = \\begin{cases} 1 \\\\ 2 \\end{cases}\n$$"
        << "<p><code class=\"math\">$$ x = \\begin{cases} 1 \\\\ 2 \\end{cases} $$</code></p>\n";
    QTest::newRow("a formula whose lines look like a list") << "$$\nx\n+ y\n- z\n$$"
                                                            << "<p><code class=\"math\">$$ x + y - z $$</code></p>\n";
    QTest::newRow("prices before code") << "costs $10, see `$HOME` or \\$3"
                                        << "<p>costs $10, see <code>$HOME</code> or $3</p>\n";
    QTest::newRow("prices") << "from $5 to $10, or $ 7"
                            << "<p>from $5 to $10, or $ 7</p>\n";
    QTest::newRow("brackets that are only escaped") << "\\[1\\] and \\("
                                                    << "<p>[1] and (</p>\n";
    QTest::newRow("math in code") << "`\\(x\\)`\n\n```\n\\[x\\]\n```"
                                  << "<p><code>\\(x\\)</code></p>\n<pre><code>\\[x\\]\n</code></pre>\n";
    QTest::newRow("math ends with its paragraph") << "\\(x\n\ny\\)"
                                                  << "<p>(x</p>\n<p>y)</p>\n";
    QTest::newRow("entities") << "&amp; &#60;b&#x3E; &euro; &#0;"
                              << "<p>&amp; &lt;b&gt; &euro; \uFFFD</p>\n";
    QTest::newRow("tags that the window shows")
        << "<b>a</b> <I>i</I> H<sub>2</sub>O <u>*u*</u> <kbd>k</kbd> <mark>m</mark> <strike>s</strike> a<br/>b"
        << "<p><b>a</b> <i>i</i> H<sub>2</sub>O <u><em>u</em></u> <kbd>k</kbd> <mark>m</mark> <s>s</s> a<br>\nb</p>\n";
    QTest::newRow("tags within others") << "<b>a <i>b</i></b> <b>c <i>d</b>"
                                        << "<p><b>a <i>b</i></b> <b>c &lt;i&gt;d</b></p>\n";
    QTest::newRow("tags without their other half")
        << "<b>a *b</b>* </i>\n\n<u>\n\n</u>"
        << "<p>&lt;b&gt;a <em>b&lt;/b&gt;</em> &lt;/i&gt;</p>\n<p>&lt;u&gt;</p>\n"
           "<p>&lt;/u&gt;</p>\n";
    QTest::newRow("tags with attributes") << "<b class=x>a</b>"
                                          << "<p>&lt;b class=x&gt;a&lt;/b&gt;</p>\n";
    QTest::newRow("tags in cells") << "|a|b|\n|---|---|\n|<b>c|d</b>|"
                                   << "<div class=\"table\"><table>\n<thead>\n<tr><th>a</th><th>b</th></tr>\n"
                                      "</thead>\n<tbody>\n<tr><td>&lt;b&gt;c</td><td>d&lt;/b&gt;</td></tr>\n"
                                      "</tbody>\n</table></div>\n";
    QTest::newRow("comments") << "<!-- a -->\n\nb<!-- c\nd -->e"
                              << "<p>be</p>\n";
    QTest::newRow("details") << "<details open>\n<summary>a</summary>\nb\n</details>\n\n<details> is an element"
                             << "<p>\n<strong>a</strong><br>\n\nb</p>\n<p>&lt;details&gt; is an element</p>\n";
    QTest::newRow("bare link")
        << "https://example.org/a"
        << "<p><a rel=\"noopener noreferrer\" href=\"https://example.org/a\">https://example.org/a</a></p>\n";
    QTest::newRow("picture") << "![a cat](https://example.org/c.png)"
                             << "<p><a rel=\"noopener noreferrer\" href=\"https://example.org/c.png\">a cat</a></p>\n";
    QTest::newRow("picture in a link") << "[![b](https://e.org/c)](https://e.org/d)"
                                       << "<p><a rel=\"noopener noreferrer\" href=\"https://e.org/d\">b</a></p>\n";
}

void TstHtml::markdownBecomesElements() {
    QFETCH(QString, markdown);
    QFETCH(QString, expected);
    ALCUIN_SAME(html(markdown.toStdString()), expected.toStdString());
}

void TstHtml::linksLeadNowhereElse_data() {
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<bool>("harmless");
    QTest::newRow("http") << QByteArray("http://e.org") << true;
    QTest::newRow("capitals") << QByteArray("HTTPS://e.org") << true;
    QTest::newRow("mail") << QByteArray("mailto:a@e.org") << true;
    QTest::newRow("script") << QByteArray("javascript:alert(1)") << false;
    QTest::newRow("script by entity") << QByteArray("javascript&colon;alert(1)") << false;
    QTest::newRow("script by number") << QByteArray("&#106;avascript:alert(1)") << false;
    QTest::newRow("script with a tab") << QByteArray("java&Tab;script:alert(1)") << false;
    QTest::newRow("data") << QByteArray("data:text/html,x") << false;
    QTest::newRow("file") << QByteArray("file:///etc/passwd") << false;
    QTest::newRow("relative") << QByteArray("a.html") << false;
    QTest::newRow("no scheme") << QByteArray("//e.org/a") << false;
    QTest::newRow("only a scheme") << QByteArray("http:") << false;
}

void TstHtml::linksLeadNowhereElse() {
    QFETCH(QByteArray, address);
    QFETCH(bool, harmless);
    for (const char* form : {"[a](<%1>)", "![a](<%1>)", "[a]\n\n[a]: <%1>"}) {
        const auto page = html(QString::fromUtf8(form).arg(QString::fromUtf8(address)).toStdString());
        QCOMPARE(page.find("href=") != std::string::npos, harmless);
    }
}

void TstHtml::hostileTextStaysText_data() {
    QTest::addColumn<QString>("text");
    QTest::newRow("script") << "<script>alert(1)</script>";
    QTest::newRow("block") << "<div onclick=\"alert(1)\">\n\n</div>";
    QTest::newRow("picture") << "a <img src=x onerror=alert(1)> b";
    QTest::newRow("end of the page") << "</main></body></html><script src=\"https://e.org\"></script>";
    QTest::newRow("end of an element") << "\"><script>alert(1)</script>";
    QTest::newRow("style") << "</style><style>* { display: none }</style>";
    QTest::newRow("language") << "```\"><script>\n</code></pre><script>\n```";
    QTest::newRow("link") << "[a](https://e.org/\"onmouseover=\"alert(1))";
    QTest::newRow("title") << "[a](https://e.org \"b\\\"><script>\")";
    QTest::newRow("comment") << "<!-- a\n\n<![CDATA[ b";
    QTest::newRow("tags across") << "<b>a *c <i>d* e</i> </b> [<s>f](https://e.org)</s> <sub/>g</sub> <b\n>h</b>";
    QTest::newRow("entity") << "&lt;script&gt;&#60;script&#62;";
    QTest::newRow("fence in reasoning") << "```\n</blockquote></details>";
}

void TstHtml::hostileTextStaysText() {
    QFETCH(QString, text);
    auto tree = conversation(text.toStdString());
    const auto page = toHtml(tree);
    const QSet<QString> known{"html", "head", "meta",    "title", "style", "body",    "main",       "header",
                              "h1",   "h2",   "p",       "time",  "div",   "article", "details",    "pre",
                              "code", "a",    "summary", "ul",    "li",    "hr",      "blockquote", "em",
                              "br",   "b",    "i",       "sub",   "s"};
    // Named entities other than XML's own would trouble this parser, not a browser.
    const auto seen = parsed(page);
    QVERIFY2(seen.error.isEmpty(), qPrintable(seen.error));
    QVERIFY2((seen.elements - known).isEmpty(), qPrintable(QStringList((seen.elements - known).values()).join(' ')));
    for (auto attribute = seen.attributes.keyBegin(); attribute != seen.attributes.keyEnd(); ++attribute) {
        QVERIFY2(!attribute->startsWith("on") && *attribute != "src", qPrintable(*attribute));
    }
    for (const auto& address : seen.attributes.value("href")) {
        QVERIFY(address.startsWith("https://e.org"));
    }
}

void TstHtml::thePageLoadsNothing() {
    const auto page = QString::fromStdString(toHtml(conversation("![a](https://e.org/a.png) <https://e.org>")));
    QVERIFY(page.contains("default-src 'none'"));
    QVERIFY(page.contains("prefers-color-scheme: dark"));
    const auto style = page.mid(page.indexOf("<style>"), page.indexOf("</style>") - page.indexOf("<style>"));
    QVERIFY(!style.contains("url(") && !style.contains("@import"));
    for (const char* element : {"<script", "<img", "<link", "<iframe", "<object", "src="}) {
        QVERIFY2(!page.contains(element), element);
    }
}

void TstHtml::textsMadeToGrowDoNot() {
    // A table of many columns whose rows are nearly empty: every row gets all cells.
    std::string table;
    for (int i = 0; i < 2000; ++i) {
        table += "|a";
    }
    table += "|\n";
    for (int i = 0; i < 2000; ++i) {
        table += "|---";
    }
    table += "|\n";
    for (int i = 0; i < 20'000; ++i) {
        table += "|\n";
    }
    const auto page = html(table);
    QVERIFY(page.size() <= table.size() * 70 + 100'000);
    QVERIFY(page.starts_with("<pre>"));
}

void TstHtml::longNestingEnds() {
    for (const std::string piece :
         {"> ", "- ", "*a ", "[", "`", "<", "![", "**", "| ", "&#", "~~~ ", "<b>", "<i>x</b>"}) {
        std::string text;
        for (int i = 0; i < 20'000; ++i) {
            text += piece;
        }
        QVERIFY(html(text).size() < 20'000'000);
    }
}

ALCUIN_TEST(TstHtml)
#include "tst_html.moc"
