#include "chat/markdown/inline_builder.h"

#include <utility>

namespace alcuin::ui::markdown {

InlineBuilder::Frame InlineBuilder::current() const {
    return m_frames.isEmpty() ? Frame{} : m_frames.last();
}

void InlineBuilder::pushFrame(Frame frame) {
    if (m_frames.size() >= kMaxDepth) {
        ++m_ignored;
        return;
    }
    m_frames.append(frame);
}

int InlineBuilder::addLink(const QString& address) {
    m_result.links.append(address);
    return int(m_result.links.size()) - 1;
}

void InlineBuilder::push(quint8 style) {
    Frame frame = current();
    frame.imageStart = -1;
    frame.style |= style;
    pushFrame(frame);
}

void InlineBuilder::pushLink(const QString& address) {
    Frame frame = current();
    frame.imageStart = -1;
    if (m_frames.size() < kMaxDepth) {
        frame.link = addLink(address);
    }
    pushFrame(frame);
}

void InlineBuilder::pushImage(const QString& address) {
    Frame frame = current();
    if (m_frames.size() < kMaxDepth) {
        frame.imageStart = int(m_result.text.size());
        frame.imageAddress = address;
        frame.link = frame.link >= 0 ? frame.link : addLink(address);
        frame.style |= kImage;
    }
    pushFrame(frame);
}

void InlineBuilder::pop() {
    if (m_ignored > 0) {
        --m_ignored;
        return;
    }
    if (m_frames.isEmpty()) {
        return;
    }
    const Frame frame = m_frames.last();
    if (frame.imageStart >= 0) {
        const bool hasAlternative = m_result.text.size() > frame.imageStart;
        append(hasAlternative ? QStringLiteral(" (%1)").arg(frame.imageAddress) : frame.imageAddress);
    }
    m_frames.removeLast();
}

void InlineBuilder::append(const QString& text) {
    if (text.isEmpty()) {
        return;
    }
    const Frame frame = current();
    const int start = int(m_result.text.size());
    m_result.text += text;
    if (frame.style == kPlain && frame.link < 0) {
        return;
    }
    const Span span{start, int(text.size()), frame.style, frame.link};
    if (!m_result.spans.isEmpty()) {
        Span& last = m_result.spans.last();
        if (last.start + last.length == start && last.style == span.style && last.link == span.link) {
            last.length += span.length;
            return;
        }
    }
    m_result.spans.append(span);
}

void InlineBuilder::appendHardBreak() {
    append(QString(QChar::LineSeparator));
}

bool InlineBuilder::isEmpty() const {
    return m_result.text.isEmpty();
}

InlineText InlineBuilder::take() {
    m_frames.clear();
    m_ignored = 0;
    return std::exchange(m_result, {});
}

} // namespace alcuin::ui::markdown
