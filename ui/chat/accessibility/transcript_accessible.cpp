#include "chat/accessibility/transcript_accessible.h"

#include "chat/accessibility/sentences.h"
#include "chat/accessibility/turn_accessible.h"

#include <QAccessibleWidget>
#include <QHash>

namespace alcuin::ui {

namespace {

/// The view: a list whose children are turns, made when a reader asks for them and kept by their message's id.
class TranscriptAccessible : public QAccessibleWidget {
public:
    explicit TranscriptAccessible(TranscriptView* view) : QAccessibleWidget(view, QAccessible::List), m_view(view) {}

    ~TranscriptAccessible() override {
        for (const QAccessible::Id id : std::as_const(m_turns)) {
            QAccessible::deleteAccessibleInterface(id);
        }
    }

    QString text(QAccessible::Text kind) const override {
        return kind == QAccessible::Name ? m_view->accessibleName() : QAccessibleWidget::text(kind);
    }

    int childCount() const override {
        return list().count();
    }

    QAccessibleInterface* child(int index) const override {
        if (index < 0 || index >= list().count()) {
            return nullptr;
        }
        const QUuid id = list().turn(index).view().id;
        if (const auto known = m_turns.constFind(id); known != m_turns.constEnd()) {
            return QAccessible::accessibleInterface(*known);
        }
        auto* made = new TurnAccessible(m_view, id);
        m_turns.insert(id, QAccessible::registerAccessibleInterface(made));
        return made;
    }

    int indexOfChild(const QAccessibleInterface* child) const override {
        const auto* turn = dynamic_cast<const TurnAccessible*>(child);
        return turn != nullptr ? turn->turnIndex() : -1;
    }

    QAccessibleInterface* childAt(int x, int y) const override {
        const QPoint local = m_view->viewport()->mapFromGlobal(QPoint(x, y));
        if (!m_view->viewport()->rect().contains(local)) {
            return nullptr;
        }
        return child(list().indexAt(local.y() + TranscriptAccess::of(*m_view).value()));
    }

    QAccessibleInterface* focusChild() const override {
        const TranscriptAccess::State& view = TranscriptAccess::of(*m_view);
        QAccessibleInterface* turn = m_view->hasFocus() ? child(view.focusedTurn) : nullptr;
        if (turn != nullptr && view.focused) {
            return static_cast<TurnAccessible*>(turn)->controlInterface(*view.focused);
        }
        return turn;
    }

    /// Forgets the turns that are no longer shown.
    void prune() {
        for (auto entry = m_turns.begin(); entry != m_turns.end();) {
            if (list().indexOf(entry.key()) < 0) {
                QAccessible::deleteAccessibleInterface(*entry);
                entry = m_turns.erase(entry);
            } else {
                ++entry;
            }
        }
    }

private:
    const TurnList& list() const {
        return TranscriptAccess::of(*m_view).list;
    }

    TranscriptView* m_view;
    mutable QHash<QUuid, QAccessible::Id> m_turns;
};

QAccessibleInterface* makeInterface(const QString&, QObject* object) {
    auto* view = qobject_cast<TranscriptView*>(object);
    return view != nullptr ? new TranscriptAccessible(view) : nullptr;
}

TranscriptAccessible* interfaceOf(TranscriptView& view) {
    return TranscriptAccess::of(view).listened
               ? dynamic_cast<TranscriptAccessible*>(QAccessible::queryAccessibleInterface(&view))
               : nullptr;
}

} // namespace

void installTranscriptAccessibility() {
    QAccessible::installFactory(makeInterface); // Qt ignores one that is installed already
}

void noteTurnsChanged(TranscriptView& view) {
    if (TranscriptAccessible* accessible = interfaceOf(view)) {
        accessible->prune();
        QAccessibleEvent event(accessible, QAccessible::ObjectReorder);
        QAccessible::updateAccessibility(&event);
    }
}

void noteFocus(TranscriptView& view, int, const std::optional<Control>&) {
    if (TranscriptAccessible* accessible = interfaceOf(view)) {
        if (QAccessibleInterface* focused = accessible->focusChild()) {
            QAccessibleEvent event(focused, QAccessible::Focus);
            QAccessible::updateAccessibility(&event);
        }
    }
}

/// New text is told by the sentence, not by the token: a reader that is interrupted ten times a second says nothing.
void TranscriptView::Private::announce(int turn, bool finished) {
    TranscriptAccessible* accessible = interfaceOf(*q);
    if (accessible == nullptr || turn >= list.count()) {
        return;
    }
    Turn& item = list.turn(turn);
    const auto known = announced.find(item.view().id);
    if (known == announced.end()) {
        return;
    }
    QAccessibleInterface* interface = accessible->child(turn);
    const int before = known->length;
    const QString text = nextToSay(item.blocks(Part::kAnswer), *known, finished);
    if (!text.trimmed().isEmpty()) {
        const int shift = item.answerOffset(); // what was thought stands before it when it is open
        QAccessibleTextInsertEvent event(interface, shift + before, text);
        tell(event);
    }
    if (finished) {
        QAccessible::State changed;
        changed.busy = true;
        QAccessibleStateChangeEvent event(interface, changed);
        tell(event);
        QAccessibleEvent end(interface, QAccessible::DescriptionChanged); // how it ended, and how fast it was
        tell(end);
        announced.erase(known);
    }
}

} // namespace alcuin::ui
