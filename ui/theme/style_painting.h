#pragma once

#include <QStyleOption>

class QPainter;

namespace alcuin::ui {

class Theme;

/// How AlcuinStyle draws single things; each paints the whole of its option's rectangle.
void paintPushButton(QPainter& painter, const QStyleOption& option, const Theme& theme);
/// Icon and words together in the middle.
void paintPushButtonLabel(QPainter& painter, const QStyleOptionButton& option, const Theme& theme);
void paintToolButton(QPainter& painter, const QStyleOption& option, const Theme& theme);
void paintLineEdit(QPainter& painter, const QStyleOption& option, const Theme& theme);
/// The fill of a row that is chosen or under the pointer, in a list with a frame.
/// A box that opens a list: its ground and its arrow, which grows with the text.
void paintComboBox(QPainter& painter, const QStyleOptionComboBox& option, const Theme& theme);
int comboArrowSide(const Theme& theme);

void paintListItem(QPainter& painter, const QStyleOption& option, const Theme& theme);
void paintRaisedPanel(QPainter& painter, const QRect& rect, const Theme& theme);
void paintMenuItem(QPainter& painter, const QStyleOptionMenuItem& option, const Theme& theme);
void paintScrollBarSlider(QPainter& painter, const QRect& slider, const QStyleOptionSlider& option, const Theme& theme);
void paintProgressBar(QPainter& painter, const QStyleOptionProgressBar& option, const Theme& theme);

/// Width of the column before a menu item's text: its check mark or icon.
int menuMarkWidth(const Theme& theme);

} // namespace alcuin::ui
