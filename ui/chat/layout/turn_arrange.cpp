#include "chat/layout/turn_content.h"
#include "chat/layout/turn_measures.h"
#include "chat/layout/turn_words.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace alcuin::ui {

void Turn::arrange() {
    m_frame = TurnFrame{};
    if (isQuestion()) {
        arrangeQuestion();
    } else {
        arrangeActions(arrangeAnswer(0));
    }
    arrangeSummary();
    m_frame.height = std::ceil(m_frame.height);
}

void Turn::arrangeQuestion() {
    const Flow& flow = m_content->answer;
    const double files = arrangeFiles(std::floor(0.8 * m_width) - 2 * Space::k4);
    double inner = flow.count() > 0 ? flow.item(0).width : 1;
    for (const QRectF& file : m_frame.files) {
        inner = std::max(inner, file.right()); // from the text's side, so far
    }
    const double width = std::min(inner + 2 * Space::k4, m_width);
    const double left = m_look->isRightToLeft() ? 0 : m_width - width;
    const double gap = files > 0 && flow.height() > 0 ? Space::k2 : 0;
    m_frame.card = QRectF(left, 0, width, flow.height() + gap + files + 2 * Space::k2 + Space::k1);
    m_frame.answer = QPointF(left + Space::k4, Space::k2 + 2);
    for (QRectF& file : m_frame.files) {
        const double x =
            m_look->isRightToLeft() ? left + width - Space::k4 - file.right() : left + Space::k4 + file.x();
        file.moveTo(x, m_frame.answer.y() + flow.height() + gap + file.y());
    }
    arrangeActions(m_frame.card.bottom());
}

double Turn::arrangeAnswer(double y) {
    const Look& look = *m_look;
    const bool mirrored = look.isRightToLeft();
    if (!m_view.reasoning.isEmpty()) {
        const double width = std::min(m_width, disclosureTextWidth() + look.target + Space::k2);
        m_frame.disclosure = QRectF(mirrored ? m_width - width : 0, y, width, look.target);
        y += look.target + Space::k1;
        if (m_open) {
            m_frame.reasoning = QPointF(isReasoningMirrored() ? 0 : Space::k4, y);
            y += m_content->reasoning.height() + Space::k3;
        }
    }
    m_frame.answer = QPointF(0, y);
    y += m_content->answer.height();
    const QString ending = TurnWords::ending(m_view);
    m_content->ending.reset();
    if (!ending.isEmpty()) {
        const bool caution = m_view.state == app::MessageState::kContextFull;
        m_content->ending = laidLabel(ending, look, caution ? look.colors.caution : look.colors.ink2);
        y += m_view.text.isEmpty() ? 0 : Space::k3;
        const double height = m_content->ending->layout(m_width);
        m_frame.ending = QRectF(0, y, m_width, height);
        y += height;
    }
    if (m_view.state == app::MessageState::kFailed) {
        y = arrangeError(y + (m_view.text.isEmpty() ? 0 : Space::k3));
    }
    // The footer's line is there from the first moment on, so that nothing moves when the figures come.
    const double line = look.label(look.colors.ink3).lineHeight;
    if (isStreaming() || !footerText().isEmpty()) {
        y += y > 0 ? Space::k2 : 0;
        m_frame.footer = QRectF(0, y, m_width, line);
        y += line;
    }
    return arrangeProceed(y);
}

double Turn::arrangeError(double y) {
    const Look& look = *m_look;
    const bool mirrored = look.isRightToLeft();
    const double icon = Space::k4 + look.icon + Space::k2;
    const double inner = std::max(1.0, m_width - icon - Space::k4);
    m_content->error = laidLabel(TurnWords::errorText(m_view), look, look.colors.ink2);
    const double text = m_content->error->layout(inner);
    const double title = std::ceil(QFontMetricsF(look.control).height());
    const double button = std::max(look.target, std::ceil(title + Space::k2));
    const double height = Space::k3 + title + Space::k1 + text + Space::k3 + button + Space::k4;
    m_frame.error = QRectF(0, y, m_width, height);
    const double left = mirrored ? Space::k4 : icon;
    m_frame.errorText = QPointF(left, y + Space::k3 + title + Space::k1);
    const double top = m_frame.errorText.y() + text + Space::k3;
    const auto width = [&](ControlKind kind) {
        return textWidth(look.control, TurnWords::control({.kind = kind}, m_view, m_open)) + 2 * Space::k3;
    };
    const double retry = width(ControlKind::kRetry);
    const double choose = width(ControlKind::kChooseModel);
    const double right = m_width - icon;
    m_frame.retry = QRectF(mirrored ? right - retry : left, top, retry, button);
    m_frame.chooseModel =
        QRectF(mirrored ? right - retry - Space::k2 - choose : left + retry + Space::k2, top, choose, button);
    return m_frame.error.bottom();
}

void Turn::arrangeActions(double y) {
    const Look& look = *m_look;
    const double row = std::max(look.target, look.label(look.colors.ink3).lineHeight);
    QList<QRectF*> cells;
    const bool branches = m_view.siblings.size() > 1;
    QList<double> widths;
    const auto add = [&](QRectF& rect, double width) {
        cells.append(&rect);
        widths.append(width);
    };
    if (!isStreaming() && branches) {
        add(m_frame.previous, look.target);
        add(m_frame.branch, textWidth(look.secondary, TurnWords::branch(m_view)) + Space::k1);
        add(m_frame.next, look.target);
    }
    if (!isStreaming() && m_view.role != app::Role::kSystem) {
        add(m_frame.copy, look.target);
        add(m_frame.edit, look.target);
        if (!isQuestion()) {
            add(m_frame.again, look.target);
            add(m_frame.againWith, look.target);
            add(m_frame.details, look.target);
        }
    }
    double total = 0;
    for (const double width : widths) {
        total += width;
    }
    // The icons' strokes, not their hit targets, stand flush with the text.
    const double bleed = (look.target - look.icon) / 2 + 2;
    const bool atRight = isQuestion() != look.isRightToLeft();
    double x = atRight ? m_width + bleed - total : -bleed;
    if (look.isRightToLeft()) {
        std::ranges::reverse(cells);
        std::ranges::reverse(widths);
    }
    const double top = y + (isQuestion() ? Space::k1 : 2);
    for (qsizetype i = 0; i < cells.size(); ++i) {
        *cells[i] = QRectF(x, top, widths[i], row);
        x += widths[i];
    }
    m_frame.height = top + row + (isQuestion() ? Space::k1 : Space::k3);
}

double Turn::disclosureTextWidth() const {
    return textWidth(m_look->secondary, reasoningText());
}

bool Turn::isReasoningMirrored() const {
    return directionOf(m_view.reasoning, m_look->direction) == Qt::RightToLeft;
}

QString Turn::reasoningText() const {
    return TurnWords::reasoning(m_view);
}

QString Turn::footerText() const {
    return TurnWords::footer(m_view, m_readingDone, m_readingTotal);
}

const LaidText* Turn::endingText() const {
    return m_content && m_content->ending ? &*m_content->ending : nullptr;
}

const LaidText* Turn::errorText() const {
    return m_content && m_content->error ? &*m_content->error : nullptr;
}

} // namespace alcuin::ui
