#include "chat/export/excerpt.h"
#include "chat/export/html_writer.h"
#include "chat/export/markdown_writer.h"
#include "chat/export/transfer.h"
#include "chat/transcript_private.h"

#include <QClipboard>
#include <QGuiApplication>

#include <algorithm>

// What is selected, in the formats other programs take.

namespace alcuin::ui {

using markdown::Block;
using markdown::BlockKind;
using markdown::Blocks;

/// What the selection holds of one part of one turn.
struct TranscriptView::Private::Taken {
    int turn = -1;
    Part part = Part::kAnswer;
    int first = 0;     ///< index of the first block
    Blocks blocks;     ///< cut to what is selected
    QList<bool> whole; ///< each of them: nothing was cut off
};

QList<TranscriptView::Private::Taken> TranscriptView::Private::takenBlocks() {
    QList<Taken> all;
    if (!hasSelection()) {
        return all;
    }
    const auto [from, to] = std::minmax(anchor, cursor);
    for (int turn = from.turn; turn <= to.turn && turn < list.count(); ++turn) {
        for (const Part part : {Part::kReasoning, Part::kAnswer}) {
            const Blocks& blocks = list.turn(turn).blocks(part);
            Taken taken{turn, part, 0, {}, {}};
            for (int i = 0; i < blocks.size(); ++i) {
                const Position start{turn, part, i, 0};
                const Position end{turn, part, i, markdown::flatLength(blocks.at(i))};
                if (end < from || start >= to || (end == from && end.offset > 0)) {
                    continue;
                }
                taken.first = taken.blocks.isEmpty() ? i : taken.first;
                const int begin = from > start ? from.offset : 0;
                const int stop = to < end ? to.offset : end.offset;
                taken.blocks.append(excerpt(blocks.at(i), begin, stop));
                taken.whole.append(begin == 0 && stop == end.offset);
            }
            if (!taken.blocks.isEmpty()) {
                all.append(taken);
            }
        }
    }
    return all;
}

/// Whole blocks as the model wrote them where the source tells them apart, the others written anew.
QString TranscriptView::Private::markdownOf(const Taken& taken) {
    Turn& turn = list.turn(taken.turn);
    const int end = taken.first + int(taken.blocks.size());
    QStringList parts;
    Blocks anew;
    const auto flushAnew = [&] {
        if (!anew.isEmpty()) {
            parts += writeMarkdown(std::exchange(anew, {}));
        }
    };
    for (int i = taken.first; i < end;) {
        const auto whole = [&](int block) { return taken.whole.at(block - taken.first); };
        int stop = i;
        while (stop < end && whole(stop)) {
            ++stop;
        }
        QString source;
        for (; stop > i && source.isEmpty(); --stop) {
            source = turn.sourceOf(taken.part, i, stop);
        }
        if (source.isEmpty()) {
            anew.append(taken.blocks.at(i - taken.first));
            ++i;
            continue;
        }
        flushAnew();
        parts += source;
        i = stop + 1;
    }
    flushAnew();
    return parts.join(QLatin1String("\n\n"));
}

Transfer TranscriptView::Private::selectionTransfer() {
    Transfer transfer{selectedText(), {}, {}};
    const QList<Taken> all = takenBlocks();
    if (all.size() == 1 && all.first().blocks.size() == 1) {
        const Block& only = all.first().blocks.first();
        if (only.kind == BlockKind::kCode) {
            return transfer; // into an editor: as it is
        }
        if (!all.first().whole.first() && only.kind == BlockKind::kParagraph && only.containers.isEmpty()) {
            transfer.markdown = writeInlineMarkdown(only.text);
            transfer.html = writeInlineHtml(only.text);
            return transfer;
        }
    }
    QStringList texts;
    for (const Taken& taken : all) {
        texts += markdownOf(taken);
        transfer.html += writeHtml(taken.blocks);
    }
    transfer.markdown = texts.join(QLatin1String("\n\n"));
    return transfer;
}

Transfer TranscriptView::Private::turnTransfer(int turn) {
    Turn& item = list.turn(turn);
    if (item.isQuestion()) {
        return {item.view().text, {}, {}};
    }
    return {item.view().text, item.view().text, writeHtml(item.blocks(Part::kAnswer))};
}

void TranscriptView::Private::copyTransfer(const Transfer& transfer) {
    QGuiApplication::clipboard()->setMimeData(mimeDataOf(transfer).release());
}

void TranscriptView::copySelection() const {
    if (d->hasSelection()) {
        d->copyTransfer(d->selectionTransfer());
    }
}

void TranscriptView::copySelectionAsMarkdown() const {
    if (d->hasSelection()) {
        const Transfer transfer = d->selectionTransfer();
        QGuiApplication::clipboard()->setText(transfer.markdown.isEmpty() ? transfer.plain : transfer.markdown);
    }
}

} // namespace alcuin::ui
