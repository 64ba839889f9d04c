#include <QImage>
#include <QPainter>
#include <QtTest/QTest>

#include <functional>

#include "support/test_registry.h"
#include "theme/style.h"

namespace {

using namespace alcuin;

const QRect kPlace(0, 0, 300, 40);

QImage drawn(Qt::LayoutDirection direction, const std::function<void(QPainter&)>& draw) {
    QImage image(kPlace.size(), QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setLayoutDirection(direction);
    draw(painter);
    return image;
}

class WordsTest : public QObject {
    Q_OBJECT
private slots:
    /// A question in Latin letters ends with its question mark, whichever way the window runs; so does one in Arabic.
    void punctuationStaysAtItsWordsEnd_data() {
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("window");
        QTest::newRow("Latin, mirrored") << QStringLiteral("Why 3 kB?") << int(Qt::RightToLeft);
        QTest::newRow("Arabic, not mirrored") << QString::fromUtf8("لماذا 3؟!") << int(Qt::LeftToRight);
    }
    void punctuationStaysAtItsWordsEnd() {
        QFETCH(QString, words);
        QFETCH(int, window);
        const auto direction = static_cast<Qt::LayoutDirection>(window);
        const auto own = direction == Qt::RightToLeft ? Qt::LeftToRight : Qt::RightToLeft;
        const auto side = direction == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft;
        const QImage ours = drawn(direction, [&](QPainter& painter) { ui::drawWords(painter, kPlace, words); });
        const QImage wanted = drawn(own, [&](QPainter& painter) {
            painter.drawText(kPlace, int(Qt::AlignAbsolute | Qt::AlignVCenter | side) | Qt::TextSingleLine, words);
        });
        QCOMPARE(ours, wanted);
        const QImage naive = drawn(direction, [&](QPainter& painter) {
            painter.drawText(kPlace, Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine, words);
        });
        QVERIFY(ours != naive);
    }
};

} // namespace

ALCUIN_TEST(WordsTest)
#include "tst_words.moc"
