#pragma once

#include <QList>

#include <algorithm>
#include <array>

#include "chat/markdown/block.h"

namespace alcuin::ui {

/// Turns runs of styles, which may overlap, into nested elements for formats that have no other. `Sink` is told
/// open(style, link), close(style, link) and text(characters, style); a link is kLink. Code is never opened: the text
/// comes with its style.
template <typename Sink>
class InlineNesting {
public:
    static constexpr quint16 kLink = 1 << 15;

    explicit InlineNesting(Sink& sink) : m_sink(sink) {}

    void write(const markdown::InlineText& text) {
        const QStringView whole(text.text);
        qsizetype at = 0;
        for (qsizetype i = 0; i < text.spans.size(); ++i) {
            const markdown::Span& span = text.spans.at(i);
            if (span.start > at) {
                show(whole.mid(at, span.start - at), 0, -1, text, i);
            }
            show(whole.mid(span.start, span.length), span.style, span.link, text, i);
            at = span.start + span.length;
        }
        if (at < whole.size()) {
            show(whole.mid(at), 0, -1, text, text.spans.size());
        }
        closeTo(0);
    }

private:
    struct Open {
        quint16 style = 0;
        int link = -1;
    };
    static constexpr quint16 kNested = markdown::kStrong | markdown::kEmphasis | markdown::kStrikethrough |
                                       markdown::kSuperscript | markdown::kSubscript | markdown::kKeyboard |
                                       markdown::kMarked | markdown::kUnderline;

    static bool has(const Open& open, quint16 style, int link) {
        return open.style == kLink ? open.link == link : (style & open.style) != 0;
    }
    /// How many spans from `span` on have it: what lasts longest is opened first.
    static qsizetype lasting(const Open& open, const markdown::InlineText& text, qsizetype span) {
        qsizetype end = span;
        while (
            end < text.spans.size() && has(open, text.spans.at(end).style, text.spans.at(end).link) &&
            (end == span || text.spans.at(end).start == text.spans.at(end - 1).start + text.spans.at(end - 1).length)) {
            ++end;
        }
        return end - span;
    }
    void closeTo(qsizetype depth) {
        while (m_open.size() > depth) {
            const Open last = m_open.takeLast();
            m_sink.close(last.style, last.link);
        }
    }
    void show(QStringView characters, quint16 style, int link, const markdown::InlineText& text, qsizetype span) {
        qsizetype kept = 0;
        while (kept < m_open.size() && has(m_open.at(kept), style, link)) {
            ++kept;
        }
        closeTo(kept);
        QList<Open> wanted;
        if (link >= 0) {
            wanted.append({kLink, link});
        }
        for (int bit = 0; bit < 15; ++bit) {
            if (style & kNested & (1 << bit)) {
                wanted.append({quint16(1 << bit), -1});
            }
        }
        wanted.removeIf([this](const Open& one) {
            return std::ranges::any_of(
                m_open, [&](const Open& open) { return open.style == one.style && open.link == one.link; });
        });
        std::ranges::stable_sort(wanted, std::greater<>(), [&](const Open& one) { return lasting(one, text, span); });
        for (const Open& one : std::as_const(wanted)) {
            m_sink.open(one.style, one.link);
            m_open.append(one);
        }
        m_sink.text(characters, style, link);
    }

    Sink& m_sink;
    QList<Open> m_open;
};

} // namespace alcuin::ui
