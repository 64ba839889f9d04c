#include <cmath>

#include "chat/ledger/ledger_words.h"
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
constexpr double kHighText = 7.0; ///< where the desktop asks for high contrast
constexpr double kControl = 3.0;

/// Colours as desktops of high contrast have them.
struct Desktop {
    const char* name;
    QRgb paper, ink, chosen, onChosen;
};
constexpr Desktop kDesktops[] = {{"white on black", 0x000000, 0xFFFFFF, 0x1AEBFF, 0x000000},
                                 {"black on white", 0xFFFFFF, 0x000000, 0x37006E, 0xFFFFFF},
                                 {"yellow on black", 0x000000, 0xFFFF00, 0x008000, 0xFFFFFF},
                                 {"desert", 0xFFFAEF, 0x3D3D3D, 0x903909, 0xFFF5E3},
                                 {"dusk", 0x2D3236, 0xFFFFFF, 0xA1BFDE, 0x212D3B},
                                 {"a weak choice", 0xFFFFFF, 0x000000, 0x3399FF, 0xFFFFFF}};

Colors highContrast(const Desktop& desktop) {
    QPalette system;
    system.setColor(QPalette::Base, QColor(desktop.paper));
    system.setColor(QPalette::Text, QColor(desktop.ink));
    system.setColor(QPalette::Highlight, QColor(desktop.chosen));
    system.setColor(QPalette::HighlightedText, QColor(desktop.onChosen));
    Theme theme;
    theme.setHighContrast(true, system);
    return theme.colors();
}

struct Front {
    const char* name;
    QColor color;
};

QList<Front> colorsOfCode(const Colors& c) {
    const Syntax& s = c.syntax;
    return {{"comment", s.comment}, {"string", s.string},     {"number", s.number},
            {"keyword", s.keyword}, {"type", s.type},         {"function", s.function},
            {"meta", s.meta},       {"inserted", c.positive}, {"deleted", c.negative}};
}

/// Every pair that is painted: text needs `text`, outlines and signs kControl.
void addPairs(const char* look, const Colors& c, double text) {
    const auto add = [&](const QString& what, const QColor& front, const QColor& back, double least) {
        QTest::addRow("%s: %s", look, qPrintable(what)) << front << back << least;
    };
    const auto on = [](const char* front, const char* back) { return QStringLiteral("%1 on %2").arg(front, back); };
    const QList<Front> grounds{{"paper", c.paper}, {"surface", c.surface}, {"raised", c.raised}, {"code", c.code}};
    const QList<Front> inks{{"ink", c.ink}, {"ink2", c.ink2}, {"ink3", c.ink3}, {"accent", c.accent}};
    const QList<Front> signs{{"positive", c.positive}, {"caution", c.caution}, {"negative", c.negative}};
    for (const Front& ground : grounds) {
        for (const Front& ink : inks) {
            add(on(ink.name, ground.name), ink.color, ground.color, text);
        }
        add(on("outline", ground.name), c.ink3, ground.color, kControl);
        add(on("focus ring", ground.name), c.accent, ground.color, kControl);
    }
    for (const Front& sign : signs) {
        for (const Front& ground : {grounds[0], grounds[1], grounds[2]}) {
            add(on(sign.name, ground.name), sign.color, ground.color, text);
        }
    }
    for (const Front& ground : {grounds[0], grounds[3]}) { // code stands on paper in a question
        for (const Front& front : colorsOfCode(c)) {
            add(on(front.name, ground.name), front.color, ground.color, text);
        }
    }
    add("text on accent", c.accentInk, c.accent, text);
    // What a fill takes on under the pointer, when pressed and when chosen, as style and delegates mix it.
    for (const Front& ground : {grounds[0], grounds[1], grounds[2]}) {
        const QColor hovered = mixed(ground.color, c.ink, kHoverShare);
        const QColor pressed = mixed(ground.color, c.ink, kPressedShare);
        const QColor chosen = mixed(ground.color, c.accent, kChosenShare);
        for (const Front& ink : {inks[0], inks[1]}) {
            add(on(ink.name, "hovered ") + ground.name, ink.color, hovered, text);
            add(on(ink.name, "chosen ") + ground.name, ink.color, chosen, text);
        }
        add(on("ink", "pressed ") + ground.name, c.ink, pressed, text);
        add(on("sign", "chosen ") + ground.name, c.ink3, chosen, kControl);
    }
    add("hovered accent", c.accentInk, mixed(c.accent, c.ink, kHoverShare), text);
    // Behind words: selected, marked by their writer, found.
    for (const Front& ink : {inks[0], inks[1]}) {
        add(on(ink.name, "selected words"), ink.color, selectionColor(c), text);
        add(on(ink.name, "marked words"), ink.color, markColor(c), text);
        add(on(ink.name, "found words"), ink.color, foundColor(c), text);
    }
    add("ink on the found words one is at", c.ink, foundCurrentColor(c), text);
    add("outline of the found words one is at", c.ink, foundCurrentColor(c), kControl);
    // The ledger's segments; what is free is only the ground that they stand on.
    using Kind = LedgerSegment::Kind;
    for (const Kind kind : {Kind::kInstructions, Kind::kFiles, Kind::kConversation, Kind::kDraft}) {
        add(QStringLiteral("ledger's segment %1").arg(int(kind)), LedgerWords::color(kind, c), c.paper, kControl);
    }
}
} // namespace

class TestContrast : public QObject {
    Q_OBJECT
private slots:
    void everyPairInUse_data() {
        QTest::addColumn<QColor>("front");
        QTest::addColumn<QColor>("back");
        QTest::addColumn<double>("least");
        addPairs("light", Theme::light(), kText);
        addPairs("dark", Theme::dark(), kText);
        for (const Desktop& desktop : kDesktops) {
            addPairs(desktop.name, highContrast(desktop), kHighText);
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
    /// What can't be used is told from what can, and can still be read.
    void whatCantBeUsedStepsBack() {
        QList<Colors> looks{Theme::light(), Theme::dark()};
        for (const auto& [back, ink] : {std::pair(Qt::black, Qt::white), std::pair(Qt::white, Qt::black)}) {
            QPalette system(ink, back, ink, ink, ink, ink, ink, back, back);
            system.setColor(QPalette::Disabled, QPalette::Text, ink); // not told apart: ours steps in
            Theme theme;
            theme.setHighContrast(true, system);
            looks.append(theme.colors());
        }
        for (const Colors& c : looks) {
            QVERIFY(contrast(c.disabled, c.ink) >= 3.0);
            QVERIFY(contrast(c.disabled, c.ink3) >= 1.4);
            for (const QColor& ground : {c.paper, c.surface, c.raised}) {
                QVERIFY2(contrast(c.disabled, ground) >= 3.0, qPrintable(ground.name()));
            }
        }
    }
    void highContrastHasTheSystemsOwnColourOfWhatCantBeUsed() {
        QPalette system(Qt::white, Qt::black, Qt::white, Qt::white, Qt::white, Qt::white, Qt::white, Qt::black,
                        Qt::black);
        system.setColor(QPalette::Disabled, QPalette::Text, QColor(0x3FF23F));
        Theme theme;
        theme.setHighContrast(true, system);
        QCOMPARE(theme.colors().disabled, QColor(0x3FF23F));
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
