#pragma once

#include <QAccessible>
#include <QPointer>
#include <QUuid>

#include <vector>

#include "chat/layout/control.h"
#include "chat/transcript_private.h"

namespace alcuin::ui {

/// A turn: a list item that can be read, and whose children are what can be pressed in it.
class TurnAccessible : public QAccessibleInterface, public QAccessibleTextInterface {
public:
    TurnAccessible(TranscriptView* view, const QUuid& id);
    ~TurnAccessible() override;

    bool isValid() const override;
    QObject* object() const override;
    QAccessibleInterface* parent() const override;
    QAccessibleInterface* child(int index) const override;
    int childCount() const override;
    int indexOfChild(const QAccessibleInterface* child) const override;
    QAccessibleInterface* childAt(int x, int y) const override;
    QString text(QAccessible::Text kind) const override;
    void setText(QAccessible::Text kind, const QString& text) override;
    QRect rect() const override;
    QAccessible::Role role() const override;
    QAccessible::State state() const override;
    void* interface_cast(QAccessible::InterfaceType type) override;

    void selection(int index, int* start, int* end) const override;
    int selectionCount() const override;
    void addSelection(int start, int end) override;
    void removeSelection(int index) override;
    void setSelection(int index, int start, int end) override;
    int cursorPosition() const override;
    void setCursorPosition(int position) override;
    QString text(int start, int end) const override;
    int characterCount() const override;
    QRect characterRect(int offset) const override;
    int offsetAtPoint(const QPoint& point) const override;
    void scrollToSubstring(int start, int end) override;
    QString attributes(int offset, int* start, int* end) const override;

    /// -1 when the turn is gone.
    int turnIndex() const;
    QAccessibleInterface* controlInterface(const Control& control) const;

private:
    TranscriptAccess::State& view() const;
    QString wholeText() const;

    QPointer<TranscriptView> m_view;
    QUuid m_id;
    mutable std::vector<std::pair<Control, QAccessible::Id>> m_controls;
};

/// A button or link in a turn.
class ControlAccessible : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    ControlAccessible(TranscriptView* view, const QUuid& turn, const Control& control, QAccessible::Id parent);

    bool isValid() const override;
    QObject* object() const override;
    QAccessibleInterface* parent() const override;
    QAccessibleInterface* child(int index) const override;
    int childCount() const override;
    int indexOfChild(const QAccessibleInterface* child) const override;
    QAccessibleInterface* childAt(int x, int y) const override;
    QString text(QAccessible::Text kind) const override;
    void setText(QAccessible::Text kind, const QString& text) override;
    QRect rect() const override;
    QAccessible::Role role() const override;
    QAccessible::State state() const override;
    void* interface_cast(QAccessible::InterfaceType type) override;

    QStringList actionNames() const override;
    void doAction(const QString& name) override;
    QStringList keyBindingsForAction(const QString& name) const override;

private:
    int turnIndex() const;

    QPointer<TranscriptView> m_view;
    QUuid m_turn;
    Control m_control;
    QAccessible::Id m_parent;
};

} // namespace alcuin::ui
