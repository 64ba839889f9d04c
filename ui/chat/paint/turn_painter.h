#pragma once

#include <QPointF>
#include <QRectF>

#include <functional>
#include <optional>

#include "chat/layout/turn.h"

class QPainter;

namespace alcuin::ui {

/// What the pointer and the keyboard have to do with one turn.
struct TurnPaint {
    QRectF clip; ///< in the painter's coordinates
    std::function<TextRange(Part, int block)> selection;
    std::function<Marks(Part, int block)> marks;
    std::optional<Control> hovered;
    std::optional<Control> pressed;
    std::optional<Control> focused;
    std::optional<Control> done; ///< the copy button that was just used
    bool turnFocused = false;
    bool showActions = false;
    std::optional<std::pair<Part, int>> hoveredScroll;
    std::function<bool(const Control&)> enabled;
};

void paintTurn(QPainter& painter, QPointF at, Turn& turn, const Look& look, const TurnPaint& state);

} // namespace alcuin::ui
