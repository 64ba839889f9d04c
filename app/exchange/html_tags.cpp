#include "html_tags.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "html_markdown.h"

namespace alcuin::exchange {

namespace {

constexpr std::size_t kMostOpen = 64; ///< deeper than that tags stay text

/// The element a tag's name is written as; empty for names that stay text.
std::string_view elementOf(std::string_view name) {
    using Name = std::pair<std::string_view, std::string_view>;
    static constexpr std::array<Name, 14> kElements{{{"sup", "sup"},
                                                     {"sub", "sub"},
                                                     {"kbd", "kbd"},
                                                     {"mark", "mark"},
                                                     {"u", "u"},
                                                     {"ins", "ins"},
                                                     {"b", "b"},
                                                     {"strong", "strong"},
                                                     {"i", "i"},
                                                     {"em", "em"},
                                                     {"s", "s"},
                                                     {"del", "del"},
                                                     {"strike", "s"},
                                                     {"summary", "strong"}}};
    const auto* const found =
        std::find_if(kElements.begin(), kElements.end(), [&](const Name& each) { return each.first == name; });
    return found == kElements.end() ? std::string_view() : found->second;
}

std::string lowered(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    return result;
}

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\n");
    return first == std::string_view::npos
               ? std::string()
               : std::string(text.substr(first, text.find_last_not_of(" \t\n") - first + 1));
}

} // namespace

/// Where a paragraph or an item has just begun, or a line in it.
bool HtmlTags::isLineStart() const {
    return html_.empty() || html_.back() == '\n' || html_.ends_with("<p>") || html_.ends_with("<li>");
}

void HtmlTags::take(std::string_view raw) {
    if (comment_ || raw.starts_with("<!--")) {
        comment_ = !raw.ends_with("-->");
        return;
    }
    const bool closes = raw.starts_with("</");
    const std::size_t from = closes ? 2 : 1;
    const bool whole = raw.size() > from + 1 && raw.ends_with('>');
    std::string name = whole ? lowered(trimmed(raw.substr(from, raw.size() - from - 1))) : std::string();
    if (isLineStart() && (name == "details" || (!closes && name.starts_with("details open")))) {
        other(true);
        fold_ = raw;
        return;
    }
    other(!closes && name == "summary");
    if (!closes && name.ends_with('/')) {
        name = trimmed(std::string_view(name).substr(0, name.size() - 1));
        name = name == "br" ? name : std::string();
    }
    if (!closes && name == "br") {
        html_ += "<br>\n";
        return;
    }
    const std::string_view element = elementOf(name);
    if (closes && !element.empty()) {
        return close(element, name == "summary", raw);
    }
    const std::size_t start = html_.size();
    appendEscaped(html_, raw);
    if (!element.empty() && open_.size() < kMostOpen) {
        open_.push_back({element, start, html_.size() - start, depth_});
    }
}

/// The other half of the innermost tag of that name, as long as it stands between the same spans; what was opened
/// within and isn't closed stays text.
void HtmlTags::close(std::string_view element, bool summary, std::string_view raw) {
    const auto found = std::find_if(open_.rbegin(), open_.rend(),
                                    [&](const Open& each) { return each.name == element && each.depth == depth_; });
    if (found == open_.rend()) {
        appendEscaped(html_, raw);
        return;
    }
    const std::string tag = '<' + std::string(element) + '>';
    html_.replace(found->start, found->length, tag);
    html_ += "</" + std::string(element) + '>';
    html_ += summary ? "<br>\n" : "";
    open_.erase(std::prev(found.base()), open_.end());
}

void HtmlTags::other(bool breaks) {
    const std::string fold = std::exchange(fold_, {});
    if (!breaks) {
        appendEscaped(html_, fold);
    }
}

void HtmlTags::enterSpan() {
    other(false);
    ++depth_;
}

void HtmlTags::leaveSpan() {
    depth_ -= depth_ > 0 ? 1 : 0;
    std::erase_if(open_, [this](const Open& each) { return each.depth > depth_; });
}

void HtmlTags::end() {
    other(true);
    open_.clear();
    depth_ = 0;
    comment_ = false;
}

} // namespace alcuin::exchange
