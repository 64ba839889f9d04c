#include "support/test_registry.h"

#include "chat/code_saver.h"
#include "chat/layout/code_box.h"
#include "chat/layout/code_formats.h"
#include "chat/transcript_private.h"
#include "ui/chat/sample.h"

#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace alcuin;
using namespace alcuin::ui;

class TestCodeBox : public QObject {
    Q_OBJECT
private slots:
    void everyKindHasAColor();
    void formatsAreCutToThePiece();
    void growingLooksAsWhole_data();
    void growingLooksAsWhole();
    void streamingKeepsTheBox();
    void savingProposesAName();
    void savesWithoutReplacing();
    void saysWhyItCouldNotSave();

private:
    static markdown::Block codeBlock(const QString& language, const QString& code) {
        markdown::Block block;
        block.kind = markdown::BlockKind::kCode;
        block.language = language;
        block.text.text = code;
        return block;
    }
    static QImage painted(CodeBox& box, const Look& look) {
        const double height = box.layout(500);
        QImage image(500, int(height), QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::white);
        QPainter painter(&image);
        box.paint(painter, {}, {.look = look, .clip = QRectF(image.rect()), .selection = {}, .marks = {}});
        return image;
    }
};

void TestCodeBox::everyKindHasAColor() {
    for (const Colors& colors : {Theme::light(), Theme::dark()}) {
        for (int kind = 0; kind < int(highlight::Kind::kCount); ++kind) {
            QCOMPARE(colorOf(highlight::Kind(kind), colors).isValid(),
                     highlight::Kind(kind) != highlight::Kind::kPlain);
        }
    }
}

void TestCodeBox::formatsAreCutToThePiece() {
    const std::vector<highlight::Span> spans{{0, 4, highlight::Kind::kKeyword}, {10, 10, highlight::Kind::kString}};
    const auto formats = formatsOf(spans, 4, 8, Theme::light());
    QCOMPARE(formats.size(), 1);
    QCOMPARE(formats.first().start, 6);
    QCOMPARE(formats.first().length, 2);
    QCOMPARE(formats.first().format.foreground().color(), Theme::light().syntax.string);
}

void TestCodeBox::growingLooksAsWhole_data() {
    QTest::addColumn<QStringList>("states");
    const QString code = QStringLiteral("def f(a):\n    \"\"\"two\n    lines\"\"\"\n    return a + 1 # end");
    QStringList letters;
    for (qsizetype i = 1; i <= code.size(); ++i) {
        letters += code.left(i);
    }
    QTest::newRow("by letters") << letters;
    QTest::newRow("the end changes") << QStringList{code + QLatin1String("\n``"), code,
                                                    code + QLatin1String("\nx = 1")};
    QTest::newRow("the middle changes") << QStringList{
        code, QString(code).replace(QLatin1String("two"), QLatin1String("2\"\"\""))};
    QTest::newRow("gets shorter") << QStringList{code, code.left(12), QString(), code};
    QTest::newRow("a long line") << QStringList{QStringLiteral("'a' + 1, ").repeated(500),
                                                QStringLiteral("'a' + 1, ").repeated(900)};
}

/// However the code came: the picture is that of a box made at once.
void TestCodeBox::growingLooksAsWhole() {
    QFETCH(QStringList, states);
    const Theme theme;
    const Look look = Look::of(theme, Qt::LeftToRight);
    const auto block = [](const QString& code) { return codeBlock(QStringLiteral("py"), code); };
    CodeBox grown(block(states.first()), look, Place::kAnswer);
    painted(grown, look);
    for (const QString& state : states) {
        QVERIFY(grown.become(block(state)));
        CodeBox whole(block(state), look, Place::kAnswer);
        QCOMPARE(grown.layout(500), whole.layout(500));
        const QImage expected = painted(whole, look);
        const QImage actual = painted(grown, look);
        QVERIFY2(actual.copy(0, 0, 500, actual.height() - 12) == expected.copy(0, 0, 500, expected.height() - 12),
                 qPrintable(state));
    }
    QVERIFY2(!grown.become(codeBlock(QStringLiteral("js"), QString())), "another language wants another box");
}

void TestCodeBox::streamingKeepsTheBox() {
    const Theme theme;
    TranscriptView view(theme);
    view.resize(700, 500);
    view.show();
    app::MessageView reply = tests::answer({});
    reply.state = app::MessageState::kStreaming;
    view.setPath({reply});
    auto& state = TranscriptAccess::of(view);
    view.appendAnswer(reply.id, QStringLiteral("```cpp\nint a = 1;\nint b"));
    state.flush();
    const Box* box = state.list.turn(0).flow(Part::kAnswer)->item(0).box.get();
    QVERIFY(box);
    view.appendAnswer(reply.id, QStringLiteral(" = 2;\nint c;"));
    state.flush();
    QCOMPARE(state.list.turn(0).flow(Part::kAnswer)->item(0).box.get(), box);
}

void TestCodeBox::savingProposesAName() {
    const Theme theme;
    TranscriptView view(theme);
    view.resize(700, 500);
    view.show();
    view.setPath({tests::answer(QStringLiteral("```py\n# src/app.py\nprint(1)\n```"))});
    QSignalSpy saves(&view, &TranscriptView::saveCodeRequested);
    TranscriptAccess::of(view).activate(0, {ControlKind::kSaveCode, Part::kAnswer, 0, -1});
    QCOMPARE(saves.size(), 1);
    QCOMPARE(saves.first().at(0).toString(), QStringLiteral("# src/app.py\nprint(1)"));
    QCOMPARE(saves.first().at(1).toString(), QStringLiteral("app.py"));
}

void TestCodeBox::savesWithoutReplacing() {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("code.py"));
    CodeSaver saver(nullptr);
    QSignalSpy saved(&saver, &CodeSaver::saved);
    QSignalSpy failed(&saver, &CodeSaver::failed);
    const auto content = [&] {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    saver.write(path, QString::fromUtf8("print('\u00e9')"), false);
    QVERIFY(saved.wait());
    QCOMPARE(content(), QByteArray("print('\xC3\xA9')\n"));
    saver.write(path, QStringLiteral("other"), false);
    QVERIFY(failed.wait());
    QCOMPARE(content(), QByteArray("print('\xC3\xA9')\n"));
    saver.write(path, QStringLiteral("other\n"), true);
    QVERIFY(saved.wait());
    QCOMPARE(content(), QByteArray("other\n"));
}

void TestCodeBox::saysWhyItCouldNotSave() {
    const QTemporaryDir folder;
    CodeSaver saver(nullptr);
    QSignalSpy failed(&saver, &CodeSaver::failed);
    saver.write(folder.filePath(QStringLiteral("missing/code.py")), QStringLiteral("x"), true);
    QVERIFY(failed.wait());
    const auto trouble = failed.first().first().value<app::Trouble>();
    QVERIFY(trouble.title.contains(QLatin1String("code.py")));
    QVERIFY(!trouble.text.isEmpty());
}

ALCUIN_TEST(TestCodeBox)
#include "tst_code_box.moc"
