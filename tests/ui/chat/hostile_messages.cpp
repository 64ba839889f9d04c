#include "ui/chat/hostile_messages.h"

#include <QString>

#include <functional>

namespace alcuin::tests {

namespace {

QByteArray linkBomb(const QByteArray& target) {
    return "![x](" + target + ") [y](" + target + ") <" + target + "> <img src=\"" + target + "\"> <object data='" +
           target + "'></object>\n\n<iframe src='" + target + "'>\n\n[r]: " + target + "\n\n![r] [r]\n";
}

/// What a message may name: what only the person may open, what hangs or kills who reads it, what tells on the reader.
QList<QByteArray> targets(const QByteArray& trap) {
    return {trap,
            "file://" + trap,
            "file://localhost" + trap,
            "FILE:" + trap,
            "/dev/zero",
            "file:///dev/random",
            "/proc/self/mem",
            "~/.ssh/id_rsa",
            "../../../../etc/passwd",
            "\\\\server\\share\\x.png",
            "//server/share/x.png",
            "smb://server/share/x.png",
            "http://127.0.0.1:9/x.png",
            "https://[::1]:9/x.svg",
            "ftp://127.0.0.1/x",
            "ws://127.0.0.1:9/",
            "qrc:/icons/x.svg",
            ":/icons/x.svg",
            "data:text/html,<script>alert(1)</script>",
            "javascript:fetch('http://127.0.0.1:9')",
            "vbscript:x",
            "ms-settings:privacy",
            "about:blank"};
}

/// Every way of naming a target that Markdown, HTML, TeX or a viewer's own habits know. `%` stands for it.
QList<QByteArray> constructs() {
    return {"![x](%)",
            "![x](<%> \"title\")",
            "[![x](%)](%)",
            "![x][r]\n\n[r]: <%> 'title'",
            "[x](%)",
            "<%>",
            "see % here",
            "<img src='%' srcset='% 2x' onerror=\"x('%')\">",
            "<picture><source srcset='%'><img src=\"%\"></picture>",
            "<iframe src='%'></iframe>\n<embed src='%'><object data='%'></object>",
            "<video src='%' poster='%' autoplay></video><audio src='%' autoplay>",
            "<link rel=stylesheet href='%'><style>@import url('%'); p { background: url(%) }</style>",
            "<script src='%'></script><svg><image href='%'/><use href='%#a'/></svg>",
            "<meta http-equiv=refresh content='0;url=%'><base href='%'><form action='%'><input type=image src='%'>",
            "| a | b |\n|---|---|\n| ![](%) | <img src='%'> |",
            "> - ![](%)\n>   1. [x](%)",
            "[^1]\n\n[^1]: ![](%)",
            "$\\includegraphics{%}$ $$\\input{%} \\href{%}{x} \\url{%}$$",
            "```%\n![](%)\n```",
            "# ![](%) <img src='%'>",
            "<details open><summary><img src='%'></summary>![](%)</details>",
            "<table background='%'><tr><td style=\"background-image:url(%)\">x</td></tr></table>"};
}

/// Mathematics, code and mixtures that cost whoever reads them carelessly.
void addCostly(const std::function<void(const QByteArray&, const QByteArray&)>& add) {
    add("open formulas", QByteArray("$x ").repeated(20000));
    add("dollars", QByteArray("$").repeated(50001));
    add("nested fractions", "$$" + QByteArray("\\frac{").repeated(20000) + "$$");
    add("closed nested fractions",
        "$$" + QByteArray("\\frac{1}{").repeated(3000) + QByteArray("}").repeated(3000) + "$$");
    add("nested roots", "$" + QByteArray("\\sqrt{").repeated(5000) + QByteArray("}").repeated(5000) + "$");
    add("nested scripts", "$" + QByteArray("x^{").repeated(10000) + "$");
    add("wide formula", "$$" + QByteArray("x+").repeated(60000) + "x$$");
    add("wide matrix", "$$\\begin{matrix}" + QByteArray("a&").repeated(20000) + "\\end{matrix}$$");
    add("tall matrix", "$$\\begin{matrix}" + QByteArray("a\\\\").repeated(20000) + "\\end{matrix}$$");
    add("begin without end", QByteArray("\\begin{align}").repeated(5000));
    add("left without right", "$$" + QByteArray("\\left(").repeated(8000) + "$$");
    add("macro bomb", "$\\def\\a{\\a\\a}\\a \\newcommand{\\b}{\\b\\b}\\b$");
    add("big phantom", "$$\\rule{1e9em}{1e9em}\\hspace{1e30em}\\kern-99999em x$$");
    add("footnotes", [] {
        QByteArray text;
        for (int i = 0; i < 4000; ++i) {
            text += "[^" + QByteArray::number(i) + "] ";
        }
        text += "\n\n";
        for (int i = 0; i < 4000; ++i) {
            text += "[^" + QByteArray::number(i) + "]: note [^" + QByteArray::number((i + 1) % 4000) + "]\n";
        }
        return text;
    }());
    add("open comments", "```cpp\n" + QByteArray("/* ").repeated(50000) + "\n```");
    add("nested comments", "```rust\n" + QByteArray("/* ").repeated(50000) + "\n```");
    add("open strings", "```python\n" + QByteArray("\"\"\" f'{f\"{").repeated(20000) + "\n```");
    add("template literals", "```js\n" + QByteArray("`${").repeated(30000) + "\n```");
    add("heredocs", "```sh\n" + QByteArray("cat <<A <<B <<'C'\n").repeated(5000) + "\n```");
    add("one line of json", "```json\n" + QByteArray("[").repeated(200000) + "\n```");
    add("tags", "```html\n" + QByteArray("<a b='").repeated(30000) + "\n```");
}

} // namespace

QList<std::pair<QByteArray, QByteArray>> hostileMessages(const QByteArray& trap) {
    QList<std::pair<QByteArray, QByteArray>> all;
    const auto add = [&](const char* name, const QByteArray& text) { all.append({QByteArray(name), text}); };
    add("image of a trap", "![](" + trap + ")");
    add("image by file url", linkBomb("file://" + trap));
    add("image by path", linkBomb(trap));
    add("image of /dev/zero", linkBomb("/dev/zero"));
    add("image of /dev/stdin", linkBomb("file:///dev/stdin"));
    add("UNC path", linkBomb("\\\\\\\\server\\\\share\\\\x.png"));
    add("UNC url", linkBomb("file://server/share/x.png"));
    add("web image", linkBomb("http://127.0.0.1:9/x.png"));
    add("qrc", linkBomb("qrc:/x.png"));
    add("data url", linkBomb("data:image/svg+xml;base64,PHN2Zz4="));
    add("javascript", linkBomb("javascript:alert(1)"));
    add("html meta", "<meta http-equiv=refresh content='0;url=file://" + trap + "'><link rel=stylesheet href='file://" +
                         trap + "'><style>@import url(file://" + trap + ")</style>");
    add("html entity scheme", "[x](&#x66;ile://" + trap + ")");
    add("table of images", "|a|\n|---|\n|![](file://" + trap + ")|");
    add("quoted image", "> - ![](file://" + trap + ")");
    add("10k quotes", QByteArray(10000, '>') + "x");
    add("10k quotes on many lines", (QByteArray(1000, '>') + "x\n").repeated(30));
    add("10k lists", QByteArray("- ").repeated(10000) + "x");
    add("deep numbered lists", QByteArray("1. ").repeated(5000) + "x");
    add("indented lists", [] {
        QByteArray text;
        for (int i = 0; i < 400; ++i) {
            text += QByteArray(2 * i, ' ') + "- x\n";
        }
        return text;
    }());
    add("1 MB line", QByteArray(1 << 20, 'a'));
    add("1 MB of spaces", QByteArray(1 << 20, ' ') + "x");
    add("1 MB of words", QByteArray("word ").repeated(200000));
    add("1 MB of code in a line", "```\n" + QByteArray(1 << 20, 'x') + "\n```");
    add("100k lines of code", "```\n" + QByteArray("x\n").repeated(100000) + "```");
    add("100k newlines", QByteArray(100000, '\n') + "x");
    add("stars", QByteArray("*a ").repeated(20000));
    add("nested emphasis", QByteArray("*a **b ").repeated(8000));
    add("closing emphasis", QByteArray("a* b** ").repeated(8000));
    add("underscores", QByteArray("_a").repeated(30000));
    add("open brackets", QByteArray(50000, '['));
    add("close brackets", QByteArray("[a](").repeated(15000));
    add("links in links", QByteArray("[").repeated(2000) + "a" + QByteArray("](b)").repeated(2000));
    add("images in images", QByteArray("![").repeated(2000) + "a" + QByteArray("](b)").repeated(2000));
    add("backticks", [] {
        QByteArray text;
        for (int i = 1; i < 300; ++i) {
            text += QByteArray(i, '`') + " ";
        }
        return text;
    }());
    add("tildes", QByteArray("~~a ").repeated(15000));
    add("open angles", QByteArray("<a ").repeated(20000));
    add("at signs", QByteArray("a@b.").repeated(15000));
    add("bare urls", QByteArray("http://a.").repeated(10000));
    add("entities", QByteArray("&amp;").repeated(50000));
    add("wide table", "|" + QByteArray("a|").repeated(5000) + "\n|" + QByteArray("---|").repeated(5000) + "\n" +
                          QByteArray("|x\n").repeated(5000));
    add("tall table", "|a|b|\n|---|---|\n" + QByteArray("|1|2|\n").repeated(20000));
    add("table without end", QByteArray("|").repeated(30000) + "\n" + QByteArray("|---").repeated(30000));
    add("definitions", [] {
        QByteArray text;
        for (int i = 0; i < 5000; ++i) {
            text += "[r" + QByteArray::number(i) + "]: http://x/" + QByteArray::number(i) + "\n";
        }
        return text + QByteArray("[r1] ").repeated(5000);
    }());
    add("headings", QByteArray("# x\n").repeated(20000));
    add("rules", QByteArray("---\n\n").repeated(20000));
    add("control characters", [] {
        QByteArray text;
        for (int i = 1; i < 32; ++i) {
            text += char(i);
            text += "x ";
        }
        return text;
    }());
    add("bidi overrides",
        QString::fromUtf8("\u202Eabc\u202C \u2066x\u2069 \u200F [\u202Emoc.live](http://a)").repeated(500).toUtf8());
    add("zero width", QString::fromUtf8("a\u200B\u200D\uFEFF").repeated(20000).toUtf8());
    add("combining marks", "a" + QString(QChar(0x301)).repeated(20000).toUtf8());
    add("lone surrogates and invalid", "\xED\xA0\x80 \xFF\xFE \xC0\xAF x");
    add("noncharacters", QString::fromUtf8("\uFFFE\uFFFF\uFDD0 x").toUtf8());
    add("fences", QByteArray("```\n").repeated(20001));
    add("CR only", QByteArray("a\rb\r").repeated(20000));
    add("escapes", QByteArray("\\*").repeated(50000));
    addCostly([&](const QByteArray& name, const QByteArray& text) { all.append({name, text}); });
    return all;
}

QList<std::pair<QByteArray, QByteArray>> messagesNaming(const QByteArray& trap) {
    QList<std::pair<QByteArray, QByteArray>> all;
    int number = 0;
    for (const auto& target : targets(trap)) {
        for (QByteArray text : constructs()) {
            all.append({"naming " + QByteArray::number(number++), text.replace('%', target)});
        }
    }
    return all;
}

} // namespace alcuin::tests
