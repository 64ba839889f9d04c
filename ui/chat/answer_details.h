#pragma once

#include <QList>
#include <QString>

#include <utility>

#include "services/chat_values.h"
#include "widgets/popover.h"

namespace alcuin::ui {

/// How an answer came to be: model, parameters, tokens, speeds, when.
class AnswerDetails : public Popover {
    Q_OBJECT
public:
    AnswerDetails(const app::MessageView& answer, const Theme& theme, QWidget* parent = nullptr);

    /// What is known, as names and words.
    static QList<std::pair<QString, QString>> lines(const app::MessageView& answer);
};

} // namespace alcuin::ui
