#include "chat/layout/turn.h"

#include "chat/accessibility/spoken_text.h"

#include "chat/layout/turn_content.h"
#include "chat/layout/turn_words.h"
#include "chat/markdown/parser.h"

#include <algorithm>
#include <cmath>

namespace alcuin::ui {

namespace {
constexpr double kMeanAdvance = 0.52; ///< of a letter, in em: only guesses heights of turns not yet seen
} // namespace

Turn::Turn(const app::MessageView& view) : m_view(view) {}

Turn::~Turn() = default;

void Turn::update(const app::MessageView& view) {
    flush();
    const app::MessageView before = std::exchange(m_view, view);
    if (!m_content) {
        if (m_look) {
            guess();
        }
        return;
    }
    const bool grows = before.role == view.role && !m_content->ended && !isQuestion() &&
                       view.text.startsWith(before.text) && view.reasoning.startsWith(before.reasoning);
    if (!grows) {
        m_content.reset();
        load();
        return;
    }
    m_content->answerDocument.append(view.text.mid(before.text.size()));
    m_content->reasoningDocument.append(view.reasoning.mid(before.reasoning.size()));
    if (!isStreaming()) {
        m_content->answerDocument.finish();
        m_content->reasoningDocument.finish();
        m_content->ended = true;
    }
    m_content->answer.setBlocks(m_content->answerDocument.blocks());
    if (m_open) {
        m_content->reasoning.setBlocks(m_content->reasoningDocument.blocks());
    }
    arrange();
}

void Turn::setReading(qint64 done, qint64 total) {
    m_readingDone = done;
    m_readingTotal = total;
}

void Turn::append(Part part, const QString& text) {
    (part == Part::kAnswer ? m_pendingAnswer : m_pendingReasoning) += text;
}

bool Turn::flush() {
    if (m_pendingAnswer.isEmpty() && m_pendingReasoning.isEmpty()) {
        return false;
    }
    const QString answer = std::exchange(m_pendingAnswer, QString());
    const QString reasoning = std::exchange(m_pendingReasoning, QString());
    m_view.text += answer;
    m_view.reasoning += reasoning;
    if (!m_content) {
        if (m_look) {
            guess();
        }
        return true;
    }
    Content& content = *m_content;
    if (!answer.isEmpty()) {
        const int kept = content.answerDocument.finishedCount();
        content.answerDocument.append(answer);
        content.answer.setBlocks(content.answerDocument.blocks(), kept);
    }
    if (!reasoning.isEmpty()) {
        const int kept = content.reasoningDocument.finishedCount();
        content.reasoningDocument.append(reasoning);
        if (m_open) {
            content.reasoning.setBlocks(content.reasoningDocument.blocks(), kept);
        }
    }
    arrange();
    return true;
}

void Turn::setLook(const std::shared_ptr<const Look>& look, double width) {
    m_look = look;
    m_width = width;
    if (!m_content) {
        guess();
        return;
    }
    m_content->answer.setFrame(*m_look, isQuestion() ? Place::kQuestion : Place::kAnswer, width);
    m_content->reasoning.setFrame(*m_look, Place::kReasoning, std::max(1.0, width - Space::k4));
    if (isQuestion()) {
        layQuestion();
    }
    arrange();
}

void Turn::guess() {
    const double width = isQuestion() ? 0.8 * m_width - 2 * Space::k4 : m_width;
    const double line = m_look->lineHeight(isQuestion() ? Place::kQuestion : Place::kAnswer);
    const double perLine = std::max(1.0, width / (kMeanAdvance * m_look->em));
    const double lines = std::ceil(double(m_view.text.size()) / perLine) + 0.7 * double(m_view.text.count(u'\n'));
    m_frame = TurnFrame{};
    m_frame.height = std::ceil(lines * line) + 2 * m_look->target + Space::k6;
}

void Turn::load() {
    if (m_content || !m_look) {
        return;
    }
    m_content = std::make_unique<Content>();
    Content& content = *m_content;
    content.answer.setFrame(*m_look, isQuestion() ? Place::kQuestion : Place::kAnswer, m_width);
    content.reasoning.setFrame(*m_look, Place::kReasoning, std::max(1.0, m_width - Space::k4));
    if (isQuestion()) {
        content.answer.setBlocks(markdown::parseTyped(m_view.text));
        content.ended = true;
        layQuestion();
    } else {
        content.answerDocument.append(m_view.text);
        content.reasoningDocument.append(m_view.reasoning);
        if (!isStreaming()) {
            content.answerDocument.finish();
            content.reasoningDocument.finish();
            content.ended = true;
        }
        content.answer.setBlocks(content.answerDocument.blocks());
        if (m_open) {
            content.reasoning.setBlocks(content.reasoningDocument.blocks());
        }
    }
    arrange();
}

/// A question's card is as wide as its text, at most 80% of the column.
void Turn::layQuestion() {
    constexpr double kShare = 0.8;
    constexpr int kMeasuredWhole = 24;
    Flow& flow = m_content->answer;
    const double most = std::floor(kShare * m_width) - 2 * Space::k4;
    flow.setFrame(*m_look, Place::kQuestion, std::max(1.0, most));
    if (flow.count() <= kMeasuredWhole) {
        flow.measure(0, 1e9);
        const double natural = flow.naturalWidth() + 1;
        if (natural < most) {
            flow.setFrame(*m_look, Place::kQuestion, natural);
            flow.measure(0, 1e9);
        }
    }
}

bool Turn::measure(double from, double to) {
    const bool loaded = isLoaded();
    const double before = m_frame.height;
    load();
    bool changed = false;
    for (const Part part : {Part::kReasoning, Part::kAnswer}) {
        Flow* shown = flow(part);
        if (shown == nullptr) {
            continue;
        }
        const double top = origin(part).y();
        if (shown->measure(from - top, to - top)) {
            changed = true;
            arrange();
        }
    }
    return changed || (!loaded && before != m_frame.height);
}

void Turn::release() {
    if (isStreaming() || !m_content) {
        return;
    }
    m_content.reset();
    const double height = m_frame.height;
    m_frame = TurnFrame{};
    m_frame.height = height;
}

void Turn::setReasoningOpen(bool open) {
    if (open == m_open) {
        return;
    }
    m_open = open;
    if (m_content) {
        m_content->reasoning.setBlocks(open ? m_content->reasoningDocument.blocks() : markdown::Blocks());
        arrange();
    }
}

void Turn::setSummarised(Summarised summarised) {
    if (summarised != m_summarised) {
        m_summarised = summarised;
        if (m_content) {
            arrange();
        }
    }
}

const markdown::Blocks& Turn::blocks(Part part) {
    load();
    return part == Part::kReasoning ? m_content->reasoning.blocks() : m_content->answer.blocks();
}

const markdown::Blocks& Turn::documentBlocks(Part part) {
    load();
    if (isQuestion()) {
        return part == Part::kReasoning ? m_content->reasoning.blocks() : m_content->answer.blocks();
    }
    return part == Part::kReasoning ? m_content->reasoningDocument.blocks() : m_content->answerDocument.blocks();
}

Flow* Turn::flow(Part part) {
    if (!m_content || (part == Part::kReasoning && !m_open)) {
        return nullptr;
    }
    return part == Part::kReasoning ? &m_content->reasoning : &m_content->answer;
}

QString Turn::sourceOf(Part part, int from, int to) {
    load();
    if (isQuestion()) {
        return from == 0 && to == m_content->answer.count() ? m_view.text : QString();
    }
    return (part == Part::kAnswer ? m_content->answerDocument : m_content->reasoningDocument).source(from, to);
}

QString Turn::plainText() {
    QString text = spokenText(blocks(Part::kAnswer));
    if (m_open && !m_view.reasoning.isEmpty()) {
        text = spokenText(blocks(Part::kReasoning)) + QLatin1String("\n\n") + text;
    }
    return text;
}

int Turn::answerOffset() {
    const bool open = m_open && !m_view.reasoning.isEmpty();
    return open ? int(spokenText(blocks(Part::kReasoning)).size()) + 2 : 0;
}

} // namespace alcuin::ui
