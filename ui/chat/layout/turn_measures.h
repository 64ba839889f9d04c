#pragma once

#include <QFontMetricsF>

#include <cmath>

#include "chat/layout/laid_text.h"
#include "chat/layout/look.h"

namespace alcuin::ui {

inline double textWidth(const QFont& font, const QString& text) {
    return std::ceil(QFontMetricsF(font).horizontalAdvance(text));
}

/// Words of the program's own between the turns' texts: they begin where the window's lines begin, also those of
/// another script, under and over the controls that stand there too.
inline LaidText laidLabel(const QString& text, const Look& look, const QColor& ink) {
    markdown::InlineText label;
    label.text = text;
    const auto side = look.isRightToLeft() ? markdown::Align::kRight : markdown::Align::kLeft;
    return LaidText(label, look.label(ink), look.direction, side);
}

} // namespace alcuin::ui
