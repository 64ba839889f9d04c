#include "chat/layout/turn_content.h"

namespace alcuin::ui {

QList<Control> Turn::controls() {
    load();
    QList<Control> controls;
    if (!m_view.reasoning.isEmpty() && !isQuestion()) {
        controls.append({.kind = ControlKind::kDisclosure});
    }
    for (const Part part : {Part::kReasoning, Part::kAnswer}) {
        const Flow* shown = flow(part);
        for (int block = 0; shown != nullptr && block < shown->count(); ++block) {
            const markdown::Block& content = shown->blocks().at(block);
            if (content.kind == markdown::BlockKind::kCode) {
                controls.append({ControlKind::kSaveCode, part, block, -1});
                controls.append({ControlKind::kCopyCode, part, block, -1});
            }
            const auto links = linksOf(content).size();
            for (int link = 0; link < links; ++link) {
                controls.append({ControlKind::kLink, part, block, link});
            }
        }
    }
    const auto add = [&](ControlKind kind, const QRectF& rect) {
        if (!rect.isNull()) {
            controls.append({.kind = kind});
        }
    };
    for (int file = 0; file < m_frame.files.size(); ++file) {
        controls.append({ControlKind::kFile, Part::kAnswer, -1, file});
    }
    add(ControlKind::kContinue, m_frame.proceed);
    add(ControlKind::kRetry, m_frame.retry);
    add(ControlKind::kChooseModel, m_frame.chooseModel);
    add(ControlKind::kPrevious, m_frame.previous);
    add(ControlKind::kNext, m_frame.next);
    add(ControlKind::kCopy, m_frame.copy);
    add(ControlKind::kEdit, m_frame.edit);
    add(ControlKind::kRegenerate, m_frame.again);
    add(ControlKind::kRegenerateWith, m_frame.againWith);
    add(ControlKind::kDetails, m_frame.details);
    add(ControlKind::kShowSummary, m_frame.showSummary);
    add(ControlKind::kUndoSummary, m_frame.undoSummary);
    return controls;
}

QRectF Turn::rectOf(const Control& control) {
    load();
    switch (control.kind) {
    case ControlKind::kDisclosure:
        return m_frame.disclosure;
    case ControlKind::kRetry:
        return m_frame.retry;
    case ControlKind::kChooseModel:
        return m_frame.chooseModel;
    case ControlKind::kPrevious:
        return m_frame.previous;
    case ControlKind::kNext:
        return m_frame.next;
    case ControlKind::kCopy:
        return m_frame.copy;
    case ControlKind::kEdit:
        return m_frame.edit;
    case ControlKind::kRegenerate:
        return m_frame.again;
    case ControlKind::kRegenerateWith:
        return m_frame.againWith;
    case ControlKind::kDetails:
        return m_frame.details;
    case ControlKind::kContinue:
        return m_frame.proceed;
    case ControlKind::kFile:
        return m_frame.files.value(control.link);
    case ControlKind::kShowSummary:
        return m_frame.showSummary;
    case ControlKind::kUndoSummary:
        return m_frame.undoSummary;
    case ControlKind::kLink:
    case ControlKind::kCopyCode:
    case ControlKind::kSaveCode:
        break;
    }
    Flow* shown = flow(control.part);
    if (shown == nullptr || control.block < 0 || control.block >= shown->count()) {
        return {};
    }
    const Flow::Item& item = shown->ensured(control.block);
    arrange();
    QRectF rect;
    if (control.kind == ControlKind::kCopyCode) {
        rect = item.box->copyButton();
    } else if (control.kind == ControlKind::kSaveCode) {
        rect = item.box->saveButton();
    } else {
        for (const QRectF& piece : item.box->rectsOf(item.box->linkRange(control.link))) {
            rect |= piece;
        }
    }
    return rect.isNull() ? rect : rect.translated(origin(control.part) + QPointF(item.left, item.top));
}

QRectF Turn::rectOf(Part part, int block, TextRange range) {
    load();
    Flow* shown = flow(part);
    if (shown == nullptr || block < 0 || block >= shown->count()) {
        return {};
    }
    const Flow::Item& item = shown->ensured(block);
    arrange();
    QRectF rect;
    for (const QRectF& piece : item.box->rectsOf(range)) {
        rect |= piece;
    }
    return rect.translated(origin(part) + QPointF(item.left, item.top));
}

QString Turn::addressOf(const Control& control) {
    const markdown::Blocks& shown = blocks(control.part);
    if (control.kind != ControlKind::kLink || control.block < 0 || control.block >= shown.size()) {
        return {};
    }
    return linksOf(shown.at(control.block)).value(control.link);
}

int Turn::parsedBytes() const {
    return m_content ? int(m_content->answerDocument.parsedBytes() + m_content->reasoningDocument.parsedBytes()) : 0;
}

} // namespace alcuin::ui
