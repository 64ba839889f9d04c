#pragma once

#include <QAccessible>
#include <QElapsedTimer>
#include <QHash>
#include <QPointer>
#include <QSet>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

#include "chat/accessibility/sentences.h"
#include "chat/export/transfer.h"
#include "chat/interaction/position.h"
#include "chat/layout/turn_list.h"
#include "chat/transcript_view.h"

class QHelpEvent;
class QKeyEvent;
class QMouseEvent;
class QPainter;
class QWheelEvent;

namespace alcuin::ui {

class FindSession;

/// The view's state and what it does, in the files of interaction/ and paint/. Coordinates: `content` has its origin
/// at the top of the first turn's margin, `viewport` at what is seen.
struct TranscriptView::Private : QAccessible::ActivationObserver {
    Private(TranscriptView* view, const Theme& theme);
    ~Private() override;

    void accessibilityActiveChanged(bool active) override;

    // Layout and scrolling (interaction/scrolling.cpp)
    struct Anchor {
        QUuid turn;
        Part part = Part::kAnswer;
        int block = -1;   ///< -1: the turn's own top
        double shown = 0; ///< where it stood in the viewport
    };
    void relook();
    void resized();
    double inset() const;
    /// Changes something that may move the text; what is seen stays where it is, or the end stays in view.
    void change(const std::function<void()>& edit);
    void settle();
    void updateScrollBar();
    void setValue(double value);
    double value() const;
    double maximum() const;
    std::optional<Anchor> captureAnchor() const;
    void restore(const Anchor& kept);
    void userScrolled();
    void scrollBy(double pixels);
    void showRect(const QRectF& content);
    void noteEnd();
    void flush();
    bool wheel(QWheelEvent* event);
    bool wheelSideways(const Hit& hit, double pixels);

    // Pointer (interaction/pointer.cpp)
    Hit hitTest(QPointF viewport);
    void mousePress(QMouseEvent* event);
    void mouseDoubleClick(QMouseEvent* event);
    void mouseMove(QMouseEvent* event);
    void mouseRelease(QMouseEvent* event);
    void hoverAt(QPointF viewport);
    void leave();
    void dragTo(QPointF viewport);
    void autoScroll();
    SideScroll* sideScrollAt(const Position& position);

    // Selection (interaction/selecting.cpp)
    enum class Unit { kCharacter, kWord, kBlock };
    TextRange selectionIn(int turn, Part part, int block) const;
    void select(const Position& anchor, const Position& cursor);
    std::pair<Position, Position> unitAround(const Position& position, Unit unit);
    void extendTo(const Position& position);
    void clearSelection();
    /// Before other turns are shown: what is selected and focused stays so where the turns up to there stay.
    void keepPlaces(const QList<app::MessageView>& path);
    Position endPosition();
    QString selectedText();
    bool hasSelection() const {
        return anchor.isValid() && cursor.isValid() && anchor != cursor;
    }

    // Copying (interaction/copying.cpp)
    struct Taken;
    QList<Taken> takenBlocks();
    QString markdownOf(const Taken& taken);
    Transfer selectionTransfer();
    Transfer turnTransfer(int turn);
    void copyTransfer(const Transfer& transfer);

    // Finding (interaction/finding.cpp)
    FindSession& finding();
    void showText(const Position& position, TextRange range, double covered);

    // Keyboard (interaction/keyboard.cpp)
    bool keyPress(QKeyEvent* event);
    bool moveFocus(bool forward);
    void focusOn(int turn, const std::optional<Control>& control);

    // Footnotes (interaction/notes.cpp)
    std::optional<markdown::NoteLink> noteOf(int turn, const Control& control);
    /// Goes to the other end of a footnote's link; false for other controls.
    bool followNote(int turn, const Control& control);
    void showNote(int turn, Part part, int number);
    QString noteText(int turn, Part part, int number);
    QString noteToolTip(int turn, const Control& control, const markdown::NoteLink& note);

    // What controls do (interaction/actions.cpp)
    bool isEnabled(int turn, const Control& control) const;
    void activate(int turn, const Control& control);
    void copied(int turn, const Control& control);
    void saveCode(const markdown::Block& block);
    void toggleReasoning(int turn);
    void switchBranch(int turn, int step);
    QRect areaOf(int turn, const Control& control); ///< in the viewport
    void markSummaries();
    void showContextMenu(QPointF viewport, QPoint global);
    bool toolTip(QHelpEvent* event);

    void paint(QPainter& painter, const QRect& region);
    void announce(int turn, bool finished);

    TranscriptView* q;
    const Theme& theme;
    std::shared_ptr<const Look> look;
    TurnList list;
    bool actionsEnabled = true;
    QHash<QUuid, Summarised> summarised; ///< messages up to which something else stands for the turns

    bool follow = true;
    bool settingScroll = false;
    bool settling = false;
    bool resizedWhileSettling = false;
    double laidWidth = -1; ///< of the view when the turns were last set
    double laidInset = 0;
    bool wasAtEnd = true;
    double wheelRest = 0;
    QTimer flushTimer;
    double lastFlushMs = 0;

    Position anchor;
    Position cursor;
    std::pair<Position, Position> anchorUnit; ///< the word or block the selection began with
    Unit unit = Unit::kCharacter;
    bool selecting = false;
    QPointF pressPoint;
    QPointF lastPoint;
    QElapsedTimer sinceDoubleClick;
    QTimer autoScrollTimer;

    int hoveredTurn = -1;
    std::optional<Control> hovered;
    std::optional<std::pair<Part, int>> hoveredScroll;
    int pressedTurn = -1;
    std::optional<Control> pressed;
    Position scrollDrag; ///< the block whose bar is held
    double scrollGrab = 0;

    int focusedTurn = -1;
    std::optional<Control> focused;

    QUuid doneTurn;
    std::optional<Control> done;
    QTimer doneTimer;

    std::unique_ptr<FindSession> find; ///< from the first time on that something is looked for

    bool listened = QAccessible::isActive(); ///< a screen reader is there
    /// Where announcements go. Qt itself drops them where the platform has no screen reader.
    std::function<void(QAccessibleEvent&)> tell = [](QAccessibleEvent& event) {
        QAccessible::updateAccessibility(&event);
    };
    QHash<QUuid, Said> announced; ///< of each answer being written: what a screen reader was told
};

/// Reaches a view's inside, for the accessibility tree and tests.
struct TranscriptAccess {
    using State = TranscriptView::Private;

    static State& of(const TranscriptView& view) {
        return *view.d;
    }
};

} // namespace alcuin::ui
