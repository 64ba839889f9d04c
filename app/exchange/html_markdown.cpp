#include "html_markdown.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <md4c.h>

#include "html_formulas.h"
#include "html_tags.h"
#include "text.h"

namespace alcuin::exchange {

namespace {

constexpr unsigned kFlags = MD_DIALECT_GITHUB | MD_FLAG_NOHTMLBLOCKS | MD_FLAG_LATEXMATHSPANS;
constexpr std::size_t kLargestGrowth = 64; // real texts grow to less than three times their length
constexpr std::size_t kAlwaysAllowed = std::size_t{64} << 10U;
constexpr int kAbort = 1;

/// "&#x41;" and "&#65;" as their character; a named entity as it stands, for the browser to know.
void appendEntity(std::string& html, std::string_view entity) {
    if (entity.size() < 4 || entity[1] != '#') {
        html += entity;
        return;
    }
    const bool hex = entity[2] == 'x' || entity[2] == 'X';
    std::uint32_t c = 0;
    for (const char digit : entity.substr(hex ? 3 : 2)) {
        const auto lower = std::tolower(static_cast<unsigned char>(digit));
        const int value = lower >= '0' && lower <= '9'          ? lower - '0'
                          : hex && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10
                                                                : -1;
        if (value < 0 || c > 0x10FFFF) {
            break;
        }
        c = c * (hex ? 16U : 10U) + static_cast<std::uint32_t>(value);
    }
    const bool valid = c != 0 && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
    std::string character;
    appendUtf8(character, valid ? c : 0xFFFD);
    appendEscaped(html, character);
}

/// Attributes as md4c gives them: pieces of text and entities. Entities are decoded for the characters that a scheme is
/// made of, so that none hides from isHarmlessLink.
std::string plain(const MD_ATTRIBUTE& attribute) {
    std::string text;
    for (std::size_t i = 0; attribute.text != nullptr && attribute.substr_offsets[i] < attribute.size; ++i) {
        const auto begin = attribute.substr_offsets[i];
        const std::string_view piece(attribute.text + begin, attribute.substr_offsets[i + 1] - begin);
        if (attribute.substr_types[i] == MD_TEXT_NULLCHAR) {
            continue;
        }
        if (attribute.substr_types[i] != MD_TEXT_ENTITY) {
            text += piece;
        } else if (piece == "&amp;") {
            text += '&';
        } else if (piece == "&colon;") {
            text += ':';
        } else {
            appendEntity(text, piece);
        }
    }
    return text;
}

class Renderer {
public:
    Renderer(std::string& html, std::size_t longest, PageDress* dress)
        : html_(html), tags_(html), longest_(longest), dress_(dress) {}

    int enter(MD_BLOCKTYPE type, void* detail) {
        tags_.end();
        switch (type) {
        case MD_BLOCK_DOC:
        case MD_BLOCK_HTML:
            break;
        case MD_BLOCK_QUOTE:
            html_ += "<blockquote>\n";
            break;
        case MD_BLOCK_UL:
            html_ += "<ul>\n";
            break;
        case MD_BLOCK_OL:
            html_ += fmt::format("<ol start=\"{}\">\n", static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start);
            break;
        case MD_BLOCK_LI:
            enterItem(*static_cast<MD_BLOCK_LI_DETAIL*>(detail));
            break;
        case MD_BLOCK_HR:
            html_ += "<hr>\n";
            break;
        case MD_BLOCK_H:
            html_ += fmt::format("<h{}>", level(detail));
            break;
        case MD_BLOCK_CODE:
            enterCode(*static_cast<MD_BLOCK_CODE_DETAIL*>(detail));
            break;
        case MD_BLOCK_P:
            paragraph_ = html_.size();
            html_ += "<p>";
            break;
        case MD_BLOCK_TABLE:
            html_ += "<div class=\"table\"><table>\n";
            break;
        case MD_BLOCK_THEAD:
            html_ += "<thead>\n";
            break;
        case MD_BLOCK_TBODY:
            html_ += "<tbody>\n";
            break;
        case MD_BLOCK_TR:
            html_ += "<tr>";
            break;
        case MD_BLOCK_TH:
        case MD_BLOCK_TD:
            html_ += fmt::format("<{}{}>", type == MD_BLOCK_TH ? "th" : "td",
                                 alignment(*static_cast<MD_BLOCK_TD_DETAIL*>(detail)));
            break;
        }
        return state();
    }

    int leave(MD_BLOCKTYPE type, void* detail) {
        tags_.end();
        switch (type) {
        case MD_BLOCK_DOC:
        case MD_BLOCK_HTML:
        case MD_BLOCK_HR:
            break;
        case MD_BLOCK_QUOTE:
            html_ += "</blockquote>\n";
            break;
        case MD_BLOCK_UL:
            html_ += "</ul>\n";
            break;
        case MD_BLOCK_OL:
            html_ += "</ol>\n";
            break;
        case MD_BLOCK_LI:
            html_ += "</li>\n";
            break;
        case MD_BLOCK_H:
            html_ += fmt::format("</h{}>\n", level(detail));
            break;
        case MD_BLOCK_CODE:
            leaveCode();
            break;
        case MD_BLOCK_P:
            leaveParagraph();
            break;
        case MD_BLOCK_TABLE:
            html_ += "</table></div>\n";
            break;
        case MD_BLOCK_THEAD:
            html_ += "</thead>\n";
            break;
        case MD_BLOCK_TBODY:
            html_ += "</tbody>\n";
            break;
        case MD_BLOCK_TR:
            html_ += "</tr>\n";
            break;
        case MD_BLOCK_TH:
            html_ += "</th>";
            break;
        case MD_BLOCK_TD:
            html_ += "</td>";
            break;
        }
        return state();
    }

    int enter(MD_SPANTYPE type, void* detail) {
        tags_.enterSpan();
        switch (type) {
        case MD_SPAN_EM:
            html_ += "<em>";
            break;
        case MD_SPAN_STRONG:
            html_ += "<strong>";
            break;
        case MD_SPAN_A:
            enterLink(plain(static_cast<MD_SPAN_A_DETAIL*>(detail)->href));
            break;
        case MD_SPAN_IMG:
            enterLink(plain(static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src));
            break;
        case MD_SPAN_CODE:
            html_ += "<code>";
            break;
        case MD_SPAN_DEL:
            html_ += "<del>";
            break;
        case MD_SPAN_LATEXMATH:
        case MD_SPAN_LATEXMATH_DISPLAY:
            held_ = &formula_;
            break;
        case MD_SPAN_WIKILINK:
        case MD_SPAN_U:
            break;
        }
        return state();
    }

    int leave(MD_SPANTYPE type) {
        tags_.leaveSpan();
        switch (type) {
        case MD_SPAN_EM:
            html_ += "</em>";
            break;
        case MD_SPAN_STRONG:
            html_ += "</strong>";
            break;
        case MD_SPAN_A:
        case MD_SPAN_IMG:
            leaveLink();
            break;
        case MD_SPAN_CODE:
            html_ += "</code>";
            break;
        case MD_SPAN_DEL:
            html_ += "</del>";
            break;
        case MD_SPAN_LATEXMATH:
            leaveFormula(false);
            break;
        case MD_SPAN_LATEXMATH_DISPLAY:
            leaveFormula(true);
            break;
        case MD_SPAN_WIKILINK:
        case MD_SPAN_U:
            break;
        }
        return state();
    }

    int text(MD_TEXTTYPE type, std::string_view text) {
        if (held_ != nullptr) {
            *held_ += type == MD_TEXT_NULLCHAR                       ? std::string_view("\xEF\xBF\xBD")
                      : type == MD_TEXT_BR || type == MD_TEXT_SOFTBR ? std::string_view("\n")
                                                                     : text;
            return held_->size() > longest_ ? kAbort : 0;
        }
        if (type == MD_TEXT_HTML) {
            tags_.take(text);
            return state();
        }
        const bool breaks = type == MD_TEXT_BR || type == MD_TEXT_SOFTBR;
        if (breaks || text.find_first_not_of(' ') != std::string_view::npos) {
            tags_.other(breaks);
        }
        switch (type) {
        case MD_TEXT_NULLCHAR:
            html_ += "\xEF\xBF\xBD";
            break;
        case MD_TEXT_BR:
            html_ += "<br>\n";
            break;
        case MD_TEXT_SOFTBR: // a line as the window shows it, unless there is nothing on the one before
            html_ +=
                html_.ends_with("<p>") || html_.ends_with("<br>\n") || html_.size() == displayEnd_ ? "\n" : "<br>\n";
            break;
        case MD_TEXT_ENTITY:
            appendEntity(html_, text);
            break;
        case MD_TEXT_NORMAL:
        case MD_TEXT_CODE:
        case MD_TEXT_HTML:
        case MD_TEXT_LATEXMATH:
            appendEscaped(html_, text);
            break;
        }
        return state();
    }

private:
    int state() const {
        return html_.size() > longest_ ? kAbort : 0;
    }

    /// One of which nothing is shown, because it was a comment, isn't there.
    void leaveParagraph() {
        constexpr std::string_view kBegin = "<p>";
        nameAlert();
        while (html_.ends_with("<br>\n")) { // the line after it wasn't shown
            html_.resize(html_.size() - std::string_view("<br>\n").size());
        }
        const auto last = html_.find_last_not_of(" \n");
        const auto size = last == std::string::npos ? 0 : last + 1;
        if (size >= kBegin.size() && html_.compare(size - kBegin.size(), kBegin.size(), kBegin) == 0) {
            html_.resize(size - kBegin.size());
        } else {
            html_ += "</p>\n";
        }
    }

    /// A quote that begins with a mark like [!NOTE] has its name for a title.
    void nameAlert() {
        constexpr std::string_view kQuote = "<blockquote>\n";
        constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kMarks{{{"note", "Note"},
                                                                                       {"tip", "Tip"},
                                                                                       {"important", "Important"},
                                                                                       {"warning", "Warning"},
                                                                                       {"caution", "Caution"}}};
        if (paragraph_ < kQuote.size() || html_.compare(paragraph_ - kQuote.size(), kQuote.size(), kQuote) != 0) {
            return;
        }
        const std::string_view text = std::string_view(html_).substr(std::min(html_.size(), paragraph_ + 3));
        for (const auto& [name, title] : kMarks) {
            const std::string mark = fmt::format("[!{}]", name);
            const bool marked = text.size() >= mark.size() &&
                                std::equal(mark.begin(), mark.end(), text.begin(), [](char wanted, char c) {
                                    return wanted == std::tolower(static_cast<unsigned char>(c));
                                });
            const std::string_view rest = marked ? text.substr(mark.size()) : std::string_view();
            if (!marked || !(rest.empty() || rest.starts_with("<br>\n"))) {
                continue;
            }
            std::string named = fmt::format("<blockquote class=\"{}\">\n<p><strong>{}</strong>", name, title);
            named += rest.empty() ? std::string() : fmt::format("</p>\n<p>{}", rest.substr(5));
            html_.replace(paragraph_ - kQuote.size(), std::string::npos, named);
            return;
        }
    }

    static unsigned level(void* detail) {
        constexpr unsigned kDeepest = 6; // the page's title and the turns have the first two
        return std::min(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level + 2, kDeepest);
    }

    static const char* alignment(const MD_BLOCK_TD_DETAIL& detail) {
        switch (detail.align) {
        case MD_ALIGN_CENTER:
            return " class=\"center\"";
        case MD_ALIGN_RIGHT:
            return " class=\"right\"";
        case MD_ALIGN_LEFT:
        case MD_ALIGN_DEFAULT:
            break;
        }
        return "";
    }

    void enterItem(const MD_BLOCK_LI_DETAIL& detail) {
        if (detail.is_task == 0) {
            html_ += "<li>";
        } else {
            const bool done = detail.task_mark != ' ';
            html_ += fmt::format("<li class=\"task\"><input type=\"checkbox\" disabled{}> ", done ? " checked" : "");
        }
    }

    void enterCode(const MD_BLOCK_CODE_DETAIL& detail) {
        language_ = plain(detail.lang);
        html_ += "<pre";
        if (!language_.empty()) {
            html_ += " data-language=\"";
            appendEscaped(html_, language_);
            html_ += '"';
        }
        html_ += "><code>";
        held_ = &code_;
    }

    void leaveCode() {
        held_ = nullptr;
        const std::string code = std::exchange(code_, {});
        const std::string coloured = dress_ != nullptr && !language_.empty() ? dress_->code(code, language_) : "";
        if (coloured.empty()) {
            appendEscaped(html_, code);
        } else {
            html_ += coloured;
        }
        html_ += "</code></pre>\n";
    }

    void leaveFormula(bool display) {
        held_ = nullptr;
        const std::string tex = std::exchange(formula_, {});
        const std::string set = dress_ != nullptr ? dress_->formula(tex, display) : "";
        if (!set.empty()) {
            html_ += display ? "<span class=\"display\">" + set + "</span>" : set;
            displayEnd_ = display ? html_.size() : displayEnd_;
            return;
        }
        const std::string_view signs = display ? "$$" : "$";
        html_ += "<code class=\"math\">";
        html_ += signs;
        appendEscaped(html_, tex);
        html_ += signs;
        html_ += "</code>";
    }

    /// A link within a link can't be in HTML: a picture in a link is a part of its text.
    void enterLink(const std::string& address) {
        const bool within = std::find(links_.begin(), links_.end(), true) != links_.end();
        links_.push_back(!within && isHarmlessLink(address));
        if (links_.back()) {
            html_ += "<a rel=\"noopener noreferrer\" href=\"";
            appendEscaped(html_, address);
            html_ += "\">";
        }
    }

    void leaveLink() {
        if (!links_.empty()) {
            html_ += links_.back() ? "</a>" : "";
            links_.pop_back();
        }
    }

    std::string& html_;
    HtmlTags tags_;
    std::size_t longest_;
    PageDress* dress_;
    std::string* held_ = nullptr; ///< where text goes that isn't written before its end
    std::string code_;
    std::string language_; ///< of the code
    std::string formula_;
    std::size_t displayEnd_ = std::string::npos; ///< where the last display formula ends
    std::size_t paragraph_ = 0;                  ///< where the last paragraph begins
    std::vector<bool> links_;                    ///< those that are open, and whether they became links
};

int enterBlock(MD_BLOCKTYPE type, void* detail, void* renderer) {
    return static_cast<Renderer*>(renderer)->enter(type, detail);
}
int leaveBlock(MD_BLOCKTYPE type, void* detail, void* renderer) {
    return static_cast<Renderer*>(renderer)->leave(type, detail);
}
int enterSpan(MD_SPANTYPE type, void* detail, void* renderer) {
    return static_cast<Renderer*>(renderer)->enter(type, detail);
}
int leaveSpan(MD_SPANTYPE type, void*, void* renderer) {
    return static_cast<Renderer*>(renderer)->leave(type);
}
int takeText(MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* renderer) {
    return static_cast<Renderer*>(renderer)->text(type, {text, size});
}

} // namespace

void appendEscaped(std::string& html, std::string_view text) {
    for (const char c : text) {
        switch (c) {
        case '&':
            html += "&amp;";
            break;
        case '<':
            html += "&lt;";
            break;
        case '>':
            html += "&gt;";
            break;
        case '"':
            html += "&quot;";
            break;
        case '\'':
            html += "&#39;";
            break;
        default:
            html += c;
        }
    }
}

bool isHarmlessLink(std::string_view address) {
    constexpr std::array<std::string_view, 3> kSchemes{"http:", "https:", "mailto:"};
    // Browsers drop tabs and line breaks anywhere and control characters in front: an address with any is refused.
    if (std::any_of(address.begin(), address.end(), [](char c) { return static_cast<unsigned char>(c) < 0x21; })) {
        return false;
    }
    return std::any_of(kSchemes.begin(), kSchemes.end(), [&](std::string_view scheme) {
        return address.size() > scheme.size() &&
               std::equal(scheme.begin(), scheme.end(), address.begin(),
                          [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
    });
}

void appendHtml(std::string& html, std::string_view markdown, PageDress* dress) {
    if (dress != nullptr) {
        dress->beginText();
    }
    const auto begin = html.size();
    const std::size_t longest = begin + kAlwaysAllowed + markdown.size() * kLargestGrowth;
    Renderer renderer(html, longest, dress);
    const MD_PARSER parser{0, kFlags, enterBlock, leaveBlock, enterSpan, leaveSpan, takeText, nullptr, nullptr};
    const std::string source = withDollars(markdown);
    const bool fits = source.size() <= std::numeric_limits<MD_SIZE>::max() / 2;
    if (!fits || md_parse(source.data(), static_cast<MD_SIZE>(source.size()), &parser, &renderer) != 0) {
        html.resize(begin);
        html += "<pre>";
        appendEscaped(html, markdown);
        html += "</pre>\n";
    }
}

} // namespace alcuin::exchange
