#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QStyleOption>
#include <QtTest/QTest>

#include "chat/layout/look.h"
#include "support/test_registry.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/icon_button.h"
#include "widgets/sign.h"
#include "widgets/slider.h"

namespace {

using namespace alcuin::ui;

/// Icons and small buttons grow half as fast as the text, all of them, and never shrink below what a hand can hit.
class GrowthTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_theme = std::make_unique<Theme>();
        installTheme(*qApp, *m_theme);
    }
    void cleanup() {
        QApplication::setStyle(QStringLiteral("Fusion")); // ours looks at the theme
        m_theme.reset();
    }
    void halfAsFastAsTheText() {
        QCOMPARE(m_theme->grown(20), 20);
        m_theme->setZoom(2);
        QCOMPARE(m_theme->grown(20), 30);
        m_theme->setZoom(3);
        QCOMPARE(m_theme->grown(20), 40);
        m_theme->setZoom(0.5);
        QCOMPARE(m_theme->grown(Space::kHitTarget), Space::kHitTarget);
    }
    void everyKindOfControlAsks() {
        IconButton plain(*m_theme, Icon::kCopy, QStringLiteral("Copy"));
        IconButton disc(*m_theme, Icon::kSend, QStringLiteral("Send"));
        disc.setLook(IconButton::Look::kPrimary);
        const Sign sign(*m_theme, Icon::kWarning, &Colors::negative);
        const Slider slider(*m_theme);
        const QPushButton button(makeIcon(Icon::kPlus, *m_theme), QStringLiteral("New"));
        const auto sizes = [&] {
            return QList<int>{plain.sizeHint().height(),
                              disc.sizeHint().height(),
                              sign.sizeHint().height(),
                              slider.sizeHint().height(),
                              button.iconSize().height(),
                              QApplication::style()->pixelMetric(QStyle::PM_SmallIconSize),
                              int(look().target),
                              int(look().icon),
                              int(look().smallIcon),
                              QApplication::style()->pixelMetric(QStyle::PM_ScrollBarExtent),
                              comboArrow()};
        };
        const QList<int> before = sizes();
        m_theme->setZoom(2);
        const QList<int> after = sizes();
        for (qsizetype i = 0; i < before.size(); ++i) {
            QVERIFY2(before.at(i) > 0, qPrintable(QString::number(i)));
            QVERIFY2(after.at(i) == before.at(i) * 3 / 2, qPrintable(QString::number(i)));
        }
    }

    /// Between the words of a button, a field or a list and its edges there is always as much room.
    void wordsKeepTheirRoom() {
        for (const double zoom : {1.0, 2.0, 3.0}) {
            m_theme->setZoom(zoom);
            const QPushButton button(QStringLiteral("New"));
            const QLineEdit field;
            const QComboBox list;
            for (const QWidget* control : {static_cast<const QWidget*>(&button), static_cast<const QWidget*>(&field),
                                           static_cast<const QWidget*>(&list)}) {
                QVERIFY2(control->sizeHint().height() >= control->fontMetrics().height() + Space::k3,
                         control->metaObject()->className());
            }
        }
    }

private:
    /// What the words of a closed list leave at its end.
    int comboArrow() const {
        QStyleOptionComboBox option;
        option.rect = QRect(0, 0, 300, 60);
        const QRect words =
            QApplication::style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, nullptr);
        return option.rect.right() - words.right() - Space::k2 - Space::k1;
    }
    Look look() const {
        return Look::of(*m_theme, Qt::LeftToRight);
    }
    std::unique_ptr<Theme> m_theme;
};

} // namespace

ALCUIN_TEST(GrowthTest)
#include "tst_growth.moc"
