#pragma once

#include <QFontMetricsF>

#include <cmath>

#include "chat/layout/laid_text.h"
#include "chat/layout/look.h"

namespace alcuin::ui {

inline double textWidth(const QFont& font, const QString& text) {
    return std::ceil(QFontMetricsF(font).horizontalAdvance(text));
}

/// Words of the program's own between the turns' texts.
inline LaidText laidLabel(const QString& text, const Look& look, const QColor& ink) {
    markdown::InlineText label;
    label.text = text;
    return LaidText(label, look.label(ink), look.direction);
}

} // namespace alcuin::ui
