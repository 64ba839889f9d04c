#pragma once

#include <string>
#include <string_view>

#include "page_dress.h"

namespace alcuin::exchange {

/// The text with the characters escaped that mean something in HTML, also within attributes.
void appendEscaped(std::string& html, std::string_view text);

/// True for http:, https: and mailto:, whatever is hidden before the scheme.
bool isHarmlessLink(std::string_view address);

/// Markdown (CommonMark, GitHub's tables, task lists, strikethrough and bare links) as HTML. Formulas and code are as
/// `dress` has them; without one, or where it has nothing, TeX between dollars and plain text. Raw HTML in it is shown
/// as text; links lead to http:, https: and mailto: only, others are shown as text; a picture becomes a link to it.
/// Headings begin at <h3>. A text whose HTML would be far longer than itself, as it can be made on purpose, becomes
/// preformatted text.
void appendHtml(std::string& html, std::string_view markdown, PageDress* dress = nullptr);

} // namespace alcuin::exchange
