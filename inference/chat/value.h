#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <alcuin/inference/tokenizer.h>

namespace alcuin::inference::chat {

/// Text whose every byte knows its origin (TextRun); all string operations of the template language keep them.
struct ProvenText {
    std::string text;
    std::vector<TextRun> runs; ///< in order, without gaps, neighbours of one origin merged; empty for empty text
};

} // namespace alcuin::inference::chat
