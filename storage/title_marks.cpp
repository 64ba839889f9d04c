#include <alcuin/storage/title.h>

#include <cstddef>

namespace alcuin::storage {

namespace {

constexpr auto kNone = std::string_view::npos;
constexpr std::size_t kMost = 3; ///< marks of emphasis in a row

bool isBlank(char c) {
    return c >= 0 && c <= ' ';
}

bool isWord(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte >= 0x80;
}

std::size_t runAt(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && text[end] == text[at]) {
        ++end;
    }
    return end - at;
}

/// How long the marks are that the line begins with: of headings, quotes, lists, tasks and fences.
std::size_t marksInFront(std::string_view line) {
    constexpr std::size_t kFence = 3;
    constexpr std::size_t kDeepestHeading = 6;
    std::size_t at = 0;
    while (at < line.size()) {
        const auto blankAt = [&](std::size_t i) { return i >= line.size() || isBlank(line[i]); };
        const char c = line[at];
        const std::size_t run = runAt(line, at);
        if (isBlank(c) || c == '>') {
            ++at;
        } else if ((c == '`' || c == '~') && run >= kFence && line.find(c, at + run) == kNone) {
            at += run;
            while (!blankAt(at)) { // the language
                ++at;
            }
        } else if (c == '#' && run <= kDeepestHeading && blankAt(at + run)) {
            at += run;
        } else if ((c == '-' || c == '*' || c == '+') && blankAt(at + 1)) {
            ++at;
        } else if (const auto box = line.substr(at, 4); box == "[ ] " || box == "[x] " || box == "[X] ") {
            at += box.size();
        } else {
            break;
        }
    }
    return at;
}

/// Where the run of marks is that closes the one at `at`.
std::size_t closing(std::string_view text, std::size_t at, std::size_t run) {
    const char mark = text[at];
    const std::size_t first = at + run;
    if (first >= text.size() || isBlank(text[first]) || (at > 0 && isWord(text[at - 1]) && mark != '~')) {
        return kNone;
    }
    for (std::size_t i = text.find(mark, first); i != kNone; i = text.find(mark, i)) {
        const std::size_t found = runAt(text, i);
        const std::size_t behind = i + found;
        const char next = behind < text.size() ? text[behind] : ' ';
        const char afterNext = behind + 1 < text.size() ? text[behind + 1] : ' ';
        const bool wordGoesOn = mark == '_' && (isWord(next) || (next == '.' && isWord(afterNext)));
        const bool closesTwo = found == kMost && run < kMost; // "**a *b***"
        if ((found == run || closesTwo) && !isBlank(text[i - 1]) && !wordGoesOn) {
            return behind - run;
        }
        i = behind;
    }
    return kNone;
}

class Reader {
public:
    std::string read(std::string_view text) {
        for (std::size_t at = 0; at < text.size();) {
            at = step(text, at);
        }
        return std::move(plain_);
    }

private:
    /// Takes what stands at `at`; where the next begins.
    std::size_t step(std::string_view text, std::size_t at) {
        switch (text[at]) {
        case '`':
            return code(text, at);
        case '*':
        case '_':
        case '~':
            return emphasis(text, at);
        case '!':
            return at + 1 < text.size() && text[at + 1] == '[' ? link(text, at, at + 1) : letter(text, at);
        case '[':
            return link(text, at, at);
        default:
            return letter(text, at);
        }
    }

    std::size_t letter(std::string_view text, std::size_t at) {
        plain_ += text[at];
        return at + 1;
    }

    /// What stands in code ticks has no marks of its own.
    std::size_t code(std::string_view text, std::size_t at) {
        const std::size_t run = runAt(text, at);
        for (std::size_t i = text.find('`', at + run); i != kNone; i = text.find('`', i)) {
            const std::size_t found = runAt(text, i);
            if (found == run) {
                plain_ += text.substr(at + run, i - at - run);
                return i + run;
            }
            i += found;
        }
        plain_ += text.substr(at, run);
        return at + run;
    }

    std::size_t emphasis(std::string_view text, std::size_t at) {
        const std::size_t run = runAt(text, at);
        const bool strike = text[at] == '~';
        const std::size_t end = (strike ? run == 2 : run <= kMost) ? closing(text, at, run) : kNone;
        if (end == kNone) {
            plain_ += text.substr(at, run);
            return at + run;
        }
        plain_ += Reader().read(text.substr(at + run, end - at - run));
        return end + run;
    }

    std::size_t link(std::string_view text, std::size_t at, std::size_t open) {
        const std::size_t middle = text.find("](", open);
        const std::size_t end = middle == kNone ? kNone : text.find(')', middle);
        if (end == kNone || text.substr(open + 1, middle - open - 1).find('[') != kNone) {
            return letter(text, at);
        }
        plain_ += Reader().read(text.substr(open + 1, middle - open - 1));
        return end + 1;
    }

    std::string plain_;
};

} // namespace

std::string withoutMarkdown(std::string_view line) {
    constexpr std::size_t kLooked = 1000; // bytes: far more than a title shows, and marks in marks stay few
    const std::string_view looked = line.substr(0, kLooked);
    return Reader().read(looked.substr(marksInFront(looked))) + std::string(line.substr(looked.size()));
}

} // namespace alcuin::storage
