#include <QImage>
#include <QtTest/QTest>

#include "support/test_registry.h"
#include "widgets/text_area.h"

namespace {

using alcuin::ui::TextArea;

constexpr QSize kSize(400, 100);

/// The middle of what is drawn, as a share of the width from the left.
double middleOfInk(TextArea& area) {
    area.resize(kSize);
    area.show();
    area.clearFocus();
    const QImage image = area.viewport()->grab().toImage().convertToFormat(QImage::Format_Grayscale8);
    const uchar ground = image.constScanLine(image.height() - 1)[image.width() / 2];
    double sum = 0;
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (image.constScanLine(y)[x] != ground) {
                sum += x;
                ++count;
            }
        }
    }
    return count > 0 ? sum / count / image.width() : -1;
}

class TextAreaTest : public QObject {
    Q_OBJECT
private slots:
    void itsHintBeginsWhereTheWindowsLinesBegin_data() {
        QTest::addColumn<QString>("hint");
        QTest::newRow("Latin") << QStringLiteral("Ask?");
        QTest::newRow("Arabic") << QString::fromUtf8("اسأل");
    }
    void itsHintBeginsWhereTheWindowsLinesBegin() {
        QFETCH(QString, hint);
        TextArea area;
        area.setFrameShape(QFrame::NoFrame);
        area.setHint(hint);
        area.setLayoutDirection(Qt::RightToLeft);
        const double right = middleOfInk(area);
        QVERIFY2(right > 0.7, qPrintable(QString::number(right)));
        area.setLayoutDirection(Qt::LeftToRight);
        const double left = middleOfInk(area);
        QVERIFY2(left > 0 && left < 0.3, "left to right");
    }
    /// The caret of an empty field is where its hint is; words stand where they are read from.
    void wordsStandWhereTheyAreReadFrom() {
        TextArea area;
        area.setFrameShape(QFrame::NoFrame);
        area.setLayoutDirection(Qt::RightToLeft);
        area.resize(kSize);
        area.show();
        const auto caret = [&] { return double(area.cursorRect().center().x()) / area.viewport()->width(); };
        QVERIFY(caret() > 0.9);
        area.setPlainText(QStringLiteral("/"));
        QVERIFY2(middleOfInk(area) > 0.7, "a mark alone says nothing about its direction");
        area.setPlainText(QStringLiteral("/word"));
        QVERIFY(middleOfInk(area) < 0.3);
        area.setPlainText(QString::fromUtf8("كلمة"));
        QVERIFY(middleOfInk(area) > 0.7);
        area.setLayoutDirection(Qt::LeftToRight);
        QVERIFY(middleOfInk(area) > 0.7);
        area.clear();
        QVERIFY(caret() < 0.1);
    }
};

} // namespace

ALCUIN_TEST(TextAreaTest)
#include "tst_text_area.moc"
