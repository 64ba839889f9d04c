#include <QImage>
#include <QPainter>
#include <QPainterPath>

#include "support/test_registry.h"
#include "theme/icons.h"

using namespace alcuin::ui;

namespace {
QImage drawn(Icon icon, Qt::LayoutDirection direction) {
    QImage image(40, 40, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setLayoutDirection(direction);
    paintIcon(painter, icon, QRectF(0, 0, 40, 40), Qt::black);
    return image;
}

int inkOf(const QImage& image) {
    int ink = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            ink += qAlpha(image.pixel(x, y)) > 128 ? 1 : 0;
        }
    }
    return ink;
}

/// How many pixels differ by more than rounding at an edge.
int differences(const QImage& a, const QImage& b) {
    int count = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            count += std::abs(qAlpha(a.pixel(x, y)) - qAlpha(b.pixel(x, y))) > 48 ? 1 : 0;
        }
    }
    return count;
}
} // namespace

class TestIcons : public QObject {
    Q_OBJECT
private slots:
    void everyIconDrawsInsideItsGrid() {
        for (int i = 0; i < static_cast<int>(Icon::kCount); ++i) {
            const QImage image = drawn(static_cast<Icon>(i), Qt::LeftToRight);
            QVERIFY2(inkOf(image) > 20, qPrintable(QStringLiteral("icon %1 is empty").arg(i)));
            for (int k = 0; k < 40; ++k) {
                QCOMPARE(qAlpha(image.pixel(k, 0)) + qAlpha(image.pixel(0, k)) + qAlpha(image.pixel(39, k)) +
                             qAlpha(image.pixel(k, 39)),
                         0);
            }
        }
    }
    void pointingIconsAreMirrored() {
        const QImage back = drawn(Icon::kBack, Qt::LeftToRight);
        QCOMPARE(differences(drawn(Icon::kBack, Qt::RightToLeft), back.mirrored(true, false)), 0);
        QVERIFY(differences(drawn(Icon::kBack, Qt::RightToLeft), back) > 40);
        QCOMPARE(drawn(Icon::kRegenerate, Qt::RightToLeft), drawn(Icon::kRegenerate, Qt::LeftToRight));
    }
    void arcsAreCircles() {
        const QRectF circle = parsePathData("M15 10 A5 5 0 1 1 5 10 A5 5 0 1 1 15 10 Z").boundingRect();
        QVERIFY((circle.topLeft() - QPointF(5, 5)).manhattanLength() < 0.05);
        QVERIFY((circle.bottomRight() - QPointF(15, 15)).manhattanLength() < 0.05);
        // A quarter, with the clock: from the top to the right, bulging outwards.
        const QPainterPath quarter = parsePathData("M10 5 A5 5 0 0 1 15 10");
        const QPointF middle = quarter.pointAtPercent(0.5);
        QVERIFY((middle - QPointF(10 + 5 * 0.7071, 10 - 5 * 0.7071)).manhattanLength() < 0.05);
    }
    void nonsenseIsNoPath() {
        QVERIFY(parsePathData("M1").isEmpty());
        QVERIFY(parsePathData("Q1 2 3 4").isEmpty());
        QVERIFY(parsePathData("M1 2 L x").isEmpty());
        QVERIFY(parsePathData("Z 3").isEmpty());
    }
};

ALCUIN_TEST(TestIcons)
#include "tst_icons.moc"
