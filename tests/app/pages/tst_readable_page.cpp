#include "support/test_registry.h"

#include "exchange/html.h"
#include "exchange/html_markdown.h"
#include "pages/readable_page.h"

using namespace alcuin;

namespace {

QString page(const char* markdown) {
    const auto dress = app::readablePage();
    std::string html;
    exchange::appendHtml(html, markdown, dress.get());
    return QString::fromStdString(html);
}

} // namespace

/// An exported page has formulas that browsers set and code in colours, and still nothing that runs or loads.
class TstReadablePage : public QObject {
    Q_OBJECT
private slots:
    void formulasAreMathMl();
    void unknownFormulasStayTeX();
    void codeHasColours();
    void hostileCodeStaysText();
    void definitionsLastForTheirMessage();
    void theWholePageIsDressed();
};

void TstReadablePage::formulasAreMathMl() {
    const QString html = page("so $x_1 < 2$ and $$\\frac12$$");
    QVERIFY2(html.contains("<math><semantics><mrow><msub><mi>x</mi><mn>1</mn></msub>"), qPrintable(html));
    QVERIFY2(html.contains("<span class=\"display\"><math display=\"block\"><semantics><mfrac>"), qPrintable(html));
    QVERIFY(!html.contains('$'));
    for (const char* text : {"$$x \\text{ if $y$ or \\$5}$$", "\\[x \\text{ if $y$ or \\$5}\\]"}) {
        const QString inner = page(text);
        QVERIFY2(inner.count("<math") == 1 && inner.contains("<mi>y</mi>") && !inner.contains("class=\"math\""),
                 qPrintable(inner));
    }
    QVERIFY(page("\\[\n\\begin{aligned} a &= b \\\\ &= c \\end{aligned}\n\\]").contains("<mtable"));
}

void TstReadablePage::unknownFormulasStayTeX() {
    QCOMPARE(page("$\\nosuch{x}$"), QString("<p><code class=\"math\">$\\nosuch{x}$</code></p>\n"));
}

void TstReadablePage::codeHasColours() {
    QCOMPARE(page("```python\nx = 1 # one & two\n\"a\"\n```"),
             QString("<pre data-language=\"python\"><code>x = <span class=\"number\">1</span> <span "
                     "class=\"comment\"># one &amp; two</span>\n<span class=\"string\">&quot;a&quot;</span>\n"
                     "</code></pre>\n"));
    QCOMPARE(page("```klingon\nnuq < neH\n```"),
             QString("<pre data-language=\"klingon\"><code>nuq &lt; neH\n</code></pre>\n"));
    QVERIFY(page("```diff\n-a\n+b\n```").contains("<span class=\"gone\">-a</span>\n<span class=\"new\">+b</span>"));
}

void TstReadablePage::hostileCodeStaysText() {
    for (const char* text :
         {"```html\n</code></pre><script>alert(1)</script>\n```", "$\\text{</math><script>alert(1)</script>}$",
          "$\\text{\"><img src=x>}$", "```python\n\"</span><script>\"\n```"}) {
        const QString html = page(text);
        QVERIFY2(!html.contains("<script") && !html.contains("<img") && html.count("</math>") <= 1, qPrintable(html));
    }
}

void TstReadablePage::definitionsLastForTheirMessage() {
    const auto dress = app::readablePage();
    std::string html;
    exchange::appendHtml(html, "$\\newcommand{\\half}{\\frac12}\\half$ and $\\half$", dress.get());
    QCOMPARE(QString::fromStdString(html).count("<mfrac>"), 2);
    html.clear();
    exchange::appendHtml(html, "$\\half$", dress.get());
    QVERIFY(html.find("<mfrac>") == std::string::npos);
}

void TstReadablePage::theWholePageIsDressed() {
    storage::ConversationTree tree;
    storage::Message message;
    message.id.push_back('1');
    message.role = storage::Role::kAssistant;
    storage::Part part;
    part.text = "$x$\n\n```c\nint x;\n```";
    message.parts = {part};
    tree.messages.push_back(message);
    const auto html = exchange::toHtml(tree, app::readablePage().get());
    QVERIFY(html.find("<math>") != std::string::npos);
    for (const char* name : {"comment", "string", "number", "keyword", "type", "function", "detail", "new", "gone"}) {
        const std::string rule = std::string(".") + name + " { color: var(--";
        QVERIFY2(html.find(rule) != std::string::npos, name);
    }
    QVERIFY(html.find("<span class=\"type\">int</span>") != std::string::npos ||
            html.find("<span class=\"keyword\">int</span>") != std::string::npos);
    QVERIFY(html.find("default-src 'none'") != std::string::npos);
}

ALCUIN_TEST(TstReadablePage)
#include "tst_readable_page.moc"
