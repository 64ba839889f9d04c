#pragma once

#include <QCoreApplication>
#include <QString>

#include "chat/layout/control.h"
#include "chat/layout/summarised.h"
#include "services/chat_values.h"

namespace alcuin::ui {

/// What a turn says about itself, in words for a person.
class TurnWords {
    Q_DECLARE_TR_FUNCTIONS(alcuin::ui::TurnWords)
public:
    /// "Thinking", "Thought for 12 s".
    static QString reasoning(const app::MessageView& view);
    /// Why the answer ended where it ended; empty when there is nothing to say.
    static QString ending(const app::MessageView& view);
    /// Under an answer: what is happening, or how fast it was and by which model.
    static QString footer(const app::MessageView& view, qint64 readingDone, qint64 readingTotal);
    /// Below the last turn that a summary stands for.
    static QString summarised(Summarised summarised);
    static QString errorTitle(const app::MessageView& view);
    static QString errorText(const app::MessageView& view);
    static QString branch(const app::MessageView& view);
    static QString speaker(const app::MessageView& view);
    static QString control(const Control& control, const app::MessageView& view, bool open);
    static QString seconds(double milliseconds);
};

} // namespace alcuin::ui
