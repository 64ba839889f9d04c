#pragma once

#include <QList>

#include <array>

#include "chat/markdown/block.h"

namespace alcuin::ui::markdown {

/// Adds characters of one style at the end.
void appendRun(InlineText& text, QStringView characters, quint16 style, int link);

/// Collects the runs of one leaf block while md4c reports them.
class InlineBuilder {
public:
    /// Styles and links nest; deeper than kMaxDepth they still have to be closed but change nothing.
    void push(quint16 style);
    void pushLink(const QString& address);
    /// An image becomes its alternative text followed by its address; it is never loaded.
    void pushImage(const QString& address);
    /// What refers to a footnote, `label` being its name.
    void pushNote(const QString& label);
    void pop();

    void append(const QString& text);
    void appendHardBreak();
    /// A piece of HTML. A line break breaks the line; pairs of sub, sup, kbd, mark and u without attributes set what
    /// stands between them, a pair of summary makes a line of its own in bold; anything else, and one without its other
    /// half, is text.
    void appendHtml(const QString& raw);
    /// The same for a comment, which comes in as many pieces as it has lines. False for what isn't one.
    bool skipComment(const QString& raw);

    /// Takes spaces and line breaks off the end.
    void trimEnd();
    bool isEmpty() const;
    /// A line begins here.
    bool isAtBreak() const;
    /// Nothing is open that goes on behind what was collected.
    bool isPlain() const {
        return m_frames.isEmpty() && m_ignored == 0;
    }
    /// Ends the block: what was collected, and a fresh start.
    InlineText take();

private:
    static constexpr int kMaxDepth = 64;

    struct Frame {
        quint16 style = kPlain;
        int link = -1;
        int imageStart = -1;
        QString imageAddress;
    };
    /// A tag that means a style if its other half comes; it stands in the text until then.
    struct Tag {
        int start = 0;
        int length = 0;
        quint16 style = kPlain;
        bool opens = false;
        bool paired = false;
    };
    static InlineText withoutTags(const InlineText& text, const QList<Tag>& tags);
    void pushFrame(const Frame& frame);
    Frame current() const;
    int addLink(const QString& address);

    InlineText m_result;
    QList<Frame> m_frames;
    QList<Tag> m_tags;
    std::array<QList<int>, 16> m_open; ///< of each style's bit: the tags whose other half hasn't come
    int m_ignored = 0;
    bool m_comment = false; ///< one has begun
    bool m_gap = false;     ///< one was left out behind a space: the next space is too much
};

} // namespace alcuin::ui::markdown
