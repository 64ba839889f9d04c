#include "print/paper.h"

#include "highlight/library.h"
#include "math/formulas.h"

#include <QFontDatabase>
#include <QFontMetricsF>

namespace alcuin::ui {

namespace {

// In pixels of 1/96 inch: 10.5, 9, 9, 12.5 and 15 points.
constexpr int kBody = 14;
constexpr int kSecondary = 12;
constexpr int kCode = 12;
constexpr int kHeading = 17;
constexpr int kTitle = 20;

/// Glyphs keep their own widths: what is laid out for the screen's pixels would be spaced unevenly on paper.
QFont paperFont(QFontDatabase::SystemFont kind, int pixels, bool strong = false) {
    QFont font = QFontDatabase::systemFont(kind);
    font.setPixelSize(pixels); // points would be counted by the printer's own resolution
    font.setHintingPreference(QFont::PreferNoHinting);
    if (strong) {
        font.setWeight(QFont::DemiBold);
    }
    return font;
}

} // namespace

Look paperLook(Qt::LayoutDirection direction, double pageHeight) {
    Look look;
    look.colors = Theme::light();
    look.colors.paper = QColor(0xFFFFFF);
    look.colors.surface = QColor(0xF6F5F2);
    look.colors.code = QColor(0xF4F2ED);
    look.body = paperFont(QFontDatabase::GeneralFont, kBody);
    look.secondary = paperFont(QFontDatabase::GeneralFont, kSecondary);
    look.control = look.secondary;
    look.code = paperFont(QFontDatabase::FixedFont, kCode);
    look.heading = paperFont(QFontDatabase::GeneralFont, kHeading, true);
    look.title = paperFont(QFontDatabase::GeneralFont, kTitle, true);
    look.em = kBody;
    look.smallEm = kSecondary;
    look.codeAdvance = QFontMetricsF(look.code).horizontalAdvance(QLatin1Char('0'));
    look.direction = direction;
    look.paper = true;
    look.pageHeight = pageHeight;
    look.languages = std::make_shared<highlight::Library>();
    look.formulas = math::Formulas::withInstalledFont();
    return look;
}

} // namespace alcuin::ui
