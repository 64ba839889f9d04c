#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace alcuin::exchange {

/// The few tags of HTML that Markdown may have and the window shows: pairs of b, i, u, sub, sup, kbd, mark and the like
/// without attributes, br, summary as a line in bold; comments and the tags of details are left out. All others, and
/// those without their other half in the same words, stay text. What is written is well formed whatever comes in.
class HtmlTags {
public:
    explicit HtmlTags(std::string& html) : html_(html) {}

    /// A piece of raw HTML as md4c gives it: a whole tag, or a line of one that has several.
    void take(std::string_view raw);
    /// Anything else is written next; `breaks`: a line break.
    void other(bool breaks);
    void enterSpan();
    void leaveSpan();
    /// The words end: what is open stays text.
    void end();

private:
    struct Open {
        std::string_view name;
        std::size_t start = 0;  ///< in html_, where the tag stands as text
        std::size_t length = 0; ///< of it
        std::size_t depth = 0;  ///< of the spans around it
    };
    void close(std::string_view element, bool summary, std::string_view raw);
    bool isLineStart() const;

    std::string& html_;
    std::vector<Open> open_;
    std::string fold_; ///< a tag of details that is text if words follow
    std::size_t depth_ = 0;
    bool comment_ = false;
};

} // namespace alcuin::exchange
