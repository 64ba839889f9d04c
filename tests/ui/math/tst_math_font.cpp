#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

#include "math/font/math_font.h"
#include "math/font/script_forms.h"
#include "support/test_registry.h"

using namespace alcuin::ui::math;

namespace {

constexpr const char* kConstantNames[] = {"MathLeading",
                                          "AxisHeight",
                                          "AccentBaseHeight",
                                          "FlattenedAccentBaseHeight",
                                          "SubscriptShiftDown",
                                          "SubscriptTopMax",
                                          "SubscriptBaselineDropMin",
                                          "SuperscriptShiftUp",
                                          "SuperscriptShiftUpCramped",
                                          "SuperscriptBottomMin",
                                          "SuperscriptBaselineDropMax",
                                          "SubSuperscriptGapMin",
                                          "SuperscriptBottomMaxWithSubscript",
                                          "SpaceAfterScript",
                                          "UpperLimitGapMin",
                                          "UpperLimitBaselineRiseMin",
                                          "LowerLimitGapMin",
                                          "LowerLimitBaselineDropMin",
                                          "StackTopShiftUp",
                                          "StackTopDisplayStyleShiftUp",
                                          "StackBottomShiftDown",
                                          "StackBottomDisplayStyleShiftDown",
                                          "StackGapMin",
                                          "StackDisplayStyleGapMin",
                                          "StretchStackTopShiftUp",
                                          "StretchStackBottomShiftDown",
                                          "StretchStackGapAboveMin",
                                          "StretchStackGapBelowMin",
                                          "FractionNumeratorShiftUp",
                                          "FractionNumeratorDisplayStyleShiftUp",
                                          "FractionDenominatorShiftDown",
                                          "FractionDenominatorDisplayStyleShiftDown",
                                          "FractionNumeratorGapMin",
                                          "FractionNumDisplayStyleGapMin",
                                          "FractionRuleThickness",
                                          "FractionDenominatorGapMin",
                                          "FractionDenomDisplayStyleGapMin",
                                          "SkewedFractionHorizontalGap",
                                          "SkewedFractionVerticalGap",
                                          "OverbarVerticalGap",
                                          "OverbarRuleThickness",
                                          "OverbarExtraAscender",
                                          "UnderbarVerticalGap",
                                          "UnderbarRuleThickness",
                                          "UnderbarExtraDescender",
                                          "RadicalVerticalGap",
                                          "RadicalDisplayStyleVerticalGap",
                                          "RadicalRuleThickness",
                                          "RadicalExtraAscender",
                                          "RadicalKernBeforeDegree",
                                          "RadicalKernAfterDegree"};
static_assert(std::size(kConstantNames) == size_t(Constant::kCount));

/// The table of a font as it is in the file.
QByteArray tableOf(const QString& family, const char* tag) {
    QFont font(family);
    font.setStyleStrategy(QFont::NoFontMerging);
    return QRawFont::fromFont(font).fontTable(tag);
}

} // namespace

/// MATH tables are read as fontTools reads them (tests/golden/make_math.py), and broken ones do no harm.
class TstMathFont : public QObject {
    Q_OBJECT
private slots:
    void readsWhatFontToolsReads_data();
    void readsWhatFontToolsReads();
    void anInstalledFontIsFound();
    void aFontWithoutTheTableIsRefused();
    void brokenTablesDoNoHarm();
};

void TstMathFont::readsWhatFontToolsReads_data() {
    QTest::addColumn<QString>("family");
    QTest::newRow("Pagella") << QStringLiteral("TeX Gyre Pagella Math");
    QTest::newRow("DejaVu") << QStringLiteral("DejaVu Math TeX Gyre");
}

void TstMathFont::readsWhatFontToolsReads() {
    QFETCH(QString, family);
    if (!MathFont::ofFamily(family)) {
        ALCUIN_SKIP("the font isn't installed");
    }
    MathTable table;
    QVERIFY(table.read(tableOf(family, "MATH")));
    QFile file(QStringLiteral(ALCUIN_GOLDEN_DIR "/math/fonts.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonObject golden = QJsonDocument::fromJson(file.readAll()).object()[family].toObject();
    const QJsonObject constants = golden["constants"].toObject();
    for (size_t i = 0; i < std::size(kConstantNames); ++i) {
        QVERIFY2(constants.contains(kConstantNames[i]), kConstantNames[i]);
        QCOMPARE(table.constants[i], constants[kConstantNames[i]].toInt());
    }
    QCOMPARE(table.scriptPercent, constants["ScriptPercentScaleDown"].toInt());
    QCOMPARE(table.scriptScriptPercent, constants["ScriptScriptPercentScaleDown"].toInt());
    QCOMPARE(table.displayOperatorMinHeight, constants["DisplayOperatorMinHeight"].toInt());
    QCOMPARE(table.radicalDegreeBottomRaisePercent, constants["RadicalDegreeBottomRaisePercent"].toInt());
    QCOMPARE(table.minConnectorOverlap, golden["overlap"].toInt());
    const QJsonObject glyphs = golden["glyphs"].toObject();
    QVERIFY(glyphs.size() > 8);
    for (const QString& code : glyphs.keys()) {
        const QJsonObject entry = glyphs[code].toObject();
        const auto glyph = quint32(entry["glyph"].toInt());
        QCOMPARE(table.italics.value(glyph), entry["italics"].toInt());
        QCOMPARE(table.accentAttachment.contains(glyph), !entry["accent"].isNull());
        QCOMPARE(table.accentAttachment.value(glyph), entry["accent"].toInt());
        for (const bool vertical : {true, false}) {
            const QJsonObject wanted = entry[vertical ? "vertical" : "horizontal"].toObject();
            const Construction found = (vertical ? table.vertical : table.horizontal).value(glyph);
            const QJsonArray variants = wanted["variants"].toArray();
            const QJsonArray parts = wanted["parts"].toArray();
            QCOMPARE(found.variants.size(), size_t(variants.size()));
            for (size_t i = 0; i < found.variants.size(); ++i) {
                QCOMPARE(int(found.variants[i].glyph), variants.at(qsizetype(i))[0].toInt());
                QCOMPARE(found.variants[i].advance, variants.at(qsizetype(i))[1].toInt());
            }
            QCOMPARE(found.parts.size(), size_t(parts.size()));
            for (size_t i = 0; i < found.parts.size(); ++i) {
                const QJsonValue part = parts.at(qsizetype(i));
                QCOMPARE(int(found.parts[i].glyph), part[0].toInt());
                QCOMPARE(found.parts[i].startConnector, part[1].toInt());
                QCOMPARE(found.parts[i].endConnector, part[2].toInt());
                QCOMPARE(found.parts[i].advance, part[3].toInt());
                QCOMPARE(found.parts[i].extender, part[4].toInt() == 1);
            }
        }
    }
}

void TstMathFont::anInstalledFontIsFound() {
    const auto font = MathFont::installed();
    QVERIFY2(font, "the fonts that ./dev installs have one");
    QVERIFY(font->glyphOf(U'x') != 0);
    QVERIFY(font->glyphOf(0x1D465) != 0);
    QVERIFY(font->xHeight() > 0.3 && font->xHeight() < 0.7);
    QVERIFY(font->advance(font->glyphOf(U'x')) > 0.2);
}

void TstMathFont::aFontWithoutTheTableIsRefused() {
    QVERIFY(!MathFont::ofFamily(QStringLiteral("Noto Sans")));
    QVERIFY(!MathFont::ofFamily(QStringLiteral("No such family")));
}

void TstMathFont::brokenTablesDoNoHarm() {
    const auto font = MathFont::installed();
    QVERIFY(font);
    QRandomGenerator random(7);
    for (const char* tag : {"MATH", "GSUB"}) {
        const QByteArray whole = tableOf(font->family(), tag);
        const auto read = [&](const QByteArray& bytes) {
            if (qstrcmp(tag, "MATH") == 0) {
                MathTable table;
                table.read(bytes);
            } else {
                readScriptForms(bytes);
            }
        };
        for (qsizetype length = 0; length < whole.size(); length += length < 600 ? 1 : 997) {
            read(whole.left(length));
        }
        for (int i = 0; i < 200; ++i) {
            QByteArray bytes = whole;
            for (int j = 0; j < 20; ++j) {
                bytes[qsizetype(random.bounded(quint32(bytes.size())))] = char(random.bounded(256));
            }
            read(bytes);
            read(QByteArray(bytes).replace(0, 2, QByteArray(2, '\xFF')));
        }
    }
    MathTable table;
    QVERIFY(!table.read({}));
    QVERIFY(!table.read(QByteArray(4000, '\0')));
}

ALCUIN_TEST(TstMathFont)
#include "tst_math_font.moc"
