#include "chat/markdown/inline_builder.h"

#include <QtAlgorithms>

#include <algorithm>
#include <utility>

namespace alcuin::ui::markdown {

namespace {

/// The style a tag without attributes stands for, kPlain for any other.
quint16 styleOf(QStringView name) {
    static constexpr std::pair<QLatin1String, quint16> kNames[] = {
        {QLatin1String("sup"), kSuperscript},   {QLatin1String("sub"), kSubscript},
        {QLatin1String("kbd"), kKeyboard},      {QLatin1String("mark"), kMarked},
        {QLatin1String("u"), kUnderline},       {QLatin1String("ins"), kUnderline},
        {QLatin1String("b"), kStrong},          {QLatin1String("strong"), kStrong},
        {QLatin1String("summary"), kStrong},    {QLatin1String("i"), kEmphasis},
        {QLatin1String("em"), kEmphasis},       {QLatin1String("s"), kStrikethrough},
        {QLatin1String("del"), kStrikethrough}, {QLatin1String("strike"), kStrikethrough}};
    for (const auto& [known, style] : kNames) {
        if (name.compare(known, Qt::CaseInsensitive) == 0) {
            return style;
        }
    }
    return kPlain;
}

} // namespace

void appendRun(InlineText& text, QStringView characters, quint16 style, int link) {
    if (characters.isEmpty()) {
        return;
    }
    const int start = int(text.text.size());
    text.text += characters;
    if (style == kPlain && link < 0) {
        return;
    }
    const Span span{start, int(characters.size()), style, link};
    if (!text.spans.isEmpty()) {
        Span& last = text.spans.last();
        if (last.start + last.length == start && last.style == span.style && last.link == span.link &&
            (span.style & kMath) == 0) {
            last.length += span.length;
            return;
        }
    }
    text.spans.append(span);
}

InlineBuilder::Frame InlineBuilder::current() const {
    return m_frames.isEmpty() ? Frame{} : m_frames.last();
}

void InlineBuilder::pushFrame(const Frame& frame) {
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

void InlineBuilder::push(quint16 style) {
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

void InlineBuilder::pushNote(const QString& label) {
    Frame frame = current();
    frame.imageStart = -1;
    if (m_frames.size() < kMaxDepth) {
        frame.style |= kNote;
        frame.link = addLink(label);
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
    const Frame frame = current();
    const bool twice = std::exchange(m_gap, m_gap && text.isEmpty()) && text.startsWith(u' ');
    appendRun(m_result, QStringView(text).mid(twice ? 1 : 0), frame.style, frame.link);
}

bool InlineBuilder::skipComment(const QString& raw) {
    if (!m_comment && !raw.startsWith(QLatin1String("<!--"))) {
        return false;
    }
    m_comment = !raw.endsWith(QLatin1String("-->"));
    m_gap = m_result.text.isEmpty() || m_result.text.endsWith(u' ');
    return true;
}

void InlineBuilder::appendHardBreak() {
    append(QString(QChar::LineSeparator));
}

void InlineBuilder::trimEnd() {
    qsizetype size = m_result.text.size();
    while (size > 0 && (m_result.text.at(size - 1) == u' ' || m_result.text.at(size - 1) == QChar::LineSeparator)) {
        --size;
    }
    m_result.text.truncate(size);
    while (!m_result.spans.isEmpty() && m_result.spans.last().start + m_result.spans.last().length > size) {
        Span& last = m_result.spans.last();
        last.length = int(size) - last.start;
        if (last.length <= 0) {
            m_result.spans.removeLast();
        }
    }
}

bool InlineBuilder::isEmpty() const {
    return m_result.text.isEmpty();
}

bool InlineBuilder::isAtBreak() const {
    return m_result.text.isEmpty() || m_result.text.endsWith(QChar::LineSeparator);
}

void InlineBuilder::appendHtml(const QString& raw) {
    QStringView name(raw);
    const bool closes = name.startsWith(QLatin1String("</"));
    name = name.mid(closes ? 2 : 1);
    name.chop(name.endsWith(QLatin1Char('>')) ? 1 : 0);
    const bool empty = !closes && name.endsWith(QLatin1Char('/'));
    name = name.chopped(empty ? 1 : 0).trimmed();
    if (!closes && name.compare(QLatin1String("br"), Qt::CaseInsensitive) == 0) {
        appendHardBreak();
        return;
    }
    if (const quint16 style = empty ? quint16(kPlain) : styleOf(name); style != kPlain) {
        Tag tag{int(m_result.text.size()), int(raw.size()), style, !closes, false};
        QList<int>& open = m_open[size_t(qCountTrailingZeroBits(style))];
        if (!closes) {
            open.append(int(m_tags.size()));
        } else if (!open.isEmpty()) {
            tag.paired = true;
            m_tags[open.takeLast()].paired = true;
        }
        m_tags.append(tag);
    }
    append(QString(raw).replace(QLatin1Char('\n'), QLatin1Char(' ')));
    if (closes && m_tags.size() > 0 && m_tags.last().paired &&
        name.compare(QLatin1String("summary"), Qt::CaseInsensitive) == 0) {
        appendHardBreak();
    }
}

/// The tags that found each other become styles of what stands between them.
InlineText InlineBuilder::withoutTags(const InlineText& text, const QList<Tag>& tags) {
    InlineText result;
    result.links = text.links;
    int open[16] = {};
    quint16 style = kPlain;
    qsizetype tag = 0;
    qsizetype span = 0;
    for (int at = 0; at < text.text.size();) {
        while (tag < tags.size() && (!tags.at(tag).paired || tags.at(tag).start < at)) {
            ++tag;
        }
        if (tag < tags.size() && tags.at(tag).start == at) {
            const Tag& here = tags.at(tag++);
            int& count = open[qCountTrailingZeroBits(here.style)];
            count += here.opens ? 1 : -1;
            style = quint16(count > 0 ? style | here.style : style & ~here.style);
            at += here.length;
            continue;
        }
        int next = tag < tags.size() ? tags.at(tag).start : int(text.text.size());
        while (span < text.spans.size() && text.spans.at(span).start + text.spans.at(span).length <= at) {
            ++span;
        }
        Span base;
        if (span < text.spans.size()) {
            const Span& here = text.spans.at(span);
            base = here.start <= at ? here : base;
            next = std::min(next, here.start <= at ? here.start + here.length : here.start);
        }
        appendRun(result, QStringView(text.text).mid(at, next - at), base.style | style, base.link);
        at = next;
    }
    return result;
}

InlineText InlineBuilder::take() {
    m_frames.clear();
    m_ignored = 0;
    m_comment = false;
    m_gap = false;
    const InlineText result = std::exchange(m_result, {});
    const QList<Tag> tags = std::exchange(m_tags, {});
    m_open.fill({});
    const bool paired = std::ranges::any_of(tags, &Tag::paired);
    return paired ? withoutTags(result, tags) : result;
}

} // namespace alcuin::ui::markdown
