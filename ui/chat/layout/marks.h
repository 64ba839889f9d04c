#pragma once

#include <QList>

#include "chat/layout/laid_text.h"

namespace alcuin::ui {

/// What was found in a block, in its flat text, and which of it one is at.
struct Marks {
    QList<TextRange> all;
    TextRange current;

    bool isEmpty() const {
        return all.isEmpty();
    }
};

} // namespace alcuin::ui
