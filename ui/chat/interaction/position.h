#pragma once

#include <compare>
#include <optional>

#include "chat/layout/control.h"

namespace alcuin::ui {

/// A place between two characters of the transcript.
struct Position {
    int turn = -1;
    Part part = Part::kReasoning;
    int block = 0;
    int offset = 0; ///< in the block's flat text

    bool isValid() const {
        return turn >= 0;
    }
    auto operator<=>(const Position&) const = default; // NOLINT(modernize-use-nullptr): clang-tidy 14 sees a pointer
};

/// What lies under a point of the view.
struct Hit {
    int turn = -1;
    std::optional<Control> control;
    Position position; ///< the nearest place in the text
    bool onText = false;
    bool onSideScroll = false; ///< on the bar of the block at `position`
};

} // namespace alcuin::ui
