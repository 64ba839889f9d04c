#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <alcuin/storage/search_reader.h>

namespace alcuin::storage {

/// A piece of a message as one line of a list: its Markdown's marks (fences and their language, headings, quotes,
/// bullets, emphasis, the bars of tables) aren't shown, white space is one space. What was found stays as it is.
struct LineText {
    std::string text;
    std::vector<TextRange> matches; ///< the same ones, where they stand now
};

/// `matches` are ranges of `piece`, in order and apart. `atLineStart`: a line of the message begins where the piece
/// does.
LineText asLine(std::string_view piece, const std::vector<TextRange>& matches, bool atLineStart);

} // namespace alcuin::storage
