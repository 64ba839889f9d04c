#include "support/test_registry.h"

#include "chat/transcript_private.h"
#include "chat/transcript_view.h"
#include "ui/chat/sample.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <sys/stat.h>

using namespace alcuin;
using namespace alcuin::ui;

namespace {

QByteArray linkBomb(const QByteArray& target) {
    return "![x](" + target + ") [y](" + target + ") <" + target + "> <img src=\"" + target + "\"> <object data='" +
           target + "'></object>\n\n<iframe src='" + target + "'>\n\n[r]: " + target + "\n\n![r] [r]\n";
}

/// Messages meant to open something, to hang, to crash or to deceive.
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
    return all;
}

} // namespace

/// Every message is shown, scrolled through, selected and streamed; nothing it names is opened.
class TestHostile : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void shown_data();
    void shown();
    void streamed_data();
    void streamed();
    void asAQuestion();

private:
    QByteArray trap() const {
        return QFile::encodeName(m_directory.filePath(QStringLiteral("trap.png")));
    }
    bool trapWasOpened() const;
    void rows() const;

    QTemporaryDir m_directory;
    Theme m_theme;
};

void TestHostile::initTestCase() {
    // A pipe nobody writes to: who opens it to read hangs, and a reader that waits could be seen from outside.
    QVERIFY(m_directory.isValid());
    QCOMPARE(::mkfifo(trap().constData(), 0600), 0);
}

bool TestHostile::trapWasOpened() const {
    const QDir descriptors(QStringLiteral("/proc/self/fd"));
    for (const QFileInfo& entry : descriptors.entryInfoList(QDir::System | QDir::Files | QDir::NoDotAndDotDot)) {
        if (entry.symLinkTarget().contains(QLatin1String("trap.png"))) {
            return true;
        }
    }
    return false;
}

void TestHostile::rows() const {
    QTest::addColumn<QByteArray>("text");
    for (const auto& [name, text] : hostileMessages(trap())) {
        QTest::newRow(name.constData()) << text;
    }
}

void TestHostile::shown_data() {
    rows();
}

void TestHostile::shown() {
    QFETCH(QByteArray, text);
    TranscriptView view(m_theme);
    view.resize(500, 400);
    view.show();
    QSignalSpy links(&view, &TranscriptView::linkActivated);
    view.setPath({tests::question(QStringLiteral("Q")), tests::answer(QString::fromUtf8(text))});
    for (int i = 0; i <= 4; ++i) {
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum() * i / 4);
        QVERIFY(!view.grab().isNull());
    }
    view.selectAll();
    QVERIFY(!view.selectedText().isEmpty());
    QVERIFY(!view.grab().isNull());
    for (int y = 5; y < 400; y += 60) {
        QTest::mouseMove(view.viewport(), QPoint(200, y));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(200, y));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(80, y));
    }
    for (const auto& link : links) {
        const QString scheme = link.first().toUrl().scheme();
        QVERIFY2(scheme == QLatin1String("http") || scheme == QLatin1String("https") ||
                     scheme == QLatin1String("mailto"),
                 qPrintable(scheme));
    }
    QVERIFY(!trapWasOpened());
}

void TestHostile::streamed_data() {
    rows();
}

void TestHostile::streamed() {
    QFETCH(QByteArray, text);
    const QString whole = QString::fromUtf8(text);
    TranscriptView view(m_theme);
    view.resize(500, 400);
    view.show();
    app::MessageView reply = tests::answer({});
    reply.state = app::MessageState::kStreaming;
    view.setPath({tests::question(QStringLiteral("Q")), reply});
    constexpr int kPieces = 24;
    const auto piece = whole.size() / kPieces + 1;
    for (qsizetype at = 0; at < whole.size(); at += piece) {
        view.appendAnswer(reply.id, whole.mid(at, piece));
        TranscriptAccess::of(view).flush();
    }
    QVERIFY(!view.grab().isNull());
    reply.text = whole;
    reply.state = app::MessageState::kComplete;
    view.finish(reply);
    QVERIFY(!view.grab().isNull());
    QVERIFY(view.isAtEnd());
    QVERIFY(!trapWasOpened());
}

void TestHostile::asAQuestion() {
    TranscriptView view(m_theme);
    view.resize(500, 400);
    view.show();
    QList<app::MessageView> path;
    for (const auto& [name, text] : hostileMessages(trap())) {
        path.append(tests::question(QString::fromUtf8(text)));
    }
    view.setPath(path);
    for (int i = 0; i <= 10; ++i) {
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum() / 10 * i);
        QVERIFY(!view.grab().isNull());
    }
    QVERIFY(!trapWasOpened());
}

ALCUIN_TEST(TestHostile)
#include "tst_hostile.moc"
