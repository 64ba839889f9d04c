#include "chat/transcript_private.h"
#include "print/conversation_printer.h"

#include <QLocale>

namespace alcuin::ui {

PaperConversation TranscriptView::paperConversation(const QString& title) const {
    PaperConversation paper;
    paper.title = title;
    paper.direction = layoutDirection();
    for (int i = 0; i < d->list.count(); ++i) {
        const Turn& turn = d->list.turn(i);
        paper.path.append(turn.view());
        if (turn.isReasoningOpen()) {
            paper.openReasoning.insert(turn.view().id);
        }
    }
    if (!paper.path.isEmpty() && paper.path.first().createdAt.isValid()) {
        paper.date = QLocale().toString(paper.path.first().createdAt.date(), QLocale::LongFormat);
    }
    return paper;
}

} // namespace alcuin::ui
