#include "chat/transcript_private.h"
#include "theme/icons.h"

#include "chat/interaction/link_filter.h"
#include "chat/layout/turn_words.h"
#include "highlight/file_name.h"
#include "highlight/library.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QMenu>
#include <QToolTip>

namespace alcuin::ui {

namespace {
constexpr int kDoneMs = 1600; ///< how long a copy button says that it copied
}

bool TranscriptView::Private::isEnabled(int turn, const Control& control) const {
    const app::MessageView& view = list.turn(turn).view();
    switch (control.kind) {
    case ControlKind::kRetry:
    case ControlKind::kEdit:
    case ControlKind::kRegenerate:
    case ControlKind::kRegenerateWith:
    case ControlKind::kContinue:
        return actionsEnabled;
    case ControlKind::kPrevious:
        return view.siblingIndex > 0;
    case ControlKind::kNext:
        return view.siblingIndex + 1 < view.siblings.size();
    default:
        return true;
    }
}

void TranscriptView::Private::activate(int turn, const Control& control) {
    if (turn < 0 || turn >= list.count() || !isEnabled(turn, control)) {
        return;
    }
    Turn& item = list.turn(turn);
    const app::MessageView view = item.view(); // a copy: what is emitted may replace the turn
    switch (control.kind) {
    case ControlKind::kDisclosure:
        toggleReasoning(turn);
        break;
    case ControlKind::kLink:
        if (followNote(turn, control)) {
            break;
        }
        if (const auto url = openableUrl(item.addressOf(control))) {
            emit q->linkActivated(*url);
        }
        break;
    case ControlKind::kCopyCode:
        copyTransfer({item.blocks(control.part).value(control.block).text.text, {}, {}});
        copied(turn, control);
        break;
    case ControlKind::kSaveCode:
        saveCode(item.blocks(control.part).value(control.block));
        break;
    case ControlKind::kCopy:
        copyTransfer(turnTransfer(turn));
        copied(turn, control);
        break;
    case ControlKind::kRetry:
    case ControlKind::kRegenerate:
        emit q->regenerateRequested(view.id);
        break;
    case ControlKind::kChooseModel:
        emit q->chooseModelRequested();
        break;
    case ControlKind::kPrevious:
        switchBranch(turn, -1);
        break;
    case ControlKind::kNext:
        switchBranch(turn, 1);
        break;
    case ControlKind::kEdit:
        if (item.isQuestion()) {
            emit q->editRequested(view.id, view.text);
        } else {
            emit q->editAnswerRequested(view.id, view.text);
        }
        break;
    case ControlKind::kRegenerateWith:
        emit q->regenerateWithRequested(view.id, areaOf(turn, control));
        break;
    case ControlKind::kContinue:
        emit q->continueRequested(view.id);
        break;
    case ControlKind::kDetails:
        emit q->detailsRequested(view.id, areaOf(turn, control));
        break;
    case ControlKind::kFile:
        emit q->fileRequested(view.id, control.link);
        break;
    case ControlKind::kShowSummary:
        emit q->summaryRequested(view.id);
        break;
    case ControlKind::kUndoSummary:
        emit q->undoSummaryRequested(view.id);
        break;
    }
}

QRect TranscriptView::Private::areaOf(int turn, const Control& control) {
    return list.turn(turn).rectOf(control).translated(list.origin(turn)).translated(0, -value()).toAlignedRect();
}

void TranscriptView::Private::switchBranch(int turn, int step) {
    const app::MessageView& view = list.turn(turn).view();
    const QUuid wanted = view.siblings.value(view.siblingIndex + step);
    if (!wanted.isNull()) {
        emit q->branchRequested(wanted);
    }
}

void TranscriptView::Private::copied(int turn, const Control& control) {
    doneTurn = list.turn(turn).view().id;
    done = control;
    doneTimer.start(kDoneMs);
    q->viewport()->update();
}

void TranscriptView::Private::saveCode(const markdown::Block& block) {
    const highlight::Language* language = look->languages->find(block.language);
    emit q->saveCodeRequested(block.text.text, highlight::fileNameFor(language, block.text.text));
}

/// The line that was pressed stays under the pointer, whatever opens below it.
void TranscriptView::Private::toggleReasoning(int turn) {
    Turn& item = list.turn(turn);
    const Anchor kept{item.view().id, Part::kAnswer, -1, list.top(turn) - value()};
    if (!selectionIn(turn, Part::kReasoning, 0).isEmpty()) {
        clearSelection();
    }
    follow = false;
    item.setReasoningOpen(!item.isReasoningOpen());
    list.restack(turn);
    updateScrollBar();
    restore(kept);
    settle();
    follow = value() >= maximum() - 1 && wasAtEnd;
}

void TranscriptView::Private::showContextMenu(QPointF viewport, QPoint global) {
    const Hit hit = hitTest(viewport);
    QMenu menu(q);
    const auto icon = [this](Icon which) { return makeIcon(which, theme); };
    QAction* copy = menu.addAction(icon(Icon::kCopy), TranscriptView::tr("Copy"), q, &TranscriptView::copySelection);
    copy->setEnabled(hasSelection());
    QAction* asMarkdown = menu.addAction(icon(Icon::kFile), TranscriptView::tr("Copy as Markdown"), q,
                                         &TranscriptView::copySelectionAsMarkdown);
    asMarkdown->setEnabled(hasSelection());
    menu.addAction(TranscriptView::tr("Select all"), q, &TranscriptView::selectAll);
    const int turn = hit.turn >= 0 ? hit.turn : focusedTurn;
    if (turn >= 0 && turn < list.count()) {
        const QUuid id = list.turn(turn).view().id;
        const auto run = [this, id](const Control& control) {
            if (const int index = list.indexOf(id); index >= 0) {
                activate(index, control);
            }
        };
        menu.addSeparator();
        const Control copyTurn{.kind = ControlKind::kCopy};
        menu.addAction(icon(Icon::kCopy), TurnWords::control(copyTurn, list.turn(turn).view(), false), q,
                       [=] { run(copyTurn); });
        const markdown::Blocks& blocks = list.turn(turn).blocks(hit.position.part);
        if (hit.position.isValid() && hit.position.block < blocks.size() &&
            blocks.at(hit.position.block).kind == markdown::BlockKind::kCode) {
            const Control code{ControlKind::kCopyCode, hit.position.part, hit.position.block, -1};
            menu.addAction(icon(Icon::kCopy), TurnWords::control(code, list.turn(turn).view(), false), q,
                           [=] { run(code); });
            const Control save{ControlKind::kSaveCode, hit.position.part, hit.position.block, -1};
            menu.addAction(icon(Icon::kImport), TurnWords::control(save, list.turn(turn).view(), false), q,
                           [=] { run(save); });
        }
        if (hit.control && hit.control->kind == ControlKind::kLink && !noteOf(turn, *hit.control)) {
            const QString address = list.turn(turn).addressOf(*hit.control);
            menu.addAction(icon(Icon::kCopy), TranscriptView::tr("Copy link address"), q,
                           [address] { QGuiApplication::clipboard()->setText(address); });
        }
    }
    menu.exec(global);
}

bool TranscriptView::Private::toolTip(QHelpEvent* event) {
    const Hit hit = hitTest(event->pos());
    if (!hit.control || (hit.turn != hoveredTurn && hit.turn != focusedTurn)) {
        QToolTip::hideText();
        return false;
    }
    Turn& turn = list.turn(hit.turn);
    QString text;
    switch (hit.control->kind) {
    case ControlKind::kLink:
        if (const auto note = noteOf(hit.turn, *hit.control)) {
            text = noteToolTip(hit.turn, *hit.control, *note);
        } else {
            text = addressToolTip(turn.addressOf(*hit.control));
        }
        break;
    case ControlKind::kRetry:
    case ControlKind::kChooseModel:
    case ControlKind::kDisclosure:
    case ControlKind::kContinue:
    case ControlKind::kShowSummary:
    case ControlKind::kUndoSummary:
        return false; // they carry their words
    default:
        text = TurnWords::control(*hit.control, turn.view(), turn.isReasoningOpen());
        break;
    }
    const QRectF rect = turn.rectOf(*hit.control).translated(list.origin(hit.turn)).translated(0, -value());
    QToolTip::showText(event->globalPos(), text, q->viewport(), rect.toAlignedRect());
    return true;
}

} // namespace alcuin::ui
