#include <QDBusVariant>
#include <QSignalSpy>

#include "support/test_registry.h"
#include "theme/desktop_appearance.h"
#include "theme/theme.h"

using namespace alcuin::ui;

namespace {
const QString kAppearance = QStringLiteral("org.freedesktop.appearance");

/// As the portal's Read answers: a variant in a variant.
QVariant twice(const QVariant& value) {
    return QVariant::fromValue(QDBusVariant(QVariant::fromValue(QDBusVariant(value))));
}
} // namespace

class TestDesktopAppearance : public QObject {
    Q_OBJECT
private slots:
    void darkIsOneAndNothingElse() {
        DesktopAppearance desktop;
        QSignalSpy dark(&desktop, &DesktopAppearance::darkChanged);
        desktop.apply(kAppearance, "color-scheme", twice(1U));
        desktop.apply(kAppearance, "color-scheme", QVariant::fromValue(QDBusVariant(2U)));
        desktop.apply(kAppearance, "color-scheme", 0U);
        desktop.apply(kAppearance, "color-scheme", 77U);
        desktop.apply(kAppearance, "accent-color", 1U);
        desktop.apply("org.example", "color-scheme", 1U);
        QCOMPARE(dark.count(), 4);
        QCOMPARE(dark.at(0).first().toBool(), true);
        QCOMPARE(dark.at(1).first().toBool(), false);
        QCOMPARE(dark.at(2).first().toBool(), false);
        QCOMPARE(dark.at(3).first().toBool(), false);
    }
    void eitherWishForContrastCounts() {
        DesktopAppearance desktop;
        QSignalSpy contrast(&desktop, &DesktopAppearance::highContrastChanged);
        desktop.apply(kAppearance, "contrast", twice(1U));
        desktop.apply("org.gnome.desktop.a11y.interface", "high-contrast", twice(false));
        QCOMPARE(contrast.last().first().toBool(), true);
        desktop.apply(kAppearance, "contrast", 0U);
        QCOMPARE(contrast.last().first().toBool(), false);
        desktop.apply("org.gnome.desktop.a11y.interface", "high-contrast", true);
        QCOMPARE(contrast.last().first().toBool(), true);
    }
    void stillnessIsNoAnimations() {
        DesktopAppearance desktop;
        QSignalSpy reduced(&desktop, &DesktopAppearance::reducedMotionChanged);
        desktop.apply("org.gnome.desktop.interface", "enable-animations", twice(false));
        QCOMPARE(reduced.last().first().toBool(), true);
    }
    void withoutABusNothingIsReportedAndNothingWaits() {
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
        qputenv("XDG_RUNTIME_DIR", "/nonexistent");
        DesktopAppearance desktop;
        QSignalSpy dark(&desktop, &DesktopAppearance::darkChanged);
        desktop.start();
        QCOMPARE(dark.count(), 0);
    }
    void thePersonsChoiceGoesBeforeTheDesktops() {
        Theme theme;
        theme.setDesktopDark(true);
        QVERIFY(theme.colors().dark);
        theme.setMode(ThemeMode::kLight);
        QVERIFY(!theme.colors().dark);
        theme.setDesktopDark(false);
        theme.setMode(ThemeMode::kDark);
        QVERIFY(theme.colors().dark);
        theme.setMode(ThemeMode::kSystem);
        QVERIFY(!theme.colors().dark);
    }
};

ALCUIN_TEST(TestDesktopAppearance)
#include "tst_desktop_appearance.moc"
