#pragma once

#include <QList>

#include "chat/markdown/block.h"

namespace alcuin::ui::markdown {

/// Collects the runs of one leaf block while md4c reports them.
class InlineBuilder {
public:
    /// Styles and links nest; deeper than kMaxDepth they still have to be closed but change nothing.
    void push(quint8 style);
    void pushLink(const QString& address);
    /// An image becomes its alternative text followed by its address; it is never loaded.
    void pushImage(const QString& address);
    void pop();

    void append(const QString& text);
    void appendHardBreak();

    bool isEmpty() const;
    /// Ends the block: what was collected, and a fresh start.
    InlineText take();

private:
    static constexpr int kMaxDepth = 64;

    struct Frame {
        quint8 style = kPlain;
        int link = -1;
        int imageStart = -1;
        QString imageAddress;
    };
    void pushFrame(Frame frame);
    Frame current() const;
    int addLink(const QString& address);

    InlineText m_result;
    QList<Frame> m_frames;
    int m_ignored = 0;
};

} // namespace alcuin::ui::markdown
