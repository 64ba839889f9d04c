#pragma once

#include <memory>
#include <string>
#include <vector>

#include <alcuin/inference/generation.h>
#include <alcuin/inference/tokenizer.h>

#include "runtime/reasoning_splitter.h"
#include "runtime/stop_matcher.h"
#include "tokenizer/detokenizer.h"

namespace alcuin::inference {

/// Turns generated tokens into text events: whole characters, reasoning parted from the answer, stop strings (of the
/// answer) cut off. Text that may still become part of a tag or a stop string is held back.
class OutputWriter {
public:
    OutputWriter(std::shared_ptr<const Tokenizer> tokenizer, std::vector<std::string> stops, bool startsInReasoning);

    /// Appends what can be shown now to `deltas`. True: a stop string was found, generation is over.
    bool push(Token token, std::vector<TextDelta>& deltas);

    /// Generation is over: appends what was held back, text and tokens.
    void finish(std::vector<TextDelta>& deltas);

private:
    void deliver(std::vector<TextDelta>& deltas);
    void append(Channel channel, std::string text, std::vector<TextDelta>& deltas);

    std::shared_ptr<const Tokenizer> tokenizer_;
    Token openTag_;
    Token closeTag_;
    Detokenizer detokenizer_;
    ReasoningSplitter splitter_;
    StopMatcher stops_;
    std::vector<ReasoningSplitter::Piece> pieces_;
    std::vector<Token> tokens_; ///< generated since the last delta
};

} // namespace alcuin::inference
