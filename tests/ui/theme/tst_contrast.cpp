#include <cmath>

#include "chat/paint/pieces.h"
#include "support/test_registry.h"
#include "theme/theme.h"

using namespace alcuin::ui;

namespace {
/// Source: WCAG 2.2, relative luminance and contrast ratio.
double luminance(const QColor& color) {
    const auto linear = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

constexpr double kText = 4.5;
constexpr double kControl = 3.0;
} // namespace

class TestContrast : public QObject {
    Q_OBJECT
private slots:
    void everyPairInUse_data() {
        QTest::addColumn<QColor>("front");
        QTest::addColumn<QColor>("back");
        QTest::addColumn<double>("least");
        for (const Colors& c : {Theme::light(), Theme::dark()}) {
            const auto add = [&](const char* what, QColor front, QColor back, double least) {
                QTest::addRow("%s %s", c.dark ? "dark" : "light", what) << front << back << least;
            };
            for (const auto& [name, back] : std::initializer_list<std::pair<const char*, QColor>>{
                     {"paper", c.paper}, {"surface", c.surface}, {"raised", c.raised}, {"code", c.code}}) {
                add(qPrintable(QStringLiteral("ink on %1").arg(name)), c.ink, back, kText);
                add(qPrintable(QStringLiteral("ink2 on %1").arg(name)), c.ink2, back, kText);
                add(qPrintable(QStringLiteral("ink3 on %1").arg(name)), c.ink3, back, kText);
                add(qPrintable(QStringLiteral("accent on %1").arg(name)), c.accent, back, kText);
                add(qPrintable(QStringLiteral("outline on %1").arg(name)), c.ink3, back, kControl);
            }
            for (const QColor& back : {c.paper, c.surface, c.raised}) {
                add("positive", c.positive, back, kText);
                add("caution", c.caution, back, kText);
                add("negative", c.negative, back, kText);
            }
            for (const QColor& back : {c.code, c.paper}) { // code stands on paper in a question
                const Syntax& s = c.syntax;
                for (const auto& [name, front] :
                     std::initializer_list<std::pair<const char*, QColor>>{{"comment", s.comment},
                                                                           {"string", s.string},
                                                                           {"number", s.number},
                                                                           {"keyword", s.keyword},
                                                                           {"type", s.type},
                                                                           {"function", s.function},
                                                                           {"meta", s.meta},
                                                                           {"inserted line", c.positive},
                                                                           {"deleted line", c.negative}}) {
                    add(qPrintable(QStringLiteral("%1 in code").arg(QLatin1String(name))), front, back, kText);
                }
            }
            add("text on accent", c.accentInk, c.accent, kText);
            add("selected text", c.accentInk, c.accent, kText);
            add("ink on marked words", c.ink, markColor(c), kText);
            add("ink2 on marked words", c.ink2, markColor(c), kText);
            add("ink on found words", c.ink, foundColor(c), kText);
            add("ink on the found word one is at", c.ink, foundCurrentColor(c), kText);
            add("ink2 on found words", c.ink2, foundColor(c), kText);
            add("outline of the found word one is at", c.ink, foundCurrentColor(c), kControl);
            // Hovered and pressed fills, as the style mixes them.
            add("ink on hover", c.ink, mixed(c.surface, c.ink, kHoverShare), kText);
            add("ink2 on hover", c.ink2, mixed(c.surface, c.ink, kHoverShare), kText);
            add("ink on pressed", c.ink, mixed(c.surface, c.ink, kPressedShare), kText);
            add("ink on chosen", c.ink, mixed(c.surface, c.accent, kChosenShare), kText);
            add("ink2 on chosen", c.ink2, mixed(c.surface, c.accent, kChosenShare), kText);
            add("accent ink on hovered accent", c.accentInk, mixed(c.accent, c.ink, kHoverShare), kText);
        }
    }
    void everyPairInUse() {
        QFETCH(QColor, front);
        QFETCH(QColor, back);
        QFETCH(double, least);
        const double ratio = contrast(front, back);
        QVERIFY2(
            ratio >= least,
            qPrintable(
                QStringLiteral("%1 on %2 has only %3").arg(front.name(), back.name(), QString::number(ratio, 'f', 2))));
    }
    /// Colours of code differ from each other and from the ink, so that they say something.
    void colorsOfCodeAreDistinct() {
        for (const Colors& c : {Theme::light(), Theme::dark()}) {
            const Syntax& s = c.syntax;
            const QList<QColor> all{c.ink, s.comment, s.string, s.number, s.keyword, s.type, s.function, s.meta};
            for (qsizetype i = 0; i < all.size(); ++i) {
                for (qsizetype k = i + 1; k < all.size(); ++k) {
                    const int apart = std::abs(all[i].red() - all[k].red()) +
                                      std::abs(all[i].green() - all[k].green()) +
                                      std::abs(all[i].blue() - all[k].blue());
                    QVERIFY2(apart >= 48, qPrintable(all[i].name() + QLatin1Char(' ') + all[k].name()));
                }
            }
        }
    }
    void codeInHighContrast_data() {
        QTest::addColumn<QColor>("back");
        QTest::addColumn<QColor>("ink");
        QTest::newRow("black") << QColor(Qt::black) << QColor(Qt::white);
        QTest::newRow("white") << QColor(Qt::white) << QColor(Qt::black);
        QTest::newRow("yellow") << QColor(Qt::yellow) << QColor(Qt::black);
        QTest::newRow("blue") << QColor(0x000080) << QColor(Qt::white);
    }
    void codeInHighContrast() {
        QFETCH(QColor, back);
        QFETCH(QColor, ink);
        QPalette system;
        system.setColor(QPalette::Base, back);
        system.setColor(QPalette::Text, ink);
        Theme theme;
        theme.setHighContrast(true, system);
        const Syntax& s = theme.colors().syntax;
        for (const QColor& color : {s.comment, s.string, s.number, s.keyword, s.type, s.function, s.meta}) {
            QVERIFY2(contrast(color, back) >= 7.0, qPrintable(color.name()));
        }
    }
    void highContrastFollowsTheSystem() {
        Theme theme;
        QPalette system;
        system.setColor(QPalette::Window, Qt::black);
        system.setColor(QPalette::WindowText, Qt::white);
        system.setColor(QPalette::Base, Qt::black);
        system.setColor(QPalette::Text, Qt::white);
        system.setColor(QPalette::Highlight, Qt::yellow);
        system.setColor(QPalette::HighlightedText, Qt::black);
        theme.setHighContrast(true, system);
        QCOMPARE(theme.colors().paper, QColor(Qt::black));
        QCOMPARE(theme.colors().ink, QColor(Qt::white));
        QVERIFY(theme.colors().dark);
        QVERIFY(contrast(theme.colors().ink3, theme.colors().paper) >= 7.0);
        theme.setHighContrast(false, system);
        QCOMPARE(theme.colors().paper, Theme::light().paper);
    }
};

ALCUIN_TEST(TestContrast)
#include "tst_contrast.moc"
