#include "excerpt_text.h"

#include <algorithm>

namespace alcuin::storage {

namespace {

bool isBlank(char c) {
    return c >= 0 && c <= ' ';
}

std::size_t runOf(std::string_view text, std::size_t at, char mark) {
    std::size_t end = at;
    while (end < text.size() && text[end] == mark) {
        ++end;
    }
    return end - at;
}

/// How long the marks are that a line begins with, from where its text could begin; 0: none.
std::size_t marksOfLine(std::string_view text, std::size_t at) {
    const auto blankAt = [&](std::size_t i) { return i >= text.size() || isBlank(text[i]); };
    constexpr std::size_t kFence = 3;
    constexpr std::size_t kDeepestHeading = 6;
    if (const auto ticks = runOf(text, at, '`'); ticks >= kFence) {
        std::size_t end = at + ticks;
        while (!blankAt(end)) { // the language
            ++end;
        }
        return end - at;
    }
    if (const auto hashes = runOf(text, at, '#'); hashes > 0 && hashes <= kDeepestHeading && blankAt(at + hashes)) {
        return hashes;
    }
    const bool bullet = text[at] == '-' || text[at] == '*' || text[at] == '+';
    return text[at] == '>' || (bullet && blankAt(at + 1)) ? 1 : 0;
}

/// How long a mark inside a line is; 0: none. A single asterisk or underscore may be part of what is said.
std::size_t markInLine(std::string_view text, std::size_t at) {
    switch (text[at]) {
    case '`':
    case '|':
        return 1;
    case '-': {
        constexpr std::size_t kRule = 3;
        const auto run = runOf(text, at, '-');
        return run >= kRule ? run : 0;
    }
    case '*':
    case '_': {
        const auto run = runOf(text, at, text[at]);
        return run >= 2 ? run : 0;
    }
    default:
        return 0;
    }
}

/// Writes a line: what is blank becomes one space, and none at the beginning.
class LineWriter {
public:
    explicit LineWriter(std::string& text) : text_(text) {}

    void blank() {
        pending_ = !text_.empty();
    }
    void put(char c) {
        settle();
        text_ += c;
    }
    /// Writes a space that is due; where the next character will stand.
    std::size_t settle() {
        if (pending_) {
            text_ += ' ';
            pending_ = false;
        }
        return text_.size();
    }

private:
    std::string& text_;
    bool pending_ = false;
};

} // namespace

LineText asLine(std::string_view piece, const std::vector<TextRange>& matches, bool atLineStart) {
    LineText line;
    line.text.reserve(piece.size());
    LineWriter writer(line.text);
    auto match = matches.begin();
    for (std::size_t at = 0; at < piece.size();) {
        if (match != matches.end() && at == match->begin) {
            const std::size_t begin = writer.settle();
            for (; at < match->begin + match->size; ++at) {
                writer.put(isBlank(piece[at]) ? ' ' : piece[at]);
            }
            line.matches.push_back({begin, line.text.size() - begin});
            atLineStart = false;
            ++match;
            continue;
        }
        if (isBlank(piece[at])) {
            atLineStart = atLineStart || piece[at] == '\n';
            writer.blank();
            ++at;
            continue;
        }
        std::size_t mark = atLineStart ? marksOfLine(piece, at) : 0;
        atLineStart = atLineStart && mark > 0; // a quote holds a heading
        if (mark == 0) {
            mark = markInLine(piece, at);
        }
        if (mark == 0 || (match != matches.end() && at + mark > match->begin)) {
            writer.put(piece[at++]);
            continue;
        }
        if (piece[at] == '|' || piece[at] == '-') {
            writer.blank();
        }
        at += mark;
    }
    return line;
}

} // namespace alcuin::storage
