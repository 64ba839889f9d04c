#include "chat/layout/look.h"

#include "highlight/library.h"

#include <QFontInfo>
#include <QFontMetricsF>

#include <cmath>

#include "math/formulas.h"

namespace alcuin::ui {

namespace {
constexpr double kAnswerLine = 1.5;
constexpr double kTightLine = 1.35;

/// As large as another, or one step less.
void sizeLike(QFont& font, const QFont& like, int less = 0) {
    if (like.pixelSize() > 0) {
        font.setPixelSize(like.pixelSize() - less);
    } else {
        font.setPointSizeF(like.pointSizeF() - less);
    }
}
} // namespace

double pixelSizeOf(const QFont& font) {
    return QFontInfo(font).pixelSize();
}

Look Look::of(const Theme& theme, Qt::LayoutDirection direction, std::shared_ptr<highlight::Library> languages) {
    Look look;
    look.languages = languages ? std::move(languages) : std::make_shared<highlight::Library>();
    look.colors = theme.colors();
    look.body = theme.font(FontRole::kBody);
    look.secondary = theme.font(FontRole::kSecondary);
    look.control = theme.font(FontRole::kControl);
    look.code = theme.font(FontRole::kCode);
    look.heading = theme.font(FontRole::kHeading);
    look.title = theme.font(FontRole::kTitle);
    look.em = pixelSizeOf(look.body);
    look.smallEm = pixelSizeOf(look.secondary);
    look.codeAdvance = QFontMetricsF(look.code).horizontalAdvance(QLatin1Char('0'));
    look.columnWidth = theme.readingWidth();
    look.target = theme.grown(Space::kHitTarget);
    look.icon = theme.grown(Space::kIcon);
    look.smallIcon = theme.grown(Space::kSmallIcon);
    look.direction = direction;
    look.formulas = math::Formulas::withInstalledFont();
    return look;
}

double Look::lineHeight(Place place) const {
    return place == Place::kReasoning ? std::ceil(kAnswerLine * smallEm) : std::ceil(kAnswerLine * em);
}

QColor Look::codeFill(Place place) const {
    return place == Place::kQuestion ? colors.paper : colors.code;
}

TextLook Look::text(Place place) const {
    TextLook text{.font = place == Place::kReasoning ? secondary : body,
                  .codeFont = code,
                  .ink = place == Place::kReasoning ? colors.ink2 : colors.ink,
                  .linkInk = colors.accent,
                  .codeFill = codeFill(place),
                  .lineHeight = lineHeight(place),
                  .formulas = formulas,
                  .definitions = definitions};
    if (place == Place::kReasoning) {
        sizeLike(text.codeFont, secondary);
    }
    return text;
}

TextLook Look::headingText(Place place, int level) const {
    TextLook text = this->text(place);
    if (place == Place::kReasoning || level > 2) {
        text.font.setWeight(QFont::DemiBold);
    } else {
        text.font = level == 1 ? title : heading;
    }
    text.lineHeight = std::ceil(kTightLine * pixelSizeOf(text.font));
    sizeLike(text.codeFont, text.font, 1);
    return text;
}

TextLook Look::label(const QColor& ink) const {
    return {.font = secondary,
            .codeFont = code,
            .ink = ink,
            .linkInk = colors.accent,
            .codeFill = colors.code,
            .lineHeight = std::ceil(kTightLine * smallEm),
            .formulas = nullptr,
            .definitions = {}};
}

} // namespace alcuin::ui
