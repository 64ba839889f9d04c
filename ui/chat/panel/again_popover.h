#pragma once

#include "services/chat_values.h"
#include "widgets/popover.h"

namespace alcuin::ui {

/// Parameters for one more answer to the same question; the conversation's stay as they are.
class AgainPopover : public Popover {
    Q_OBJECT
public:
    /// `usual`: as the model that will answer is usually asked.
    AgainPopover(const Theme& theme, const app::Parameters& usual, QWidget* parent = nullptr);

signals:
    void answerRequested(const alcuin::app::Parameters& parameters);
};

} // namespace alcuin::ui
