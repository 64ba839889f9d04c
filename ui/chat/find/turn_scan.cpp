#include "chat/find/turn_scan.h"

#include "chat/markdown/parser.h"

#include <algorithm>

namespace alcuin::ui {

namespace {
constexpr qsizetype kPiece = 16384; ///< characters read at once: well below a millisecond of parsing
}

/// Pieces grow with the text, so that one whose beginning can't be closed isn't parsed again for every piece.
bool TurnScan::read(markdown::StreamingDocument& document, const QString& text, qsizetype& at) const {
    const qsizetype size = std::max(kPiece, at / 4);
    document.append(text.mid(at, size));
    at += size;
    if (at < text.size()) {
        return false;
    }
    document.finish();
    return true;
}

bool TurnScan::step() {
    if (m_view.role == app::Role::kUser) {
        m_typed = markdown::parseTyped(m_view.text);
        return true;
    }
    if (m_reasoningAt < m_view.reasoning.size() && !read(m_reasoning, m_view.reasoning, m_reasoningAt)) {
        return false;
    }
    return m_answerAt >= m_view.text.size() || read(m_answer, m_view.text, m_answerAt);
}

} // namespace alcuin::ui
