#include "chat/paint/turn_painter.h"

#include "chat/layout/turn_words.h"
#include "chat/paint/pieces.h"
#include "theme/icons.h"
#include "theme/style.h"

#include <QFontMetricsF>
#include <QPainter>

namespace alcuin::ui {

namespace {

class TurnPainter {
public:
    TurnPainter(QPainter& painter, QPointF at, Turn& turn, const Look& look, const TurnPaint& state)
        : m_painter(painter), m_at(at), m_turn(turn), m_look(look), m_state(state), m_frame(turn.frame()) {}

    void paint();

private:
    void paintCard();
    void paintDisclosure();
    void paintFlow(Part part);
    void paintError();
    void paintButton(const QRectF& rect, ControlKind kind, bool primary);
    void paintActions();
    void paintFiles();
    void paintProceed();
    void paintSummary();
    void paintIconButton(const QRectF& rect, ControlKind kind, Icon icon, bool shown);
    void paintFocus();

    bool is(const std::optional<Control>& control, ControlKind kind) const {
        return control && control->kind == kind;
    }
    int blockOf(const std::optional<Control>& control, ControlKind kind, Part part) const {
        return is(control, kind) && control->part == part ? control->block : -1;
    }

    QPainter& m_painter;
    QPointF m_at;
    Turn& m_turn;
    const Look& m_look;
    const TurnPaint& m_state;
    const TurnFrame& m_frame;
};

void TurnPainter::paint() {
    m_painter.setRenderHint(QPainter::Antialiasing);
    paintCard();
    paintDisclosure();
    paintFlow(Part::kReasoning);
    paintFlow(Part::kAnswer);
    if (const LaidText* ending = m_turn.endingText()) {
        ending->paint(m_painter, m_at + m_frame.ending.topLeft(), m_state.clip, m_look.colors, {});
    }
    paintError();
    paintFiles();
    paintProceed();
    paintSummary();
    if (!m_frame.footer.isNull()) {
        paintLabel(m_painter, m_frame.footer.translated(m_at), m_turn.footerText(), m_look.secondary,
                   m_look.colors.ink3, m_look.direction);
    }
    paintActions();
    paintFocus();
}

void TurnPainter::paintCard() {
    if (m_frame.card.isNull()) {
        return;
    }
    paintGround(m_painter, m_frame.card.translated(m_at), Space::kComposerCorner, m_look.colors.surface, m_look.colors);
}

void TurnPainter::paintDisclosure() {
    if (m_frame.disclosure.isNull()) {
        return;
    }
    const QRectF line = m_frame.disclosure.translated(m_at);
    const bool mirrored = m_look.isRightToLeft();
    const QColor ink = is(m_state.hovered, ControlKind::kDisclosure) ? m_look.colors.ink : m_look.colors.ink2;
    const double width = m_turn.disclosureTextWidth() + 1;
    const QRectF label(mirrored ? line.right() - width : line.left(), line.top(), width, line.height());
    paintLabel(m_painter, label, m_turn.reasoningText(), m_look.secondary, ink, m_look.direction);
    const double arrow = 0.8 * m_look.icon;
    const QPointF center(mirrored ? label.left() - 0.75 * arrow : label.right() + 0.75 * arrow, line.center().y());
    m_painter.save();
    m_painter.translate(center);
    if (m_turn.isReasoningOpen()) {
        m_painter.rotate(mirrored ? -90 : 90);
    }
    m_painter.setLayoutDirection(m_look.direction);
    paintIcon(m_painter, Icon::kDisclosure, QRectF(-arrow / 2, -arrow / 2, arrow, arrow), ink);
    m_painter.restore();
}

void TurnPainter::paintFlow(Part part) {
    const Flow* flow = m_turn.flow(part);
    if (flow == nullptr) {
        return;
    }
    const QPointF at = m_at + m_turn.origin(part);
    if (part == Part::kReasoning) {
        const double x = m_turn.isReasoningMirrored() ? at.x() + flow->width() + Space::k4 - 1 : m_at.x();
        m_painter.fillRect(QRectF(x, at.y(), 1, flow->height()), m_look.colors.line);
    }
    Flow::PaintState state;
    state.selection = [&](int block) { return m_state.selection ? m_state.selection(part, block) : TextRange{}; };
    if (m_state.marks) {
        state.marks = [&](int block) { return m_state.marks(part, block); };
    }
    state.hoveredCopy = blockOf(m_state.hovered, ControlKind::kCopyCode, part);
    state.hoveredSave = blockOf(m_state.hovered, ControlKind::kSaveCode, part);
    state.doneCopy = blockOf(m_state.done, ControlKind::kCopyCode, part);
    if (m_state.hoveredScroll && m_state.hoveredScroll->first == part) {
        state.hoveredScroll = m_state.hoveredScroll->second;
    }
    flow->paint(m_painter, at, m_state.clip, state);
}

void TurnPainter::paintError() {
    if (m_frame.error.isNull()) {
        return;
    }
    const QRectF card = m_frame.error.translated(m_at);
    m_painter.setPen(QPen(m_look.colors.negative, 1));
    m_painter.setBrush(m_look.colors.surface);
    m_painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), Space::kCorner, Space::kCorner);
    const double title = QFontMetricsF(m_look.control).height();
    const bool mirrored = m_look.isRightToLeft();
    const double side = m_look.icon;
    const QRectF icon(mirrored ? card.right() - Space::k4 - side : card.left() + Space::k4,
                      card.top() + Space::k3 + (title - side) / 2, side, side);
    paintIcon(m_painter, Icon::kWarning, icon, m_look.colors.negative);
    QFont strong = m_look.control;
    strong.setWeight(QFont::DemiBold);
    const double left = m_at.x() + m_frame.errorText.x();
    const double right = mirrored ? card.right() - Space::k4 - side - Space::k2 : card.right() - Space::k4;
    paintLabel(m_painter, QRectF(left, card.top() + Space::k3, right - left, title),
               TurnWords::errorTitle(m_turn.view()), strong, m_look.colors.ink, m_look.direction);
    if (const LaidText* text = m_turn.errorText()) {
        text->paint(m_painter, m_at + m_frame.errorText, m_state.clip, m_look.colors, {});
    }
    paintButton(m_frame.retry, ControlKind::kRetry, true);
    paintButton(m_frame.chooseModel, ControlKind::kChooseModel, false);
}

void TurnPainter::paintButton(const QRectF& rect, ControlKind kind, bool primary) {
    const Colors& colors = m_look.colors;
    const bool enabled = !m_state.enabled || m_state.enabled({.kind = kind});
    const bool hovered = enabled && is(m_state.hovered, kind);
    const QRectF button = rect.translated(m_at).adjusted(0.5, 0.5, -0.5, -0.5);
    const QColor ink = !enabled ? colors.disabled : primary ? colors.accentInk : colors.ink;
    const QColor fill = enabled && primary ? colors.accent : colors.surface;
    m_painter.setPen(enabled && primary ? QPen(Qt::NoPen) : QPen(enabled ? colors.ink3 : colors.disabled, 1));
    m_painter.setBrush(hovered ? mixed(fill, ink, primary ? kPressedShare : kHoverShare) : fill);
    m_painter.drawRoundedRect(button, 6, 6);
    m_painter.setFont(m_look.control);
    m_painter.setPen(ink);
    m_painter.setLayoutDirection(
        directionOf(TurnWords::control({.kind = kind}, m_turn.view(), false), m_look.direction));
    m_painter.drawText(button, Qt::AlignCenter | Qt::TextSingleLine,
                       TurnWords::control({.kind = kind}, m_turn.view(), false));
}

void TurnPainter::paintFiles() {
    const Colors& colors = m_look.colors;
    for (int i = 0; i < m_frame.files.size(); ++i) {
        const QRectF chip = m_frame.files.at(i).translated(m_at).adjusted(0.5, 0.5, -0.5, -0.5);
        const bool hovered = is(m_state.hovered, ControlKind::kFile) && m_state.hovered->link == i;
        m_painter.setPen(QPen(colors.ink3, 1));
        m_painter.setBrush(hovered ? mixed(colors.raised, colors.ink, kHoverShare) : colors.raised);
        m_painter.drawRoundedRect(chip, Space::kCorner, Space::kCorner);
        const bool mirrored = m_look.isRightToLeft();
        const double side = m_look.smallIcon;
        const QRectF icon(mirrored ? chip.right() - Space::k2 - side : chip.left() + Space::k2,
                          chip.center().y() - side / 2, side, side);
        m_painter.save();
        m_painter.setLayoutDirection(m_look.direction);
        paintIcon(m_painter, Icon::kFile, icon, colors.ink2);
        m_painter.restore();
        const double start = Space::k2 + side + Space::k1;
        const QRectF text = mirrored ? chip.adjusted(Space::k2, 0, -start, 0) : chip.adjusted(start, 0, -Space::k2, 0);
        paintLabel(m_painter, text, m_turn.view().attachments.value(i).name, m_look.control, colors.ink,
                   m_look.direction);
    }
}

void TurnPainter::paintProceed() {
    if (m_frame.proceed.isNull()) {
        return;
    }
    const Colors& colors = m_look.colors;
    const Control control{.kind = ControlKind::kContinue};
    const bool enabled = !m_state.enabled || m_state.enabled(control);
    const bool hovered = enabled && is(m_state.hovered, ControlKind::kContinue);
    const QRectF button = m_frame.proceed.translated(m_at).adjusted(0.5, 0.5, -0.5, -0.5);
    const QColor ink = enabled ? colors.ink : colors.disabled;
    m_painter.setPen(QPen(enabled ? colors.ink3 : colors.disabled, 1));
    m_painter.setBrush(hovered ? mixed(colors.paper, colors.ink, kHoverShare) : colors.paper);
    m_painter.drawRoundedRect(button, 6, 6);
    const bool mirrored = m_look.isRightToLeft();
    const double side = m_look.icon;
    const QRectF icon(mirrored ? button.right() - Space::k2 - side : button.left() + Space::k2,
                      button.center().y() - side / 2, side, side);
    m_painter.save();
    m_painter.setLayoutDirection(m_look.direction);
    paintIcon(m_painter, Icon::kContinue, icon, enabled ? colors.ink2 : colors.disabled);
    m_painter.restore();
    const double start = Space::k2 + side + Space::k1;
    paintLabel(m_painter, mirrored ? button.adjusted(0, 0, -start, 0) : button.adjusted(start, 0, 0, 0),
               TurnWords::control(control, m_turn.view(), false), m_look.control, ink, m_look.direction);
}

/// Where the model's memory of the turns ends and a summary begins.
void TurnPainter::paintSummary() {
    const LaidText* text = m_turn.summaryText();
    if (m_frame.summary.isNull() || text == nullptr) {
        return;
    }
    const Colors& colors = m_look.colors;
    const QRectF place = m_frame.summary.translated(m_at);
    m_painter.fillRect(QRectF(place.left(), place.top(), place.width(), 1), colors.line);
    m_painter.fillRect(QRectF(place.left(), place.bottom() - 1, place.width(), 1), colors.line);
    const bool mirrored = m_look.isRightToLeft();
    const double side = m_look.icon;
    const QPointF at(mirrored ? place.left() : place.left() + side + Space::k2, place.top() + Space::k2);
    const double line = QFontMetricsF(m_look.secondary).height();
    paintIcon(m_painter, Icon::kCompact,
              QRectF(mirrored ? place.right() - side : place.left(), at.y() + (line - side) / 2 + 2, side, side),
              colors.ink2);
    text->paint(m_painter, at, m_state.clip, colors, {});
    paintButton(m_frame.showSummary, ControlKind::kShowSummary, false);
    paintButton(m_frame.undoSummary, ControlKind::kUndoSummary, false);
}

void TurnPainter::paintActions() {
    if (!m_frame.branch.isNull()) {
        // Which branch this is stays visible: it is a fact about the chat, not only a button.
        const QRectF place = m_frame.branch.translated(m_at);
        m_painter.setFont(m_look.secondary);
        m_painter.setPen(m_look.colors.ink3);
        m_painter.setLayoutDirection(directionOf(TurnWords::branch(m_turn.view()), m_look.direction));
        m_painter.drawText(place, Qt::AlignCenter | Qt::TextSingleLine, TurnWords::branch(m_turn.view()));
        paintIconButton(m_frame.previous, ControlKind::kPrevious, Icon::kBack, true);
        paintIconButton(m_frame.next, ControlKind::kNext, Icon::kForward, true);
    }
    const bool done = is(m_state.done, ControlKind::kCopy);
    paintIconButton(m_frame.copy, ControlKind::kCopy, done ? Icon::kCheck : Icon::kCopy, m_state.showActions || done);
    paintIconButton(m_frame.edit, ControlKind::kEdit, Icon::kEdit, m_state.showActions);
    paintIconButton(m_frame.again, ControlKind::kRegenerate, Icon::kRegenerate, m_state.showActions);
    paintIconButton(m_frame.againWith, ControlKind::kRegenerateWith, Icon::kParameters, m_state.showActions);
    paintIconButton(m_frame.details, ControlKind::kDetails, Icon::kDetails, m_state.showActions);
}

void TurnPainter::paintIconButton(const QRectF& rect, ControlKind kind, Icon icon, bool shown) {
    if (!shown || rect.isNull()) {
        return;
    }
    const Colors& colors = m_look.colors;
    const QRectF button = rect.translated(m_at);
    const bool enabled = !m_state.enabled || m_state.enabled({.kind = kind});
    QColor ink = enabled ? colors.ink3 : mixed(colors.paper, colors.ink3, 0.45); // signs are quiet already
    if (enabled && is(m_state.hovered, kind)) {
        const double share = is(m_state.pressed, kind) ? kPressedShare : kHoverShare;
        paintGround(m_painter, button, 6, mixed(colors.paper, colors.ink, share), colors);
        ink = colors.ink;
    }
    if (icon == Icon::kCheck) {
        ink = colors.positive;
    }
    m_painter.save();
    m_painter.setLayoutDirection(m_look.direction);
    paintIcon(m_painter, icon, iconRect(button, m_look.icon), ink);
    m_painter.restore();
}

void TurnPainter::paintFocus() {
    if (m_state.focused) {
        const QRectF rect = m_turn.rectOf(*m_state.focused);
        if (!rect.isNull()) {
            paintFocusRing(m_painter, rect.translated(m_at).adjusted(-2, -2, 2, 2), m_look.colors, 6);
        }
    } else if (m_state.turnFocused) {
        const QRectF whole = m_frame.card.isNull() ? QRectF(-Space::k3, -Space::k2, m_turn.width() + 2 * Space::k3,
                                                            m_frame.height - Space::k3 + Space::k2 + Space::k1)
                                                   : m_frame.card.adjusted(-4, -4, 4, 4);
        paintFocusRing(m_painter, whole.translated(m_at), m_look.colors, Space::kComposerCorner);
    }
}

} // namespace

void paintTurn(QPainter& painter, QPointF at, Turn& turn, const Look& look, const TurnPaint& state) {
    TurnPainter(painter, at, turn, look, state).paint();
}

} // namespace alcuin::ui
