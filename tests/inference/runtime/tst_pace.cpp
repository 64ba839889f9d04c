#include "runtime/pace.h"
#include "support/test_registry.h"

using alcuin::inference::Pace;

class TestPace : public QObject {
    Q_OBJECT

private slots:
    void nothingMeasuredLimitsNothing() {
        const Pace pace(100);
        QCOMPARE(pace.answersMs(16), 0.0);
        QCOMPARE(pace.answersBesideInteractive(128), std::size_t(128));
        QCOMPARE(pace.promptRows(50, 512), std::size_t(512));
    }

    void aSliceIsWhatTheTargetLeaves() {
        Pace pace(100);
        pace.answersTook(1, 30);
        QCOMPARE(pace.sliceMs(1, true), 50.0); // 80 of 100 are planned for
        pace.answersTook(16, 60);
        QCOMPARE(pace.sliceMs(16, true), 30.0); // half of the step is more than the 20 that are left
        QCOMPARE(pace.sliceMs(1, false), 120.0);
    }

    void promptsAlwaysGetSomeTime() {
        Pace pace(100);
        pace.answersTook(4, 500);
        QCOMPARE(pace.sliceMs(4, true), 250.0);
        Pace hurried(1);
        hurried.answersTook(1, 1);
        QCOMPARE(hurried.sliceMs(1, true), 10.0);
    }

    void fewerAnswersShareAStepThatWouldBeTooLong() {
        Pace pace(100);
        pace.answersTook(16, 40);
        pace.answersTook(32, 70);
        pace.answersTook(64, 130);
        pace.answersTook(128, 240);
        QCOMPARE(pace.answersBesideInteractive(128), std::size_t(32));
        QCOMPARE(pace.answersBesideInteractive(20), std::size_t(20));
        QCOMPARE(pace.answersBesideInteractive(1), std::size_t(1));
    }

    void measurementsAreFollowed() {
        Pace pace(100);
        pace.answersTook(3, 100);
        for (int i = 0; i < 40; ++i) {
            pace.answersTook(4, 20); // of the same class as 3
        }
        QVERIFY(pace.answersMs(3) < 21);
        QVERIFY(pace.answersMs(3) >= 20);
    }

    void rowsOfPromptsAreWholeTiles() {
        Pace pace(100);
        pace.promptsTook(512, 512); // a millisecond a row
        QCOMPARE(pace.promptRows(100, 512), std::size_t(96));
        QCOMPARE(pace.promptRows(-5, 512), std::size_t(16));
        QCOMPARE(pace.promptRows(0, 8), std::size_t(8));
        QCOMPARE(pace.promptRows(1e9, 512), std::size_t(512));
    }
};

ALCUIN_TEST(TestPace)
#include "tst_pace.moc"
