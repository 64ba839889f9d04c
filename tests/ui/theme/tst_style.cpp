#include <QApplication>
#include <QImage>
#include <QLineEdit>
#include <QPainter>
#include <QStyleOptionButton>
#include <QStyleOptionFrame>

#include "support/test_registry.h"
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

private:
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
