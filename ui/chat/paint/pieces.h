#pragma once

#include <QColor>
#include <QPointF>
#include <QRectF>

class QFont;
class QPainter;
class QString;

namespace alcuin::ui {

class Box;
struct BoxPaint;
struct Colors;
struct SideScroll;

/// The square of that `side` in the middle of a button.
QRectF iconRect(const QRectF& button, double side);

/// Behind selected text, and behind words that a text marks.
QColor selectionColor(const Colors& colors);
QColor markColor(const Colors& colors);
/// Behind what was found, and behind what of it one is at.
QColor foundColor(const Colors& colors);
QColor foundCurrentColor(const Colors& colors);

/// Marks what was found in a box, before its text is painted: the one that one is at has an outline too.
void paintMarks(QPainter& painter, QPointF at, const Box& box, const BoxPaint& paint);

/// One line of words in the middle of `rect`'s height, beginning where reading begins, cut with an ellipsis.
void paintLabel(QPainter& painter, const QRectF& rect, const QString& text, const QFont& font, const QColor& ink,
                Qt::LayoutDirection direction);

/// The thin bar of something that scrolls sideways; nothing when all is seen.
void paintSideScroll(QPainter& painter, QPointF at, const SideScroll& scroll, const Colors& colors, bool hovered);

/// The visible ring around what has the keyboard's attention.
void paintFocusRing(QPainter& painter, const QRectF& rect, const Colors& colors, double corner);

} // namespace alcuin::ui
