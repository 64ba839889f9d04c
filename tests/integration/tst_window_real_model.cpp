#include <QListView>
#include <QSignalSpy>

#include "engines/local_loader.h"
#include "support/real_model.h"
#include "support/test_registry.h"
#include "ui/window/window_fixture.h"

using namespace alcuin;
using tests::WindowFixture;

/// The whole house in one process: a person types, the real model answers while they watch, the program is started
/// again, and what was said is there.
class TstWindowRealModel : public QObject {
    Q_OBJECT
private slots:
    void aQuestionIsAnsweredStreamedAndFoundAgain();
};

void TstWindowRealModel::aQuestionIsAnsweredStreamedAndFoundAgain() {
    if (tests::realModelPath().isEmpty()) {
        ALCUIN_SKIP(tests::kNoRealModel);
    }
    constexpr int kLoadMs = 60000;
    constexpr int kAnswerMs = 240000; // for a sanitizer's build on a busy machine
    WindowFixture f(tests::realModelPath(), [] { return std::make_unique<app::LocalLoader>(); });
    const auto settled = [&] {
        return f.models->state() == app::EngineState::kReady || f.models->state() == app::EngineState::kFailed;
    };
    QVERIFY(QTest::qWaitFor(settled, kLoadMs));
    QVERIFY2(f.models->state() == app::EngineState::kReady, qPrintable(f.models->trouble().text));

    QSignalSpy deltas(f.chat.get(), &app::ChatService::answerDelta);
    QSignalSpy finished(f.chat.get(), &app::ChatService::finished);
    f.type(QStringLiteral("Name three rivers of Europe."));
    f.press(Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return deltas.size() >= 1; }, kAnswerMs));
    QCOMPARE(f.composer().text(), QString());
    const QUuid conversation = f.page().conversation();
    if (deltas.size() > 60 || !QTest::qWaitFor([&] { return finished.size() == 1; }, kAnswerMs / 4)) {
        f.chat->stop(conversation); // a small model may go on for long
    }
    QVERIFY(QTest::qWaitFor([&] { return finished.size() == 1; }, kAnswerMs));
    const auto answer = finished.at(0).at(1).value<app::MessageView>();
    QVERIFY2(deltas.size() > 1, "the answer came in one piece");
    QVERIFY(!answer.text.trimmed().isEmpty());
    QVERIFY(answer.measurements.completionTokens > 0);
    QVERIFY(answer.measurements.decodeTokensPerSecond > 0);

    f.restart();
    QTRY_COMPARE(f.sidebarTitles().filter(QStringLiteral("Name three rivers of Europe.")).size(), 1);
    QCOMPARE(f.storedTexts(conversation), QStringList({QStringLiteral("Name three rivers of Europe."), answer.text}));
}

ALCUIN_TEST(TstWindowRealModel)
#include "tst_window_real_model.moc"
