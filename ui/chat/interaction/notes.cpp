#include "chat/interaction/link_filter.h"
#include "chat/transcript_private.h"

// Footnotes: from a reference to its note and back.

namespace alcuin::ui {

namespace {

/// The link of the part's blocks that is the other end.
std::optional<Control> otherEnd(const markdown::Blocks& blocks, Part part, const markdown::NoteLink& from) {
    for (int block = 0; block < blocks.size(); ++block) {
        const auto links = linksOf(blocks.at(block)).size();
        for (int link = 0; link < links; ++link) {
            const auto found = markdown::noteLink(blocks.at(block), link);
            if (found && found->back != from.back && found->number == from.number &&
                found->occurrence == from.occurrence) {
                return Control{ControlKind::kLink, part, block, link};
            }
        }
    }
    return {};
}

} // namespace

std::optional<markdown::NoteLink> TranscriptView::Private::noteOf(int turn, const Control& control) {
    if (control.kind != ControlKind::kLink || turn < 0 || turn >= list.count()) {
        return {};
    }
    const markdown::Blocks& blocks = list.turn(turn).blocks(control.part);
    return control.block >= 0 && control.block < blocks.size()
               ? markdown::noteLink(blocks.at(control.block), control.link)
               : std::nullopt;
}

bool TranscriptView::Private::followNote(int turn, const Control& control) {
    const auto note = noteOf(turn, control);
    if (!note) {
        return false;
    }
    if (const auto target = otherEnd(list.turn(turn).blocks(control.part), control.part, *note)) {
        follow = false;
        focusOn(turn, *target);
        if (!note->back) { // the whole note, not only its last line
            showNote(turn, control.part, note->number);
        }
    }
    return true;
}

void TranscriptView::Private::showNote(int turn, Part part, int number) {
    Turn& item = list.turn(turn);
    const markdown::Blocks& blocks = item.blocks(part);
    for (int block = 0; block < blocks.size(); ++block) {
        const auto& around = blocks.at(block).containers;
        if (markdown::isInNote(blocks.at(block)) && around.first().number == quint32(number) && around.first().first) {
            Flow* flow = item.flow(part);
            const Flow::Item& box = flow->ensured(block);
            const QPointF at = list.origin(turn) + item.origin(part) + QPointF(0, box.top);
            showRect(QRectF(at, QSizeF(box.width, std::min(box.height, look->lineHeight(Place::kAnswer)))));
            return;
        }
    }
}

QString TranscriptView::Private::noteText(int turn, Part part, int number) {
    QString text;
    for (const markdown::Block& block : list.turn(turn).blocks(part)) {
        if (markdown::isInNote(block) && block.containers.first().number == quint32(number)) {
            text += (text.isEmpty() ? QString() : QStringLiteral("\n")) +
                    markdown::plainText(block, 0, markdown::flatLength(block));
        }
    }
    return text.trimmed();
}

QString TranscriptView::Private::noteToolTip(int turn, const Control& control, const markdown::NoteLink& note) {
    constexpr int kMost = 400; // characters: more is read in its place
    if (note.back) {
        return TranscriptView::tr("Back to the text");
    }
    QString text = noteText(turn, control.part, note.number);
    if (text.size() > kMost) {
        text = text.left(kMost) + QChar(0x2026);
    }
    return QLatin1String("<qt>") + text.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>")) +
           QLatin1String("</qt>");
}

} // namespace alcuin::ui
