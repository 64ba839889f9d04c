#include "chat/layout/turn_content.h"
#include "chat/layout/turn_measures.h"
#include "chat/layout/turn_words.h"

#include <algorithm>
#include <cmath>

// What stands beside a turn's own words: its files, a way to go on, the line of a summary.

namespace alcuin::ui {

namespace {
constexpr double kWidestFile = 260;
} // namespace

/// Lays the files in lines from the text's side, their tops from 0 on; returns their height.
double Turn::arrangeFiles(double most) {
    double x = 0;
    double y = 0;
    const double height = std::max(m_look->target, std::ceil(QFontMetricsF(m_look->control).height() + Space::k2));
    for (const app::Attachment& file : m_view.attachments) {
        const double text = textWidth(m_look->control, file.name);
        const double width =
            std::min({Space::k2 + m_look->smallIcon + Space::k1 + text + Space::k3, kWidestFile, most});
        if (x > 0 && x + width > most) {
            x = 0;
            y += height + Space::k1;
        }
        m_frame.files.append(QRectF(x, y, width, height));
        x += width + Space::k2;
    }
    return m_view.attachments.isEmpty() ? 0 : y + height + Space::k1;
}

double Turn::arrangeProceed(double y) {
    if (!m_view.canContinue || isStreaming() || m_summarised != Summarised::kNot) {
        return y; // of what the model knows a summary of, it can't write the next word
    }
    const Look& look = *m_look;
    const double text = textWidth(look.control, TurnWords::control({.kind = ControlKind::kContinue}, m_view, m_open));
    const double width = Space::k2 + look.icon + Space::k1 + text + Space::k3;
    const double height = std::max(look.target, std::ceil(QFontMetricsF(look.control).height() + Space::k2));
    y += Space::k2;
    m_frame.proceed = QRectF(look.isRightToLeft() ? m_width - width : 0, y, width, height);
    return y + height;
}

void Turn::arrangeSummary() {
    m_content->summary.reset();
    if (m_summarised == Summarised::kNot) {
        return;
    }
    const Look& look = *m_look;
    const bool mirrored = look.isRightToLeft();
    const double icon = look.icon + Space::k2;
    m_content->summary = laidLabel(TurnWords::summarised(m_summarised), look, look.colors.ink2);
    const double top = m_frame.height + Space::k1;
    const double text = m_content->summary->layout(std::max(1.0, m_width - icon));
    const double height = std::max(look.target, std::ceil(QFontMetricsF(look.control).height() + Space::k2));
    const double buttons = top + Space::k2 + text + Space::k1;
    double x = icon;
    for (const auto& [rect, kind] : {std::pair(&m_frame.showSummary, ControlKind::kShowSummary),
                                     std::pair(&m_frame.undoSummary, ControlKind::kUndoSummary)}) {
        const double width =
            textWidth(look.control, TurnWords::control({.kind = kind}, m_view, m_open)) + 2 * Space::k3;
        *rect = QRectF(mirrored ? m_width - x - width : x, buttons, width, height);
        x += width + Space::k2;
    }
    m_frame.summary = QRectF(0, top, m_width, buttons + height + Space::k2 - top);
    m_frame.height = m_frame.summary.bottom() + Space::k4;
}

const LaidText* Turn::summaryText() const {
    return m_content && m_content->summary ? &*m_content->summary : nullptr;
}

} // namespace alcuin::ui
