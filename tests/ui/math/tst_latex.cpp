#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

#include "math/math.h"
#include "support/test_registry.h"

using namespace alcuin::ui::math;

namespace {

/// Set otherwise on purpose. Braces over a sum are ordinary atoms, so that what follows keeps its space; text in
/// scripts takes the font's forms for scripts; arrows under letters and under words stand a little further from them,
/// and are a little longer; arrows of chemistry are shorter, and a nucleus' numbers stand as any scripts do; strokes
/// count in no height; the value at a stroke's head stands lower; \sideset keeps the style that it stands in.
bool isOtherwise(const QString& tex) {
    static const QStringList kOurs = {
        "\\overbrace", "{\\text{const}}", "p \\text",    "\\text{ess", "\\underrightarrow", "\\xrightarrow", "->",
        "<=>",         "\\ce{^",          "\\prescript", "\\cancel",   "\\sideset"};
    // Several italic corrections that LuaTeX leaves out.
    static const QStringList kSlanted = {"a\\,b", "f\\,dx", "f \\colon"};
    const auto isPart = [&](const QString& part) { return tex.contains(part); };
    return std::any_of(kOurs.begin(), kOurs.end(), isPart) || std::any_of(kSlanted.begin(), kSlanted.end(), isPart);
}

} // namespace

/// Formulas are as large as LuaLaTeX sets them in the same font (tests/golden/make_math.py). LuaTeX leaves out the
/// italic correction of slanted letters, which Knuth's TeX and we add: we may be wider by a few, but not narrower.
class TstLatex : public QObject {
    Q_OBJECT
private slots:
    void sizesAreThoseOfLatex_data();
    void sizesAreThoseOfLatex();

private:
    std::shared_ptr<const MathFont> m_font = MathFont::ofFamily(QStringLiteral("TeX Gyre Pagella Math"));
};

void TstLatex::sizesAreThoseOfLatex_data() {
    QTest::addColumn<QString>("tex");
    QTest::addColumn<bool>("display");
    QTest::addColumn<QList<double>>("size");
    if (!m_font) {
        ALCUIN_SKIP("TeX Gyre Pagella Math isn't installed");
    }
    QFile file(QStringLiteral(ALCUIN_GOLDEN_DIR "/math/latex.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonArray entries = QJsonDocument::fromJson(file.readAll()).array();
    QVERIFY(entries.size() > 100);
    for (const QJsonValue entry : entries) {
        if (isOtherwise(entry["tex"].toString())) {
            continue;
        }
        for (const char* style : {"display", "text"}) {
            QList<double> size;
            for (const QJsonValue value : entry[QLatin1String(style)].toArray()) {
                size.append(value.toDouble());
            }
            const QString tex = entry["tex"].toString();
            QTest::newRow(qPrintable(QLatin1String(style) + QStringLiteral(": ") + tex.left(60)))
                << tex << (qstrcmp(style, "display") == 0) << size;
        }
    }
}

void TstLatex::sizesAreThoseOfLatex() {
    QFETCH(QString, tex);
    QFETCH(bool, display);
    QFETCH(QList<double>, size);
    constexpr double kEm = 100;
    const auto layout = layoutMath(tex, *m_font, kEm, display);
    QVERIFY(layout);
    const double width = layout->width() / kEm;
    const double ascent = layout->ascent() / kEm;
    const double descent = layout->descent() / kEm;
    const double wider = width - size.at(0);
    const bool good = wider <= 0.1 + 0.015 * size.at(0) && -wider <= 0.03 + 0.004 * size.at(0) &&
                      std::abs(ascent - size.at(1)) <= 0.03 + 0.01 * size.at(1) &&
                      std::abs(descent - size.at(2)) <= 0.03 + 0.01 * size.at(2);
    QVERIFY2(good, qPrintable(QStringLiteral("%1 x (%2 + %3) instead of %4 x (%5 + %6): %7")
                                  .arg(width, 0, 'f', 3)
                                  .arg(ascent, 0, 'f', 3)
                                  .arg(descent, 0, 'f', 3)
                                  .arg(size.at(0), 0, 'f', 3)
                                  .arg(size.at(1), 0, 'f', 3)
                                  .arg(size.at(2), 0, 'f', 3)
                                  .arg(tex)));
}

ALCUIN_TEST(TstLatex)
#include "tst_latex.moc"
