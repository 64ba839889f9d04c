#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QStyleOption>
#include <QtTest/QTest>

#include <functional>

#include "support/test_registry.h"
#include "theme/style.h"
#include "theme/theme.h"

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
        // What Qt draws by itself, in a line of the window's direction, comes out the same.
        const QImage given = drawn(direction, [&](QPainter& painter) {
            painter.drawText(kPlace, Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine,
                             ui::readIn(direction, words));
        });
        QCOMPARE(given, ours);
    }
    /// Letters of Arabic join differently where an ellipsis cuts them: the cut words may be wider than Qt takes them
    /// for.
    void cutWordsAreNeverWiderThanTheirPlace() {
        const QString words = QString::fromUtf8("البحث الثنائي سريع في القوائم std::vector المرتبة:");
        const QFontMetrics metrics(QApplication::font());
        for (int width = 40; width < metrics.horizontalAdvance(words); ++width) {
            const QString shown = ui::elided(metrics, words, width);
            QVERIFY2(metrics.horizontalAdvance(shown) <= width, qPrintable(QString::number(width)));
            QVERIFY(shown.endsWith(QChar(0x2026)));
        }
        QCOMPARE(ui::elided(metrics, words, 10'000), words);
    }
    void wordsOfTheWindowsOwnDirectionAreGivenAsTheyAre() {
        QCOMPARE(ui::readIn(Qt::LeftToRight, QStringLiteral("Why?")), QStringLiteral("Why?"));
        const QString arabic = QString::fromUtf8("لماذا؟");
        QCOMPARE(ui::readIn(Qt::RightToLeft, arabic), arabic);
        QCOMPARE(ui::readIn(Qt::RightToLeft, QString()), QString());
    }
    /// A list with Qt's own delegate: the question mark stays behind its question.
    void aListKeepsPunctuationAtItsWordsEnd() {
        ui::Theme theme;
        ui::installTheme(*qApp, theme);
        QStyleOptionViewItem item;
        item.rect = kPlace;
        item.direction = Qt::RightToLeft;
        item.displayAlignment = Qt::AlignLeading | Qt::AlignVCenter;
        item.features = QStyleOptionViewItem::HasDisplay;
        item.state = QStyle::State_Enabled;
        item.text = QStringLiteral("How high?");
        const auto row = [&](const QString& text) {
            item.text = text;
            return drawn(item.direction, [&](QPainter& painter) {
                QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &item, &painter);
            });
        };
        // Embedded by hand; and what would be drawn if the words were left as they are.
        const QChar mark(0x200F);
        const QChar embedding(0x202A);
        const QString byHand = QString(mark) + embedding + QStringLiteral("How high?") + QChar(0x202C);
        const QImage ours = row(QStringLiteral("How high?"));
        QCOMPARE(ours, row(byHand));
        QVERIFY(ours != row(QString(mark) + QStringLiteral("How high?")));
        QApplication::setStyle(QStringLiteral("Fusion")); // ours looks at the theme
    }
    /// A choice that doesn't fit its field ends with an ellipsis.
    void aChoiceThatIsCutSaysSo() {
        ui::Theme theme;
        ui::installTheme(*qApp, theme);
        QStyleOptionComboBox combo;
        combo.rect = QRect(0, 0, 140, 40);
        combo.subControls = QStyle::SC_All;
        const auto label = [&](const QString& text) {
            combo.currentText = text;
            return drawn(Qt::LeftToRight, [&](QPainter& painter) {
                QApplication::style()->drawControl(QStyle::CE_ComboBoxLabel, &combo, &painter);
            });
        };
        const QString words = QStringLiteral("The one loaded (SmolLM2-135M-Instruct)");
        // Two choices that begin alike look alike where they are cut, and only then.
        QCOMPARE(label(words), label(words + QStringLiteral(" and more")));
        const QRect field =
            QApplication::style()->subControlRect(QStyle::CC_ComboBox, &combo, QStyle::SC_ComboBoxEditField);
        const QString cut = combo.fontMetrics.elidedText(words, Qt::ElideRight, field.width() - 2);
        QVERIFY(cut.endsWith(QChar(0x2026)));
        QCOMPARE(label(words), label(cut));
        QApplication::setStyle(QStringLiteral("Fusion")); // ours looks at the theme
    }
};

} // namespace

ALCUIN_TEST(WordsTest)
#include "tst_words.moc"
