#include "support/test_registry.h"

#include "highlight/highlighter.h"
#include "ui/highlight/kinds.h"

using namespace alcuin;
using namespace alcuin::ui::highlight;

class TestHighlighter : public QObject {
    Q_OBJECT
private slots:
    void growingIsTheSameAsWhole_data();
    void growingIsTheSameAsWhole();
    void onlyNewLinesAreLexed();
    void aLineThatGrowsIsTakenUpNearItsEnd();
    void changedLinesAreLexedAgain();
    void hostileTextIsLinear_data();
    void hostileTextIsLinear();
};

namespace {

/// A text that is shown line by line, as a code box shows it.
struct Shown {
    explicit Shown(const char* label) : highlighter(*library.find(QLatin1String(label)), library) {}

    const std::vector<Span>& spans(int line) {
        return highlighter.spansOf(line, [this](int i) { return QStringView(lines.at(i)); });
    }

    Library library;
    Highlighter highlighter;
    QStringList lines;
};

} // namespace

void TestHighlighter::growingIsTheSameAsWhole_data() {
    QTest::addColumn<QString>("label");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* label, const QString& text) {
        QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(QLatin1String(label)).arg(text.size())))
            << QString::fromLatin1(label) << text;
    };
    row("python",
        QStringLiteral("def f(a):\n    \"\"\"doc\n    string\"\"\"\n    return f\"{a!r:>{10}} {{x}}\" # end\n"));
    row("cpp", QStringLiteral("#define X(a) \\\n  (a /* b\n  c */ + 1)\nauto s = R\"x(\")\n)x\"; // y\n"));
    row("html", QStringLiteral("<p class=\"a\">\n<script>\nlet a = `x${b}`; // </p>\n</script>\n<b>"));
    row("js", QStringLiteral("const a = `x ${f(1, \"b\")} y`; let r = /[a/]b/g; /* c */ d / e / f; ").repeated(400));
    row("json", QStringLiteral("{\"a\": [1, 2.5e3, \"b\\n\", null], \"c\": {\"d\": false}}, ").repeated(300));
}

/// However a text comes, at its end it has the colours that it has when it comes at once.
void TestHighlighter::growingIsTheSameAsWhole() {
    QFETCH(QString, label);
    QFETCH(QString, text);
    Shown whole(qPrintable(label));
    whole.lines = text.split(u'\n');
    Shown grown(qPrintable(label));
    grown.lines = {QString()};
    const int step = text.size() > 1000 ? 97 : 1;
    for (qsizetype at = 0; at < text.size(); at += step) {
        const int last = int(grown.lines.size()) - 1;
        grown.lines = text.left(at + step).split(u'\n');
        grown.highlighter.grew(last);
        for (int line = last; line < grown.lines.size(); ++line) {
            grown.spans(line);
        }
    }
    QCOMPARE(grown.lines, whole.lines);
    for (int line = 0; line < whole.lines.size(); ++line) {
        const auto expected = whole.spans(line);
        const auto& actual = grown.spans(line);
        std::vector<Kind> a(size_t(whole.lines.at(line).size()));
        std::vector<Kind> b(a.size());
        for (const Span& span : expected) {
            std::fill_n(a.begin() + span.start, span.length, span.kind);
        }
        for (const Span& span : actual) {
            std::fill_n(b.begin() + span.start, span.length, span.kind);
        }
        const auto different = std::ranges::mismatch(a, b);
        QVERIFY2(different.in1 == a.end(),
                 qPrintable(QStringLiteral("line %1, at %2").arg(line).arg(different.in1 - a.begin())));
    }
}

void TestHighlighter::onlyNewLinesAreLexed() {
    Shown code("cpp");
    const QString line = QStringLiteral("    int value = 0; // one of many");
    for (int i = 0; i < 2000; ++i) {
        code.lines.append(line);
        code.highlighter.grew(i - 1);
        code.spans(i);
    }
    // The last line may have grown when the next one comes: twice each, whatever the number of lines.
    QVERIFY(code.highlighter.lexedCharacters() <= 2 * 2000 * line.size());
}

void TestHighlighter::aLineThatGrowsIsTakenUpNearItsEnd() {
    Shown code("json");
    code.lines = {QString()};
    const QString piece = QStringLiteral("\"key\": 12, ");
    constexpr int kPieces = 10000;
    for (int i = 0; i < kPieces; ++i) {
        code.lines[0] += piece;
        code.highlighter.grew(0);
        code.spans(0);
    }
    const qint64 most = qint64(kPieces) * (LineLexer::kPointGap + LineLexer::kSafe + 100);
    QVERIFY2(code.highlighter.lexedCharacters() < most,
             qPrintable(QString::number(code.highlighter.lexedCharacters())));
}

void TestHighlighter::changedLinesAreLexedAgain() {
    Shown code("c");
    code.lines = {QStringLiteral("int a;"), QStringLiteral("/* b"), QStringLiteral("int c;")};
    QCOMPARE(code.spans(2), (std::vector<Span>{{0, 6, Kind::kComment}}));
    code.lines[1] = QStringLiteral("int b;");
    code.highlighter.changed(1);
    QCOMPARE(code.spans(2), (std::vector<Span>{{0, 3, Kind::kType}}));
}

void TestHighlighter::hostileTextIsLinear_data() {
    QTest::addColumn<QString>("unit");
    for (const char* unit :
         {"(",        "[",        "{",      "<",   "\"",     "'",   "`",  "\\", "/",     "/*",  "*/",   "#",
          "$",        "${",       "$(",     "#{",  "\"\"\"", "f'{", "a",  "0",  "a.",    "((",  "[a](", "**a",
          "<script>", "<?php ?>", "<<EOF ", "```", "R\"a(",  "r#",  "a:", " ",  "-",     "=",   "%",    "\\\"",
          "<a b='",   "{-",       "--[[",   "|",   "&",      "!",   "a=", "\t", "\"a\\", "<!--"}) {
        QTest::newRow(unit) << QString::fromLatin1(unit);
    }
}

/// In every language, a long line of one sign and many short ones: no more lookups than a fixed number a character.
void TestHighlighter::hostileTextIsLinear() {
    QFETCH(QString, unit);
    Library library;
    for (const QString& id : library.ids()) {
        const Language* language = library.language(id);
        if (language->hidden) {
            continue;
        }
        const auto cost = [&](qsizetype length) {
            const QString line = unit.repeated(length / unit.size());
            Highlighter highlighter(*language, library);
            highlighter.spansOf(0, [&](int) { return QStringView(line); });
            return highlighter.steps();
        };
        const qint64 once = cost(4000);
        const qint64 tenfold = cost(40000);
        QVERIFY2(tenfold < 12 * once + 20000,
                 qPrintable(QStringLiteral("%1: %2 steps for 4000, %3 for 40000").arg(id).arg(once).arg(tenfold)));
        QVERIFY2(tenfold < 40000LL * 2000, qPrintable(QStringLiteral("%1: %2 steps").arg(id).arg(tenfold)));
        Highlighter highlighter(*language, library);
        QStringList lines(200, unit.repeated(5));
        highlighter.spansOf(199, [&](int i) { return QStringView(lines.at(i)); });
    }
}

ALCUIN_TEST(TestHighlighter)
#include "tst_highlighter.moc"
