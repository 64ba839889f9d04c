#include <QApplication>
#include <QImage>
#include <QLineEdit>
#include <QPainter>
#include <QStyleOptionButton>
#include <QStyleOptionFrame>

#include "support/test_registry.h"
#include "theme/icons.h"
#include "theme/style.h"
#include "theme/theme.h"

using namespace alcuin::ui;

class TestStyle : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        m_style = installTheme(*qApp, m_theme);
    }
    void cleanupTestCase() {
        QApplication::setStyle(QStringLiteral("Fusion")); // ours looks at the theme
    }
    void aFocusedButtonShowsIt_data() {
        QTest::addColumn<bool>("primary");
        QTest::newRow("plain") << false;
        QTest::newRow("primary") << true;
    }
    void aFocusedButtonShowsIt() {
        QFETCH(bool, primary);
        QVERIFY(drawn(primary, true) != drawn(primary, false));
    }
    void textInAFieldKeepsOffItsOutline() {
        QLineEdit edit;
        edit.resize(200, 32);
        QStyleOptionFrame option;
        option.initFrom(&edit);
        option.lineWidth = m_style->pixelMetric(QStyle::PM_DefaultFrameWidth, &option, &edit);
        const QRect words = m_style->subElementRect(QStyle::SE_LineEditContents, &option, &edit);
        QVERIFY(words.left() >= Space::k1 + 2);
        QVERIFY(words.right() <= option.rect.right() - Space::k1 - 2);
    }
    void aMenusIconsThatPointAreMirroredWithIt() {
        const QImage left = entry(Icon::kSidebar, Qt::LeftToRight);
        const QImage right = entry(Icon::kSidebar, Qt::RightToLeft);
        QVERIFY(left != right.mirrored(false, false));
        QVERIFY(differences(left, right.mirrored(true, false)) < differences(left, right));
        QCOMPARE(differences(left, right.mirrored(true, false)), 0);
    }

private:
    /// A menu's entry that is only an icon.
    QImage entry(Icon icon, Qt::LayoutDirection direction) const {
        QImage image(60, 30, QImage::Format_ARGB32_Premultiplied);
        QPainter painter(&image);
        QStyleOptionMenuItem option;
        option.rect = image.rect();
        option.direction = direction;
        option.state = QStyle::State_Enabled;
        option.menuItemType = QStyleOptionMenuItem::Normal;
        option.icon = makeIcon(icon, m_theme);
        m_style->drawControl(QStyle::CE_MenuItem, &option, &painter);
        return image;
    }
    /// How many pixels differ by more than rounding at an edge.
    static int differences(const QImage& a, const QImage& b) {
        int count = 0;
        for (int y = 0; y < a.height(); ++y) {
            for (int x = 0; x < a.width(); ++x) {
                count += std::abs(qGray(a.pixel(x, y)) - qGray(b.pixel(x, y))) > 48 ? 1 : 0;
            }
        }
        return count;
    }
    QImage drawn(bool primary, bool focused) const {
        QImage image(120, 40, QImage::Format_ARGB32_Premultiplied);
        image.fill(m_theme.colors().paper);
        QPainter painter(&image);
        QStyleOptionButton option;
        option.rect = QRect(4, 4, 112, 32);
        option.state = QStyle::State_Enabled | QStyle::State_Raised;
        option.state.setFlag(QStyle::State_HasFocus, focused);
        option.features.setFlag(QStyleOptionButton::DefaultButton, primary);
        option.text = QStringLiteral("Send");
        m_style->drawControl(QStyle::CE_PushButton, &option, &painter);
        return image;
    }

    Theme m_theme;
    AlcuinStyle* m_style = nullptr;
};

ALCUIN_TEST(TestStyle)
#include "tst_style.moc"
