#pragma once

#include <string>
#include <string_view>

namespace alcuin::exchange {

/// Markdown whose formulas stand between dollars, as a parser knows them: \(x\) becomes $x$; \[x\], \begin{align}...
/// and the like $$x$$; those between dollars stay as they are, dollars of prices are escaped. Code stays as it is, a
/// formula ends within its paragraph. Takes time in proportion to the text.
std::string withDollars(std::string_view markdown);

} // namespace alcuin::exchange
