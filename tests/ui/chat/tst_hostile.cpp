#include "support/test_registry.h"

#include "chat/transcript_private.h"
#include "chat/transcript_view.h"
#include "ui/chat/hostile_messages.h"
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
    for (const auto& [name, text] : tests::hostileMessages(trap())) {
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
    for (const auto& [name, text] : tests::hostileMessages(trap())) {
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
