#include "chat/accessibility/turn_accessible.h"

#include "chat/layout/turn_words.h"

#include <algorithm>

namespace alcuin::ui {

TurnAccessible::TurnAccessible(TranscriptView* view, const QUuid& id) : m_view(view), m_id(id) {}

TurnAccessible::~TurnAccessible() {
    for (const auto& entry : m_controls) {
        QAccessible::deleteAccessibleInterface(entry.second);
    }
}

TranscriptAccess::State& TurnAccessible::view() const {
    return TranscriptAccess::of(*m_view);
}

int TurnAccessible::turnIndex() const {
    return m_view ? view().list.indexOf(m_id) : -1;
}

bool TurnAccessible::isValid() const {
    return turnIndex() >= 0;
}

QObject* TurnAccessible::object() const {
    return nullptr;
}

QAccessibleInterface* TurnAccessible::parent() const {
    return m_view ? QAccessible::queryAccessibleInterface(m_view) : nullptr;
}

QAccessibleInterface* TurnAccessible::controlInterface(const Control& control) const {
    for (const auto& entry : m_controls) {
        if (entry.first == control) {
            return QAccessible::accessibleInterface(entry.second);
        }
    }
    auto* self = const_cast<TurnAccessible*>(this);
    auto* made = new ControlAccessible(m_view, m_id, control, QAccessible::uniqueId(self));
    m_controls.emplace_back(control, QAccessible::registerAccessibleInterface(made));
    return made;
}

QAccessibleInterface* TurnAccessible::child(int index) const {
    const int turn = turnIndex();
    if (turn < 0) {
        return nullptr;
    }
    const QList<Control> controls = view().list.turn(turn).controls();
    return index >= 0 && index < controls.size() ? controlInterface(controls.at(index)) : nullptr;
}

int TurnAccessible::childCount() const {
    const int turn = turnIndex();
    return turn < 0 ? 0 : int(view().list.turn(turn).controls().size());
}

int TurnAccessible::indexOfChild(const QAccessibleInterface* child) const {
    const int count = childCount();
    for (int i = 0; i < count; ++i) {
        if (this->child(i) == child) {
            return i;
        }
    }
    return -1;
}

QAccessibleInterface* TurnAccessible::childAt(int x, int y) const {
    const int count = childCount();
    for (int i = 0; i < count; ++i) {
        if (QAccessibleInterface* found = child(i); found->rect().contains(x, y)) {
            return found;
        }
    }
    return nullptr;
}

QString TurnAccessible::text(QAccessible::Text kind) const {
    const int turn = turnIndex();
    if (turn < 0) {
        return {};
    }
    const Turn& item = view().list.turn(turn);
    switch (kind) {
    case QAccessible::Name:
        return TurnWords::speaker(item.view());
    case QAccessible::Value:
        return wholeText();
    case QAccessible::Description: {
        QStringList words;
        if (!item.view().reasoning.isEmpty()) {
            words += item.reasoningText();
        }
        if (item.view().state == app::MessageState::kFailed) {
            words += TurnWords::errorTitle(item.view());
            words += TurnWords::errorText(item.view());
        }
        words += TurnWords::ending(item.view());
        words += item.isQuestion() ? QString() : item.footerText();
        words.removeAll(QString());
        return words.join(QLatin1String(". "));
    }
    default:
        return {};
    }
}

void TurnAccessible::setText(QAccessible::Text, const QString&) {}

QRect TurnAccessible::rect() const {
    const int turn = turnIndex();
    if (turn < 0) {
        return {};
    }
    const TurnList& list = view().list;
    const QPointF top = list.origin(turn) - QPointF(0, view().value());
    return {m_view->viewport()->mapToGlobal(top.toPoint()),
            QSize(int(list.columnWidth()), int(list.turn(turn).height()))};
}

QAccessible::Role TurnAccessible::role() const {
    return QAccessible::ListItem;
}

QAccessible::State TurnAccessible::state() const {
    QAccessible::State state;
    const int turn = turnIndex();
    if (turn < 0) {
        state.invalid = true;
        return state;
    }
    state.focusable = true;
    state.readOnly = true;
    state.multiLine = true;
    state.selectableText = true;
    state.busy = view().list.turn(turn).isStreaming();
    state.focused = m_view->hasFocus() && view().focusedTurn == turn && !view().focused;
    state.offscreen = !rect().intersects(QRect(m_view->viewport()->mapToGlobal(QPoint()), m_view->viewport()->size()));
    return state;
}

void* TurnAccessible::interface_cast(QAccessible::InterfaceType type) {
    return type == QAccessible::TextInterface ? static_cast<QAccessibleTextInterface*>(this) : nullptr;
}

QString TurnAccessible::wholeText() const {
    const int turn = turnIndex();
    return turn < 0 ? QString() : view().list.turn(turn).plainText();
}

void TurnAccessible::selection(int, int* start, int* end) const {
    *start = *end = 0;
}

int TurnAccessible::selectionCount() const {
    return 0;
}

void TurnAccessible::addSelection(int, int) {}

void TurnAccessible::removeSelection(int) {}

void TurnAccessible::setSelection(int, int, int) {}

int TurnAccessible::cursorPosition() const {
    return 0;
}

void TurnAccessible::setCursorPosition(int) {}

QString TurnAccessible::text(int start, int end) const {
    return wholeText().mid(start, end - start);
}

int TurnAccessible::characterCount() const {
    return int(wholeText().size());
}

QRect TurnAccessible::characterRect(int) const {
    return rect();
}

int TurnAccessible::offsetAtPoint(const QPoint&) const {
    return -1;
}

void TurnAccessible::scrollToSubstring(int, int) {
    if (const int turn = turnIndex(); turn >= 0) {
        view().focusOn(turn, std::nullopt);
    }
}

QString TurnAccessible::attributes(int, int* start, int* end) const {
    *start = 0;
    *end = characterCount();
    return {};
}

} // namespace alcuin::ui
