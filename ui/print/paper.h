#pragma once

#include <QList>
#include <QSet>
#include <QString>
#include <QUuid>

#include "chat/layout/look.h"
#include "services/chat_values.h"

namespace alcuin::ui {

/// A conversation as it goes to paper.
struct PaperConversation {
    QString title;
    QString date; ///< of the conversation, in words
    QList<app::MessageView> path;
    QSet<QUuid> openReasoning; ///< of these answers what was thought is printed too
    Qt::LayoutDirection direction = Qt::LeftToRight;
};

/// Dark ink on white whatever the window's theme, code in the colours of the light one; lengths are CSS pixels, 96 to
/// the inch. `pageHeight`: room below a speaker's name on
/// a page.
Look paperLook(Qt::LayoutDirection direction, double pageHeight);

} // namespace alcuin::ui
