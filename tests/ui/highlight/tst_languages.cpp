#include "support/test_registry.h"

#include <QDir>
#include <QFile>

#include "highlight/file_name.h"
#include "highlight/library.h"
#include "ui/highlight/kinds.h"

using namespace alcuin;
using namespace alcuin::ui::highlight;

class TestLanguages : public QObject {
    Q_OBJECT
private slots:
    void everyFileIsRead();
    void labelsResolve_data();
    void labelsResolve();
    void readsAsPygmentsDoes_data();
    void readsAsPygmentsDoes();
    void kinds_data();
    void kinds();
    void rejects_data();
    void rejects();
    void fileNames();
};

void TestLanguages::everyFileIsRead() {
    Library library;
    int shown = 0;
    for (const QString& id : library.ids()) {
        const Language* language = library.language(id);
        QVERIFY2(language, qPrintable(library.errors().join(QLatin1Char('\n'))));
        if (language->hidden) {
            continue;
        }
        ++shown;
        QVERIFY2(QFile::exists(QStringLiteral(ALCUIN_GOLDEN_DIR "/highlight/%1.kinds").arg(id)),
                 qPrintable(id + QStringLiteral(" is held against nobody's reading")));
        QCOMPARE(library.find(language->name), language);
        for (const QString& alias : language->aliases) {
            QCOMPARE(library.find(alias), language);
        }
    }
    QVERIFY2(library.errors().isEmpty(), qPrintable(library.errors().join(QLatin1Char('\n'))));
    QVERIFY(shown >= 40);
}

void TestLanguages::labelsResolve_data() {
    QTest::addColumn<QString>("label");
    QTest::addColumn<QString>("name");
    for (const auto& [label, name] :
         std::initializer_list<std::pair<const char*, const char*>>{{"cpp", "C++"},
                                                                    {"c++", "C++"},
                                                                    {"C++", "C++"},
                                                                    {"js", "JavaScript"},
                                                                    {"jsx", "JavaScript"},
                                                                    {"py", "Python"},
                                                                    {"Python3", "Python"},
                                                                    {"sh", "Shell"},
                                                                    {"zsh", "Shell"},
                                                                    {"console", "Terminal"},
                                                                    {"c#", "C#"},
                                                                    {"{.rust}", "Rust"},
                                                                    {"language-go", "Go"},
                                                                    {"cpp:main.cpp", "C++"},
                                                                    {"ts", "TypeScript"},
                                                                    {"yml", "YAML"},
                                                                    {"html", "HTML"},
                                                                    {"text", ""},
                                                                    {"", ""},
                                                                    {"whatever", ""},
                                                                    {"common", ""},
                                                                    {"Makefile", "Makefile"}}) {
        QTest::newRow(label) << QString::fromLatin1(label) << QString::fromLatin1(name);
    }
}

void TestLanguages::labelsResolve() {
    QFETCH(QString, label);
    QFETCH(QString, name);
    Library library;
    const Language* language = library.find(label);
    QCOMPARE(language == nullptr ? QString() : language->name, name);
}

namespace {

QString contentOf(const QString& name) {
    QFile file(QStringLiteral(ALCUIN_GOLDEN_DIR "/highlight/") + name);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// What Pygments' letter stands for in our kinds; a letter that isn't `comparable` is a name, a sign or the like.
bool agrees(QChar letter, Kind kind) {
    const bool ours = kind == Kind::kComment || kind == Kind::kString || kind == Kind::kEscape ||
                      kind == Kind::kNumber || kind == Kind::kKeyword;
    switch (letter.unicode()) {
    case u'c':
        return kind == Kind::kComment;
    case u's':
        return kind == Kind::kString || kind == Kind::kEscape;
    case u'n':
        return kind == Kind::kNumber;
    case u'k':
        return kind == Kind::kKeyword || kind == Kind::kConstant || kind == Kind::kType;
    case u't':
        return kind == Kind::kKeyword || kind == Kind::kType;
    case u'p':
        return kind == Kind::kMeta || kind == Kind::kString;
    default:
        return !ours;
    }
}

} // namespace

void TestLanguages::readsAsPygmentsDoes_data() {
    QTest::addColumn<QString>("sample");
    QTest::addColumn<double>("share");
    // Where ours is meant to differ. Of a language not named here everything agrees to 97%.
    const QHash<QString, double> differ{
        {QStringLiteral("asm"), 0.64},        // mnemonics are keywords of ours, names of its; directives the reverse
        {QStringLiteral("batch"), 0.93},      // `copy` and switches; a file name in a string is one to it
        {QStringLiteral("bash"), 0.94},       // `set`; variables inside strings stand out
        {QStringLiteral("clojure"), 0.92},    // :keywords are strings to it; `not`, `try` and the like are names
        {QStringLiteral("cmake"), 0.41},      // every argument is a string to it
        {QStringLiteral("css"), 0.60},        // properties and values are keywords to it
        {QStringLiteral("dockerfile"), 0.74}, // what stands behind FROM is a string to it
        {QStringLiteral("elixir"), 0.90},     // atoms are strings to it; operators with letters are signs
        {QStringLiteral("graphql"), 0.95},    // what describes a type is no string to it
        {QStringLiteral("hcl"), 0.83},  // names of blocks and a heredoc's sign; what is computed is a string to it
        {QStringLiteral("html"), 0.93}, // entities stand out; properties as in CSS
        {QStringLiteral("ini"), 0.60},  // sections are keywords to it, values strings
        {QStringLiteral("javascript"), 0.93}, // `constructor`, and `default` behind a dot
        {QStringLiteral("julia"), 0.95},      // symbols are strings to it; variables inside strings stand out
        {QStringLiteral("latex"), 0.80},      // what stands in the braces of \\documentclass stands out
        {QStringLiteral("makefile"), 0.94},   // the signs around a variable
        {QStringLiteral("markdown"), 0.93},   // a fence's signs; code in a quote is none to it
        {QStringLiteral("nginx"), 0.72},      // every bare word is a string to it
        {QStringLiteral("perl"), 0.96},       // variables inside strings stand out
        {QStringLiteral("vb"), 0.95},         // As, AndAlso and &HFF are plain to it
        {QStringLiteral("powershell"), 0.93}, // operators with letters; variables inside strings stand out
        {QStringLiteral("ruby"), 0.91},       // symbols are strings to it; a heredoc's opening isn't
        {QStringLiteral("scss"), 0.81},       // it loses its way behind a variable's colon: comments, numbers
        {QStringLiteral("sql"), 0.94},        // functions and names that are reserved in other dialects
        {QStringLiteral("svelte"), 0.83},     // it is HTML to it, which knows nothing between braces
        {QStringLiteral("toml"), 0.87},       // sections are keywords to it
        {QStringLiteral("tsx"), 0.96},        // braces around code in markup stand out
        {QStringLiteral("vue"), 0.95},        // properties as in CSS
        {QStringLiteral("xml"), 0.94},        // entities stand out
        {QStringLiteral("yaml"), 0.72}};      // block scalars and bare numbers are plain to it
    for (const QString& file : QDir(QStringLiteral(ALCUIN_GOLDEN_DIR "/highlight")).entryList(QDir::Files)) {
        if (!file.endsWith(QLatin1String(".kinds"))) {
            const QString language = file.section(u'.', 0, 0);
            QTest::newRow(qPrintable(language)) << file << differ.value(language, 0.97);
        }
    }
}

/// Every character of a sample, blanks left out, beside an independent reading; see make_highlight.py.
void TestLanguages::readsAsPygmentsDoes() {
    QFETCH(QString, sample);
    QFETCH(double, share);
    const QString id = sample.section(u'.', 0, 0);
    const QString text = contentOf(sample);
    const QString marks = contentOf(id + QLatin1String(".kinds"));
    QVERIFY(!text.isEmpty());
    QCOMPARE(marks.size(), text.size());
    Library library;
    const Language* language = library.language(id);
    QVERIFY(language);
    const std::vector<Kind> kinds = tests::kindsOf(library, *language, text);
    qsizetype compared = 0;
    qsizetype agreed = 0;
    QString different;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text.at(i).isSpace()) {
            continue;
        }
        const bool same = agrees(marks.at(i), kinds[size_t(i)]);
        ++compared;
        agreed += same;
        if (!same) {
            different += QStringLiteral("%1(%2|%3) ")
                             .arg(text.at(i))
                             .arg(marks.at(i))
                             .arg(QLatin1String(nameOf(kinds[size_t(i)])));
        }
    }
    const double reached = double(agreed) / double(compared);
    if (qEnvironmentVariableIsSet("ALCUIN_SHOW")) {
        qInfo().noquote() << id << reached << different;
    }
    QVERIFY2(reached >= share, qPrintable(QStringLiteral("%1: %2").arg(reached).arg(different.left(1500))));
}

void TestLanguages::kinds_data() {
    QTest::addColumn<QString>("label");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("expected");
    int number = 0;
    const auto row = [&](const char* label, const char* code, const char* expected) {
        QTest::addRow("%s %d", label, ++number)
            << QString::fromUtf8(label) << QString::fromUtf8(code) << QString::fromUtf8(expected);
    };
    row("js", "a / b / c", "");
    row("js", "x = /a[/]b/g", "string:/a[/]b/g");
    row("js", "`a${`b${c}`}d`", "string:`a escape:${ string:`b escape:${ escape:} string:` escape:} string:d`");
    row("js", "a.delete(b)", "function:delete");
    row("python", "f'{a:{w}}' + b", "string:f' escape:{ escape::{ escape:}} string:'");
    row("python", "'''a\nb''' # c", "string:'''a string:b''' comment:# c");
    row("batch", "copy \"%SRC%\\\\a\" %1", "keyword:copy string:\" variable:%SRC% string:\\\\a\" variable:%1");
    row("hcl", "x = path.module", "attribute:x");
    row("vue", "<p :a=\"b + 1\">{{ c + 2 }}</p>",
        "tag:<p attribute::a string:\" number:1 string:\" tag:> meta:{{ number:2 meta:}} tag:</p>");
    row("svelte", "{#if a > 1}<b on:c={() => { d(2) }}>{e}</b>{/if}",
        "meta:{ keyword:#if number:1 meta:} tag:<b attribute:on:c meta:{ function:d number:2 meta:} tag:> meta:{ "
        "meta:} tag:</b> meta:{ keyword:/if meta:}");
    row("rust", "&'a str 'b'", "attribute:'a type:str string:'b'");
    row("rust", "/* /* */ */ 1", "comment:/* /* */ */ number:1");
    row("rust", "r#\"a\"b\"#", "string:r#\"a\"b\"#");
    row("cpp", "R\"x(a)\")x\" 1'000", "string:R\"x(a)\")x\" number:1'000");
    row("c", "#if 0\nint a;\n#endif\nint", "meta:#if 0 comment:int a; meta:#endif type:int");
    row("bash", "cat <<'E' | x\n$a\nE\n$b", "string:<<'E' string:$a string:E variable:$b");
    row("bash", "echo \"$(ls \"a\")\"", "function:echo string:\" escape:$( string:\"a\" escape:) string:\"");
    row("html", "<script>a='</script>'", "tag:<script> string:' tag:</script>");
    row("html", "<a b=\"c\">", "tag:<a attribute:b string:\"c\" tag:>");
    row("lua", "[==[ ]=] ]==] 1", "string:[==[ ]=] ]==] number:1");
    row("sql", "$f$ a 'b $f$ SELECT", "string:$f$ a 'b $f$ keyword:SELECT");
    row("yaml", "a: |\n  b: 1\nc: 2", "attribute:a meta:| string:  b: 1 attribute:c number:2");
    row("haskell", "f' {- a {- b -} -} 'c'", "comment:{- a {- b -} -} string:'c'");
    row("css", "a{color:red}", "tag:a attribute:color");
    row("json", "{\"a\": \"b\"}", "attribute:\"a\" string:\"b\"");
    row("markdown", "```py\nif\n```\n# T", "meta:```py keyword:if meta:``` heading:# T");
    row("diff", "+a\n-b\n c", "inserted:+a deleted:-b");
    row("php", "$a = \"x $b\"; // c", "variable:$a string:\"x  variable:$b string:\" comment:// c");
    row("swift", "\"a\\(b(\"c\"))d\"", "string:\"a escape:\\( function:b string:\"c\" escape:) string:d\"");
    row("makefile", "a: b\n\techo $@", "function:a function:echo variable:$@");
    row("console", "$ ls -l\ntotal 8", "meta:$ attribute:-l");
    row("tsx", "return <p a={b}>if</p>", "keyword:return tag:<p attribute:a escape:{ escape:} tag:> tag:</p>");
    row("perl", "my $x = 'a'; # b", "keyword:my variable:$x string:'a' comment:# b");
    row("perl", "s/a\\/b/c/g; $y / 2", "string:s/a\\/b/c/g variable:$y number:2");
    row("perl", "split /,/, $x", "function:split string:/,/ variable:$x");
    row("perl", "<<END . 1\na $b\nEND\n2", "string:<<END number:1 string:a  variable:$b string:END number:2");
    row("julia", "x::Int, :a, y' # b", "type:Int constant::a comment:# b");
    row("julia", "\"a$(f(\"b\"))c\"", "string:\"a escape:$( function:f string:\"b\" escape:) string:c\"");
    row("matlab", "a' + 'b''c' % d", "string:'b escape:'' string:c' comment:% d");
    row("matlab", "%{\nif\n%}\nif", "comment:%{ comment:if comment:%} keyword:if");
    row("elixir", "def a?(b), do: \"c#{d(\"e\")}\"",
        "keyword:def function:a? constant:do: string:\"c escape:#{ function:d string:\"e\" escape:} string:\"");
    row("clojure", "(defn a-b [x] :c) ; d", "keyword:defn function:a-b constant::c comment:; d");
    row("vb", "Dim a As Integer ' b", "keyword:Dim keyword:As type:Integer comment:' b");
    row("vb.net", "\"a\"\"b\" & REM", "string:\"a escape:\"\" string:b\" comment:REM");
    row("graphql", "query A($b: Int!) { c }", "keyword:query function:A variable:$b type:Int");
    row("proto", "message A { string b = 1; } // c", "keyword:message type:A type:string number:1 comment:// c");
    row("dockerfile", "RUN a \\\n  && echo b", "keyword:RUN escape:\\ function:echo");
}

void TestLanguages::kinds() {
    QFETCH(QString, label);
    QFETCH(QString, code);
    QFETCH(QString, expected);
    Library library;
    const Language* language = library.find(label);
    QVERIFY2(language, qPrintable(library.errors().join(u'\n')));
    QCOMPARE(tests::described(library, *language, code), expected);
}

void TestLanguages::rejects_data() {
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("why");
    const QString head = QStringLiteral(R"({"name": "X", "aliases": ["x"], "extension": "x", )");
    const auto row = [&](const char* what, const char* rest, const char* why) {
        QTest::newRow(what) << head + QLatin1String(rest) << QString::fromLatin1(why);
    };
    row("unknown key", R"("colour": 1, "contexts": {"main": []}})", "means nothing");
    row("unknown key in a rule", R"("contexts": {"main": [{"match": "a", "tokn": "string"}]}})", "means nothing");
    row("unknown kind", R"("contexts": {"main": [{"match": "a", "token": "red"}]}})", "is no kind");
    row("unknown context", R"("contexts": {"main": [{"match": "a", "push": "b"}]}})", "there is no context");
    row("no main", R"("contexts": {"other": []}})", "no context main");
    row("a word twice", R"("words": {"keyword": "a", "type": "a"}, "contexts": {"main": []}})", "twice");
    row("a bad pattern", R"("contexts": {"main": [{"match": "(a"}]}})", "without its )");
    row("an idle rule", R"("contexts": {"main": [{"match": "a*"}]}})", "goes nowhere");
    row("includes itself", R"("contexts": {"main": [{"include": "main"}]}})", "includes itself");
    row("no such group", R"("contexts": {"main": [{"match": "a", "push": "main", "hold": 1}]}})", "no such group");
    row("not JSON", "", "byte");
}

void TestLanguages::rejects() {
    QFETCH(QString, json);
    QFETCH(QString, why);
    Library library({{QStringLiteral("x"), json.toUtf8()}});
    QVERIFY(library.language(QStringLiteral("x")) == nullptr);
    QVERIFY2(library.errors().join(u' ').contains(why), qPrintable(library.errors().join(u' ')));
}

void TestLanguages::fileNames() {
    Library library;
    const auto name = [&](const char* label, QStringView code) {
        return fileNameFor(library.find(QLatin1String(label)), code);
    };
    QCOMPARE(name("cpp", u"int a;"), QStringLiteral("code.cpp"));
    QCOMPARE(name("py", u"# src/app.py\nx"), QStringLiteral("app.py"));
    QCOMPARE(name("rust", u"// ../../main.rs"), QStringLiteral("main.rs"));
    QCOMPARE(name("html", u"<!-- index.html -->"), QStringLiteral("index.html"));
    QCOMPARE(name("py", u"# .bashrc.py"), QStringLiteral("code.py"));
    QCOMPARE(name("py", u"# a b.py"), QStringLiteral("code.py"));
    QCOMPARE(name("py", u"# app.exe"), QStringLiteral("code.py"));
    QCOMPARE(name("make", u"all:"), QStringLiteral("Makefile"));
    QCOMPARE(name("whatever", u"# app.exe"), QStringLiteral("code.txt"));
}

ALCUIN_TEST(TestLanguages)
#include "tst_languages.moc"
