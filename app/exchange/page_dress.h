#pragma once

#include <string>
#include <string_view>

namespace alcuin::exchange {

/// Says how formulas and code look in a page. What it gives is put into the page as it is: it is well-formed HTML with
/// every text of its own escaped. Empty: the source is shown instead.
class PageDress {
public:
    virtual ~PageDress() = default;

    /// A text begins: what formulas before it defined is forgotten.
    virtual void beginText() = 0;
    virtual std::string formula(std::string_view tex, bool display) = 0;
    /// The inside of a <code> element: runs of one colour as <span class="...">, with the classes of html_style.h.
    virtual std::string code(std::string_view text, std::string_view language) = 0;
};

} // namespace alcuin::exchange
