#pragma once

#include "services/chat_values.h"
#include "widgets/popover.h"

namespace alcuin::ui {

/// Parameters for one more answer to the same question; the conversation's stay as they are.
class AgainPopover : public Popover {
    Q_OBJECT
public:
    explicit AgainPopover(const Theme& theme, QWidget* parent = nullptr);

signals:
    void answerRequested(const alcuin::app::Parameters& parameters);
};

} // namespace alcuin::ui
