#include "chat/accessibility/turn_accessible.h"

#include "chat/layout/turn_words.h"

namespace alcuin::ui {

ControlAccessible::ControlAccessible(TranscriptView* view, const QUuid& turn, const Control& control,
                                     QAccessible::Id parent)
    : m_view(view), m_turn(turn), m_control(control), m_parent(parent) {}

int ControlAccessible::turnIndex() const {
    return m_view ? TranscriptAccess::of(*m_view).list.indexOf(m_turn) : -1;
}

bool ControlAccessible::isValid() const {
    return turnIndex() >= 0;
}

QObject* ControlAccessible::object() const {
    return nullptr;
}

QAccessibleInterface* ControlAccessible::parent() const {
    return QAccessible::accessibleInterface(m_parent);
}

QAccessibleInterface* ControlAccessible::child(int) const {
    return nullptr;
}

int ControlAccessible::childCount() const {
    return 0;
}

int ControlAccessible::indexOfChild(const QAccessibleInterface*) const {
    return -1;
}

QAccessibleInterface* ControlAccessible::childAt(int, int) const {
    return nullptr;
}

QString ControlAccessible::text(QAccessible::Text kind) const {
    const int index = turnIndex();
    if (index < 0) {
        return {};
    }
    Turn& turn = TranscriptAccess::of(*m_view).list.turn(index);
    if (const auto note = TranscriptAccess::of(*m_view).noteOf(index, m_control)) {
        if (kind == QAccessible::Name) {
            return note->back ? TranscriptView::tr("Back to the text")
                              : TranscriptView::tr("Note %1").arg(note->number);
        }
        return kind == QAccessible::Description && !note->back
                   ? TranscriptAccess::of(*m_view).noteText(index, m_control.part, note->number)
                   : QString();
    }
    if (m_control.kind == ControlKind::kLink) {
        if (kind == QAccessible::Description || kind == QAccessible::Help) {
            return turn.addressOf(m_control);
        }
        const markdown::Blocks& blocks = turn.blocks(m_control.part);
        Flow* flow = turn.flow(m_control.part);
        if (kind != QAccessible::Name || flow == nullptr || m_control.block >= blocks.size()) {
            return {};
        }
        const TextRange range = flow->ensured(m_control.block).box->linkRange(m_control.link);
        return markdown::flatText(blocks.at(m_control.block)).mid(range.from, range.to - range.from);
    }
    return kind == QAccessible::Name ? TurnWords::control(m_control, turn.view(), turn.isReasoningOpen()) : QString();
}

void ControlAccessible::setText(QAccessible::Text, const QString&) {}

QRect ControlAccessible::rect() const {
    const int index = turnIndex();
    if (index < 0) {
        return {};
    }
    TranscriptAccess::State& view = TranscriptAccess::of(*m_view);
    const QRectF rect = view.list.turn(index).rectOf(m_control).translated(view.list.origin(index));
    const QRect local = rect.translated(0, -view.value()).toAlignedRect();
    return {m_view->viewport()->mapToGlobal(local.topLeft()), local.size()};
}

QAccessible::Role ControlAccessible::role() const {
    return m_control.kind == ControlKind::kLink ? QAccessible::Link : QAccessible::Button;
}

QAccessible::State ControlAccessible::state() const {
    QAccessible::State state;
    const int index = turnIndex();
    if (index < 0) {
        state.invalid = true;
        return state;
    }
    const TranscriptAccess::State& view = TranscriptAccess::of(*m_view);
    state.focusable = true;
    state.focused = m_view->hasFocus() && view.focusedTurn == index && view.focused == m_control;
    state.disabled = !view.isEnabled(index, m_control);
    if (m_control.kind == ControlKind::kDisclosure) {
        state.expandable = true;
        state.expanded = view.list.turn(index).isReasoningOpen();
        state.collapsed = !state.expanded;
    }
    return state;
}

void* ControlAccessible::interface_cast(QAccessible::InterfaceType type) {
    return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this) : nullptr;
}

QStringList ControlAccessible::actionNames() const {
    return {pressAction(), setFocusAction()};
}

void ControlAccessible::doAction(const QString& name) {
    const int index = turnIndex();
    if (index < 0) {
        return;
    }
    TranscriptAccess::State& view = TranscriptAccess::of(*m_view);
    if (name == pressAction()) {
        view.activate(index, m_control);
    } else if (name == setFocusAction()) {
        m_view->setFocus(Qt::OtherFocusReason);
        view.focusOn(index, m_control);
    }
}

QStringList ControlAccessible::keyBindingsForAction(const QString&) const {
    return {};
}

} // namespace alcuin::ui
