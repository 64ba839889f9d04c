#pragma once

#include <QStringView>

#include <functional>
#include <map>
#include <vector>

#include "highlight/line_lexer.h"

namespace alcuin::ui::highlight {

/// The colours of one text that may grow. Lines are lexed once, and only up to where somebody looks; of those looked
/// at the spans are kept for a while. The library outlives it.
class Highlighter {
public:
    using LineText = std::function<QStringView(int line)>;

    Highlighter(const Language& language, Library& library);

    /// Of that line, in order. `text` gives every line up to it as it is now. Valid until the next call.
    const std::vector<Span>& spansOf(int line, const LineText& text);
    /// This line got longer at its end; those before it are as they were, those after it are new.
    void grew(int line);
    /// This line and all after it are others now.
    void changed(int line);

    /// Characters lexed so far, and steps taken for them (see LineLexer): what it cost.
    qint64 lexedCharacters() const {
        return m_lexed;
    }

    qint64 steps() const {
        return m_steps;
    }

private:
    struct Coloured {
        std::vector<Span> spans;
        std::vector<LexPoint> points; ///< inside a long line
        int length = 0;
        int after = 0;
        bool grown = false;
    };
    int lex(int line, QStringView text, Coloured* coloured);
    int extend(int line, QStringView text, Coloured& coloured);

    Library& m_library;
    Stacks m_stacks;
    std::vector<int> m_begins; ///< the stack that each line begins with, as far as known
    std::map<int, Coloured> m_coloured;
    qint64 m_lexed = 0;
    qint64 m_steps = 0;
};

} // namespace alcuin::ui::highlight
