#pragma once

#include <optional>

#include "services/chat_values.h"
#include "widgets/popover.h"

namespace alcuin::ui {

/// Parameters for one more answer to the same question; the conversation's stay as they are.
class AgainPopover : public Popover {
    Q_OBJECT
public:
    /// `usual`: as the model that will answer is usually asked. `before`: how the answer was written, its seed too, to
    /// be taken over.
    AgainPopover(const Theme& theme, const app::Parameters& usual, const std::optional<app::Parameters>& before,
                 QWidget* parent = nullptr);

    QSize sizeHint() const override;

signals:
    void answerRequested(const alcuin::app::Parameters& parameters);

private:
    double growth() const;
};

} // namespace alcuin::ui
